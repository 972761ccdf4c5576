"""Item texts: the checked descriptions that ship with a catalogue, one JSON object a line.

They are the language side of alignment, the text that retrieval searches, and the evidence behind reasons.
A record whose confidence is ``none`` carries no text: an invented plot is worse than a gap.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from chatrec.catalogue.items import Item, title_key
from chatrec.errors import BadInput

MOODS: dict[str, dict[str, float]] = {
    # Each mood's place on the axes along which people compare films; what is left out is 0.
    # dark: cheerful -1 … bleak 1 · pace: slow -1 … fast 1 · weird: conventional -1 … strange 1 · fear: soothing -1 … frightening 1
    "light": {"dark": -0.8, "fear": -0.6},
    "warm": {"dark": -0.7, "fear": -0.7},
    "funny": {"dark": -0.7, "fear": -0.5},
    "witty": {"dark": -0.4},
    "silly": {"dark": -0.9, "weird": 0.3, "fear": -0.6},
    "charming": {"dark": -0.7, "fear": -0.7},
    "playful": {"dark": -0.7, "pace": 0.2},
    "romantic": {"dark": -0.5, "fear": -0.6},
    "tender": {"dark": -0.3, "pace": -0.4, "fear": -0.7},
    "uplifting": {"dark": -0.9, "fear": -0.6},
    "inspiring": {"dark": -0.6},
    "hopeful": {"dark": -0.5},
    "nostalgic": {"dark": -0.2, "pace": -0.3},
    "whimsical": {"dark": -0.6, "weird": 0.6},
    "magical": {"dark": -0.4, "weird": 0.4},
    "dreamy": {"pace": -0.5, "weird": 0.6},
    "epic": {"pace": 0.1},
    "adventurous": {"dark": -0.2, "pace": 0.6},
    "exciting": {"pace": 0.8},
    "fast-paced": {"pace": 1.0},
    "tense": {"dark": 0.4, "pace": 0.4, "fear": 0.5},
    "suspenseful": {"dark": 0.4, "pace": 0.3, "fear": 0.6},
    "scary": {"dark": 0.6, "pace": 0.2, "fear": 1.0},
    "eerie": {"dark": 0.5, "pace": -0.3, "weird": 0.5, "fear": 0.8},
    "disturbing": {"dark": 0.9, "weird": 0.4, "fear": 0.8},
    "violent": {"dark": 0.7, "pace": 0.4, "fear": 0.4},
    "gritty": {"dark": 0.7, "fear": 0.2},
    "dark": {"dark": 0.9, "fear": 0.3},
    "bleak": {"dark": 1.0, "pace": -0.3},
    "sad": {"dark": 0.6, "pace": -0.3},
    "bittersweet": {"dark": 0.2, "pace": -0.3},
    "melancholy": {"dark": 0.5, "pace": -0.5},
    "angry": {"dark": 0.6, "pace": 0.2},
    "cynical": {"dark": 0.5},
    "satirical": {"dark": 0.1, "weird": 0.3},
    "absurd": {"dark": -0.3, "weird": 0.9},
    "quirky": {"dark": -0.3, "weird": 0.7},
    "surreal": {"dark": 0.2, "weird": 1.0},
    "stylish": {"weird": 0.2},
    "sensual": {"pace": -0.2},
    "slow": {"pace": -1.0},
    "quiet": {"pace": -0.8, "fear": -0.3},
    "thoughtful": {"pace": -0.5},
}

Mood = Annotated[str, Field(description="one word of MOODS")]
Degree = Literal["none", "mild", "strong"]
Name = Annotated[str, Field(min_length=2, max_length=60)]
Phrase = Annotated[str, Field(min_length=2, max_length=60)]


class Content(BaseModel):
    """How much of what some people avoid: ``none``, ``mild`` or ``strong``."""

    model_config = ConfigDict(extra="forbid")
    violence: Degree
    scares: Degree
    sex: Degree
    language: Degree


class Series(BaseModel):
    """The series a film belongs to and its place in it, counted from 1."""

    model_config = ConfigDict(extra="forbid")
    name: Name
    position: int = Field(ge=1, le=30)


class ItemText(BaseModel):
    """One checked record. Limits of length are in words and are those of the data set's README."""

    model_config = ConfigDict(extra="forbid")
    item_id: str
    title: str
    year: int | None = None
    confidence: Literal["high", "medium", "none"]
    directors: list[Name] = Field(default_factory=list, max_length=4)
    cast: list[Name] = Field(default_factory=list, max_length=4)
    keywords: list[Phrase] = Field(default_factory=list, max_length=10)
    themes: list[Phrase] = Field(default_factory=list, max_length=5)
    moods: list[Mood] = Field(default_factory=list, max_length=4)
    audience: str = ""
    content: Content | None = None
    series: Series | None = None
    language: str = ""
    black_and_white: bool = False
    synopsis: str = ""
    pitch: str = ""
    caveat: str = ""

    @field_validator("moods")
    @classmethod
    def _known_moods(cls, moods: list[str]) -> list[str]:
        unknown = [mood for mood in moods if mood not in MOODS]
        if unknown:
            raise ValueError(f"not in the mood vocabulary: {', '.join(unknown)}")
        return moods

    @model_validator(mode="after")
    def _lengths(self) -> "ItemText":
        texts = {"synopsis": (25, 45), "pitch": (15, 25), "caveat": (8, 20)}
        if self.confidence == "none" and any(getattr(self, name) for name in texts):
            raise ValueError("a record of confidence 'none' must leave synopsis, pitch and caveat empty")
        for name, (low, high) in texts.items():
            words = len(getattr(self, name).split())
            if words and not low <= words <= high:
                raise ValueError(f"{name} has {words} words; it should have {low} to {high}")
        return self


def read_texts(path: Path) -> Iterator[ItemText]:
    """Yield the records of a JSON-lines file.

    Raises:
        BadInput: naming the file, the line and what is wrong with it.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}; name a file of item texts") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                raw = json.loads(line)
                if isinstance(raw, dict) and raw.get("draft"):
                    raise BadInput(f'{path}, line {number}: a draft; check it, then take its "draft" mark away')
                yield ItemText.model_validate(raw)
            except json.JSONDecodeError as error:
                raise BadInput(f"{path}, line {number}: not JSON ({error.msg})") from error
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"])) or "record"
                raise BadInput(f"{path}, line {number}: {where}: {first['msg']}") from error


def with_texts(items: Iterable[Item], texts: Iterable[ItemText]) -> list[Item]:
    """Items with what their records add; records are joined by item id and must agree on the title.

    Raises:
        BadInput: if a record's title is not its item's: it would give one film another's text.
    """
    records = {record.item_id: record for record in texts}
    result = []
    for item in items:
        record = records.get(item.item_id)
        if record is None:
            result.append(item)
            continue
        if title_key(record.title) != title_key(item.title):
            raise BadInput(f"the text of item {item.item_id!r} is of {record.title!r}, but the item is {item.title!r}")
        people = {"director": tuple(record.directors), "cast": tuple(record.cast)}
        added = {
            "people": {role: names for role, names in people.items() if names},
            "keywords": tuple(record.keywords),
            "themes": tuple(record.themes),
            "moods": tuple(record.moods),
            "content": record.content.model_dump() if record.content else {},
            "description": record.synopsis,
            "pitch": record.pitch,
            "caveat": record.caveat,
            "audience": record.audience,
            "language": record.language,
            "series": (record.series.name, record.series.position) if record.series else None,
            "attributes": {"black and white": "yes"} if record.black_and_white else {},
        }
        result.append(item.model_copy(update=added))
    return result
