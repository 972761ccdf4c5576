"""Wishes that no catalogue here can go by, because it does not have the fact: running times, prizes, who is a woman."""

import re

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.nlu import lexicon
from chatrec.dialogue.nlu.clauses import blank
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.nlu.topics import EMPTY_WORDS
from chatrec.dialogue.nlu.wishes import Patterns
from chatrec.linking.common_words import COMMON

_AMOUNT = r"(?:an?|one|two|three|half an?|\d+(?:[.,]\d)?)(?:\s+and a half)?"
_UNIT = r"(?:hours?|hrs?|minutes?|mins?)"
_PRIZES = r"(?:oscars?|academy awards?|golden globes?|baftas?|palme d'or|golden lions?|awards?|prizes?)"
_MAKER = r"(?:directors?|film-?makers?)"
UNMET: dict[str, str] = {
    rf"\b(?:(?:of|at|is|are|that's|lasts?)\s+)*(?:at most|at least|under|less than|no (?:more|longer) than|max(?:imum)?(?: of)?|up to|more than|around|longer than|shorter than|not over)\s+{_AMOUNT}[\s-]*{_UNIT}\b(?:\s+long)?|\b{_AMOUNT}[\s-]*{_UNIT}\s+(?:or less|or so|at most|max(?:imum)?|tops|long)\b|\b\d+[\s-]*min(?:ute)?s?\b(?=\s+(?:\w+\s+)?(?:film|movie|comedy|drama|thriller)s?\b)"
    r"|\b(?:not|isn't|aren't|nothing|nor|don't want (?:it|anything))\s+(?:too|so|that|very|overly)\s+(?:long|short)\b|\b(?:really |fairly |very |a |any )?(?:long|short)(?:er|ish)? (?:films?|movies?|ones?)\b|\b(?:running time|runtime)\b": "how long {many} are",
    rf"\b(?:directed|made|written|helmed)\s+by\s+(?:an?\s+|some\s+)?(?:\w+\s+)?(?:wom[ae]n|females?|lad(?:y|ies)|girls?|m[ae]n)\b|\b(?:from|by|with)\s+(?:an?\s+)?(?:wom[ae]n|female|lady)\s+{_MAKER}\b|\b(?:wom[ae]n|female|lady)\s+{_MAKER}\b": "which directors are women",
    rf"\b(?:(?:that|which|who)\s+)?(?:has |have )?(?:won|win|got|nominated for|up for)\s+(?:\w+\s+){{0,3}}{_PRIZES}(?:\s+for\s+(?:best\s+)?\w+)?|\b(?:oscar|award|prize)s?[\s-]+(?:winn(?:ing|ers?)|nominated|nominees?)\b|\bbest picture (?:winners?|oscars?)\b": "what prizes {many} won",
    r"\b(?:on|available on|streaming on)\s+(?:netflix|amazon(?: prime)?|prime(?: video)?|hulu|disney\+?|hbo(?: max)?|apple tv)(?!\w)|\b(?:that (?:i|we) can |to )stream\b": "where {many} can be had",
    r"\b(?:rated|rating|score[sd]?|with)\s+(?:of\s+)?(?:at least|above|over|more than|higher than)\s+\d+(?:[.,]\d)?(?:\s*(?:%|stars?|/\s*\d+))?(?:\s+on\s+\w+(?: tomatoes)?)?|\b(?:on|from)\s+(?:imdb|rotten tomatoes|metacritic)\b": "how {many} are rated elsewhere",
    r"\b(?:rated\s+(?:r|g|pg(?:[ -]?13)?)\b|(?:r|g|pg(?:[ -]?13)?)[\s-]rated\b|pg[ -]?13\b)": "which age ratings {many} have",
}  # fmt: skip
"""Ways of wishing for such a fact, and how the fact is called."""


def read_unmet(text: str, reading: Reading) -> str:
    """Note wishes for facts that are not known; returns the text without them, so that nothing else is read into them."""
    for pattern, what in UNMET.items():
        for m in re.finditer(pattern, text, re.IGNORECASE):
            if what not in reading.unmet:
                reading.unmet.append(what)
            text = blank(text, [m.span()])
    return text


def read_without(text: str, reading: Reading, catalogue: Catalogue, categories: Patterns) -> None:
    """Note things that are unwanted and that are no category: "no vampires".

    Those that some items are about are ruled out; of others no record tells, which is said where the message says no more.
    """
    for m in _NO_SUCH.finditer(text):
        word = m[1].lower()
        ordinary = word in EMPTY_WORDS | COMMON or word in lexicon.MOOD_WORDS or word.endswith(("ing", "er"))
        if ordinary or any(pattern.search(word) for _, pattern in categories) or word in reading.limits:
            continue
        if catalogue.touching(word):
            reading.limits.append(word)
    if reading.empty and (without := _WITHOUT.match(text)):
        reading.unmet.append(f"which {{many}} have {without[1].lower()}")


_NO_SUCH = re.compile(
    r"\b(?:no|without(?: any)?|nothing (?:with|about)|not? (?:more|another))\s+([a-z]{4,})(?:\s+(?:films?|movies?|stuff|stories|ones?))?(?:\s+in (?:it|them))?(?=\W*(?:$|[.,;!?]|(?:because|please|either|and|or|though|this|tonight)\b))",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"^\W*(?:(?:and|but|ok(?:ay)?|please)\W+)*(?:no|without(?: any)?)\s+((?!more|less|one|other|way|thing|preference|idea|problem|worr|need|rush)[a-z-]{4,}s)\W*(?:please|either)?\W*$",
    re.IGNORECASE,
)
