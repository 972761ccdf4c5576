"""Linking words of a message to items: titles with typos, without articles and years, by a distinctive part.

Every span is found in the text as it was written, so that what surrounds a title (and its capitals) can decide whether a
common word is a title at all.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process

from chatrec.catalogue.items import Catalogue, title_key

MAX_WORDS = 12
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&", re.UNICODE)
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
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

COMMON = frozenset(
    """
    a an the this that these those it its is are was be been i me my you your he him she her we us they them who what when
    where why how which one ones two three four five some any all no not nor or and but so if then than as at by for from in
    into of off on out over to up with without about after again before down more most much many such only own same too very
    can could will would should may might must do does did done have has had get got go going gone come see saw seen watch
    watched like liked love loved hate hated enjoy enjoyed want wanted need find found show shown give given tell told know
    think thought feel felt look looking make made good great best better bad worst nice fun funny scary sad happy dark light
    old new recent classic movie movies film films picture story stories thing things something anything nothing everything
    someone anyone people man men woman women girl girls boy boys kid kids child children family friend friends mother father
    brother sister son daughter wife husband baby guy life death love time day night morning evening week year years world war
    peace game games play school house home city town street road island sea ocean water fire ice snow rain storm wind sun
    moon star stars sky earth space speed heat big small little seven eleven twelve crash alien aliens ghost money crime action
    drama comedy horror thriller romance western mystery musical adventure fantasy animation documentary noir sci fi please
    thanks thank yes yeah no ok okay hello hi hey bye sorry well really maybe just also still even ever never always another
    other different similar else first second third last next lighter darker older newer shorter longer slower faster
    beautiful picture perfect ready wild stupid crazy mad dead living wish hope dream dreams true lies fear faithful safe
    powder casino species shine fled ransom scream contact kiss eraser hackers volcano twister
    daylight sleepers michael ray emma jack rob roy kids clueless gone blue red white black green brown sphere
    primary colors excess amateur nothing personal private parts foreign student bound flirt phantom
    shadow basic instinct broken arrow rich rush hour clerks mask net firm rock fan fugitive game player piano crow client
    addiction arrival assignment associate august babe bananas bean believers bent birds bliss blink breakdown buddy candidate
    captives careful caught century chamber confidential contempt convent craft cure disclosure diva doors drunks edge faces
    fall fallen favor fearless fluke fog freeway fresh friday funeral georgia giant glory graduate heavy hideaway homage howling
    hunted hush innocent innocents invitation junior kissed killer loaded machine malice manhattan matchmaker metro mighty
    mimic mirage naked north notorious nowhere outlaw panther paper persuasion philadelphia picnic priest program promise
    prophecy quest ran reckless relic rescue restoration ridicule ripe roommates saint scout senseless shadows shooter
    shopping sleeper smoke sneakers solo sorcerer spawn speechless spellbound squeeze steel sting stranger stripes substitute
    suture target tainted thieves touch trust turbulence turning twilight twisted underground underneath unforgettable
    visitors witness wolf wonderland barcelona brazil alaska harlem dave ed eddie jude kim anna angela andre carrie laura nell
    rudy stupids mask tango island apartment apartment doctor soldier prince princess king queen
    specialist professional wrong right high low hard soft long short late early fast slow hot cold
    """.split()  # a list of words reads best as words
)
"""Words that are titles only where the sentence treats them so."""


@dataclass(frozen=True)
class Span:
    """A stretch of the text, ``text[start:end]``, linked to rows of the catalogue (best first).

    ``certain`` is False for spans that were recognised by a typo-tolerant comparison or by a part of the title.
    """

    start: int
    end: int
    rows: tuple[int, ...]
    certain: bool = True


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    key: str


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
                for key in _forms(title):
                    rows = self.keys.setdefault(key, [])
                    if row not in rows:
                        rows.append(row)
        for rows in self.keys.values():
            rows.sort(key=lambda row: -float(popularity[row]))
        self.long_keys = [key for key in self.keys if len(key) >= 5]
        self.prefixes = self._unique_prefixes()
        self.series: dict[str, dict[int, int]] = {}
        for row, item in enumerate(catalogue):
            if item.series:
                self.series.setdefault(title_key(item.series[0]), {})[item.series[1]] = row
        owners: dict[str, set[int]] = {}
        for row, item in enumerate(catalogue):
            for word in {w for title in (item.title, *item.aliases) for w in title_key(title).split()}:
                owners.setdefault(word, set()).add(row)
        self.distinctive = {
            word: next(iter(rows)) for word, rows in owners.items() if len(rows) == 1 and len(word) >= 6
        }

    def link(self, text: str, expected: Iterable[tuple[int, int]] = ()) -> list[Span]:
        """Spans of ``text`` that name items, in order, not overlapping.

        Args:
            text: the message.
            expected: stretches where a title is likely (after "I loved", in quotation marks): there a common word
                counts, and typos and parts of titles are tried.
        """
        words = [_Word(m.start(), m.end(), m[0], _plain(m[0])) for m in _WORD.finditer(text)]
        regions = list(expected) + [(m.start(1), m.end(1)) for m in re.finditer(r"[\"“«]([^\"”»]{1,80})[\"”»]", text)]
        spans = self._series(text, words)
        taken = [(span.start, span.end) for span in spans]
        for size in range(min(MAX_WORDS, len(words)), 0, -1):
            for first in range(len(words) - size + 1):
                part = words[first : first + size]
                start, end = part[0].start, part[-1].end
                if _overlaps(taken, start, end) or not _joined(text, part):
                    continue
                key = _key(part)
                rows = self.keys.get(key)
                if (
                    not rows
                    and key in self.prefixes
                    and part[0].key not in _NEVER | {"and", "or"}
                    and part[-1].key not in ("a", "of", "the", "and")
                    and not re.match(r"\s*(?:films?|movies?|series|ones?|books?|games?)\b", text[end:], re.IGNORECASE)
                ):
                    spans.append(Span(start, end, (self.prefixes[key],), certain=False))
                    taken.append((start, end))
                if rows and self._is_title(text, words, first, size, regions):
                    start, end, rows = self._with_year(text, start, end, rows)
                    spans.append(Span(start, end, tuple(rows)))
                    taken.append((start, end))
        spans += self._fuzzy(text, words, regions, taken)
        return sorted(spans, key=lambda span: span.start)

    def _unique_prefixes(self) -> dict[str, int]:
        """First two or three words of long titles that no other title begins with: "butch cassidy"."""
        owners: dict[str, set[int]] = {}
        for key, rows in self.keys.items():
            parts = key.split()
            for size in (2, 3):
                if len(parts) > size:
                    owners.setdefault(" ".join(parts[:size]), set()).update(rows[:1])
        return {
            key: next(iter(rows))
            for key, rows in owners.items()
            if len(rows) == 1
            and key not in self.keys
            and len(key) >= 8
            and not all(word in COMMON for word in key.split())
        }

    def nearest_title(self, text: str) -> tuple[int, float] | None:
        """The item whose title is most like ``text``, with a similarity of 0 to 100; None for an empty text."""
        key = title_key(text)
        found = process.extractOne(key, self.keys.keys(), scorer=fuzz.ratio) if key else None
        return (self.keys[found[0]][0], found[1]) if found else None

    def _series(self, text: str, words: list[_Word]) -> list[Span]:
        """ "the second Godfather", "the third Star Wars": a place in a series by its ordinal."""
        spans = []
        for first, word in enumerate(words[:-1]):
            place = _ORDINAL.get(word.key)
            if place is None:
                continue
            for size in range(min(5, len(words) - first - 1), 0, -1):
                part = words[first + 1 : first + 1 + size]
                name = _key(part)
                by_place = self.series.get(name)
                rows = self.keys.get(name, [])
                if by_place is None and rows and (series := self.catalogue[rows[0]].series):
                    by_place = self.series.get(title_key(series[0]))
                if by_place and place in by_place:
                    spans.append(Span(word.start, part[-1].end, (by_place[place],)))
                    break
        return spans

    def _is_title(self, text: str, words: list[_Word], first: int, size: int, regions: list[tuple[int, int]]) -> bool:
        """Whether the sentence treats these words as a title."""
        part = words[first : first + size]
        content = [word for word in part if word.key not in ("the", "a", "an", "of", "and")]
        plain = all(word.key in COMMON or word.key.isdigit() or len(word.key) < 3 for word in content)
        capitals = [word for word in part if word.text[:1].isupper() and word.key != "i"]
        inside = any(start <= part[0].start and part[-1].end <= end for start, end in regions)
        year = re.match(r"\s*\(?\d{4}\)?", text[part[-1].end :])
        if not plain and content and (size > 1 or len(content[0].key) > 3):
            return True
        digits = [word for word in part if word.key.isdigit()]
        if digits and size > 1 and len(content) > len(digits):
            return True  # "Speed 2"
        dated = re.search(
            r"\(\s*$|\b(?:from|since|before|after|until|between|made in|released in)\s+$",
            text[: part[0].start],
            re.IGNORECASE,
        )
        if digits and size == 1 and len(digits[0].key) == 4:
            return (
                not dated and int(digits[0].key) > (self.catalogue.years or (0, 9999))[1]
            )  # "2001" is no year of this catalogue
        if size == 1 and self._paired(text, words, first):
            return True
        if year and text[part[-1].end :].lstrip().startswith("("):
            return True
        if re.match(r"\W{0,3}\d+(?:\.\d)?\s*(?:/|out of)\s*\d", text[part[-1].end :]):
            return True  # it is being rated
        if self._judged(text, words, first, part, content):
            return True
        shouting = sum(w.text.isupper() for w in words) > len(words) / 2
        opening = first == 0 or re.search(r"[.!?:\n]\s*[\"“]?$", text[: part[0].start])
        titled = len(capitals) == len([w for w in content if w.key]) and bool(content) and not shouting
        if titled and not opening and not (size == 1 and content[0].key in ("i", "ok")):
            return True
        return (
            inside and self._bounded(text, part) and (size > 1 or (len(content) == 1 and content[0].key not in _NEVER))
        )

    @staticmethod
    def _judged(text: str, words: list[_Word], first: int, part: list[_Word], content: list[_Word]) -> bool:
        """Whether the words are the subject of a judgement ("heat was great"); "the heat was awful" is no title."""
        owned = first > 0 and words[first - 1].key in _OWNERS and words[first - 1].text.islower()
        articled = part[0].key in _OWNERS and not all(word.text[:1].isupper() for word in content)
        return (
            bool(content)
            and not owned
            and not articled
            and content[0].key not in _NEVER
            and bool(
                re.match(
                    r"\s+(?:was|bored me|sucked|left me cold|did nothing for me|put me to sleep|is (?:overrated|(?:my|one of my) (?:\w+ )?favou?rites?))\b",
                    text[part[-1].end :],
                    re.IGNORECASE,
                )
            )
        )

    def _paired(self, text: str, words: list[_Word], first: int) -> bool:
        """Whether a common word stands beside another title in a choice: "heat or casino?"."""
        for step in (-1, 1):
            joint, other = first + step, first + 2 * step
            if not (0 <= joint < len(words) and 0 <= other < len(words)) or words[joint].key not in (
                "or",
                "vs",
                "versus",
            ):
                continue
            pair = sorted((first, other))
            if words[other].key in self.keys and words[other].key not in _NEVER and words[first].key not in _NEVER:
                return self._bounded(text, [words[pair[1]]]) or words[min(pair[1] + 1, len(words) - 1)].key in (
                    "tonight",
                    "first",
                )
        return False

    @staticmethod
    def _bounded(text: str, part: list[_Word]) -> bool:
        """Whether what follows ends a title: punctuation, a conjunction, a verb, an adverb, or the end."""
        return bool(re.match(r"\s*($|[,;.!?)\"”(]|about\s*(?:[?.!]|$)|(?:and|or|but|though|because|so|when|last|yesterday|too|is|was|are|were|bored|which|it|a lot|very|really|for|both|either|more|also|with|recently|again|as)\b)", text[part[-1].end :], re.IGNORECASE))  # fmt: skip

    def _with_year(self, text: str, start: int, end: int, rows: list[int]) -> tuple[int, int, list[int]]:
        """Take a year that follows the title into the span, and let it decide between items of the same name."""
        found = re.match(
            r"\s*(?:\(\s*((?:18|19|20)\d\d)\s*\)|,?\s*(?:from|of)\s+((?:18|19|20)\d\d)\b|\s((?:18|19|20)\d\d)\b)",
            text[end:],
        )
        if not found:
            near = re.search(r"\b((?:18|19|20)\d\d)\s+(?:version\s+of\s+)?$", text[:start])
            if near and any(abs((self.catalogue[row].year or 0) - int(near[1])) <= 1 for row in rows):
                year = int(near[1])
                return near.start(1), end, sorted(rows, key=lambda row: abs((self.catalogue[row].year or 0) - year))
            return start, end, self._told_apart(text, start, end, rows)
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

    def _fuzzy(
        self, text: str, words: list[_Word], regions: list[tuple[int, int]], taken: list[tuple[int, int]]
    ) -> list[Span]:
        """Typos and parts of titles: where a title is expected, and for runs of capitalised or rare words."""
        found: list[tuple[float, Span]] = []
        for size in range(min(7, len(words)), 0, -1):
            for first in range(len(words) - size + 1):
                part = words[first : first + size]
                start, end = part[0].start, part[-1].end
                if _overlaps(taken, start, end) or not _joined(text, part):
                    continue
                content = [word for word in part if word.key not in COMMON]
                inside = any(a <= start and end <= b for a, b in regions)
                if (
                    not content
                    or part[0].key in COMMON - {"the", "a", "an"}
                    or part[-1].key in ("the", "a", "an", "of", "and", "is", "was", "or", "but")
                ):
                    continue
                key = _key(part)
                if len(key) < 5 or (len(content) < len(part) / 2 and not inside):
                    continue
                cutoff = 84 if inside else (87 if size > 1 else 90)
                if size == 1 and not inside and (len(key) < 7 or not part[0].text[:1].isupper()):
                    continue
                match = process.extractOne(key, self.long_keys, scorer=fuzz.ratio, score_cutoff=cutoff)
                if match and not (len(match[0].split()) > 1 and size == 1 and len(match[0]) > len(key) + 2):
                    found.append((match[1] + size, Span(start, end, tuple(self.keys[match[0]]), certain=False)))
                elif size == 1 and part[0].key in self.distinctive and inside and part[0].key not in COMMON:
                    found.append((80.0, Span(start, end, (self.distinctive[part[0].key],), certain=False)))
        spans: list[Span] = []
        for _, span in sorted(found, key=lambda pair: -pair[0]):
            if not _overlaps(taken, span.start, span.end):
                start, end, rows = self._with_year(text, span.start, span.end, list(span.rows))
                spans.append(Span(start, end, tuple(rows), certain=False))
                taken.append((start, end))
        return spans


_NEVER = frozenset(
    "a an the it that this these those one ones some any more something anything things thing them him her us me you i movies movie films film ones lot good great fun funny scary old new another other else all classic kids comedy horror action drama".split()
)
"""Words that are no title even after "I like", in lower case."""
_OWNERS = frozenset(("the", "a", "an", "my", "your", "his", "her", "our", "their", "this", "that", "some", "any", "no"))
"""Words after which a common word in lower case is a thing, not a title."""


def _plain(word: str) -> str:
    word = unicodedata.normalize("NFKD", word.replace("&", "and"))
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in word if not unicodedata.combining(c)).casefold())


def _key(part: list[_Word]) -> str:
    return _numbers(title_key(" ".join(word.text for word in part)))


def _numbers(key: str) -> str:
    """One spelling for "part ii", "part 2", "ii" and "2"."""
    words = [_ROMAN.get(word, word) if place else word for place, word in enumerate(key.split())]
    return " ".join(word for word in words if word not in ("part", "episode", "vol", "volume")) or key


def _forms(title: str) -> set[str]:
    """The keys under which a title is found: whole, before its colon if that tells it apart, and after it."""
    forms = {_numbers(title_key(title))}
    if ":" in title:
        head, _, tail = title.partition(":")
        forms.add(_numbers(title_key(head)) if re.search(r"\d|\b[IVX]+$", head) else _numbers(title_key(title)))
        if len(tail.split()) >= 2:
            forms.add(_numbers(title_key(tail.strip())))
    return {form for form in forms if form}


def _joined(text: str, part: list[_Word]) -> bool:
    """Whether the words stand together: between them only spaces, hyphens, and marks that titles contain."""
    return all(
        re.fullmatch(r"[\s\-–,:'’.&!/]{0,3}", text[one.end : two.start]) and "\n" not in text[one.end : two.start]
        for one, two in pairwise(part)
    )


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(start < b and a < end for a, b in taken)
