"""The oldest and the newest of the catalogue: "what is the oldest film you have?", "your newest horror"."""

import re

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.nlu.wishes import Patterns
from chatrec.retrieval.index import Constraints

_EXTREME = re.compile(
    r"\b(?:(?:the|your|some)\s+)?(?:very\s+)?(oldest|earliest|newest|latest|most recent)\b", re.IGNORECASE
)
_THINGS = r"(?:films?|movies?|flicks?|books?|games?|titles?|things?|ones?)"
_HERE = re.compile(
    rf"^\W*(?:[\w-]+\s+){{0,2}}?{_THINGS}?\s*"
    r"(?:(?:that |which )?(?:you|u) (?:have|got|know)\b|you've got\b|in (?:your|the|this) (?:catalogue|collection|list|database)\b"
    r"|here\b|there is\b|of all\b)",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"^\s*{_THINGS}?\W*$", re.IGNORECASE)


def in_catalogue(text: str, end: int, categories: Patterns) -> bool:
    """Whether a superlative that ends at ``end`` is over the whole catalogue, whatever was shown: "the oldest western"."""
    after = text[end:]
    kind = any(found.start() <= 12 for _, pattern in categories if (found := pattern.search(after)))
    return bool(_HERE.match(after)) or (kind and not re.match(r"\W*(?:one|film|movie)\b", after, re.IGNORECASE))


def read_extreme(text: str, reading: Reading, categories: Patterns) -> None:
    """Note in ``reading`` whether the oldest or the newest is wanted; "my oldest friend" is nothing of the kind."""
    for found in _EXTREME.finditer(text):
        mine = re.search(r"\b(?:my|his|her|our|their)\s+$", text[: found.start()], re.IGNORECASE)
        things = re.match(rf"\s+(?:[\w-]+\s+)?{_THINGS}\b", text[found.end() :], re.IGNORECASE)
        if not mine and (things or _ALONE.match(text[found.end() :]) or in_catalogue(text, found.end(), categories)):
            reading.extreme = "oldest" if found[1].lower() in ("oldest", "earliest") else "newest"
            if not re.search(r"\d", text):
                reading.year_min = reading.year_max = None  # "newest" was read as "from the last years"
            return


def extreme_rows(which: str, constraints: Constraints, catalogue: Catalogue, count: int) -> list[int]:
    """Rows of the ``count`` oldest or newest items that the constraints allow, the most extreme first."""
    dated = [(item.year, row) for row, item in enumerate(catalogue) if item.year and constraints.allows(row, item)]
    return [row for _, row in sorted(dated, key=lambda pair: pair[0] if which == "oldest" else -pair[0])][:count]
