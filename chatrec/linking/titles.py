"""Linking words of a message to items: titles with typos, without articles and years, by a distinctive part.

Every span is found in the text as it was written, so that what surrounds a title (and its capitals) can decide whether a
common word is a title at all.
"""

import re
from collections.abc import Iterable

import numpy as np
from rapidfuzz import fuzz, process

from chatrec.catalogue.items import Catalogue, person_key, title_key
from chatrec.linking.common_words import COMMON, NEVER
from chatrec.linking.continuations import continued, siblings
from chatrec.linking.ordinary_words import idiom, ordinary
from chatrec.linking.title_context import Sentence
from chatrec.linking.title_keys import Span, Word, forms_of, joined, key_of, overlaps, words_of

MAX_WORDS = 12
_ORDINAL = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "sixth": 6,
}


class TitleLinker:
    """Finds titles of a catalogue in free text.

    Args:
        catalogue: the items.
        popularity: (items,) how well known each is; decides between items of the same name.
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
        for key, row in _short_forms(catalogue):
            self.keys.setdefault(key, [row])
        self._people = {person_key(name) for name in catalogue.people_rows}
        self.long_keys = [key for key in self.keys if len(key) >= 5]
        self.prefixes = self._unique_parts(first=True)
        self.suffixes = self._unique_parts(first=False)
        self.series: dict[str, dict[int, int]] = {}
        for row, item in enumerate(catalogue):
            if item.series:
                self.series.setdefault(title_key(item.series[0]), {})[item.series[1]] = row
        owners: dict[str, set[int]] = {}
        for row, item in enumerate(catalogue):
            for word in {w for title in (item.title, *item.aliases) for w in title_key(title).split()}:
                owners.setdefault(word, set()).add(row)
        self.distinctive = {
            word: next(iter(rows))
            for word, rows in owners.items()
            if len(rows) == 1 and len(word) >= 6 and not ordinary(word)
        }

    def link(self, text: str, expected: Iterable[tuple[int, int]] = (), near: Iterable[int] = ()) -> list[Span]:
        """Spans of ``text`` that name items, in order, not overlapping.

        Args:
            text: the message.
            expected: stretches where a title is likely (after "I loved", in quotation marks): there a common word
                counts, and typos and parts of titles are tried.
            near: rows the conversation is about: of their series, a part's own words are enough ("blue", "the phantom menace");
                of several items of one name, the one among them is meant.
        """
        near = tuple(near)
        words = words_of(text)
        regions = list(expected) + [(m.start(1), m.end(1)) for m in re.finditer(r"[\"“«]([^\"”»]{1,80})[\"”»]", text)]
        sentence = Sentence(text, words, regions, self.keys, (self.catalogue.years or (0, 9999))[1])
        spans = self._series(text, words)
        others, strange = self._continued(text, words)
        spans += [other for other in others if not overlaps([(s.start, s.end) for s in spans], other.start, other.end)]
        taken = [(span.start, span.end) for span in spans] + strange
        taken += [(start, end) for start, end, _ in self.series_names(text)]
        parts, own_words = self._parts(near)
        for size in range(min(MAX_WORDS, len(words)), 0, -1):
            for first in range(len(words) - size + 1):
                part = words[first : first + size]
                start, end = part[0].start, part[-1].end
                if overlaps(taken, start, end) or not joined(text, part):
                    continue
                key = key_of(part)
                rows = self.keys.get(key)
                spoken = part[0].text[:1].isupper() or not ordinary(part[0].key)
                alone = spoken and not rows  # a title that is this one word goes by its year
                meant = parts.get(key, own_words.get(key) if alone else None)
                if meant is not None and sentence.bounded(part):
                    spans.append(Span(start, end, (meant,)))
                    taken.append((start, end))
                    continue
                piece = self.prefixes.get(key, self.suffixes.get(key))
                if (
                    not rows
                    and piece is not None
                    and part[0].key not in NEVER | {"and", "or"}
                    and part[-1].key not in ("a", "of", "the", "and", "says", "say", "said", "is", "was", "are", "can")
                    and not re.match(r"\s*(?:films?|movies?|series|ones?|books?|games?)\b", text[end:], re.IGNORECASE)
                ):
                    spans.append(Span(start, end, (piece,), certain=False))
                    taken.append((start, end))
                talked = (
                    rows
                    and not set(rows).isdisjoint(near)
                    and (
                        _leads(text, part[0], end)
                        or ((size > 1 or text[:start].endswith("not ")) and sentence.bounded(part))
                    )
                )
                if rows and (talked or sentence.names(first, size, taken)):
                    said = text[start:end].casefold()
                    talked_of = sorted(
                        rows, key=lambda row: (row not in near, self.catalogue[row].title.casefold() != said)
                    )
                    start, end, rows = self._with_year(text, start, end, talked_of, taken)
                    spans.append(Span(start, end, tuple(rows)))
                    taken.append((start, end))
        spans += self._numbered(text, spans, taken)
        spans += self._fuzzy(text, sentence, taken)
        spans = sorted(spans, key=lambda span: span.start)
        return sorted([*spans, *siblings(text, spans, self.catalogue, self.part)], key=lambda span: span.start)

    def strangers(self, text: str) -> list[tuple[int, int]]:
        """Stretches that name what the catalogue does not have, though a title of its own stands in them."""
        return self._continued(text, words_of(text))[1]

    def part(self, row: int, place: int) -> int | None:
        """The row of another part of an item's series, or None."""
        series = self.catalogue[row].series
        return self.series[title_key(series[0])].get(place) if series else None

    def parts(self, row: int) -> list[int]:
        """The rows of an item's series in its order; none of an item that is in no series."""
        series = self.catalogue[row].series
        return [part for _, part in sorted(self.series[title_key(series[0])].items())] if series else []

    def _continued(self, text: str, words: list[Word]) -> tuple[list[Span], list[tuple[int, int]]]:
        years = self.catalogue.years or (0, 9999)
        return continued(
            text, words, self.keys, self.part, lambda row: self.catalogue[row].year, self._is_person, years, MAX_WORDS
        )

    def _is_person(self, name: str) -> bool:
        return any(person_key(" ".join(name.split()[:size])) in self._people for size in (2, 3))

    def _unique_parts(self, first: bool) -> dict[str, int]:
        """The first or last two or three words of long titles, where no other has them: "butch cassidy", "cuckoos nest"."""
        owners: dict[str, set[int]] = {}
        for key, rows in self.keys.items():
            parts = key.split()
            for size in (2, 3):
                if len(parts) > size:
                    owners.setdefault(" ".join(parts[:size] if first else parts[-size:]), set()).update(rows[:1])
        return {
            key: next(iter(rows))
            for key, rows in owners.items()
            if len(rows) == 1
            and key not in self.keys
            and len(key) >= 8
            and not all(ordinary(word) for word in key.split())
        }

    def nearest_title(self, text: str) -> tuple[int, float] | None:
        """The item whose title is most like ``text``, with a similarity of 0 to 100; None for an empty text."""
        key = title_key(text)
        found = process.extractOne(key, self.keys.keys(), scorer=fuzz.ratio) if key else None
        return (self.keys[found[0]][0], found[1]) if found else None

    def series_names(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and key of names of whole series: "the Star Wars films", "another Indiana Jones movie"."""
        found = []
        for key in self.series:
            if key.split()[0] not in text.casefold():
                continue
            words = r"[\s:'.,-]*".join(re.escape(word) for word in key.split())
            after = r"\s*(?=(?:films?|movies?|series|ones?|books?|games?|trilogy|franchise|sequels?|instalments?)\b)"
            found += [(m.start(), m.end(), key) for m in re.finditer(rf"\b{words}\b{after}", text, re.IGNORECASE)]
            if key not in self.keys:  # "any James Bond?"
                asked = rf"\b(?:any|another|more|some|other|of)\s+({words})\b(?=\s*(?:$|[?.!,]|then\b|please\b))"
                found += [(m.start(1), m.end(1), key) for m in re.finditer(asked, text, re.IGNORECASE)]
        return found

    def _parts(self, near: Iterable[int]) -> tuple[dict[str, int], dict[str, int]]:
        """What names an item that the conversation is about, to its row.

        Returns:
            of the titles of its series, what follows the colon; and a word that only one of all these titles has ("Empire").
        """
        parts: dict[str, int] = {}
        owners: dict[str, set[int]] = {}
        for row in near:
            series = self.catalogue[row].series
            family = set(self.series.get(title_key(series[0]), {}).values() if series else ())
            for other in {row} | family:
                for word in title_key(self.catalogue[other].title).split():
                    if (len(word) >= 5 and word not in COMMON) or (len(word) >= 4 and not ordinary(word)):
                        owners.setdefault(word, set()).add(other)
            for other in family:
                tail = self.catalogue[other].title.partition(":")[2]
                if tail:
                    parts[key_of(words_of(tail))] = other
        return parts, {word: min(rows) for word, rows in owners.items() if len(rows) == 1}

    def _series(self, text: str, words: list[Word]) -> list[Span]:
        """ "the second Godfather", "the third Star Wars": a place in a series by its ordinal."""
        spans = []
        for first, word in enumerate(words[:-1]):
            place = _ORDINAL.get(word.key)
            last = word.key in ("last", "latest", "newest")
            if place is None and not last:
                continue
            for size in range(min(5, len(words) - first - 1), 0, -1):
                part = words[first + 1 : first + 1 + size]
                name = key_of(part)
                by_place = self.series.get(name)
                rows = self.keys.get(name, [])
                if by_place is None and rows and (series := self.catalogue[rows[0]].series):
                    by_place = self.series.get(title_key(series[0]))
                if last and by_place and len(by_place) > 1:
                    place = max(by_place)
                if by_place and place in by_place:
                    spans.append(Span(word.start, part[-1].end, (by_place[place],)))
                    break
        return spans

    def _numbered(self, text: str, spans: list[Span], taken: list[tuple[int, int]]) -> list[Span]:
        """ "Die Hard 2 and 3": a number that goes on a series."""
        more = []
        for span in spans:
            series = self.catalogue[span.rows[0]].series
            found = re.match(r"\s*(?:,|and|&|or)\s*([1-9])\b(?!\s*(?:/|out of|\w+s\b))", text[span.end :])
            row = self.series[title_key(series[0])].get(int(found[1])) if series and found else None
            if found and row is not None and re.search(r"\d$|\b[IV]+$", text[span.start : span.end]):
                more.append(Span(span.end + found.start(1), span.end + found.end(1), (row,)))
                taken.append((more[-1].start, more[-1].end))
        return more

    def _with_year(
        self, text: str, start: int, end: int, rows: list[int], taken: list[tuple[int, int]]
    ) -> tuple[int, int, list[int]]:
        """Take a year beside the title into the span, if it is nobody else's, and let it decide between namesakes."""
        found = re.match(
            r"[!?.…]*\s*(?:\(\s*((?:18|19|20)\d\d)\s*\)|,?\s*(?:from|of)\s+((?:18|19|20)\d\d)\b|\s((?:18|19|20)\d\d)\b)",
            text[end:],
        )
        if not found:
            near = re.search(r"\b((?:18|19|20)\d\d)\s+(?:version\s+of\s+)?$", text[:start])
            if (
                near
                and not overlaps(taken, near.start(1), end)
                and any(abs((self.catalogue[row].year or 0) - int(near[1])) <= 1 for row in rows)
            ):
                year = int(near[1])
                return near.start(1), end, sorted(rows, key=lambda row: abs((self.catalogue[row].year or 0) - year))
            return start, end, self._told_apart(text, start, end, rows)
        if overlaps(taken, start, end + found.end()):
            return start, end, rows
        year = int(next(group for group in found.groups() if group))
        fitting = [row for row in rows if abs((self.catalogue[row].year or year) - year) <= 1]
        if not fitting:
            return start, end, rows
        return start, end + found.end(), sorted(fitting, key=lambda row: abs((self.catalogue[row].year or 0) - year))

    def _told_apart(self, text: str, start: int, end: int, rows: list[int]) -> list[int]:
        """Items of one name, by a person named nearby or by "the old one", "the remake"."""
        if len(rows) < 2:
            return rows
        near = text[max(0, start - 40) : end + 60].casefold()
        named = [row for row in rows if any(name.casefold() in near for name in self.catalogue[row].all_people)]
        if named:
            return [*named, *(row for row in rows if row not in named)]
        if re.search(
            r"\b(?:old|older|original|first|classic)\s+(?:one|version|film|movie|\w+)?", near
        ) and not re.search(r"\bnot the (?:old|original)", near):
            return sorted(rows, key=lambda row: self.catalogue[row].year or 9999)
        if re.search(r"\b(?:new|newer|remake|recent|latest)\b", near) and not re.search(
            r"\bnot the (?:new|remake)", near
        ):
            return sorted(rows, key=lambda row: -(self.catalogue[row].year or 0))
        return rows

    def _fuzzy(self, text: str, sentence: Sentence, taken: list[tuple[int, int]]) -> list[Span]:
        """Typos and parts of titles: where a title is expected, and for runs of capitalised or rare words."""
        words, regions = sentence.words, sentence.regions
        found: list[tuple[float, Span]] = []
        for size in range(min(7, len(words)), 0, -1):
            for first in range(len(words) - size + 1):
                part = words[first : first + size]
                start, end = part[0].start, part[-1].end
                if overlaps(taken, start, end) or not joined(text, part) or sentence.owned(first):
                    continue
                content = [word for word in part if word.key not in COMMON]
                inside = any(a <= start and end <= b for a, b in regions)
                leading = part[0].key in COMMON - {"the", "a", "an"}
                whole = inside and size > 2 and len(key_of(part)) >= 12  # "good will huntng"
                if (
                    not content
                    or (leading and not whole)
                    or part[-1].key in ("the", "a", "an", "of", "and", "is", "was", "or", "but")
                ):
                    continue
                key = key_of(part)
                if len(key) < 5 or (len(content) < len(part) / 2 and not inside):
                    continue
                cutoff = 92 if leading else 84 if inside else (87 if size > 1 else 90)
                subject = part[0].text.islower() and re.search(r"\babout\s+$", text[:start])  # "about insects"
                known = self.distinctive.get(key) if size == 1 and not subject else None
                if known is not None and (
                    sentence.direct(part, article=True) or sentence.judged(first, 1) or sentence.answers(part)
                ):
                    found.append((80.0, Span(start, end, (known,), certain=False)))
                if size == 1 and re.search(r"\b(?:me|us|him|her|them)\s+$", text[:start], re.IGNORECASE):
                    continue  # "bored me sensless"
                judged = size == 1 and len(key) >= 8 and not ordinary(key) and sentence.judged(first, 1)
                if size == 1 and not (inside or judged) and (len(key) < 7 or not part[0].text[:1].isupper()):
                    continue
                match = process.extractOne(key, self.long_keys, scorer=fuzz.ratio, score_cutoff=cutoff)
                if (
                    match
                    and not _spelt_right(part, match[0])
                    and not _another_word(key, match[0])
                    and not (len(match[0].split()) > 1 and size == 1 and len(match[0]) > len(key) + 2)
                ):
                    found.append((match[1] + size, Span(start, end, tuple(self.keys[match[0]]), certain=False)))
        spans: list[Span] = []
        for _, span in sorted(found, key=lambda pair: -pair[0]):
            if not overlaps(taken, span.start, span.end):
                start, end, rows = self._with_year(text, span.start, span.end, list(span.rows), taken)
                spans.append(Span(start, end, tuple(rows), certain=False))
                taken.append((start, end))
        return spans


def _short_forms(catalogue: Catalogue) -> list[tuple[str, int]]:
    """What stands before a colon ("The Lost World") and a letter with a number ("T2"), where one item alone has it."""
    forms: dict[str, set[int]] = {}
    for row, item in enumerate(catalogue):
        head = title_key(item.title.partition(":")[0])
        numbered = re.fullmatch(r"([a-z])[a-z]+ (\d)", head) if item.series else None
        if ":" in item.title and " " in head:
            forms.setdefault(head, set()).add(row)
        if numbered:
            forms.setdefault(f"{numbered[1]}{numbered[2]}", set()).add(row)
    return [(form, rows.pop()) for form, rows in forms.items() if len(rows) == 1]


def _leads(text: str, word: Word, end: int) -> bool:
    """Whether a title of one word begins its sentence, and something is said or asked of it: "Witness sounds good"."""
    begins = re.search(r"(?:^|[.!?\n]\s*)(?:(?:and|or|ok|okay|so|hm+|oh),?\s+)?$", text[: word.start], re.IGNORECASE)
    asked = re.match(r"\s*,?\s+(?:what|who|when|how \w+)(?:'s|\s+(?:is|was|did|directed|made|plays))\b", text[end:])
    told = re.match(r"\s*,?\s+(?:sounds?|looks?|seems?|was|is|i|we)\b|\s*\?", text[end:], re.IGNORECASE)
    return bool(begins and (asked or (told and (word.text[:1].isupper() or not ordinary(word.key)))))


def _spelt_right(part: list[Word], title: str) -> bool:
    """Whether what was said is everyday words, not a slip: "I've heard" for "Live Hard", or a title read as no title."""
    said, meant = [word.key for word in part], title.split()
    shared = sum(len(word) > 3 and word in said for word in meant)
    return idiom(" ".join(said)) or (all(map(ordinary, said)) and shared in (0, len(meant)))


def _another_word(key: str, title: str) -> bool:
    """Whether some word is a different one, not a misspelt one: "car window" is not "rear window"."""
    said, meant = key.split(), title.split()
    if len(said) == len(meant) == 1 and key[-2:] != title[-2:] and key.endswith(("ed", "ing", "ly")):
        return True  # "frightened" is not "Frighteners"
    if [word for word in said if word.isdigit()] != [word for word in meant if word.isdigit()]:
        return True  # "Speed 3" is not "Speed 2"
    return len(said) == len(meant) > 1 and any(fuzz.ratio(*pair) < 60 for pair in zip(said, meant, strict=True))
