"""Items of the last slate by what tells them apart: "the sci-fi one", "the oldest", "the middle one", "all but the last"."""

import re

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.nlu.extremes import in_catalogue
from chatrec.dialogue.nlu.wishes import Patterns

Pointed = tuple[int, int, int]
"""Start and end in the text, and the row that is meant."""


def pointed_at(text: str, rows: list[int], catalogue: Catalogue, categories: Patterns) -> list[Pointed]:
    """What ``text`` points at among ``rows``, the slate in its order; nothing where several items would fit."""
    found: list[Pointed] = []
    if len(rows) < 2:
        return found
    for name, pattern in categories:
        for m in pattern.finditer(text):
            fitting = [row for row in rows if name in catalogue[row].categories]
            start, end = _the_one(text, m.start(), m.end())
            if len(fitting) == 1 and end:
                found.append((start, end, fitting[0]))
    for m in re.finditer(r"\b(?:the|that) ([a-z]{4,}?)s? (?:one|film|movie|flick)\b", text, re.IGNORECASE):
        told = [row for row in rows if re.search(rf"\b{m[1]}", catalogue[row].text(), re.IGNORECASE)]
        taken = any(start < m.end() and m.start() < end for start, end, _ in found)
        if len(told) == 1 and m[1].lower() not in _NO_SUBJECT and not taken:  # "the dinosaur one"
            found.append((m.start(), m.end(), told[0]))
    dated = [row for row in rows if catalogue[row].year]
    for m in re.finditer(
        r"\b(?:the|that) (oldest|earliest|newest|latest|most recent)(?: (?:one|film|movie))?\b", text, re.IGNORECASE
    ):
        if in_catalogue(text, m.end(), categories):
            continue
        pick = min if m[1].lower() in ("oldest", "earliest") else max
        if dated:
            found.append((m.start(), m.end(), pick(dated, key=lambda row: catalogue[row].year or 0)))
    if len(rows) % 2:
        for m in re.finditer(
            r"\b(?:the|that) (?:middle|center|centre)(?: (?:one|film|movie))?\b|\bthe one in the middle\b",
            text,
            re.IGNORECASE,
        ):
            found.append((m.start(), m.end(), rows[len(rows) // 2]))
    for m in re.finditer(
        r"\b(?:all|everything|both|each)(?: of (?:them|those|these))? (?:but|except|apart from) the (first|last)(?: one)?\b",
        text,
        re.IGNORECASE,
    ):
        left = rows[1:] if m[1].lower() == "first" else rows[:-1]
        found += [(m.start(), m.end(), row) for row in left]
    return found


_NO_SUBJECT = frozenset(
    """first second third fourth fifth last other only next same best worst good great right wrong whole main middle previous
    above original old older oldest new newer newest early earlier late later latest long short big small little funny sad scary
    dark weird nice favourite favorite classic black white foreign french german italian english american british japanese
    famous popular recent whole actual real full latter former earliest""".split()
)
"""Words before "one" that say nothing of what an item is about."""


def _the_one(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole of "the … one" around a word, or an end of 0 where the word stands otherwise."""
    before = re.search(r"\b(?:the|that)\s+$", text[:start], re.IGNORECASE)
    after = re.match(r"\s+(?:one|film|movie|flick|pick|suggestion)\b", text[end:], re.IGNORECASE)
    return (before.start(), end + after.end()) if before and after else (0, 0)
