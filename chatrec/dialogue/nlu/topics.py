"""What an item is to be about, in the person's own words."""

import re

from chatrec.dialogue.nlu import lexicon
from chatrec.dialogue.nlu.clauses import negated
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.nlu.wishes import Patterns
from chatrec.linking.common_words import COMMON

_ASKING = frozenset("got have are there seen what know other want looking into find".split())
_QUALITY = frozenset(
    "old new recent classic short long foreign american british french german italian spanish japanese chinese swedish danish russian polish czech good better best great bad popular famous different similar decent proper real big small little another other more silly stupid lovely wonderful beautiful amazing fantastic brilliant terrible awful boring nice quick late early modern latest first second third last next whole single random".split()
)


def read_topic(text: str, reading: Reading, categories: Patterns) -> None:
    """A description in the person's own words, to be searched in the text space."""
    found = re.search(
        r"\b(?:(?<!how )(?<!what )about|where(?! (?:should|do|would|could|can|to)\b)|in which|with an?|with(?= [^.!?,]{3,40} in it\b)|(?:films?|movies?|flicks?|something|anything|stor(?:y|ies)|ones?) with(?! (?:me|us|him|her|them|you|it|this|that|these|those|my|our|no|less|more|fewer|lots?|plenty|some|all|both|either|any|similar|good|great)\b)|featuring|involving|involves|that (?:has|have|takes place|is set|deals)|set (?:in|on|at|during)|any with|(?:films?|movies?|ones?|something|anything|documentar(?:y|ies)|stories) on(?! (?:tv|telly|television|dvd|video|vhs|netflix|prime|at|now|tonight|the|my|your|our|it|that|this|him|her|them|these|those|\w+day|again|offer)\b)|takes place|the one (?:with|where|about|in which)|(?<!\A)(?<![.!?] )who(?! (?:(?:does|did|do|else|all|is she|is he|directed|made|stars|starred)\b|(?:plays?|acts?|is|was) in (?:it|this|that|the)\b))|revolv\w+ around)\b(?P<rest>.{3,})",
        text,
        re.IGNORECASE | re.DOTALL,
    )
    if "asked" in {
        *(m.stance for m in reading.mentions),
        *(stance for _, stance in reading.referred),
    } or reading.acts & {"profile", "help"}:
        return
    if found and _NOT_SOUGHT.search(text[: found.start()]):
        return  # "forget what I said about westerns", "nothing with hospitals in it"
    if (
        found
        and re.search(r"\bnot\s+$", text[: found.start()], re.IGNORECASE)
        and found[0].lower().startswith("the one")
    ):
        return  # "not the one with the birds"
    if found and (re.match(r"\s{4,}", found["rest"]) or _ROUGHLY.match(found["rest"])):
        return  # a title or a person stood there, and was read; "about four hundred times"
    if re.match(r"\W*(?:(?:and|so|but|wait|ok|okay|hm+|remind me|tell me)\W+)*who\b", text, re.IGNORECASE):
        return
    rest = re.split(r"[?!]|\.(?:\s|$)|\s+in it\b", found["rest"])[0].strip(" ,") if found else ""
    rest = _POLITE.sub("", rest)
    kind = re.search(
        r"(?:\b(?:an?|any|some|good|great|best|more|few|need|want|love|like|into|for|me)|^\W*(?:ok(?:ay)?\W+)?)\s*\b((?:[a-z-]{3,}\s+){1,3})(?:movies?|films?|flicks?|books?|games?|stuff|stories|story|adaptations?|tales?|pictures?)\b",
        text,
        re.IGNORECASE,
    )
    if not found and kind:
        named = [
            w
            for w in kind[1].lower().split()
            if w not in EMPTY_WORDS and w not in lexicon.MOOD_WORDS and w not in _QUALITY and w not in _ASKING
        ]
        if named and not any(pattern.search(kind[1]) for _, pattern in categories) and not negated(text, kind.start(1)):
            reading.topic = " ".join(named)
            return
    if not found and (fond := _FOND.match(text) or _INSTEAD.match(text)) and not (reading.wishes or reading.mentions):
        if fond[1].lower() not in EMPTY_WORDS | COMMON | _QUALITY and not reading.unknown:
            reading.topic = fond[1].lower()
        return
    rest = _TAIL.sub("", rest)
    words = [w for w in re.findall(r"[a-z']+", rest.lower()) if w not in EMPTY_WORDS]
    kinds = words and all(w in lexicon.MOOD_WORDS or any(p.fullmatch(w) for _, p in categories) for w in words)
    if kinds and (reading.genres_allowed or not re.match(r"about\b", found[0] if found else "", re.IGNORECASE)):
        return  # "I changed my mind about westerns", "one with action": a wish of its own kind, and no description
    plain = re.fullmatch(
        r"(?:\s*(?:it|that|this|them|you|me|those|these|the|one|first|second|third)\s*)+", rest, re.IGNORECASE
    )
    if (
        words
        and not plain
        and not re.match(
            r"\s*(?:we|i|you|the (?:first|second|third|last|other)|another|that|this|it|a (?:comedy|drama|western|thriller|musical))\b",
            rest,
            re.IGNORECASE,
        )
    ):
        about = found is None or re.match(r"about|any with|\w+ on\b", found[0], re.IGNORECASE)
        reading.topic = (
            rest if about or found is None else _subject_of(text[: found.start()]) + _BUT_NOT.split(found[0])[0]
        )
        reading.topic = _TAIL.sub("", reading.topic.strip())[:300]
    elif (
        not found
        and not reading.mentions
        and not reading.referred
        and not reading.moods_wanted
        and not (reading.limits or reading.any_genre or reading.any_year)
        and not (reading.genres_allowed or reading.genres_dropped or reading.genres_unwanted or reading.people_unwanted)
        and not (
            reading.count
            or reading.critiques
            or (reading.year_min and reading.year_max)
            or (reading.genres_wanted and (reading.year_min or reading.year_max))
        )
        and not reading.acts - {"recommend"}
        and not re.match(r"\W*(?:who|when|which|what year|why|how)\b", text, re.IGNORECASE)
        and len(re.findall(r"[a-z']{3,}", text.lower())) >= 9
    ):
        content = [w for w in re.findall(r"[a-z']{4,}", text.lower()) if w not in EMPTY_WORDS]
        if len(content) >= 5:
            reading.topic = text.strip()[:300]


_POLITE = re.compile(
    r"[\s,]+(?:if (?:possible|you (?:can|have)\b.*)|please|thanks?|thank you|maybe|preferably|again|perhaps)\W*$",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(
    r"\s*(?:\d+|a (?:hundred|thousand|million|dozen)|(?:two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|hundreds?|dozens?|thousands?)\b(?! \w+s\b))",
    re.IGNORECASE,
)
"""What follows an "about" that means "roughly"; "about two brothers" tells a story."""
_NOT_SOUGHT = re.compile(r"\b(?:(?:forget|never ?mind|scratch)\b[^.!?,]*|nothing\s+)$", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:\s+(?:instead|then|please))?(?:,?\s*(?:from|of) any (?:year|decade|time|era))?\W*$", re.IGNORECASE
)
"""What ends a description and says nothing of it."""
_BUT_NOT = re.compile(r"\s+in it,?\s+(?:but\s+)?(?:not|nothing|no)\b", re.IGNORECASE)
_INSTEAD = re.compile(
    r"^\W*(?:(?:ok|okay|no|well|hm+|maybe|perhaps)\W+)*([a-z-]{4,})(?: (?:films?|movies?|ones?|stuff))? instead\b(?: then| please)?\W*$",
    re.IGNORECASE,
)
"""Another subject in a word: "sport instead"."""
_FOND = re.compile(
    r"^\W*(?:(?:ok|okay|well|hi|hello|yes|and|also)\W+)*(?:i|we)(?:'m| am| are|'re)? (?:just |really |also |always |a big )*(?:like|love|enjoy|adore|into|fans? of|want)"
    r"\s+(?:some |any |all )?([a-z-]{4,}s)\W*$",
    re.IGNORECASE,
)
"""Things that somebody likes, and that are no category: "I like superheroes"."""


def _subject_of(before: str) -> str:
    """The words that say what is described, where they say more than its kind: the "heist" of "a heist movie where …"."""
    m = re.search(r"((?:[a-z'-]+\s+){1,3})$", before, re.IGNORECASE)
    words = m[1].lower().split() if m else []
    return "".join(f"{word} " for word in words if word not in EMPTY_WORDS | COMMON | _QUALITY and len(word) > 3)


EMPTY_WORDS = frozenset(
    "similar idea ideas the a an of in on at to for and or but with about from by is are was were be it its this that these those i me my we you your he she they them some any something anything nothing movie movies film films one ones good great nice really very just like love want need please recommend suggest watch see seen find looking where which who what when how would could should can do does did have has had not no don't dont more another other else tonight maybe kind sort bit lot show give me than too also there tell know think loves likes liked loved hates hated enjoys enjoyed our his her its their he's she's they're with let's try instead remember recall what's whats that's thats who's".split()
)
