"""Years and decades, in the many ways people give them."""

import re
from collections.abc import Callable

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.nlu.clauses import blank, negated
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.tracking.state import State

_DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}


_OVER = re.compile(
    r"\b(?:forget|never ?mind|scratch|ignore|drop)(?: about)?\s+(?:the\s+)?$|\b(?:doesn't|does not|don't|needn't) (?:have to |need to )?be\s+(?:from\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
"""Before years that are no longer wanted, which rules none out."""


_REFUSED = re.compile(
    r"\b(?:refus\w+|won'?t (?:watch|see|touch)|can'?t stand|hates?|dislikes?|doesn'?t (?:watch|like)|don'?t (?:watch|like)) (?:to (?:watch|see) )?"
    r"(?:everything|anything|all films|films|movies)(?: that(?:'s| is| was))?(?=(?: made| from| released)? (?:before|after|older|newer)\b)",
    re.IGNORECASE,
)
"""What is refused of some years: "Tom refuses everything made after 1990"."""


def read_years(text: str, reading: Reading, years: tuple[int, int] | None) -> None:
    """The range of years that is wanted; ``years`` are the catalogue's first and last, for "recent" and "old".

    Limits that exclude each other ("one from before 1960 and one from the nineties") become several ranges.
    """
    _read_range(text, reading, years)
    if reading.year_min and reading.year_max and reading.year_min > reading.year_max:
        first, last = reading.year_min, reading.year_max
        ends = re.search(
            rf"{str(first)[2]}0'?s|nineties|eighties|seventies|sixties|fifties|forties", text, re.IGNORECASE
        )
        reading.year_ranges = ((None, last), (first, first + 9 if ends and first % 10 == 0 else None))
        reading.year_min = reading.year_max = None


def read_relative_years(text: str, reading: Reading, state: State, catalogue: Catalogue) -> None:
    """Years measured by a title ("older than Casablanca"), or by what was asked for or shown ("newer than that")."""
    earlier, later = r"older|earlier", r"newer|later|more (?:recent|modern)"
    for mention in reading.mentions:
        before, year = text[: mention.start], catalogue[mention.row].year
        m = re.search(
            rf"\b(?:({earlier})|({later}))\s+than\s+(?:the (?:film|movie)\s+)?$|\b(?:from|made|released|something|anything) (?:(before)|(after))\s+$",
            before,
            re.IGNORECASE,
        )
        if m and year:
            _limit_by(year, bool(m[1] or m[3]), reading)
    m = re.search(rf"\b(?:({earlier})|({later}))\s+than\s+(?:that|those|these|them|this|it)\b", text, re.IGNORECASE)
    if m and not reading.mentions and not (reading.year_min and reading.year_max):  # "newer than that, the fifties"
        slate = state.shown[-1] if state.shown else []
        years = [item.year for i in slate if i in catalogue.row and (item := catalogue.by_id(i)).year]
        framed = state.year_min if m[1] else state.year_max
        if framed or years:
            shown = (min if m[1] else max)(int(year or 0) for year in years) if years else 0
            _limit_by(framed or shown, bool(m[1]), reading)


def _limit_by(year: int, before: bool, reading: Reading) -> None:
    """Only what is older, or newer, than a year; a comparison in words is no critique of the slate then."""
    reading.year_min, reading.year_max = (None, year - 1) if before else (year + 1, None)
    reading.any_year = True  # whatever was wished before
    reading.critiques = [(axis, sign) for axis, sign in reading.critiques if axis != "year"]


def _read_range(text: str, reading: Reading, years: tuple[int, int] | None) -> None:
    low, high = years or (1900, 2100)
    year = r"((?:18|19|20)\d\d)"

    def limit(first: int | None = None, last: int | None = None) -> None:
        reading.year_min = first if first is not None else reading.year_min
        reading.year_max = last if last is not None else reading.year_max

    text = _REFUSED.sub("nothing", text)
    text = re.sub(
        r"\bnot (?:too|so|that|very) (?:old|dated|new|recent)\b(?=,\s*(?:from )?(?:the )?(?:19)?(?:\d0'?s|[a-z]+ties)\b)",
        "",
        text,
        flags=re.IGNORECASE,
    )  # "not too old, 90s maybe"
    text = re.sub(r"\bborn in (?:the )?(?:18|19|20)\d\d", lambda m: " " * len(m[0]), text)  # of a person
    decade = None
    for m in re.finditer(
        r"\b(early |mid |mid-|late )?(?:the )?(?:(1[89]\d|20\d)0'?s|'?(\d)0'?s\b|(" + "|".join(_DECADES) + r"))(?!\w)",
        text,
        re.IGNORECASE,
    ):
        start = int(m[2]) * 10 if m[2] else 1900 + (int(m[3]) * 10 if m[3] else _DECADES[m[4].lower()])
        before = text[: m.start()]
        if _OVER.search(before):
            reading.any_year = True  # "forget the nineties"
            continue
        part = (m[1] or "").strip(" -").lower()
        first, last = {
            "early": (start, start + 4),
            "mid": (start + 3, start + 7),
            "late": (start + 5, start + 9),
        }.get(part, (start, start + 9))
        if re.search(r"\b(?:before|pre|older than|earlier than|prior to)[\s-]+(?:the\s+)?$", before, re.IGNORECASE):
            negative = re.search(
                r"\b(?:nothing|not|no|none|don't \w+|isn't)\s+(?:\w+\s+)?(?:before|pre|older than|earlier than|prior to)[\s-]+(?:the\s+)?$",
                before,
                re.IGNORECASE,
            )
            limit(first=start) if negative else limit(last=start - 1)
        elif re.search(r"\b(?:after|post|newer than|later than)[\s-]+(?:the\s+)?$", before, re.IGNORECASE):
            negative = re.search(
                r"\b(?:nothing|not|no)\s+(?:\w+\s+)?(?:after|post|newer than|later than)[\s-]+(?:the\s+)?$",
                before,
                re.IGNORECASE,
            )
            limit(last=start + 9) if negative else limit(first=start + 10)
        elif re.search(r"\b(?:since|from)\s+(?:the\s+)?$", before, re.IGNORECASE) and re.match(
            r"\s*(?:on|onwards?|or later|and later)\b", text[m.end() :], re.IGNORECASE
        ):
            limit(first=start)
        elif re.match(r"\s*(?:or|and|&)\s*(?:earlier|older|before)\b", text[m.end() :], re.IGNORECASE):
            limit(last=last)
        elif re.match(
            r"\s*(?:or|and|&)\s*(?:later|newer|after|up)\b|\s*(?:onwards?|\+)", text[m.end() :], re.IGNORECASE
        ):
            limit(first=first)
        elif negated(text, m.start()):
            if start <= low < last:
                limit(first=last + 1)
            elif first < high <= last:  # "not from the 90s", where they are the last ones here
                limit(last=start - 1)
            continue
        elif decade is not None and re.search(r"(?:and|or|to|-|through|until|,)\s*(?:the\s+)?$", before, re.IGNORECASE):
            limit(min(reading.year_min or start, first), max(reading.year_max or start, last))
        else:
            limit(first, last)
        decade = start
    text = re.sub(r"\b(?:18|19|20)\d0'?s\b", " ", text)
    if hit := re.search(
        rf"\b(?:between|from|in|of|period)\s+{year}\s*(?:and|or|to|-|–|until|through)\s*{year}|\b{year}\s*[-–]\s*{year}",
        text,
        re.IGNORECASE,
    ):
        one, two = sorted(int(group) for group in hit.groups() if group)
        limit(one, two)
        return
    text = re.sub(r"\b(?:neither|nor)\b", "not", text, flags=re.IGNORECASE)
    rules: list[tuple[str, Callable[[int], None]]] = [
        (rf"\b(?:nothing|not|no|no(?:thing)? \w+|don't want anything|no films?|no movies?)\s+(?:older than|before|earlier than|from before|made before|pre-?)\s*{year}", lambda y: limit(first=y)),
        (rf"\b(?:nothing|not|no|no films?|no movies?|don't go|dont go)\s+(?:newer than|beyond|after|later than|from after|made after|more recent than|past|post-?)\s*{year}", lambda y: limit(last=y)),
        (rf"\b(?:before|older than|earlier than|prior to|pre)[\s-]*{year}", lambda y: limit(last=y - 1)),
        (rf"\b(?:after|newer than|later than|more recent than|post)[\s-]*{year}", lambda y: limit(first=y + 1)),
        (rf"\b(?:since|as of|at least|starting (?:in|from)|{year}\s*(?:(?:or|and) (?:later|newer|after|up|onwards?)|onwards?|on\b|\+|and up|plus))\s*{year}?", lambda y: limit(first=y)),
        (rf"\bfrom\s+{year}\s+(?:on|onwards?|forward|or later|and later)", lambda y: limit(first=y)),
        (rf"\b(?:until|up to|by|no later than|{year}\s+(?:or|and) (?:earlier|older|before))\s*{year}?", lambda y: limit(last=y)),
        (rf"\b(?:from|in|of|made in|released in|year)\s+{year}\b", lambda y: limit(y, y)),
    ]  # fmt: skip
    for pattern, apply in rules:
        ruled = re.search(pattern, text, re.IGNORECASE)
        found = next((group for group in ruled.groups() if group), None) if ruled else None
        if ruled and found:
            apply(int(found))
            text = blank(text, [ruled.span()])
    if hit := re.search(
        r"\b(?:any|whatever|all) (?:year|years|decade|era|age)s?\b|\b(?:scrap|drop|forget|lift|ignore|never ?mind|skip) (?:about )?the (?:years?|decades?|age)(?: limit| range| thing)?s?\b|\b(?:years?|age|decade)s? (?:doesn't|does not|don't|makes? no difference|is not important|isn't important)\b|\b(?:doesn't|does not|don't|needn't|not) (?:have to |need to |necessarily )?be (?:that |so |very |too |all that )?(?:old|new|recent)\b",
        text,
        re.IGNORECASE,
    ):
        reading.any_year = True
    if reading.year_min is None and reading.year_max is None:
        _read_loosely(text, high, limit)
    alone = re.search(
        rf"(?:^\W*(?:(?:ok(?:ay)?|and|or|maybe|then|now|so|no)\W+)*|\b(?:for|about|and|or|try|with|say|like|(around|circa))\s+){year}(?=\s*(?:$|[?.!,]|(?:please|then|instead|films?|movies?|maybe|or so)\b))",
        text,
        re.IGNORECASE,
    )
    if alone and reading.year_min is None and reading.year_max is None and not negated(text, alone.start(2)):
        reach = 2 if alone[1] or re.match(r"\s*or so\b", text[alone.end() :]) else 0
        limit(int(alone[2]) - reach, int(alone[2]) + reach)
    if reading.year_min is None and reading.year_max is None:
        if re.search(
            r"\b(?:something|anything|movies?|films?|one|ones|some|stuff|a|really|very|good|nice|great|decent|any) (?:really |very |more |fairly |pretty )?(?:recent|new|modern|contemporary)\b|\b(?:recent|modern|newest|latest|brand new) (?:\w+ ){0,2}(?:movies?|films?|ones?|releases?|comed\w+|thrillers?|stuff)\b",
            text,
            re.IGNORECASE,
        ) and not negated(text, hit.start() if hit else 0):
            limit(first=high - 3)
        elif re.search(
            r"\b(?:something|anything|an|some|really|very|good) (?:really |very )?(?:old|classic|vintage)\b(?! \w+ (?:ago|friend))|\b(?:old|classic|vintage|old-school|golden age|silent[ -]era) (?:\w+ ){0,2}(?:movies?|films?|ones?|hollywood|cinema|comed\w+|thrillers?|horror|noir|westerns?|musicals?|stuff)\b|\bclassics\b|\bolden days\b|\bold (?:black[ -](?:and|&|n)[ -]white|b ?(?:&|and|n) ?w)\b",
            text,
            re.IGNORECASE,
        ):
            limit(last=max(low, high - 28))


def _read_loosely(text: str, high: int, limit: Callable[[int | None, int | None], None]) -> None:
    """Years without their century, and periods counted from the catalogue's last year."""
    if hit := re.search(r"\bbetween '?(\d\d) and '?(\d\d)\b", text, re.IGNORECASE):
        limit(1900 + int(hit[1]), 1900 + int(hit[2]))
    elif hit := re.search(r"\b(from|in|of|before|after|since|pre|post)[\s-]+'(\d\d)\b", text, re.IGNORECASE):
        year, word = 1900 + int(hit[2]), hit[1].lower()
        if word in ("before", "pre"):
            limit(None, year - 1)
        elif word in ("after", "post", "since"):
            limit(year + (word != "since"), None)
        else:
            limit(year, year)
    elif hit := re.search(
        r"\b(?:last|past) (couple of|few|two|three|four|five|ten|\d{1,2}) years\b", text, re.IGNORECASE
    ):
        words = {"couple of": 2, "few": 3, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
        limit(high - (words.get(hit[1].lower()) or int(hit[1])) + 1, None)
    elif re.search(r"\b(?:from|of|made in|in) this decade\b", text, re.IGNORECASE):
        limit(high // 10 * 10, None)
    elif re.search(r"\bnewish\b|\brelatively (?:new|recent)\b|\bnot (?:too|so|that) old\b", text, re.IGNORECASE):
        limit(high - 8, None)
    elif re.search(r"\b(?:after|since) the war\b|\bpost[- ]?war\b", text, re.IGNORECASE):
        limit(1946, None)
    elif re.search(r"\bbefore the war\b|\bpre[- ]?war\b", text, re.IGNORECASE):
        limit(None, 1938)
