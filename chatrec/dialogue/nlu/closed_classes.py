"""Closed classes: numbers of items, grades, how wishes combine, small talk. Each rule carries what it must and must not fire on.

``RULES`` is read by one test. Whatever is open-ended (what is meant, how it is felt, for whom) is the tagger's, not a rule's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBERS = {
    "one": 1,
    "a": 1,
    "two": 2,
    "couple": 2,
    "three": 3,
    "few": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "dozen": 10,
    "single": 1,
}
_GRADES = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "zero": 0.0, "half": 0.5}
_GRADE = re.compile(
    rf"(?<![\w/])(\d+(?:[.,]\d)?|{'|'.join(_GRADES)})\s*(?:(?:/|out of)\s*(5|10|100)(?!\d)|"
    rf"[\s-]*(stars?)\b)|\bthumbs? (up|down)\b",
    re.IGNORECASE,
)
_ITEMS = re.compile(
    r"\s+(?:\w+\s+){0,2}(?:films?|movies?|more|others?|ideas?|picks?|suggestions?|titles?|options?|books?|games?|recipes?)\b",
    re.IGNORECASE,
)
_NO_COUNT = frozenset("that this the which any every each no not number first last part".split())
COUNTS = 14
"""Characters between a number and the category that it counts."""
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
_PLACE = re.compile(rf"\b({'|'.join(_PLACES)})\b", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\w/.:])(?:[1-9]|10|one|two|three|four|five|six|ten)(?![\w/:%]|\.\d)", re.IGNORECASE)
"""Numbers that may count items."""
LIKES_FROM, DISLIKES_TO = 0.7, 0.4


@dataclass(frozen=True)
class Rule:
    """A pattern with its examples."""

    name: str
    pattern: re.Pattern[str]
    fires: tuple[str, ...]
    silent: tuple[str, ...]

    def __call__(self, text: str) -> bool:
        """Whether it fires on a message."""
        return bool(self.pattern.search(text))


def _rule(name: str, pattern: str, fires: tuple[str, ...], silent: tuple[str, ...]) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE), fires, silent)


ADDS = _rule(
    "adds",
    r"\b(?:also|as well|too(?=\W*$)|in addition|on top of that|plus)\b|"
    r"^\W*(?:ok(?:ay)?\W+)?and (?!now|an?\b|one\b|something|anything|what|how|who|if|i\b|we\b|the\b|"
    r"is\b|some\b)",
    ("it should also be funny", "and scary", "with De Niro as well"),
    ("something else", "and now a western", "and who is in it?"),
)
"""A wish that comes on top of the ones before."""
REFINES = _rule(
    "refines",
    r"^\W*(?:(?:ok(?:ay)?|hm+|nice|cool|great|good|yes|yeah|and|but|so|maybe|perhaps|preferably|"
    r"ideally)\W+)*(?:with|by|starring|featuring|directed by|like)\b"
    r"|(?:^|[.!?,;]\s*)(?:\w+,\s*)?but\b(?! (?:now|first|what about|how about))[^.!?]*$"
    r"|\b(?:a|an|any|some|got|more|other|another)\s+(?:[\w-]+\s+){1,3}ones?\b(?! (?:of|night|day|time|more))"
    r"|\b(?:make (?:it|that|them)|(?:it|they|one|that|this) (?:should|must|needs? to|has to|have to|could))\b"
    r"|\b(?:with|by|of|starring) (?:him|her)\b|\bwhere (?:he|she)\b|\b(?:of|among|from) (?:those|these|them)\b",
    ("but funny", "a musical one", "with Tom Hanks", "make it scary"),
    ("now a western", "something funny", "show me comedies"),
)
"""A subject that narrows the request at hand instead of replacing it."""
TOGETHER = _rule(
    "together",
    r"\b(?:both|together|in (?:the )?(?:same|one)|at the same time|all in one|combin\w+|mix of|cross(?:ed)? between)\b",
    ("Tom Hanks and Meg Ryan together", "a mix of horror and comedy"),
    ("Tom Hanks or Meg Ryan", "horror, comedy"),
)
"""Several values that one item must have."""
AMONG = _rule(
    "among",
    r"\b(?:one|any|which|some|two|either|something|anything)\s+(?:one\s+)?(?:of|among|from|"
    r"out of)\s+(?:those|these|them)\b(?=\s+(?:\w+ )*(?:that|which|with|is|are|was|has|have|from|by|"
    r"before|after|\w+er\b))",
    ("one of those that is funny", "any of them with Tom Hanks?"),
    ("none of those", "I loved all of them"),
)
"""A choice out of what was shown."""
ORDER = _rule(
    "order",
    r"\b(?:older|oldest|newer|newest|(?:came|is|was|out|made) first|earlier|later|more recent)\b",
    ("which is older?", "which came out first?"),
    ("which is better?",),
)
"""A comparison by age."""
SEQUEL = _rule(
    "sequel",
    r"\b(?:sequels?|follow[- ]?ups?|part (?:two|2|ii)|next (?:one|part|film))\b",
    ("is there a sequel?",),
    ("who directed it?",),
)
PREQUEL = _rule("prequel", r"\bprequels?\b", ("has it a prequel?",), ("is there a sequel?",))
FIRST = _rule(
    "first of a series",
    r"\b(?:start|begin|comes? first|watch first|see first|read first|first (?:one|part|film)|order)\b",
    ("which do I watch first?", "where should I start?"),
    ("who is in the second?",),
)
EVERYTHING = _rule(
    "everything",
    r"\b(?:everything|all of it|it all|forget all|clear all|from scratch|restart|wipe|all (?:you know|my))\b",
    ("forget everything", "let's start from scratch"),
    ("start over", "reset"),
)
"""A reset that takes likes and dislikes too."""

TALK: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        _rule(
            "wellbeing",
            r"\bhow (?:are|r) (?:you|u)\b|\bhow(?:'s| is) it going\b|\bhow do you do\b|\bwhat'?s up\b|"
            r"\bhow(?:'s| is) your\b",
            ("how are you?",),
            ("how is it rated?",),
        ),
        _rule(
            "favourite",
            r"\byour (?:own )?(?:all[- ]time )?favou?rite\b|\bwhat do you (?:like|love|watch|read)\b|"
            r"\bdo you (?:like|love|watch|enjoy)\b",
            ("what's your favourite film?",),
            ("my favourite is Heat",),
        ),
        _rule(
            "joke", r"\b(?:joke|riddle|make me laugh|say something funny)\b", ("tell me a joke",), ("something funny",)
        ),
        _rule("bored", r"\bbored\b(?! (?:by|with|of|me))", ("I'm so bored",), ("it bored me",)),
        _rule(
            "small",
            r"\b(?:weather|time is it|capital|president|meaning of life|marry|sing|dream|sleep|old are you|"
            r"who (?:made|built|created|wrote) you|\d+ ?[-+*/x] ?\d+)\b",
            ("what's the weather like?",),
            ("how are you?",),
        ),
    )
}
"""Talk about nothing in particular, told apart once it is known to be that."""
RULES = (ADDS, REFINES, TOGETHER, AMONG, ORDER, SEQUEL, PREQUEL, FIRST, EVERYTHING, *TALK.values())


def read_count(words: str) -> int | None:
    """How many: "just one", "three films", "a couple"; None where no number is named."""
    if found := re.search(r"\b(\d{1,2})\b", words):
        return int(found[1])
    return next((n for w in re.findall(r"[a-z]+", words.lower()) if (n := _NUMBERS.get(w)) and w != "a"), None)


def counted(text: str, kinds: Sequence[int]) -> int | None:
    """A number that counts items: "two more", "one war film"; None where none does.

    Args:
        kinds: where words for categories start.
    """
    for found in NUMBER.finditer(text):
        near = any(0 < start - found.end() <= COUNTS for start in kinds)
        before = text[: found.start()].rstrip().rpartition(" ")[2].lower()
        if before not in _NO_COUNT and (near or _ITEMS.match(text[found.end() :])):
            return read_count(found[0])
    return None


def read_place(text: str) -> int | None:
    """Which part of a series: "the second" is 1, "comes first" 0; None where no place is named."""
    found = _PLACE.search(text)
    return None if found is None else _PLACES.index(found[1].lower())


def read_grade(text: str) -> str:
    """``like``, ``dislike`` or ``seen`` for the first grade in a text ("4/5", "two stars", "thumbs down"); "" without one."""
    found = _GRADE.search(text)
    if not found:
        return ""
    if found[4]:
        return "like" if found[4].lower() == "up" else "dislike"
    number = _GRADES.get(found[1].lower())
    number = float(found[1].replace(",", ".")) if number is None else number
    share = number / (int(found[2]) if found[2] else 5 if number <= 5 else 10)
    return "like" if share >= LIKES_FROM else "dislike" if share <= DISLIKES_TO else "seen"
