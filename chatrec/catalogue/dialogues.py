"""Whole dialogues of ReDial, with what both people said afterwards about every film that was mentioned."""

import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from chatrec.catalogue.corpora import read_lines
from chatrec.errors import BadInput

_MENTION = re.compile(r"@(\d+)")


class Answer(BaseModel):
    """Of one film: whether the recommender brought it up, whether the seeker saw it, and liked it; 2 is "did not say"."""

    suggested: int = Field(ge=0, le=2)
    seen: int = Field(ge=0, le=2)
    liked: int = Field(ge=0, le=2)


class Message(BaseModel):
    """What one person said; films stand in it as ``@id``."""

    worker: int
    text: str


class Dialogue(BaseModel):
    """One line of a file of dialogues; the initiator is the seeker."""

    model_config = ConfigDict(coerce_numbers_to_str=True)
    conversation_id: str
    initiator: int
    movie_mentions: dict[str, str]
    initiator_questions: dict[str, Answer]
    messages: list[Message]

    @field_validator("movie_mentions", "initiator_questions", mode="before")
    @classmethod
    def _empty(cls, value: Any) -> Any:
        """The corpus writes an empty mapping as an empty list, and now and then nothing for a film, which is left out."""
        value = {} if value == [] else value
        return {key: one for key, one in value.items() if one is not None} if isinstance(value, dict) else value

    def title(self, film: str) -> str:
        """A film's title with its year, as a person would type it."""
        return re.sub(r"\s+", " ", self.movie_mentions.get(film) or "").strip()

    def said(self, message: Message) -> tuple[str, list[tuple[int, int, str]]]:
        """A message with its titles written out, and where they stand: (start, end, film)."""
        text, places, last = "", [], 0
        for found in _MENTION.finditer(message.text):
            title = self.title(found[1])
            text += message.text[last : found.start()] + (title or found[0])
            last = found.end()
            if title:
                places.append((len(text) - len(title), len(text), found[1]))
        return text + message.text[last:], places


def read_dialogues(path: Path) -> list[Dialogue]:
    """The dialogues of a file of JSON lines (``.gz`` too).

    Raises:
        BadInput: for a missing or empty file, or naming the first line that cannot be used and why.
    """
    dialogues = list(read_lines(path, Dialogue))
    if not dialogues:
        raise BadInput(f"{path} holds no dialogues")
    return dialogues
