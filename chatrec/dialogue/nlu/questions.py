"""Questions about an item: told by their words where the mark is missing, and asked of a title named before ("it")."""

import re

from chatrec.dialogue.nlu import lexicon

_LEADS = (
    r"(?:(?:and|so|but|ok|okay|cool|nice|oh|hm+|btw|also|ha(?:ha)+|lol|great|thanks|thank you|yes|yeah|no)\b[\s,]*)*"
)
_WHO = r"who(?:'s|se| is| was| are| were| directed| directs| made| wrote| stars?| starred| plays?| played| acted| acts)"
_FACT = (
    rf"(?:{_WHO}|when (?:did|was|is|were)|(?:what|which) (?:year|director|actor)s?|what(?:'s| is) (?:it|that|this) about"
    r"|how (?:long|old|scary|violent|good) (?:is|was)|(?:is|was|does|did|has) (?:it|that one|this one))"
)
_AFTER_COMMA = (
    r",\s+(?:what(?:'s| is) it about|what year|when (?:was|did) it|who(?:'s| is| directed| made| stars) (?:in )?it)"
)
_SHORT = r"(?<!\bmr)(?<!\bmrs)(?<!\bdr)(?<!\bst)"
"""No word after which a dot ends no sentence."""
_UNMARKED = re.compile(
    rf"((?:(?:^|[.!?\n]\s+|\s[–-]\s){_LEADS}{_FACT}\b|{_AFTER_COMMA}\b)(?:[^.!?\n]|(?!{_SHORT})\.)*?)"
    rf"\s*(?:{_SHORT}[.!](?=\s|$)|(?=\n|$))",
    re.IGNORECASE,
)
_OF_IT = re.compile(
    rf"(?:^|[.!?,;–-]\s*){_LEADS}"
    r"(?:who(?:'s|se)?|when|where|what(?:'s)?|which|how (?:long|old|scary|violent|good)|is|was|does|did|has)\b"
    r"[^.!?]*\b(?:it|(?:that|this)(?: one| film| movie)?|the (?:film|movie|book))\b[^.!?]*\?",
    re.IGNORECASE,
)
_NEXT_SENTENCE = re.compile(
    r"\s*[.?!]\s*(?:(?:remind|tell) me,? )?who (?:plays?|played|directed|directs|made|stars?|starred|is in|was in|wrote)\b"
    r"(?![^.!?]*\belse\b)",
    re.IGNORECASE,
)
"""What is asked right behind a title that stands alone: "Rebecca. Remind me who plays the husband?"."""
_SEEKS = re.compile(
    r"\b(?:else|put|pair|beside|alongside|next to|similar|like (?:it|that|this)|recommend|suggest|should (?:i|we)|another|more|other|something|anything"
    r"|any (?:films|movies|ideas))\b",
    re.IGNORECASE,
)
"""Words of a question that asks for items instead."""


def marked(text: str) -> str:
    """The message with a question mark after each question about an item that lacks one: "who directed it"."""
    return _UNMARKED.sub(r"\1?", text)


def asks_about_it(after: str) -> bool:
    """Whether what follows a title asks about it: "… When was it made?"."""
    if _NEXT_SENTENCE.match(after):
        return True
    found = _OF_IT.search(after)
    return found is not None and not _SEEKS.search(found[0])


def questioned(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Whether the clause asks about the title instead of judging it."""
    if re.search(r"\b(?:recommend|suggest|something|anything|similar|another|other)\b", before + after, re.IGNORECASE):
        return False
    mark = re.match(r"\s*\?", text[end:])
    if mark and re.match(r"\s+(?:is|was) (?:by|from|with)\b", after) and not re.search(r"\w", before):
        return True  # "8 1/2 is by Fellini, if I remember rightly?"
    if mark and re.search(r"\b(?:say|tell|know|words|said)\b[^.!?]*\babout\s+(?:the\s+)?$", before, re.IGNORECASE):
        return True  # "would you say a few words about Alien?"
    clause = re.match(r"[^.!?;]*\?", text[end:])
    if clause and re.fullmatch(
        r"\W*(?:(?:and|so|but|also)\s+)*(?:is|was|has|does|did|would|will|could|might)\s+(?:the\s+)?",
        before,
        re.IGNORECASE,
    ):
        return True  # "has Mrs. Doubtfire got him in it?"
    if re.match(r"[^.!?]*:\s*(?:which|what)\b[^.!]*\?", after + text[end:]) and re.fullmatch(
        r"\W*(?:or|vs\.?|versus)?\W*", before
    ):
        return True  # "Heat or Casino: which has what going for it?"
    choice = re.fullmatch(
        r"\W*(or|vs\.?|versus)\W*(?:tonight|first|which(?: \w+){0,3})?\W*", before + after, re.IGNORECASE
    )
    if choice and (mark or choice[1].lower() != "or"):
        return True
    if mark and re.fullmatch(r"\W*(?:(?:and|or|what about|how about|maybe)\W*)*", before + after, re.IGNORECASE):
        return True
    if mark and (
        lexicon.ASKED.search(before)
        or (re.fullmatch(r"\W*", before) and re.match(r"\s*(?:any good|good|scary|worth)", after))
    ):
        return True
    return bool(
        re.search(
            r"\b(?:tell me (?:(?:more|a (?:bit|little)|something) )?about|describe|what is|what's|what was|what year|which year|who directed|who made|who(?: else)?(?: is|'s|s)(?: he| she)? in|(?:cast|plot|story|stars|director) of|who (?:stars?|starred|plays?|played|acted)(?: in)?|(?:which|what) (?:director|actor)s?|which(?: one| film| movie)?(?: is|'s| was| came) (?:the )?(?:newer|older|longer|shorter|better|first|newest|oldest|more \w+|\w+er)\b|more about|info on|why|explain|do you (?:happen to )?have|have you got|is there|compare|difference between|(?:torn|decide|choose|choosing|mind|minds) between)\b[^.!?]*$",
            before,
            re.IGNORECASE,
        )
    )
