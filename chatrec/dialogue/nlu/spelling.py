"""Misspelt words of the kind that carry a wish: "commedies", "fantacy", "sumthing".

Only words that nobody spells that way are put right: whatever stands in the catalogue's titles, names or texts is left.
"""

import re

from rapidfuzz.distance import OSA

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.nlu import lexicon
from chatrec.linking.ordinary import known_word

_ALSO = (
    "something anything nothing recommend recommended recommendation recommendations suggest "
    "suggestion suggestions favourite favorite awesome terrible horrible brilliant overrated amazing "
    "fantastic excellent because without before director directed starring sequel looking watched "
    "wedding actress thirties forties fifties sixties seventies eighties nineties tonight"
)
"""Words beside the categories' that decide how a message is read."""


class Spelling:
    """Puts words right that are one slip away from a word that matters here (two in words of nine letters or more).

    Args:
        catalogue: whose words count as spelt as they should be.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        kinds = {word for name in catalogue.category_names for word in (name, *lexicon.CATEGORY_WORDS.get(name, ()))}
        words = {word.lower() for word in kinds if re.fullmatch(r"[A-Za-z]+", word)} | set(_ALSO.split())
        self.vocabulary = sorted(word for word in words if len(word) >= 5)
        self.known = set(words) | set(lexicon.MOOD_WORDS)
        for item in catalogue:
            told = " ".join((item.title, *item.aliases, *item.all_people, item.text()))
            self.known.update(re.findall(r"[^\W\d_]+", told.lower()))

    def right(self, text: str) -> str:
        """The text with such words put right; words with a capital inside a sentence are names and stay."""
        return re.sub(r"(?<![\w'’-])[A-Za-z]{5,}(?![\w'’-])", lambda m: self._word(m[0], m.start()), text)

    def _word(self, word: str, start: int) -> str:
        low = word.lower()
        if (
            low in self.known
            or known_word(low)
            or (word[0].isupper() and start)
            or any(low == f"{known}s" for known in self.vocabulary)
        ):
            return word
        best: tuple[int, str] | None = None
        for known in self.vocabulary:
            allowed = 2 if len(known) >= 9 else 1
            distance = OSA.distance(low, known, score_cutoff=allowed)
            if distance <= allowed and known[0] == low[0]:
                best = min(best or (distance, known), (distance, known))
        return best[1] if best else word
