"""Titles that somebody names and the catalogue does not have."""

import re

from chatrec.catalogue.items import title_key
from chatrec.dialogue.nlu.clauses import blank, expected
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.nlu.topics import EMPTY_WORDS
from chatrec.dialogue.nlu.wishes import Patterns
from chatrec.linking.common_words import COMMON
from chatrec.linking.title_keys import Span

_NAME = r"(?P<title>(?!(?:and|but|so|or)\b)(?:the |a )?[\w'-]+(?: [\w'-]+){0,3}?)"
_ASKED_FOR = re.compile(
    rf"(?:(?:\b(?:do you have|have you got|have you (?:seen|heard of)|you got|what about|how about|heard of|(?:something|anything) like)|(?:i|we) meant(?: to say)?|^got|^\W*(?:and|or))\s+{_NAME}\s*(?=[?,.!]|$))"
    rf"|\b{_NAME.replace('title', 'had')},? (?:do you have|have you got|you got|got) (?:that|it|this)(?: one)?\s*\?"
    rf"|(?:^|[.!?]\s*){_NAME.replace('title', 'best')} (?:is|was) (?:my|one of my) (?:\w+ ){{0,2}}favou?rites?(?= movie| film| ever| of all|\W*$)",
    re.IGNORECASE,
)
"""Where a title stands in lower case that the catalogue may not have."""
_COUNTED = frozenset(
    "part number top season chapter volume episode under over less than minutes hours years about".split()
)
"""Words with which a number makes no title."""
_NO_TITLE = frozenset(
    "the now i ive im id ill its thats lets ok okay hi hello hey thanks yes no please english french german italian spanish japanese american british hollywood oscar oscars disney christmas halloween film noir sci fi scifi also maybe just anything something but and or so my any some tv netflix monday tuesday wednesday thursday friday saturday sunday".split()
) | {"film noir", "sci fi", "new york", "world war", ""}


def read_unknown(
    text: str,
    spans: list[Span],
    people: list[tuple[int, int, str]],
    strange: list[tuple[int, int]],
    categories: Patterns,
    reading: Reading,
) -> None:
    """Names that are quoted, capitalised or asked for where a title is expected.

    Args:
        text: the message.
        spans, people: what of it is known.
        strange: stretches that go on where a title of the catalogue ends.
        categories: patterns of the categories' words.
        reading: takes the names.
    """
    taken = [(s.start, s.end) for s in spans] + [(a, b) for a, b, _ in people]
    quoted = [(m.start(1), m.end(1)) for m in re.finditer(r"[\"“]([^\"”]{2,60})[\"”]", text)]
    quoted += [(m.start(1), m.end(1)) for m in re.finditer(r"(?<!\w)'([A-Z][^'\"]{2,60})'(?!\w)", text)]
    capitals = r"[A-Z][\w'’&-]*(?:[ :]+(?:(?:of|the|and|in|to|a|for|from|on|at) )*[A-Z0-9][\w'’&-]*)*"
    named: list[tuple[int, int]] = [
        (m.start(), m.end())
        for m in re.finditer(
            rf"\b(?!(?:I|Is|Was|Do|Does|Did|Have|Has|Can|What|How|And|But|Like|About)\b){capitals} ?\((?:18|19|20)\d\d\)",
            text,
        )
    ]
    named += [
        (m.start(1), m.end())
        for m in re.finditer(r"\b([A-Z][\w':&-]*(?: [\w':&-]+){0,6}?) ?\((?:18|19|20)\d\d\)", text)
    ]
    named += [
        (m.start(1), m.end())
        for m in re.finditer(
            r"\b(?:have|got|about|seen|like|loved|watched|is) ([\w':&-]+(?: [\w':&-]+){0,5}?) ?\((?:18|19|20)\d\d\)",
            text,
            re.IGNORECASE,
        )
    ]
    for m in re.finditer(_ASKED_FOR, text):
        group = next(name for name, value in m.groupdict().items() if value)
        content = [w for w in re.findall(r"[\w'-]+", m[group].lower()) if w not in ("the", "a", "an", "of", "and")]
        bare = [w for w in content if not w.isdecimal()]
        part = len(bare) < len(content)  # "scream 3": a number makes a title of a common word
        if bare and not any(
            (w in COMMON and not part)
            or w in EMPTY_WORDS | _COUNTED
            or re.fullmatch(r"\d+s", w)
            or any(p.fullmatch(w) for _, p in categories)
            for w in bare
        ):
            named.append(m.span(group))
    for m in re.finditer(
        r"\b(?:starring|directed by|director)\s+(?!(?:an?|the|some|any|one|who|is|was|that|of)\b)([^\W\d_]+ [^\W\d_]+)",
        text,
        re.IGNORECASE,
    ):
        if not any(a < m.end(1) and m.start(1) < b for a, b, _ in people):
            named.append((m.start(1), m.end(1)))
    for a, b in expected(text):
        for found in re.finditer(
            r"\b[A-Z][\w'’-]*(?:[ :]+(?:[A-Z0-9][\w'’-]*|(?:of|the|and|in|to|a)(?= [A-Z])))*(?: \(\d{4}\))?",
            blank(text, taken)[a:b],
        ):
            named.append((a + found.start(), a + found.end()))
    for start, end in strange + quoted + named:
        name = text[start:end].strip(" .,!?")
        if any(a < end and start < b for a, b in taken) or title_key(name) in _NO_TITLE or len(name) < 3:
            continue
        if any(pattern.fullmatch(name) for _, pattern in categories) or re.fullmatch(r"\d{4}s?", name):
            continue
        reading.unknown.append(name)
        taken.append((start, end))
