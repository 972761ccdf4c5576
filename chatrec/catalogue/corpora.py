"""Dialogue corpora as catalogues: ReDial (Li et al., 2018) and OpenDialKG (Moon et al., 2019), in the form of iEvaLM-CRS.

Both are a folder with ``items.jsonl``; ratings they have none, dialogues are read by :mod:`chatrec.catalogue.turns`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pandas as pd
from pydantic import BaseModel, Field, ValidationError

from chatrec.catalogue.interactions import COLUMNS, interactions_frame
from chatrec.catalogue.items import Catalogue, Item, clean_text, natural_title
from chatrec.catalogue.movielens import Source
from chatrec.errors import BadInput

NAMES = {"redial": "ReDial", "opendialkg": "OpenDialKG"}

_QUALIFIER = re.compile(r"\s*\((?:[^()]*\b(?:film|program|work|comedy|novel|book|series|u\.s\.))\)(?:\s*#\d+)?$", re.I)
"""What OpenDialKG puts behind a title to tell things of one name apart: "(Horror Film)", "(Biographical Film) #6"."""

_GENRES = {
    "children's": ("Children",),
    "children's/family": ("Children",),
    "family": ("Children",),
    "sci-fi": ("Sci-Fi",),
    "science": ("Sci-Fi",),
    "film-noir": ("Film Noir",),
    "film noir": ("Film Noir",),
    "romantic comedy": ("Romance", "Comedy"),
    "comedy-drama": ("Comedy", "Drama"),
    "horror comedy": ("Horror", "Comedy"),
    "black comedy": ("Comedy",),
    "action/adventure": ("Action", "Adventure"),
    "suspense": ("Thriller",),
    "psychological thriller": ("Thriller",),
    "historical": ("History",),
    "historical period drama": ("History", "Drama"),
    "biographical": ("Biography",),
    "animated": ("Animation",),
    "anime": ("Animation",),
    "martial arts": ("Action",),
}
_PLAIN = (
    "Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "History",
    "Horror", "Music", "Musical", "Mystery", "Romance", "Sport", "Thriller", "War", "Western",
)  # fmt: skip
"""Genres as the project names them; whatever else a corpus calls a genre is a keyword."""
_SHORT_FORMS = ("Game-Show", "News", "Reality-TV", "Short", "Talk-Show")


class _Record(BaseModel):
    """A line of ``items.jsonl``."""

    item_id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    year: str = ""
    genres: list[str] = []
    director: list[str] = []
    writers: list[str] = []
    cast: list[str] = []
    language: list[str] = []
    plot: str = ""


def corpus(kind: str, folder: Path) -> Source:
    """Read ``items.jsonl`` of a dialogue corpus; ``kind`` is a key of :data:`NAMES`.

    Raises:
        BadInput: for a missing file, or naming the first line that cannot be used and why.
    """
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder}; give the folder of {NAMES[kind]} that holds items.jsonl")
    items = [_item(record) for record in read_lines(folder / "items.jsonl", _Record)]
    return Source(
        Catalogue(items, name=NAMES[kind]), interactions_frame(pd.DataFrame(columns=list(COLUMNS))), {"matched": 0}
    )


Record = TypeVar("Record", bound=BaseModel)


def read_lines(path: Path, model: type[Record]) -> Iterator[Record]:
    """Yield the objects of a file of JSON lines (``.gz`` too), checked against a pydantic model.

    Raises:
        BadInput: for a missing file, or naming the line and what is wrong with it.
    """
    import gzip

    if not path.is_file():
        raise BadInput(f"there is no file {path}")
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    yield model.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}, line {number}: not JSON ({error.msg})") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "record"
        raise BadInput(f"{path}, line {number}: {where}: {first['msg']}") from error
    except (OSError, EOFError, UnicodeDecodeError, RecursionError) as error:  # no gzip, cut off, or no text
        raise BadInput(f"{path} cannot be read after line {number}: {error}") from error


def _item(record: _Record) -> Item:
    whole = clean_text(record.title, 200)
    dated = re.fullmatch(r"(?P<title>.*\S)\s*\((?P<year>\d{4})\)", whole)
    title = dated["title"] if dated else whole
    bare = _QUALIFIER.sub("", title)
    year = dated["year"] if dated else record.year[:4]
    categories, keywords = _kinds(record.genres)
    people = {"director": record.director, "cast": record.cast, "writer": record.writers}
    names = {role: tuple(dict.fromkeys(clean_text(name, 80) for name in found)) for role, found in people.items()}
    languages = [clean_text(name.removesuffix(" Language"), 40) for name in record.language]
    return Item(
        item_id=record.item_id,
        title=natural_title(bare),
        year=int(year) if year.isdecimal() else None,
        aliases=(title,) if bare != title else (),
        categories=categories,
        keywords=keywords,
        people={role: tuple(filter(None, found)) for role, found in names.items() if any(found)},
        description=clean_text(record.plot, 2000),
        language=next((name for name in languages if name == "English"), languages[0] if languages else ""),
    )


def _kinds(genres: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A corpus's genres as categories, and the rest of them as keywords."""
    categories: dict[str, None] = {}
    keywords: dict[str, None] = {}
    plain = {name.casefold(): name for name in (*_PLAIN, *_SHORT_FORMS)}
    for genre in genres:
        name = clean_text(re.sub(r"\s*\([^()]*\).*$", "", genre), 60)
        short = re.sub(r"\s+(?:film|fiction|movie|literature)$", "", name.casefold())
        found = _GENRES.get(name.casefold()) or _GENRES.get(short) or tuple(filter(None, [plain.get(short)]))
        if found:
            categories |= dict.fromkeys(found)
        elif name:
            keywords |= {name: None}
    return tuple(categories), tuple(keywords)
