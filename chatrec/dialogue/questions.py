"""Questions about an item: told by their words where the mark is missing, and asked of a title named before ("it")."""

import re

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
_SEEKS = re.compile(
    r"\b(?:else|similar|like (?:it|that|this)|recommend|suggest|should (?:i|we)|another|more|other|something|anything"
    r"|any (?:films|movies|ideas))\b",
    re.IGNORECASE,
)
"""Words of a question that asks for items instead."""


def marked(text: str) -> str:
    """The message with a question mark after each question about an item that lacks one: "who directed it"."""
    return _UNMARKED.sub(r"\1?", text)


def asks_about_it(after: str) -> bool:
    """Whether what follows a title asks about it: "… When was it made?"."""
    found = _OF_IT.search(after)
    return found is not None and not _SEEKS.search(found[0])
