"""The words people use for categories, moods, content and renown: from words to the catalogue's own values.

They are data (``data/nlu/words.yaml``), apart from the stages that read them.
"""

from typing import Any

import yaml

from chatrec.dialogue.nlu.corpus import FOLDER

Direction = tuple[str, float]
"""An axis, and which way: 1 for more of it, -1 for less."""
_WORDS: dict[str, Any] = yaml.safe_load((FOLDER / "words.yaml").read_text("utf-8"))
_SIGNS = {"more": 1.0, "less": -1.0}


def _directions(table: dict[str, dict[str, list[str]]]) -> dict[str, Direction]:
    return {word: (axis, _SIGNS[way]) for axis, ways in table.items() for way, words in ways.items() for word in words}


CATEGORY_WORDS: dict[str, tuple[str, ...]] = {name: tuple(words) for name, words in _WORDS["categories"].items()}
MOOD_WORDS: dict[str, str] = {word: mood for mood, words in _WORDS["moods"].items() for word in words}
CONTENT_WORDS: dict[str, tuple[str, ...]] = {kind: tuple(words) for kind, words in _WORDS["content"].items()}
CRITIQUES: dict[str, Direction] = _directions(_WORDS["critiques"])
AXES: dict[str, Direction] = _directions(_WORDS["axes"])
FAME_WORDS: dict[str, float] = {word: _SIGNS[way] for way, words in _WORDS["fame"].items() for word in words}
