"""From the words of a span to the catalogue's own values: categories, moods, axes, content, languages, subjects."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from chatrec.catalogue.items import Catalogue
from chatrec.catalogue.texts import MOODS
from chatrec.dialogue.acts import Kind
from chatrec.dialogue.nlu.lexicon import AXES, CATEGORY_WORDS, CONTENT_WORDS, CRITIQUES, FAME_WORDS, MOOD_WORDS

NEAR = 0.62
"""Cosine from which a word that no list has is taken for the mood that it is nearest to."""
FOREIGN = "foreign"
CHILDREN = "Children"
_CHILD = re.compile(
    r"\b(?:kids?|child(?:ren)?|toddlers?|little ones?|grand(?:kids?|child(?:ren)?|sons?|daughters?)|"
    r"pre-?schoolers?|(?:whole )?family)\b"
    r"|\b(?:sons?|daughters?|niece|nephew|brother|sister|boys?|girls?)\b(?=.*\b(?:[1-9]|1[0-2]|two|"
    r"three|four|five|six|seven|eight|nine|ten)\b)"
    r"|\b(?:[2-9]|1[0-2]|two|three|four|five|six|seven|eight|nine|ten)[\s-]*(?:and \w+ )?(?:years?|"
    r"yrs?|yo\b|y)[\s-]*(?:olds?)?",
    re.IGNORECASE,
)
_AGES = re.compile(
    r"\W*(?:(?:[2-9]|1[0-2]|two|three|four|five|six|seven|eight|nine|ten)\W*(?:and|or|,|&|to)?\W*)+", re.IGNORECASE
)
_NAMES = {
    "chinese": "mandarin",
    "hindi": "hindi",
    "indian": "hindi",
    "iranian": "persian",
    "brazilian": "portuguese",
    "mexican": "spanish",
    "british": "english",
    "american": "english",
    "korean": "korean",
    "hong kong": "cantonese",
    "taiwanese": "mandarin",
    "austrian": "german",
}
_FOREIGN = re.compile(
    r"\b(?:foreign|subtitles?|subtitled|non[- ]english|not in english|other languages?|international|"
    r"world cinema)\b",
    re.IGNORECASE,
)
_SHADE = re.compile(r"\b(?:black[ -]*(?:and|&|n|'?n'?)[ -]*white|b ?(?:&|and|n|/) ?w|monochrome)\b", re.IGNORECASE)
_COLOUR = re.compile(r"\bcolou?r\b", re.IGNORECASE)
_UNMET = (
    (
        re.compile(
            r"\b(?:netflix|amazon|prime|hulu|disney|hbo|stream\w*|apple tv|dvd|vhs|blu-?ray|buy|rent|youtube|"
            r"cinemas?|theat\w+)\b",
            re.IGNORECASE,
        ),
        "where {many} can be had",
    ),
    (
        re.compile(
            r"\b(?:oscars?|awards?|golden globes?|bafta|palme|prizes?|nominat\w+|won|winn\w+|best picture)\b",
            re.IGNORECASE,
        ),
        "what prizes {many} won",
    ),
    (
        re.compile(
            r"\b(?:imdb|rotten|metacritic|letterboxd|ratings?|rated|score\w*|stars?|critics?|critical\w*|"
            r"acclaim\w*|review\w*)\b",
            re.IGNORECASE,
        ),
        "how {many} are rated elsewhere",
    ),
    (re.compile(r"\b(?:pg|pg-?13|rated r|certificate|12a|u rated)\b", re.IGNORECASE), "which age ratings {many} have"),
    (re.compile(r"\bwom[ae]n|\bfemale|\blady\b", re.IGNORECASE), "which directors are women"),
)
"""Wishes that no catalogue without such a column can go by, and how the fact is called."""


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(texts, width)."""


@dataclass(frozen=True)
class Value:
    """One value of a slot.

    Attributes:
        slot: ``category``, ``mood``, ``axis``, ``content``, ``language``, ``shade``, ``topic`` or ``unmet``.
        name: of the category, mood, axis, kind of content or language; words of a topic; what is not known.
        sign: of an axis, which way; of a shade, -1 for colour.
    """

    slot: str
    name: str
    sign: float = 1.0


class Values:
    """Resolves words to values of a catalogue.

    Args:
        catalogue: whose categories and languages count.
        encoder: to find the mood that a word is near to; without one only the lists tell.
    """

    def __init__(self, catalogue: Catalogue, encoder: Encoder | None = None) -> None:
        self.catalogue, self.encoder = catalogue, encoder
        self.categories = category_patterns(catalogue)
        subject = (self.exactly, _topic)
        self._ways: dict[Kind, tuple[Callable[[str], list[Value]], ...]] = {
            Kind.CATEGORY: (self.category, self._mood, self._language, _topic),
            Kind.MOOD: (self.category, self._axis, self._mood, _topic),
            Kind.SUBJECT: subject,
            Kind.STORY: subject,
            Kind.LANGUAGE: (self._language,),
            Kind.CONTENT: (_content, self.category, _topic),
            Kind.AUDIENCE: (self._audience,),
            Kind.FAME: (_fame,),
            Kind.LENGTH: (lambda words: [Value("unmet", "how long {many} are")],),
            Kind.OTHER: (self._other,),
        }
        """For each kind the ways of reading it, the first that finds something deciding."""
        self.languages = {item.language.casefold(): item.language for item in catalogue if item.language}

    def of(self, kind: Kind, words: str) -> list[Value]:
        """The values of a span of ``kind``; none where its words say nothing that this catalogue can go by."""
        words = words.casefold().strip()
        ways = self._ways.get(kind, ())
        return next((found for way in ways if (found := way(words))), [])

    def category(self, words: str) -> list[Value]:
        """Categories that the words name, in their order; the longest name where one holds another."""
        found = [(m.start(), -m.end(), name) for name, pattern in self.categories for m in pattern.finditer(words)]
        kept = [
            f for f in found if not any(o is not f and o[0] <= f[0] and o[1] <= f[1] and o[:2] != f[:2] for o in found)
        ]
        return [Value("category", name) for name in dict.fromkeys(name for *_, name in sorted(kept))]

    def exactly(self, words: str) -> list[Value]:
        """Categories, where the words are no more than their names: a subject "crime" is one."""
        return [Value("category", name) for name, pattern in self.categories if pattern.fullmatch(words)]

    def _axis(self, words: str) -> list[Value]:
        for phrase, (axis, sign) in CRITIQUES.items():
            if re.search(rf"\b{re.escape(phrase)}\b", words):
                return [Value("axis", axis, sign)]
        return []

    def direction(self, words: str) -> list[Value]:
        """The axis along which a critique moves: "funnier", "dark" (after "less" or "too")."""
        if found := self._axis(words):
            return found
        for word, (axis, sign) in AXES.items():
            if re.search(rf"\b{word}(?:er|r|ier)?\b", words) or re.search(rf"\b{word[:-1]}ier\b", words):
                return [Value("axis", axis, sign)]
        moods = self._mood(words)
        for mood in moods:
            place = MOODS.get(mood.name, {})
            if place:
                axis = max(place, key=lambda name: abs(place[name]))
                return [Value("axis", axis, 1.0 if place[axis] > 0 else -1.0)]
        return []

    def _mood(self, words: str) -> list[Value]:
        listed = [mood for phrase, mood in MOOD_WORDS.items() if re.search(rf"\b{re.escape(phrase)}\b", words)]
        listed += [mood for mood in MOODS if re.search(rf"\b{re.escape(mood)}\b", words)]
        if listed:
            return [Value("mood", mood) for mood in dict.fromkeys(listed)]
        if self.encoder is None or not words:
            return []
        near = self._moods @ self.encoder.encode([f"a {words} film"])[0]
        best = int(near.argmax())
        return [Value("mood", list(MOODS)[best])] if near[best] >= NEAR else []

    @cached_property
    def _moods(self) -> np.ndarray:
        """(moods, width) vectors of the moods' names."""
        assert self.encoder is not None
        return self.encoder.encode([f"a {mood} film" for mood in MOODS])

    def _language(self, words: str) -> list[Value]:
        for name in re.findall(r"[^\W\d_]+(?: kong)?", words):
            language = self.languages.get(_NAMES.get(name, name))
            if language:
                return [Value("language", language)]
        return [Value("language", FOREIGN)] if _FOREIGN.search(words) else _topic(words)

    def _audience(self, words: str) -> list[Value]:
        if CHILDREN in self.catalogue.category_names and (_CHILD.search(words) or _AGES.fullmatch(words)):
            return [Value("category", CHILDREN)]
        return self.category(words)

    def _other(self, words: str) -> list[Value]:
        if _SHADE.search(words):
            return [Value("shade", "black and white")]
        if _COLOUR.search(words):
            return [Value("shade", "black and white", -1)]
        if _FOREIGN.search(words):
            return [Value("language", FOREIGN)]
        return unmet(words) or self.category(words)


def _fame(words: str) -> list[Value]:
    for phrase, sign in FAME_WORDS.items():
        if re.search(rf"\b{re.escape(phrase)}\b", words):
            return [Value("axis", "popularity", sign)]
    return unmet(words)


def unmet(words: str) -> list[Value]:
    """What is not known here, where words wish for it or ask after it."""
    return [Value("unmet", what) for pattern, what in _UNMET if pattern.search(words)][:1]


def _content(words: str) -> list[Value]:
    kinds = [
        kind
        for kind, names in CONTENT_WORDS.items()
        if any(re.search(rf"\b{re.escape(name)}\b", words) for name in names)
    ]
    return [Value("content", kind) for kind in kinds]


def _topic(words: str) -> list[Value]:
    return [Value("topic", words)] if words else []


def category_patterns(catalogue: Catalogue) -> list[tuple[str, re.Pattern[str]]]:
    """The words for each category of a catalogue, its own name among them."""
    patterns = []
    for name in catalogue.category_names:
        words = CATEGORY_WORDS.get(name) or (name, f"{name}s", name.replace("-", " "))
        alternatives = "|".join(re.escape(word) for word in sorted({*words, name}, key=len, reverse=True))
        patterns.append((name, re.compile(rf"(?<![\w'])(?:{alternatives})(?![\w'])", re.IGNORECASE)))
    return patterns
