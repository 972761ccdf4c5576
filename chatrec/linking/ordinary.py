"""Which words are everyday English: the frequent ones of the text encoder's own vocabulary, which is in order of frequency."""

from functools import cache

from chatrec.assets import resolve_model
from chatrec.config import settings

FREQUENT = 9000
"""Entries of the vocabulary, counted from its start, that are everyday words."""


COMMON = 3000
"""Those that are in nearly every message."""


@cache
def _vocabulary() -> dict[str, int]:
    from transformers import AutoTokenizer

    folder = resolve_model(settings().encoder)
    return dict(AutoTokenizer.from_pretrained(folder, local_files_only=True).get_vocab())


def ordinary(word: str, among: int = FREQUENT) -> bool:
    """Whether a word of small letters is ``among`` those that everybody uses."""
    return len(word) < 3 or _vocabulary().get(word, among) < among


def known_word(word: str) -> bool:
    """Whether a word of small letters is in the vocabulary at all, and so surely no slip of the hand."""
    return word in _vocabulary()
