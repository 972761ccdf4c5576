"""A message as the stages read it: one kind of quotes, pictures as commas, no marks of emphasis."""

import re

EMOJI = re.compile(r"\s*(?:[\U0001F000-\U0001FAFF☀-☄☇-➿][️‍]*\s*)+")
"""Pictures between words part them like commas: "Brazil ✅ Twelve Monkeys ✅"."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "..."})
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,40}>")
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\w)|(?<=\w)[*_]{1,3}(?!\w)")


def normalised(text: str) -> str:
    """The message with one kind of quotation mark and apostrophe; pictures become commas, but for a message of nothing else."""
    text = text.translate(_QUOTES)
    if EMOJI.sub("", text).strip():
        text = EMOJI.sub(", ", text).strip(" ,")
    return _EMPHASIS.sub("", _TAGS.sub(" ", text))
