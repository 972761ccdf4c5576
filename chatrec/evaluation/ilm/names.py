"""Names that were said of items, against the true ones."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from chatrec.catalogue.items import Item

WRONG = 20
"""Misread names that are shown, at most."""


def score_name(text: str, item: Item) -> tuple[bool, bool, float]:
    """Whether title and year are exact, and the F1 of the categories (against the first four of the item)."""
    found = re.match(
        r"^(?P<title>.*?)(?: \((?P<year>\d{4})\))?\.?(?: Categories: (?P<kinds>.*))?$", text.split("\n", maxsplit=1)[0]
    )
    title = bool(found) and found["title"].rstrip(".") == item.title.rstrip(".")  # type: ignore[index]
    year = bool(found) and (found["year"] or "") == str(item.year or "")  # type: ignore[index]
    said = {part.strip(" .") for part in (found["kinds"] or "").split(",")} - {""} if found else set()
    true = set(item.categories[:4])
    if not true and not said:
        return title, year, 1.0
    return title, year, 2 * len(said & true) / (len(said) + len(true))


def shares(said: Sequence[str], items: Sequence[Item]) -> dict[str, Any]:
    """Over all of some items, one at least: ``items`` (how many), shares of exact ``title`` and ``year``,
    ``categories_f1``, and ``wrong``, the first names that were misread."""
    scored = [score_name(text, item) for text, item in zip(said, items, strict=True)]
    title, year, f1 = (float(np.mean(values)) for values in zip(*scored, strict=True))
    wrong = [
        f"{item.name} → {text}"
        for text, item, (right, exact, _) in zip(said, items, scored, strict=True)
        if not (right and exact)
    ]
    return {"items": len(items), "title": title, "year": year, "categories_f1": f1, "wrong": wrong[:WRONG]}
