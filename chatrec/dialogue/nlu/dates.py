"""Years, as people give them: a closed class. A stretch that speaks of years becomes the range that it names.

Whether the range is wanted or refused is not read here; the tagger tells (``avoid`` turns the range round).
"""

import re
from dataclasses import dataclass

_DECADES = dict(
    zip(
        "twenties thirties forties fifties sixties seventies eighties nineties".split(),
        range(1920, 2000, 10),
        strict=True,
    )
)
_COUNTS = {"couple of": 2, "few": 3, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "twenty": 20, "thirty": 30}
_CUE = (
    r"(?:before|after|since|pre|post|from|until|till|by|up to|prior to|between|earlier than|"
    r"later than|older than|newer than|more recent than|no later than|around|circa|about|early|mid|"
    r"late|the|in|made|of|nothing|not)"
)
BEFORE = re.compile(rf"(?:\b{_CUE}[\s-]+){{1,4}}$", re.IGNORECASE)
"""Words before a span of years that belong to it, wherever the span was cut."""
AFTER = re.compile(
    r"\s*(?:'?s\b)?\s*(?:(?:or|and|to|-|–|until|&)\s*(?:later|newer|after|up|above|earlier|older|"
    r"before|the\s+)?\s*(?:(?:19|20)?\d0'?s|(?:19|20)\d\d|[a-z]+ties)?|onwards?\b|\+)",
    re.IGNORECASE,
)
_YEAR = r"((?:18|19|20)\d\d)"
_DECADE = re.compile(
    rf"\b(early|mid|late)?[\s-]*(?:the )?(?:((?:18|19|20)\d)0\s?'?s|'?(\d)0\s?'?s\b|({'|'.join(_DECADES)}))(?!\w)",
    re.IGNORECASE,
)
_UPTO = re.compile(
    r"\b(?:before|pre|prior to|older than|earlier than|until|till|up to|by|no later than|at most|"
    r"and earlier|or earlier|or older|and older|or before|and before)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:after|post|since|newer than|later than|more recent than|no earlier than|at least|past|"
    r"and later|or later|or newer|and newer|and up|or after|and after|onwards?|on)\b|\+",
    re.IGNORECASE,
)
_EXCLUSIVE = re.compile(
    r"\b(?:before|pre|prior to|older than|earlier than|after|post|newer than|later than|"
    r"more recent than|past)\b",
    re.IGNORECASE,
)
NAMED = re.compile(
    rf"(?<![\w/])(?:{_YEAR}(?!\s*(?:films?|movies?|people|dollars|miles))|{_DECADE.pattern})(?![\w/])", re.IGNORECASE
)
"""Years and decades that are named outright."""
OLDER = re.compile(r"\b(?:older|earlier|further back)\b(?! than)", re.IGNORECASE)
NEWER = re.compile(r"\b(?:newer|later|more recent|more modern|more up to date)\b(?! than)", re.IGNORECASE)
_RECENT = re.compile(
    r"\b(?:recent(?:ly)?|new|newish|modern|contemporary|current|latest|brand new|this century|"
    r"nowadays|fresh)\b",
    re.IGNORECASE,
)
_OLD = re.compile(
    r"\b(?:old|older|classics?|vintage|retro|old[- ]?school|olden|golden age|silent|oldies?|"
    r"pre-?code)\b",
    re.IGNORECASE,
)
RECENT_YEARS, NEWISH_YEARS, OLD_YEARS = 4, 9, 28
"""How far from the catalogue's last year "recent", "not too old" and "old" reach."""


@dataclass(frozen=True)
class Years:
    """A range of years, each end or None; ``step`` is -1 for "older" and 1 for "newer" than what was shown."""

    first: int | None = None
    last: int | None = None
    step: int = 0

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return self.first is None and self.last is None and not self.step

    def refused(self, low: int, high: int) -> "Years":
        """What is left where the range is not wanted; nothing can be said where it lies in the middle."""
        if self.step:
            return Years(step=-self.step)
        if self.first is not None and self.last is not None:
            if self.last >= high:
                return Years(last=self.first - 1)
            return Years(first=self.last + 1) if self.first <= low else Years()
        if self.last is not None:
            return Years(first=self.last + 1)
        return Years(last=self.first - 1) if self.first is not None else Years()


def read_years(text: str, low: int, high: int) -> Years:
    """The range that a stretch names; ``low`` and ``high`` are the catalogue's first and last year.

    >>> read_years("the early nineties", 1920, 1998)
    Years(first=1990, last=1994, step=0)
    """
    ranges = [_decade(m) for m in _DECADE.finditer(text)]
    bare = _DECADE.sub(" ", text)
    ranges += [(int(y), int(y)) for y in re.findall(rf"(?<!\d){_YEAR}(?!\d)", bare)]
    if not ranges:
        ranges += [(1900 + int(y), 1900 + int(y)) for y in re.findall(r"(?<!\w)'(\d\d)\b", bare)]
    if ranges:
        first, last = min(a for a, _ in ranges), max(b for _, b in ranges)
        exclusive = bool(_EXCLUSIVE.search(text))
        if len(ranges) == 1 and _UPTO.search(text):
            return Years(last=first - 1 if exclusive else last)
        if len(ranges) == 1 and (_FROM.search(bare) or re.search(r"\bfrom\b.*\b(?:on|onwards|up|forward)\b", text)):
            return Years(first=last + 1 if exclusive else first)
        reach = 2 if re.search(r"\b(?:around|circa|about|or so|ish)\b", text) and first == last else 0
        return Years(first - reach, last + reach)
    return _loosely(text, low, high)


def _decade(found: re.Match[str]) -> tuple[int, int]:
    if found[2]:
        start = int(found[2]) * 10
    elif found[3]:
        start = (2000 if int(found[3]) in (0, 1) else 1900) + int(found[3]) * 10
    else:
        start = _DECADES[found[4].lower()]
    parts = {"early": (0, 4), "mid": (3, 7), "late": (5, 9)}
    a, b = parts.get((found[1] or "").lower(), (0, 9))
    return start + a, start + b


def _loosely(text: str, low: int, high: int) -> Years:
    """Periods without a number: "recent", "an oldie", "the last ten years", "after the war"."""
    if found := re.search(r"\b(?:last|past) (couple of|few|\w+|\d{1,2}) years\b", text, re.IGNORECASE):
        word = found[1].lower()
        return Years(first=high - (int(word) if word.isdigit() else _COUNTS.get(word, 5)) + 1)
    if re.search(r"\bthis decade\b", text, re.IGNORECASE):
        return Years(first=high // 10 * 10)
    if found := re.search(r"\b(?:(after|since|post)|before|pre)[\s-]*(?:the )?war\b", text, re.IGNORECASE):
        return Years(first=1946) if found[1] else Years(last=1938)
    if OLDER.search(text) or NEWER.search(text):
        return Years(step=-1 if OLDER.search(text) else 1)
    if _RECENT.search(text):
        return Years(first=high - RECENT_YEARS + 1)
    return Years(last=max(low, high - OLD_YEARS)) if _OLD.search(text) else Years()
