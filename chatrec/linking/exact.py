"""Titles that are written out: longest match over a dictionary of normalised titles, thousands of utterances a second.

Corpora of dialogues write most titles whole, often with the year. What people type in a chat needs the tolerance (and
the time) of :mod:`chatrec.linking.resolution`.
"""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from chatrec.catalogue.items import Catalogue, split_title, title_key
from chatrec.linking.ordinary import COMMON, ordinary

_WORD = re.compile(r"[^\W_]+(?:['’`.*](?=[^\W_])[^\W_]+)*|&")
_YEAR = re.compile(r"\s*\(\s*((?:18|19|20)\d\d)\s*\)")
UNDATED = 1.5
"""How many years off an item without a year counts as: behind those that are off by one, before all others."""
_SMALL = frozenset(("the", "a", "an", "of", "and"))


@dataclass(frozen=True)
class Named:
    """Rows of the items a stretch of text names, most likely first; several only where no year tells them apart."""

    start: int
    end: int
    rows: tuple[int, ...]


class ExactLinker:
    """Finds titles that are written out.

    Args:
        catalogue: the items.
        known: (items,) how well known each is; decides between items of one name.
    """

    def __init__(self, catalogue: Catalogue, known: np.ndarray) -> None:
        self.catalogue = catalogue
        self.rows: dict[str, list[int]] = {}
        for row, item in enumerate(catalogue):
            for title in (item.title, *item.aliases):
                rows = self.rows.setdefault(_spelled(title), [])
                if row not in rows:
                    rows.append(row)
        for rows in self.rows.values():
            rows.sort(key=lambda row: (-float(known[row]), row))
        self.longest: dict[str, int] = {}
        for key in self.rows:
            words = key.split()
            self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))

    def find(self, name: str) -> tuple[int, ...]:
        """Rows of the items called ``name`` ("Emma (Romantic comedy Film)", "Heat (1995)"), most likely first."""
        exact = [row for row in self.rows.get(_spelled(name), ()) if name in self.catalogue[row].aliases]
        if exact:
            return tuple(exact)
        found = re.search(r"\s*\((\d{4})\)\s*$", name)
        title = name[: found.start()] if found and found.start() else name
        rows = self.rows.get(_spelled(title)) or self.rows.get(_spelled(split_title(name)[0]), [])
        if found and found.start():
            return self._of_year(rows, int(found[1]))
        undated = [row for row in rows if self.catalogue[row].name == title]
        return tuple(undated or rows)

    def link(self, text: str) -> list[Named]:
        """The titles in ``text``, in order, not overlapping."""
        words = [(m.start(), m.end(), m[0], _spelled(m[0])) for m in _WORD.finditer(text)]
        found: list[Named] = []
        place = 0
        while place < len(words):
            start, _, raw, key = words[place]
            hit = None
            if not (len(raw) == 4 and raw.isdecimal() and text[:start].endswith("(")):  # the year of a title
                for size in range(min(self.longest.get(key, 0), len(words) - place), 0, -1):
                    hit = self._title(text, words[place : place + size], place == 0)
                    if hit:
                        found.append(hit)
                        place += size - 1
                        break
            place += 1
        return found

    def _title(self, text: str, part: list[tuple[int, int, str, str]], opening: bool) -> Named | None:
        """The title that these words are, if the sentence treats them so: a year, quotation marks, capitals."""
        key = " ".join(word for *_, word in part)
        rows = self.rows.get(key)
        if not rows:
            return None
        start, end = part[0][0], part[-1][1]
        if year := _YEAR.match(text, end):
            fitting = self._of_year(rows, int(year[1]))
            return Named(start, year.end(), fitting[:1]) if fitting else None
        before, after = text[:start], text[end : end + 3]
        if re.search(r"[\"“]\s*(?:(?:the|an?)\s+)?$", before[-8:], re.IGNORECASE) and re.match(
            r"\s*[,.!?]?[\"”]", after
        ):
            return Named(start, end, tuple(rows))
        content = [(raw, word) for _, _, raw, word in part if word not in _SMALL]
        if not content:
            return None
        capitals = all(raw[:1].isupper() or raw.isdigit() for raw, _ in content)
        alone = len(content) == 1
        if all(
            ordinary(word) if alone else ordinary(word, COMMON) or word.isdigit() or len(word) < 3
            for _, word in content
        ):
            begins = opening or re.search(r"[.!?]\s*[\"“]?$", before[-3:])
            return Named(start, end, tuple(rows)) if capitals and not begins else None
        whole = len(part) > 1 or (len(key) > 3 and (capitals or len(key) > 6))
        return Named(start, end, tuple(rows)) if whole else None

    def _of_year(self, rows: list[int], year: int) -> tuple[int, ...]:
        """The rows of a year, off by one at most, the nearest first; items without a year come last."""
        distance = {row: abs(own - year) if (own := self.catalogue[row].year) else UNDATED for row in rows}
        return tuple(sorted((row for row in rows if distance[row] <= UNDATED), key=lambda row: distance[row]))


@cache
def word_key(word: str) -> str:
    """:func:`~chatrec.catalogue.items.title_key` of one word; texts repeat their words."""
    return title_key(word)


def _spelled(text: str) -> str:
    """The form in which titles and text are compared: :func:`~chatrec.catalogue.items.title_key`, word by word."""
    words = [word_key(m[0]) for m in _WORD.finditer(text.replace("&", " and "))]
    if len(words) > 1 and words[0] in ("the", "a", "an"):
        words = words[1:]
    return " ".join(words) or title_key(text) or text
