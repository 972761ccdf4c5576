"""How many items somebody wants."""

import re

from chatrec.dialogue.nlu.reading import Reading

_NUMBER = {
    **{"one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5},
    **{"six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
}
_NO_COUNT = re.compile(r"\b(?:that|this|the|no|not|which|any|every|each|first|last|second|number)\s+$", re.IGNORECASE)
"""Before a number word that counts nothing: "that one western"."""


_AGE = re.compile(
    rf"\b(?:(?:he|she|they|i|who|kids?|son|daughter)(?:'s|'re|'m| is| are| am)|aged?) (?:only |just |about |almost |nearly )?(?:{'|'.join(_NUMBER)}|\d+)\b",
    re.IGNORECASE,
)
"""How old somebody is: "he's only nine"."""


def read_count(text: str, found: list[tuple[int, int, str]], reading: Reading) -> None:
    """How many items are wanted: "just one", "five westerns", "two more", "top ten".

    Args:
        text: the message, without titles and people.
        found: start, end and category of the words for categories.
        reading: takes the number.
    """
    text = _AGE.sub(lambda m: " " * len(m[0]), text)
    several = f"({'|'.join([*list(_NUMBER)[1:], 'a couple(?: of)?', '[2-9]', '10'])})"
    number = f"(one|1|{several[1:]}"
    patterns = [
        rf"^\W*(?:ok(?:ay)?\W+)?(?:just )?{number} more\b",
        r"\bpick (?:me |us )?(one)\b(?! (?:of|from|more))",
        rf"\b(?:just|only|give (?:me|us)|show (?:me|us)|recommend|suggest|name|list|need|want)\s+(?:me\s+|us\s+)?(?:please\s+|maybe\s+)?{number}\b(?!\s*(?:stars?|hours?|years?|of (?:them|those|these)|more\b))",
        rf"\b{several}\s+(?:\w+\s+){{0,3}}(?:movies|films|books|games|suggestions|recommendations|propositions|proposals|ideas|options|picks|titles)\b",
        rf"(?:^|[.!?,]\s*|\b(?:want|need|me|us)\s+){several}\s+(?:[\w-]+\s+){{0,2}}(?!conditions|reasons|rules|questions|points|wishes|years|hours|stars|times|minutes|kids|people|friends|days|weeks|of\b)[a-z-]{{3,}}s\b",
        r"^\W*(a couple)\s+of\b(?!\s+(?:years|days|hours|times|weeks))",
        r"\b(one|1|a single)\s+(?:\w+\s+)?(?:movie|film|suggestion|recommendation|pick|title)\b(?!\s+(?:i|that))",
        rf"\b{number}\s+(?:more|others?)\b|\banother {several}\b|\btop {number}\b",
        r"^\W*(?:(?:ok(?:ay)?|no|just|only|yes|um|well|please)\W+)*(one|two|three|four|five|six|seven|eight|nine|ten|a couple)\W*(?:please|only|is enough|will do|thanks|is fine|then)?\W*(?:$|,)",
        rf"\b(?:just|only)\s+{number} of them\b(?!\s+\w)",
    ]
    for pattern in patterns:
        for m in re.finditer(pattern, text, re.IGNORECASE):
            word = next(group for group in m.groups() if group)
            if word.lower() != "one" or not _NO_COUNT.search(text[: m.start()]):
                reading.count = as_number(word)
                return
    for start, _, _ in found:  # "one documentary", "two good westerns"
        before = re.search(
            rf"(?<!\w){number}\s+(?:(?!of\b|where\b|with\b)[\w-]+\s+){{0,2}}$", text[:start], re.IGNORECASE
        )
        if before and not _NO_COUNT.search(text[: before.start()]):
            reading.count = as_number(before[1])
            return


def as_number(word: str) -> int:
    """A number in words or figures."""
    word = word.lower().removesuffix(" of").removeprefix("a ")
    return int(word) if word.isdigit() else _NUMBER.get(word, 1)
