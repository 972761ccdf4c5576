"""What items are about in a few words, their keywords and themes, found by the words of a wish."""

import re
from collections.abc import Iterable, Sequence

LONGEST = 4
"""Words of a wish that may be a subject; what is longer describes a story, and is searched as text."""
PART = 0.9
"""What an item counts whose subject says more than the wish: "family betrayal", where "family" was asked for."""
_FRAME = frozenset(
    "set place takes take featuring involving involves involve deals deal stuff topic subject theme story films film "
    "movies movie flick book books game games".split()
)
"""Words that bring a subject in, and are none."""


class Subjects:
    """The phrases that items have as keywords and themes.

    Args:
        phrases: of each item, in the catalogue's order.
    """

    def __init__(self, phrases: Sequence[Iterable[str]]) -> None:
        self.rows: dict[frozenset[str], list[int]] = {}
        for row, own in enumerate(phrases):
            for words in {subject_words(phrase) for phrase in own}:
                if words:
                    self.rows.setdefault(words, []).append(row)

    def of(self, wish: str) -> dict[int, float]:
        """Rows that have the wish as a subject, with 1 where it is the whole subject; empty where it is none."""
        several = [part for part in re.split(r",|\bor\b", wish) if subject_words(part)]
        if len(several) > 1:  # "music, jazz or rock"
            each = [self.of(part) for part in several]
            return {row: max(one.get(row, 0.0) for one in each) for row in {row for one in each for row in one}}
        wanted = subject_words(wish)
        if not 0 < len(wanted) <= LONGEST:
            return {}
        found: dict[int, float] = {}
        for words, rows in self.rows.items():
            if wanted <= words:
                weight = 1.0 if wanted == words else PART
                found |= {row: max(weight, found.get(row, 0.0)) for row in rows}
        return found


def subject_words(phrase: str) -> frozenset[str]:
    """The words of a phrase that carry its meaning, without their endings."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # heavy, and only its list of words is wanted

    words = re.findall(r"[^\W_]+", phrase.casefold().replace("'s ", " "))
    return frozenset(stem(word) for word in words if word not in ENGLISH_STOP_WORDS and word not in _FRAME)


def stem(word: str) -> str:
    """A word without a common English ending."""
    if word.endswith("ies") and len(word) > 5:
        return f"{word[:-3]}y"
    for ending in ("ing", "ers", "er", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
