"""Titles that stand first in their sentence, with what is asked or told of them behind: "Heat, who made it?", "Heat we know"."""

import re

from chatrec.dialogue.nlu.reading import Stance
from chatrec.dialogue.nlu.sentiment import sentiment

_ALL_BUT_SAID = r"(?:(?:already|just|only|obviously|definitely|of course|both|all|actually|really)\s+)*"
_ASKED = re.compile(
    r"^\s*(?:\(\d{4}\)\s*)?(?:[,:–-]|\.{2,3})?\s*(?:(?:and|so|then|hm+|now|but)\s+)?"
    r"(?:what(?:'s| is| was) (?:it|that|this|the \w+|that one|this one)\b[^.!?]*?\b(?:about|like)\b"
    r"|(?:what|which) (?:year|director)\b"
    r"|who(?: else)?(?:'s| is| was)? (?:in|the|direct(?:ed)?|made?|make|wrote|stars?|starred|plays?|played|acts?|acted)\b"
    r"|tell (?:me|us) (?:more )?about (?:it|that)\b|when (?:was|did|is)\b"
    r"|how (?:long|old|scary|violent|sad) (?:is|was)\b|which (?:one |of [\w ]{3,12} )?(?:is|was|came)\b)",
    re.IGNORECASE,
)
_ASKED_BY_MARK = re.compile(
    r"^\s*(?:\(\d{4}\)\s*)?(?:,\s*(?:(?:this|that|it)(?:'s| is| was| has)|is|was|does|did|has|have|are there)"
    r"|\s*(?:has|have|had|is|was)\s+(?:got\s+)?(?:her|him|them)\s+in)\b"
    r"(?![^.!?]*\b(?:something|anything|similar|another|other|more|else|good|great|awesome|brilliant)\b)[^.!?]*(?:\bright\b\s*(?:\?|$)|\?)",
    re.IGNORECASE,
)
_MET = re.compile(
    r"^\W*(?:which (?:he|she|they|my \w+) [^,.!?;]{2,40},\s*)?(?:(?:which|that) )?"
    r"(?P<who>(?:i|we)|(?:he|she|they|my \w+|the kids|everyone))(?:'ve|'s|'d| have| has| had)? "
    rf"{_ALL_BUT_SAID}(?:(?:seen|saw|watched|see (?:it )?(?:already|also|before|too))\b"
    r"(?! (?:the|an|some|a (?!hundred|few|dozen|couple|million|long))\b)"
    r"|knows? (?:it |that )?(?:by heart|already|inside out)\b|already knows?\b)(?P<rest>[^.!?;]*)",
    re.IGNORECASE,
)
"""Who has met the title before: "Heat we've seen last week, what a bore"."""
UNMET = re.compile(
    r"^\W*(?:which )?(?:i|we)(?:'ve| have)?\s*(?:haven't|have not|never|didn't|not)\s+(?:\w+ )?(?:seen|saw|watched|see|watch)\b",
    re.IGNORECASE,
)
"""Who has not met the title before it: "Heat I haven't seen"."""
_ALIKE = re.compile(r"^\W*(?:as well|too|also|likewise|same (?:here|with that))\b", re.IGNORECASE)
_JOINED = re.compile(r"(?:[.!;,]|\band\b|&)\s*(?:and\s+)?(?:so (?:is|was)\s+)?$", re.IGNORECASE)
_AND = re.compile(r",?\s*(?:and|or|&|also)(?: also)?\s+$", re.IGNORECASE)


def asked_first(before: str, after: str) -> bool:
    """Whether a question follows a title that its clause begins with.

    Args:
        before: what precedes the title in its clause.
        after: what follows it, to the end of the message.
    """
    return leads(before) and bool(_ASKED.match(after) or _ASKED_BY_MARK.match(after))


_ASKING = re.compile(
    r"\W*(?:(?:and|so|but|or|wait|hm+|ok|okay)\b\W*)*"
    r"(?:who|whose|when|where|which|how (?:long|old|scary|violent)|is|was|are|were|does|did|has)\b",
    re.IGNORECASE,
)
_SEEKING = re.compile(
    r"\b(?:recommend\w*|suggest\w*|something|anything|similar|like|another|others?|else|more|should|what|ideas?|find|show|give"
    r"|got|next|watch|tonight|can|could|would|any|want|need)\b",
    re.IGNORECASE,
)


def in_question(text: str, start: int, end: int) -> bool:
    """Whether a title stands in a question that seeks nothing to watch: "and in Heat?", "Heat: does anybody sing in it?"."""
    first = max((m.end() for m in re.finditer(r"[.!?;\n]\s+", text[:start])), default=0)
    rest = re.match(r"[^.!?\n]*(?P<mark>\?)?", text[end:])
    sentence = text[first:start] + " " + (rest[0] if rest else "")
    asks = bool(rest and rest["mark"]) or bool(_ASKING.match(text[first:]))
    return asks and not _SEEKING.search(sentence)


def leads(before: str) -> bool:
    """Whether no more than "and" or "oh" precedes a title in its clause."""
    return not re.search(r"[a-z]", _LEAD.sub("", before), re.IGNORECASE)


_LEAD = re.compile(
    r"\b(?:and|or|so|but|ok|okay|hm+|oh+|ah|omg|wow|ooh+|yes|great|perfect|cool|nice|well|also|the film|the movie)\b",
    re.IGNORECASE,
)


def met_first(after: str) -> tuple[Stance, bool] | None:
    """What is told of a title by who has met it, behind it: seen, or more where it is judged in the same breath.

    Returns:
        the stance, and whether the person speaks of themselves; None where nothing of the kind is told.
    """
    found = _MET.match(after)
    if found is None or re.search(r"\b(?:never|not|n't)\b", found[0][: found.start("rest")], re.IGNORECASE):
        return None
    mine = found["who"].lower() in ("i", "we")
    judged = sentiment(found["rest"]) if mine else None
    return judged or "seen", mine


def alike(between: str, after: str) -> bool:
    """Whether a title only joins the one before it: "… too", "and … as well", "Heat we've seen, and …".

    Args:
        between: from the end of the other title to this one.
        after: what follows this one.
    """
    if _ALIKE.match(after):
        return bool(_JOINED.search(between))
    ends = bool(re.match(r"\W*(?:$|[.!;])", after)) and bool(_AND.search(between))
    return ends and met_first(_AND.sub("", between)) is not None
