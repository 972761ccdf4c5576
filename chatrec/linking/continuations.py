"""Where a title of the catalogue goes on: to another part of its series, or to a film that the catalogue does not have.

"Die Hard 3" is a part of a series, "Blade Runner 2049" and "Jurassic Park: Dominion" are other films than the ones whose
titles they begin with; "Heat 8/10", "Jaws 3 times" and "Fargo: great" are not.
"""

import re
from collections.abc import Callable, Container, Mapping

from chatrec.catalogue.items import Catalogue, title_key
from chatrec.linking.common_words import COMMON, NEVER
from chatrec.linking.title_keys import Span, Word, joined, key_of, numbers

_ENDS = r"(?=\s*(?:$|[,.;!?)\"”]|(?:and|or|was|were|is|are|but|too|also|though|tho|because|so|on|in|with|by|i|we|it|for|from|last|yesterday|again|suck(?:s|ed)?|rule[sd]|rock(?:s|ed)|bored|made|seemed|felt|isn't|wasn't|when|if|than|to)\b))"
_NUMBER = re.compile(
    rf"[\s:,-]*\s(?:part |episode |vol(?:ume|\.)? |chapter )?(?:(\d{{1,4}})|([IVX]{{1,4}})|part (one|two|three|four|five|six))\b{_ENDS}"
    r"(?!\s*(?:stars?|times?|points?|out of|years?|days?|weeks?|hours?|minutes?|/))",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(
    r"\s*[:–—]\s*((?:[A-Z][\w'’-]*|\d+)(?:\s+(?:(?:of|the|in|to|a|for|from|on|at|vs\.?)\s+)*(?:[A-Z][\w'’-]*|\d+))*)"
    r"|\s+-\s+((?:[A-Z][\w'’-]*)(?:\s+(?:(?:of|the|in|to|a|for)\s+)*[A-Z][\w'’-]*)*)"
)
_MORE_NAME = re.compile(
    r"\s+([A-Z][\w'’-]*(?:\s+(?:(?:of|the|in|to|a)\s+)*[A-Z][\w'’-]*)*)"
    r"|\s+(begins|returns|rises|reloaded|revolutions|salvation|genisys|resurrections|reborn|rebirth|dominion|origins|awakens|romulus|covenant)\b"
)
_CUE = re.compile(r"\b(?:loved?|liked?|hated?|enjoyed|seen|saw|watched|about)\s+$", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_WRITTEN = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_VERDICTS = frozenset(
    "loved liked hated enjoyed disliked great good bad awful terrible boring amazing awesome excellent brilliant fantastic perfect wonderful superb decent okay ok fine meh overrated yes no nope masterpiece classic best worst fun funny dull rubbish seen never really very absolutely not love like hate what which who any please thanks how why when can could do is was have give show something anything definitely maybe but and or so because although however also then now all both too".split()
)
"""Words with a capital that judge a title or begin another sentence, and so do not go on with it."""


def continued(
    text: str,
    words: list[Word],
    keys: Mapping[str, list[int]],
    parts: Callable[[int, int], int | None],
    row_year: Callable[[int], int | None],
    is_name: Callable[[str], bool],
    years: tuple[int, int],
    longest: int,
) -> tuple[list[Span], list[tuple[int, int]]]:
    """Titles that go on where one of the catalogue ends.

    Args:
        text, words: the message.
        keys: rows by key of title.
        parts: row and number of a part to the row of that part, or None.
        row_year: row to the year of its item.
        is_name: whether words are a person's name.
        years: first and last of the catalogue; a later year beside a title is that of a remake.
        longest: words of the longest title.

    Returns:
        spans of other parts of a series, and stretches that name what the catalogue does not have.
    """
    spans: list[Span] = []
    strange: list[tuple[int, int]] = []
    shouted = len(words) > 4 and all(word.text[:1].isupper() for word in words)
    covered = 0  # where the longest title so far ends: "Home" in "Sweet Home Alabama" is none of its own
    for first in range(len(words)):
        sizes = [
            size
            for size in range(min(longest, len(words) - first), 0, -1)
            if joined(text, words[first : first + size]) and key_of(words[first : first + size]) in keys
        ]
        if not sizes or any(a <= words[first].start < b for a, b in [*((s.start, s.end) for s in spans), *strange]):
            continue
        if first < covered:
            continue
        covered = first + sizes[0]
        part = words[first : first + sizes[0]]
        row, start, end = keys[key_of(part)][0], part[0].start, part[-1].end
        capital = next((word for word in part if word.key not in ("the", "a", "an")), part[0]).text[:1].isupper()
        common = all(word.key in COMMON or word.key.isdigit() for word in part)
        named = capital or not common or len(part) > 1 or _CUE.search(text[:start])
        if not named or (len(part) == 1 and part[0].key in NEVER | {"i"}):
            continue
        if remake := _later_year(text, start, end, row_year(row), years[1]):
            strange.append(remake)
            continue
        if found := _NUMBER.match(text, end):
            number = int(found[1]) if found[1] else _ROMAN.get((found[2] or "").lower()) or _WRITTEN.get(found[3] or "")
            if number is None or number == 1 or (found[2] and not found[2].isupper()):
                continue
            if years[0] <= number <= years[1] + 1 or re.search(r"\d$", text[start:end]):
                continue  # the year, or a list: "Die Hard 1, 2"
            if number >= 1000 and "," in found[0]:
                continue  # the next title: "Fargo, 2001 bored me"
            other = parts(row, number)
            if other is not None:
                spans.append(Span(start, found.end(), (other,)))
            else:
                strange.append((start, found.end()))
            continue
        found = _SUBTITLE.match(text, end) or _MORE_NAME.match(text, end)
        if found and ((capital and not shouted) or found[2]):
            more = next(group for group in found.groups() if group)
            own = title_key(more).split()
            if (
                own
                and more.split()[0].lower() not in _VERDICTS
                and not re.match(r"I\b", more)
                and own[0] not in _VERDICTS
                and not (own[0] in keys and not found[0].lstrip().startswith((":", "-", "–", "—")))
                and not is_name(more)
                and not is_name(text[start : found.end()])
                and not numbers(title_key(more)).isdigit()
                and not (found.re is _MORE_NAME and _title_at(words[first + sizes[0] :], keys, longest))
            ):
                strange.append((start, found.end()))
    return spans, strange


def _later_year(text: str, start: int, end: int, own: int | None, last: int) -> tuple[int, int] | None:
    """A title with a year beside it that is later than the whole catalogue: a remake."""
    after = re.match(
        r"\s*(?:\(\s*((?:19|20)\d\d)\s*\)|,?\s*(?:the (?:[\w-]+ ){0,2}(?:one|film|movie|version) )?(?:from|of)\s+((?:19|20)\d\d)\b|,?\s*the ((?:19|20)\d\d) (?:one|film|movie|version)\b)",
        text[end:],
    )
    before = re.search(r"\b((?:19|20)\d\d)\s+(?:version of\s+)?(?:the\s+)?$", text[:start])
    found, stretch = (after, (start, end + after.end())) if after else (before, (before.start() if before else 0, end))
    year = int(next(group for group in found.groups() if group)) if found else 0
    if year > last + 1 and own and own != year:
        return stretch
    return None


def _title_at(words: list[Word], keys: Container[str], longest: int) -> bool:
    """Whether another title begins with the first of these words: "Fargo Pulp Fiction"."""
    return any(key_of(words[:size]) in keys for size in range(min(longest, len(words)), 0, -1))


_PLACES = {
    **{"first": 1, "1st": 1, "original": 1, "second": 2, "2nd": 2, "sequel": 2, "follow-up": 2},
    **{"third": 3, "3rd": 3, "fourth": 4, "4th": 4},
}
_SIBLING = re.compile(
    rf"\b(?:the|its|that)\s+(?:({'|'.join(_PLACES)})|((?:18|19|20)\d\d)|(remake|old(?:er)?|new(?:er)?|earlier|later))"
    r"(?:\s+(?:one|part|film|movie|version|instalment))?\b"
    r"(?!\s+(?:time|half|hour|act|scene|minutes?|thing|of (?:all|the)|choice|date|films|movies|ones))",
    re.IGNORECASE,
)


def siblings(text: str, spans: list[Span], catalogue: Catalogue, parts: Callable[[int, int], int | None]) -> list[Span]:
    """ "… but not the second one", "… to the 1991 one", "… the sequel": other parts or versions of a title named before it.

    Where several titles come before, "the second one" may mean the second of them, so only versions by year are read.
    """
    found: list[Span] = []
    for m in _SIBLING.finditer(text):
        before = [span for span in spans if span.end <= m.start() and m.start() - span.end <= 120]
        inside = any(span.start < m.end() and m.start() < span.end for span in spans)
        if not before or inside:
            continue
        item = catalogue[before[-1].rows[0]]
        twins = [r for r in catalogue.by_title.get(title_key(item.title), []) if catalogue[r].year]
        row: int | None = None
        if m[2]:
            row = next((r for r in twins if abs((catalogue[r].year or 0) - int(m[2])) <= 1), None)
        elif len({s.rows[0] for s in before}) > 1 and not _one_series(before, catalogue):
            continue
        elif (m[3] or m[1].lower() == "original") and len(twins) > 1:
            early = (m[3] or m[1]).lower() in ("old", "older", "earlier", "original")
            row = (min if early else max)(twins, key=lambda r: catalogue[r].year or 0)
        elif m[1] and item.series:
            row = parts(before[-1].rows[0], _PLACES.get(m[1].lower(), 0))
        if row is not None and all(row != span.rows[0] for span in [*before, *found]):
            found.append(Span(m.start(), m.end(), (row,)))
    return found


def _one_series(spans: list[Span], catalogue: Catalogue) -> bool:
    return len({(catalogue[span.rows[0]].series or (span.rows[0],))[0] for span in spans}) == 1
