"""A chat becomes a scenario: what was said, and what the replies were, as expectations for a person to look through."""

import os
import tempfile
from pathlib import Path
from typing import Any

import yaml

from chatrec.dialogue.events import Reply
from chatrec.workspace import writing

STATE = (
    "liked", "disliked", "seen", "genres_wanted", "genres_unwanted", "people_wanted", "people_unwanted", "year_min",
    "year_max",
)  # fmt: skip


class Recorder:
    """Writes a conversation to a scenario file, whole after every turn.

    Args:
        path: of the file (YAML, the format of ``chatrec evaluate scenarios``); its name without suffix names the
            scenario. An existing file is replaced.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.turns: list[dict[str, Any]] = []
        self.shown: list[str] = []

    def add(self, reply: Reply) -> None:
        """Add a turn and write the file.

        Raises:
            StorageError: if the file cannot be written.
        """
        self.turns.append({"user": reply.user, "expect": self._expectation(reply)})
        self.shown += [card.name for card in reply.cards]
        text = yaml.safe_dump(
            [{"id": self.path.stem, "turns": self.turns}], sort_keys=False, allow_unicode=True, width=110
        )
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.path.parent, suffix=".tmp")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, self.path)

    def _expectation(self, reply: Reply) -> dict[str, Any]:
        profile = reply.profile.as_dict()
        expect: dict[str, Any] = {"recommends": {"min": len(reply.cards), "max": len(reply.cards)}}
        if reply.text.rstrip().endswith("?") and not reply.cards:
            expect["asks"] = True
        known = [name for slot in ("liked", "disliked", "seen") for name in profile[slot]]  # type: ignore[attr-defined]
        if reply.cards and (known or self.shown):
            expect["none_of"] = list(dict.fromkeys([*known, *self.shown]))
        state = {name: profile[name] for name in STATE if profile.get(name)}
        if state:
            expect["state"] = state
        return expect
