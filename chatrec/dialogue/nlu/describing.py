"""Whole messages that tell a plot: "Two idiots drive cross country to return a briefcase".

A plot mentions places, decades, kinds and names that are no wishes ("a lonely western marshal", "Vienna"), so rules that
look for wishes take it to pieces. Whether a message tells a plot is read off its words (nobody speaks of themselves in
it, or it opens like one), and which item it means is for the text encoder to say: only if that is sure is the message
taken as one description.
"""

import re
from dataclasses import replace

from chatrec.dialogue.nlu.reading import Reading

LEAST = 12
"""Words of the shortest message that is taken for a plot."""
LONGEST = 300

_SPEAKS = re.compile(
    r"\b(?:i|i'?m|i'?ve|i'?d|i'?ll|me|mine|we|we'?re|our|us|you|please|recommend|suggest|suggestions?|anything|any|nothing|another|instead|newer|older|"
    r"thanks|hello|hi|hey|rather|prefer|tonight|scratch that|seen|watched|loved|liked|likes|love that|hated|boring|bored|great|"
    r"best|better|meh|lol|ok|okay|sorry|actually|films|movies|comedies|dramas|thrillers|westerns|musicals|romances|"
    r"documentaries|(?:big |huge )?fans? of|can'?t stand|sick of|tired of|fed up|older than|newer than|"
    r"my|watching|would be (?:nice|good|great|fine)|no (?:sex|violence|blood|gore|swearing)|black and white|in colou?r|"
    r"one (?:with|where)|in the mood|not too|what'?s|what else)\b",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:the|that|this|a)\s+(?:\w+\s+){0,3}?(?:one|film|movie|flick|book|game|show|short|indie|comedy|thriller|drama|romance|satire)"
    r"s?\b[^.?!]{0,40}?\b(?:where|when|in which|about|who|whose|that(?=\s+(?!isn'?t|is not)\w)|with)\b"
    r"|\bwhat(?:'s| is| was) (?:it|that) called\b|\bwho remembers\b|\bsaw (?:this|it)\b",
    re.IGNORECASE,
)

LEAST_SOUGHT = 5
"""Words of the shortest description of something whose name is looked for."""
_NAME_IT = re.compile(
    r"\b(?:trying to (?:remember|think of|recall)|can(?:'?t|not) (?:remember|recall|think of)|"
    r"what(?:'s| is| was) (?:that|the name of)|looking for the name of)\s+"
    r"(?:(?:the (?:name|title) of|the|that|this|a|an|old)\s+)*(?:film|movie|flick|one)\b[\s,:.-]*",
    re.IGNORECASE,
)


def tells_a_plot(text: str) -> bool:
    """Whether a message reads as a plot: long enough, and the person neither speaks of themselves nor asks."""
    return len(_words(text)) >= LEAST and not _SPEAKS.search(text)


def points_at_one(text: str) -> bool:
    """Whether a message points at one item by what happens in it ("the one where a shark …")."""
    return len(_words(text)) >= LEAST and bool(_CUE.search(text))


def as_description(reading: Reading, said: str) -> Reading:
    """The reading of a message that is one description; what it rules out, it still rules out."""
    kept = {
        name: getattr(reading, name)
        for name in ("genres_unwanted", "people_unwanted", "limits", "count", "truncated", "withdrawn", "unmet")
    }
    return replace(Reading(text=reading.text, topic=said[:LONGEST]), **kept)


def sought(text: str) -> str:
    """What is told of an item whose name somebody looks for ("I'm trying to remember a film, …"), or nothing."""
    found = _NAME_IT.search(text)
    return text[found.end() :] if found and len(_words(text[found.end() :])) >= LEAST_SOUGHT else ""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)
