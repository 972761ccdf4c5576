"""Items that are described, and titles as people type them: is the right one found?"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatrec.catalogue.items import Catalogue, title_key
from chatrec.dialogue.nlu.pipeline import Understanding
from chatrec.dialogue.tracking.state import State
from chatrec.errors import BadInput

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

DEEPEST = 10
OFF = 1
"""Years by which sources disagree."""


@dataclass(frozen=True)
class Case:
    """What is said, and the item that is meant."""

    said: str
    title: str
    year: int | None


def read_cases(path: Path, key: str) -> tuple[list[Case], int]:
    """The lines of a file, and how many could not be read.

    Args:
        key: under which a line holds what is said.

    Raises:
        BadInput: if the file cannot be read, or has no such line.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from None
    cases, skipped = [], 0
    for line in filter(str.strip, lines):
        try:
            record = json.loads(line)
            year = record.get("year")
            cases.append(Case(str(record[key]), str(record["title"]), int(year) if year else None))
        except (ValueError, KeyError, TypeError, AttributeError):
            skipped += 1
    if not cases:
        raise BadInput(f'{path} has no line with "{key}" and "title"')
    return cases, skipped


def row_of(catalogue: Catalogue, case: Case) -> int | None:
    """The row of the item that is meant, or None where the catalogue does not have it."""
    rows = catalogue.by_title.get(title_key(case.title), [])
    near = [row for row in rows if case.year is None or abs((catalogue[row].year or case.year) - case.year) <= OFF]
    return near[0] if near else None


def run_described(
    recommender: "Recommender", cases: Sequence[Case], report: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Say each description as the first message of a conversation: where is its item among what would be shown?"""
    catalogue, ranks, failures = recommender.catalogue, list[int](), list[dict[str, str]]()
    absent = 0
    for number, case in enumerate(cases):
        if number % DEEPEST == 0:
            report(f"{number} of {len(cases)} descriptions")
        row = row_of(catalogue, case)
        if row is None:
            absent += 1
            continue
        shown = [entry.row for entry in recommender.manager.shown_for(case.said, DEEPEST)]
        ranks.append(shown.index(row) + 1 if row in shown else DEEPEST + 1)
        if ranks[-1] > 3:
            got = ", ".join(catalogue[other].name for other in shown[:3])
            failures.append({"text": case.said, "title": catalogue[row].name, "got": got})
    count = max(len(ranks), 1)
    hits = {f"hit@{k}": sum(rank <= k for rank in ranks) / count for k in (1, 3, DEEPEST)}
    return {"n": len(ranks), "absent": absent, **hits, "failures": failures}


def run_titles(understanding: Understanding, cases: Sequence[Case]) -> dict[str, Any]:
    """Read each message: is the title that is meant linked, and nothing else?"""
    catalogue, found, wrong, asked, absent = understanding.catalogue, 0, 0, 0, 0
    failures: list[dict[str, str]] = []
    for case in cases:
        row = row_of(catalogue, case)
        if row is None:
            absent += 1
            continue
        mentions = understanding.read(case.said, State()).mentions
        hit = any(mention.row == row for mention in mentions)
        found += hit
        wrong += sum(mention.row != row for mention in mentions)
        asked += not hit and any(row in mention.rows for mention in mentions)
        if not hit:
            got = ", ".join(catalogue[mention.row].name for mention in mentions)
            failures.append({"said": case.said, "title": catalogue[row].name, "got": got or "nothing"})
    return {
        "n": len(cases) - absent,
        "absent": absent,
        "found": found / max(len(cases) - absent, 1),
        "wrong": wrong,
        "asked": asked,
        "failures": failures,
    }
