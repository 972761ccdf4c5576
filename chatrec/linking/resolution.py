"""From a stretch that names a title to the items it may mean: in full, in part, misspelt, by its place in a series."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from chatrec.catalogue.items import Catalogue, title_key
from chatrec.linking.ordinary import known_word, ordinary
from chatrec.linking.title_keys import Span, forms_of, joined, key_of, numbers, overlaps, words_of

MAX_WORDS = 12
CUTOFF, SLIP = 84, 86
"""How alike a misspelt title must be (0 to 100)."""
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "original": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "sixth": 6,
}
_FRAME = re.compile(
    r"^(?:the (?:movies?|films?|book|game|show)|movie|film)\s+|\s+(?:movies?|films?|flicks?|series|"
    r"trilogy|franchise|saga|book|game|one|show)$"
)
_YEAR = re.compile(
    r"[!?.…,]*\s*(?:\(\s*((?:18|19|20)\d\d)\s*\)|,?\s*(?:the )?(?:one )?(?:from|of)\s+((?:18|19|"
    r"20)\d\d)\b|\s((?:18|19|20)\d\d)\b)"
)
_YEAR_BEFORE = re.compile(r"\b((?:18|19|20)\d\d)\s+(?:(?:version|film|movie|remake)\s+(?:of\s+)?)?(?:the\s+)?$")
_LED = re.compile(r"(?:the\s+)?(?:18|19|20)\d\d\s+(?=\w)")
_DATED = re.compile(r"[\s,]*(?:\((?:18|19|20)\d\d\)|(?:(?:from|of)\s+)?\b(?:18|19|20)\d\d)$")
_OLD = re.compile(r"\b(?:old|older|original|first|classic|black and white|silent)\b", re.IGNORECASE)
_NEW = re.compile(r"\b(?:new|newer|remake|recent|latest|modern)\b", re.IGNORECASE)
_NOT_OLD = re.compile(r"\bnot the (?:old|original)", re.IGNORECASE)
_NOT_NEW = re.compile(r"\bnot the (?:new|remake)", re.IGNORECASE)
NEARBY = 45
"""Characters around a title in which words tell namesakes apart."""


class TitleResolver:
    """Knows the titles of a catalogue in the forms in which people write them.

    Args:
        catalogue: the items.
        popularity: (items,) how well known each is; decides between items of one name.
    """

    def __init__(self, catalogue: Catalogue, popularity: np.ndarray) -> None:
        self.catalogue, self.popularity = catalogue, popularity
        self.keys: dict[str, list[int]] = {}
        for row, item in enumerate(catalogue):
            for title in (item.title, *item.aliases):
                for key in forms_of(title):
                    rows = self.keys.setdefault(key, [])
                    if row not in rows:
                        rows.append(row)
        for rows in self.keys.values():
            rows.sort(key=lambda row: -float(popularity[row]))
        self.pieces = self._pieces()
        self.long_keys = [key for key in (*self.keys, *self.pieces) if len(key) >= 4]
        self.series: dict[str, dict[int, int]] = {}
        for row, item in enumerate(catalogue):
            if item.series:
                self.series.setdefault(title_key(item.series[0]), {})[item.series[1]] = row
        owners: dict[str, set[int]] = {}
        for key, rows in self.keys.items():
            for word in key.split():
                owners.setdefault(word, set()).update(rows)
        self.only = {w: next(iter(r)) for w, r in owners.items() if len(r) == 1 and len(w) >= 6 and not ordinary(w)}
        """Words that a single item has in its title, and nobody in everyday talk."""

    def _pieces(self) -> dict[str, int]:
        """Parts of long titles that no other has: what precedes a colon, "butch cassidy", "cuckoos nest", "t2"."""
        owners: dict[str, set[int]] = {}
        for key, rows in self.keys.items():
            parts = key.split()
            for size in (2, 3, 4):
                if len(parts) > size:
                    for piece in (" ".join(parts[:size]), " ".join(parts[-size:])):
                        owners.setdefault(piece, set()).update(rows[:1])
        for row, item in enumerate(self.catalogue):
            head = title_key(item.title.partition(":")[0])
            if ":" in item.title and " " in head:
                owners.setdefault(head, set()).add(row)
            if item.series and (numbered := re.fullmatch(r"([a-z])[a-z]+ (\d)", head)):
                owners.setdefault(f"{numbered[1]}{numbered[2]}", set()).add(row)
        return {
            key: next(iter(rows))
            for key, rows in owners.items()
            if len(rows) == 1 and key not in self.keys and not all(map(ordinary, key.split()))
        }

    def candidates(self, text: str) -> list[Span]:
        """Every stretch that is a title word for word, longest first where they overlap.

        ``certain`` says that the words are no everyday phrase, so that they are meant as a title wherever they stand.
        """
        words = words_of(text)
        spans: list[Span] = []
        for size in range(min(MAX_WORDS, len(words)), 0, -1):
            for first in range(len(words) - size + 1):
                part = words[first : first + size]
                start, end = part[0].start, part[-1].end
                if overlaps([(s.start, s.end) for s in spans], start, end) or not joined(text, part):
                    continue
                if rows := self.keys.get(key_of(part)):
                    spans.append(Span(start, end, tuple(rows), certain=self._distinct(text, start, end, size)))
        return sorted(spans, key=lambda span: span.start)

    def _distinct(self, text: str, start: int, end: int, size: int) -> bool:
        words = re.findall(r"[^\W_]+", text[start:end])
        rare = [word for word in words if not ordinary(word.casefold()) and not word.isdigit()]
        if size == 1:
            return bool(rare) and len(words[0]) >= 5
        capitals = sum(word[:1].isupper() for word in words)
        return bool(rare) or (capitals >= len(words) - 1 and size >= 3)

    def resolve(self, text: str, start: int, end: int, near: Sequence[int] = ()) -> Span | None:
        """The items that a stretch may mean, best first; None where the catalogue has nothing of the name.

        Args:
            text: the message.
            start, end: what names a title there.
            near: rows the conversation is about, the last one first: of their series a part's own words are enough.
        """
        if (led := _LED.match(text[start:end])) and title_key(text[start:end]) not in self.keys:
            start += led.end()
        bare = _DATED.sub("", text[start:end])
        if bare.strip() and len(bare) < end - start and title_key(text[start:end]) not in self.keys:
            end = start + len(bare)
        said = numbers(title_key(text[start:end]))
        key = _FRAME.sub("", said)
        if not key:
            return None
        exact = key in self.keys or said in self.keys
        rows = self.keys.get(said) or self.keys.get(key) or self._place(key) or self._near(key, near)
        if not rows:
            piece = self.pieces.get(key, self.only.get(key))
            rows = [piece] if piece is not None else self._inside(text, start, end)
            rows = rows or self._trimmed(key) or self._misspelt(key)
        if not rows:
            return None
        shown = sorted(rows, key=lambda row: row not in near)
        start, end, rows = self._dated(text, start, end, shown)
        return Span(start, end, tuple(rows), certain=exact)

    def _inside(self, text: str, start: int, end: int) -> list[int]:
        """The title that is most of the stretch, or whose beginning the stretch is."""
        for span in self.candidates(text[max(0, start - 30) : end + 40]):
            a, b = span.start + max(0, start - 30), span.end + max(0, start - 30)
            shared = min(b, end) - max(a, start)
            if shared > 0.75 * (end - start) and shared > 0.45 * (b - a) and not re.search(r"\d", text[b:end]):
                rest = re.findall(r"[^\W_]+", text[start:a] + " " + text[b:end])
                if all(ordinary(word.casefold()) for word in rest):
                    return list(span.rows)
        return []

    def _trimmed(self, key: str) -> list[int]:
        """The title that is left without an everyday word, or somebody's name, at one end: "branaghs hamlet", "x by heart"."""
        words = key.split()
        for cut in (1, 2):
            for left, gone in ((words[cut:], words[:cut]), (words[:-cut], words[-cut:])):
                if (
                    left
                    and " ".join(left) in self.keys
                    and all((ordinary(w) or w.endswith("s")) and not w.isdigit() for w in gone)
                ):
                    return self.keys[" ".join(left)]
        return []

    def slips(self, text: str) -> list[Span]:
        """Titles that are misspelt, around words that are in no dictionary: "pulp ficton", "silense of the lams"."""
        words = words_of(text)
        odd = [n for n, word in enumerate(words) if len(word.key) >= 4 and not known_word(word.key)]
        found: list[tuple[float, Span]] = []
        for size in range(5, 0, -1):
            for first in {n - back for n in odd for back in range(size)}:
                part = words[max(first, 0) : first + size]
                if first < 0 or len(part) < size or not joined(text, part) or len(key := key_of(part)) < 6:
                    continue
                best = process.extractOne(key, self.long_keys, scorer=fuzz.ratio, score_cutoff=SLIP)
                if best and not _another(key, best[0]) and best[0][:1] == key[:1]:
                    rows = self.keys.get(best[0]) or [self.pieces[best[0]]]
                    found.append((best[1] + size, Span(part[0].start, part[-1].end, tuple(rows), certain=False)))
        spans: list[Span] = []
        for _, span in sorted(found, key=lambda pair: -pair[0]):
            if not overlaps([(s.start, s.end) for s in spans], span.start, span.end):
                spans.append(span)
        return spans

    def _misspelt(self, key: str) -> list[int]:
        found = process.extract(key, self.long_keys, scorer=fuzz.ratio, score_cutoff=CUTOFF, limit=5)
        if not found and len(key) >= 7:
            spaced = key.replace(" ", "")
            found = process.extract(spaced, self.long_keys, scorer=fuzz.ratio, score_cutoff=CUTOFF + 4, limit=5)
        fitting = [match for match in found if not _another(key, match[0])]
        if not fitting:
            return []
        best = max(fitting, key=lambda match: match[1])[0]
        return self.keys.get(best) or [self.pieces[best]]

    def _place(self, key: str) -> list[int]:
        """ "the second godfather", "godfather two", "the last star wars": a place in a series."""
        words = key.removeprefix("the ").split()
        if len(words) < 2:
            return []
        place = _ORDINALS.get(words[0])
        last = words[0] in ("last", "latest", "newest")
        name = " ".join(words[1:]) if place or last else ""
        if not name and words[-1].isdigit():
            name, place = " ".join(words[:-1]), int(words[-1])
        parts = self._series_of(name)
        place = max(parts) if last and parts else place
        return [parts[place]] if place in parts else []

    def _series_of(self, name: str) -> dict[int, int]:
        if not name:
            return {}
        if name in self.series:
            return self.series[name]
        series = self.catalogue[self.keys[name][0]].series if name in self.keys else None
        return self.series.get(title_key(series[0]), {}) if series else {}

    def _near(self, key: str, near: Sequence[int]) -> list[int]:
        """What names one of the items talked of, or of their series, by a word of its own ("Empire", "blue")."""
        owners: dict[str, set[int]] = {}
        for row in near:
            for other in {row, *self.parts(row)}:
                title = self.catalogue[other].title
                tail = title_key(title.partition(":")[2])
                for name in {tail, *(w for w in title_key(title).split() if len(w) >= 4)} - {""}:
                    owners.setdefault(name, set()).add(other)
        found = owners.get(key, set())
        return list(found) if len(found) == 1 else []

    def whole_series(self, text: str, start: int, end: int) -> list[int]:
        """The rows of a series that a stretch names, in its order."""
        key = _FRAME.sub("", title_key(text[start:end]))
        for name in (key, key.removeprefix("the "), key.removesuffix("s")):
            if parts := self.series.get(name) or self._series_of(name):
                return [parts[place] for place in sorted(parts)]
        long = [name for name in self.series if len(name) >= 5 and (key in name.split() or f"{key} " in f"{name} ")]
        found = long[0] if len(long) == 1 else ""
        if not found and len(key) >= 5:
            best = process.extractOne(key, list(self.series), scorer=fuzz.ratio, score_cutoff=88)
            found = best[0] if best else ""
        return [self.series[found][place] for place in sorted(self.series[found])] if found else []

    def part(self, row: int, place: int) -> int | None:
        """The row of another part of an item's series, or None."""
        series = self.catalogue[row].series
        return self.series[title_key(series[0])].get(place) if series else None

    def parts(self, row: int) -> list[int]:
        """The rows of an item's series in its order; none of an item that is in no series."""
        series = self.catalogue[row].series
        return [part for _, part in sorted(self.series[title_key(series[0])].items())] if series else []

    def nearest_title(self, text: str) -> tuple[int, float] | None:
        """The item whose title is most like ``text``, with a similarity of 0 to 100; None for an empty text."""
        key = title_key(text)
        found = process.extractOne(key, self.keys.keys(), scorer=fuzz.ratio) if key else None
        return (self.keys[found[0]][0], found[1]) if found else None

    def _dated(self, text: str, start: int, end: int, rows: list[int]) -> tuple[int, int, list[int]]:
        """Take a year beside the title into the span, where an item of the name is of about that year."""
        found = _YEAR.match(text[end:])
        year = int(next(group for group in found.groups() if group)) if found else None
        if year is None and (before := _YEAR_BEFORE.search(text[:start])):
            year = int(before[1])
            fitting = self._of_year(rows, year)
            return (before.start(1), end, fitting) if fitting else (start, end, rows)
        if year is None or found is None:
            return start, end, self._told_apart(text, start, end, rows)
        fitting = self._of_year(rows, year)
        return (start, end + found.end(), fitting) if fitting else (start, end, rows)

    def _of_year(self, rows: Iterable[int], year: int) -> list[int]:
        def off(row: int) -> int:
            return abs((self.catalogue[row].year or year) - year)

        return sorted((row for row in rows if off(row) <= 1), key=off)

    def _told_apart(self, text: str, start: int, end: int, rows: list[int]) -> list[int]:
        """Items of one name, by a person named nearby or by "the old one", "the remake"."""
        if len(rows) < 2:
            return rows
        near = text[max(0, start - NEARBY) : end + NEARBY]
        named = [r for r in rows if any(_surname(name) in near.casefold() for name in self.catalogue[r].all_people)]
        if named:
            return [*named, *(row for row in rows if row not in named)]
        years = {row: self.catalogue[row].year or 0 for row in rows}
        if _NOT_OLD.search(near) or (_NEW.search(near) and not _NOT_NEW.search(near)):
            return sorted(rows, key=lambda row: -years[row])
        return sorted(rows, key=years.__getitem__) if _OLD.search(near) else rows


def _surname(name: str) -> str:
    last = name.casefold().split()[-1]
    return last if len(last) > 4 else name.casefold()


def _another(said: str, title: str) -> bool:
    """Whether some word is a different one, not a misspelt one: "car window" is not "rear window", "speed 3" not "speed 2"."""
    one, two = said.split(), title.split()
    if [w for w in one if w.isdigit()] != [w for w in two if w.isdigit()]:
        return True
    if all(map(ordinary, one)) and len(one) == len(two) and one != two:
        return not all(a == b or fuzz.ratio(a, b) >= 80 for a, b in zip(one, two, strict=True)) or len(said) < 8
    return len(one) == len(two) > 1 and any(fuzz.ratio(a, b) < 60 for a, b in zip(one, two, strict=True))
