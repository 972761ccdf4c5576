"""Clauses of a message, and whether something in one is unwanted, liked or disliked."""

import re

from chatrec.dialogue.nlu import lexicon
from chatrec.dialogue.nlu.sentiment import NEGATED


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with stretches replaced by spaces, so that positions stay."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


_BREAK = re.compile(
    r"[.!?;\n]+|(?<=\s)[:;=]-?[()/|](?=\s)|(?<!anything),?\s+\b(?:but|though|although|however|whereas|while|yet|only that|except that)\b|,\s+(?=(?:and\s+)?(?:i|we|my|give|show|please|can|could|what|something|anything|nothing|no|not|is|are|was|does|who|maybe|then|let's|hmm|actually|loved?|hated?|liked|the (?:first|second|third|last|other))\b)",
    re.IGNORECASE,
)


def bounds(text: str, position: int) -> tuple[int, int]:
    """Start and end of the clause at a position."""
    start, end = 0, len(text)
    for m in _BREAK.finditer(text):
        if m.end() <= position:
            start = m.end()
        elif m.start() > position:
            end = m.start()
            break
    return start, end


def clause_at(text: str, position: int) -> str:
    """The clause at a position."""
    start, end = bounds(text, position)
    return text[start:end]


def negated(text: str, position: int) -> bool:
    """Whether what stands at a position is unwanted: a negation earlier in the clause and nothing wanted in between."""
    start, _ = bounds(text, position)
    before = lexicon.UNCONCERNED.sub(lambda m: " " * len(m[0]), text[start:position])
    last = next(reversed(list(lexicon.NEGATION.finditer(before))), None)
    if last is None or lexicon.WANTED_AFTER_ALL.search(before) or _ANOTHER_THING.search(before[last.end() :]):
        return False
    if lexicon.HATRED.fullmatch(last[0]) and NEGATED.search(before[: last.start()]):
        return False  # "I don't dislike westerns"
    between = before[last.end() :]
    if last[0].lower().startswith("forget") and "," in between:
        return False  # "forget Cameron, 80s action then"
    if re.search(
        r"\b(?:wants?|give|show|find|like|love|prefer|looking|looking for|recommend|rather|but|just|instead|into|how about|only|\w+\s+more)\b",
        between,
        re.IGNORECASE,
    ):
        direct = re.match(
            r"\s*(?:\w+\s+)?(?:really |particularly |much )?(?:want|like|love|recommend|show|give|need|care for|enjoy|into)\b",
            between,
            re.IGNORECASE,
        )
        return bool(direct) and not re.search(r"\b(?:but|instead|just|rather|prefer)\b", between, re.IGNORECASE)
    return len(between.split()) <= 7


_ANOTHER_THING = re.compile(
    r",\s*(?:(?:so|then|just|only|please|maybe|but|and)\s+)*(?:an?|some|more|one|lots? of|plenty of)\s+(?!bit\b|lot\b)"
    r"|,\s*(?:(?:and|but)\s+)?(?:from|in)(?: the)?\s+$",
    re.IGNORECASE,
)
"""Where, after what is unwanted, something wanted begins: "nothing older than 1995, a crime film"."""

RELATION = r"(?:brother|sister|mother|mom|mum|father|dad|wife|husband|girlfriend|boyfriend|partner|friends?|mates?|kids?|son|daughter|roommate|flatmate|boss|parents|children|grandm\w+|grandpa\w*|grandfather|grandparents|nan|uncle|aunt|cousins?|colleagues?|coworkers?|hubby|gf|bf|fianc\w+|toddlers?|teenagers?|grandkids|grandchildren|grandson|granddaughter|niece|\d+[ -]?(?:years?|yrs?)[ -]?olds?|\d+[ -]?yo|neighbou?rs?|nephew|niece|family|date|in-laws)"
_TASTE = r"(?:worships?|worshipped|won't (?:shut up|stop (?:talking|going on)) about|(?:never shuts up|goes on|keeps? (?:on |going on |talking|raving)(?: on)?) about|swears by|thinks?|thought|says?|said|told (?:me|us)|claims?|recommend(?:s|ed)|suggest(?:s|ed)|raves? about|raved about|loves?|likes?|liked|loved|hates?|hated|enjoys?|enjoyed|adores?|adored|prefers?|watched|saw|can't stand|(?:is|are|was|were|'s|'re) (?:\w+ ){0,2}(?:into|nuts about|crazy about|mad about|obsessed with|(?:big |huge )?fans? of))"
_SOMEBODY = re.compile(
    rf"\b(?:(?:(?:my|his|her|our|their|the|an?|some)\s+(?:\w+\s+)?)?{RELATION}|he|she|they|everybody|everyone|people|critics|somebody|someone)(?:\s+(?!(?:i|we)\b)\w+){{0,2}}?\s*{_TASTE}\b(?![^.!?]*\b(?:i|we)\b)[^.!?]*$"
    rf"|\b(?:his|her|their|{RELATION}'s)\s+(?:\w+ ){{0,2}}favou?rites?\b(?![^.!?]*\b(?:i|we|my)\b)[^.!?]*$",
    re.IGNORECASE,
)
_WANTS = re.compile(
    rf"\b(?:(?:my|our|the)\s+(?:\w+\s+)?{RELATION}|he|she|they) (?:wants?|wanted|asked for|prefers?)\b[^.!?]*$",
    re.IGNORECASE,
)
_BUT_I = re.compile(r"[^.!?]*\b(?:but|while|whereas)\b[^.!?]*\b(?:i|i'd|me)\b", re.IGNORECASE)
"""Where "my wife wants a romance" is not what is asked for: "… but I'd rather have a thriller"."""
_HEARSAY = re.compile(
    r"\b(?:i|we|i've)(?: \w+)? (?:heard|read|was told|am told)\b(?! (?:bad|awful|terrible|of)\b)[^.!?]*$", re.IGNORECASE
)
_ME_TOO = re.compile(
    r"\b(?:me too|so do i|so am i|same here|i do too|as do i|and i do|and so did i|and me)\b", re.IGNORECASE
)


def others_taste(before: str, after: str = "") -> bool:
    """Whether what stands between ``before`` and ``after`` is liked or disliked by somebody else: "my brother loves …"."""
    found = _SOMEBODY.search(before) or _HEARSAY.search(before) or (_WANTS.search(before) and _BUT_I.match(after))
    return bool(found) and not _ME_TOO.search(after)


def for_them(text: str) -> bool:
    """Whether somebody else's taste is all that a message asks by: "my dad loves war films. Serious ones", "she likes Julia
    Roberts, what have you got?"."""
    return not _OWN.search(text) or bool(_ASKS.search(text))


_OWN = re.compile(rf"\b(?:i|i'm|i'd|i've|i'll|me|we|we're|we'd|we've|us|but|myself|{RELATION}'s)\b|\?", re.IGNORECASE)
_ASKS = re.compile(
    r"\bwhat (?:have|do|would|could) you (?:got|have|suggest|recommend)\b|\b(?:got|have you|do you have) (?:anything|something|any ideas)\b"
    r"|\b(?:any|some) (?:ideas|suggestions|recommendations)\b|\bwhat (?:do|should|could|can) we (?:watch|see|read|play)\b",
    re.IGNORECASE,
)


def liking(clause: str) -> bool:
    """Whether a clause speaks well of something."""
    found = lexicon.LIKED.search(clause)
    return found is not None and not NEGATED.search(clause[: found.start()])


def disliking(clause: str) -> bool:
    """Whether a clause speaks ill of something."""
    if lexicon.DISLIKED.search(clause):
        return not re.search(
            r"\b(?:don'?t|didn'?t|not|never)\s+(?:\w+\s+)?(?:hate|dislike|mind)\b", clause, re.IGNORECASE
        )
    found = lexicon.LIKED.search(clause)
    if found and NEGATED.search(clause[: found.start()]):
        return True
    return bool(
        re.search(
            r"\b(?:was|is|were|sounds?|looks?|seems?) (?:\w+ )?(?:boring|bad|awful|terrible|rubbish|dull|overrated|horrible|stupid)\b",
            clause,
            re.IGNORECASE,
        )
    )


def expected(text: str) -> list[tuple[int, int]]:
    """Stretches in which a title is likely: after words of stance, of likeness, of asking, up to the clause's end."""
    regions = []
    cue = re.compile(
        rf"{lexicon.LIKED.pattern}|{lexicon.DISLIKED.pattern}|{lexicon.SEEN.pattern}|{lexicon.SIMILAR.pattern}"
        r"|\b(?:tell me (?:more )?about|who directed|who made|who(?: is| was|'s)? in|who play(?:s|ed) [^.?!]{1,30}? in|what is|what's|what about|how about|why|compare|between|put on|watch|watching|see|(?:we|i)(?:'ve| have)? (?:already )?(?:done|did)|called|titled|named|meant|mean|movies? like|films? like|like|than|or|and|(?<!\A)(?<!something )(?<!anything )(?<!movie )(?<!movies )(?<!film )(?<!films )(?<!one )(?<!story )(?<!stories )about|is|recommend|title)\b",
        re.IGNORECASE,
    )
    for m in cue.finditer(text):
        _, end = bounds(text, min(m.end() + 1, max(len(text) - 1, 0)))
        regions.append((m.end(), end))
    return regions
