"""Turns of human dialogues in which somebody recommends: what was said, and what was recommended next."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from chatrec.catalogue.corpora import read_lines
from chatrec.errors import BadInput


class Turn(BaseModel):
    """One line of a file of turns.

    Attributes:
        dialog_id: of the dialogue it belongs to; turns without one are dialogues of their own.
        context: utterances, oldest first; the last one is the seeker's, and speakers alternate.
        rec: titles that were recommended next, as the catalogue's source writes them.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)
    dialog_id: str = ""
    context: list[str] = Field(min_length=1)
    rec: list[str] = Field(min_length=1)


def read_turns(path: Path) -> list[Turn]:
    """The turns of a file of JSON lines (``.gz`` too).

    Raises:
        BadInput: for a missing or empty file, or naming the first line that cannot be used and why.
    """
    turns = list(read_lines(path, Turn))
    if not turns:
        raise BadInput(f"{path} holds no turns")
    return [turn if turn.dialog_id else turn.model_copy(update={"dialog_id": f"#{n}"}) for n, turn in enumerate(turns)]
