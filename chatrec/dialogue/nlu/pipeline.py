"""Understanding as a pipeline: normalise, link, tag, resolve. Each stage appends what it found; overlaps are settled once.

1. :mod:`normalization` puts quotes, emoji and the spelling of words that matter right.
2. The tagger reads the message as it is; stretches that it takes for titles, and titles that stand there word for word, are
   linked to the catalogue (:mod:`chatrec.linking.resolution`). What the sentence does not treat as a title is dropped.
3. The tagger reads it again with the linked titles masked: attitudes, values, intents.
4. Values, names, years, references are resolved to the catalogue and the conversation.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from chatrec.catalogue.items import Catalogue, title_key
from chatrec.dialogue.acts import Annotation, Attitude, Before, Intent, Kind
from chatrec.dialogue.nlu.coreference import References
from chatrec.dialogue.nlu.interpretation import Interpreter
from chatrec.dialogue.nlu.language import language_of
from chatrec.dialogue.nlu.names import Names
from chatrec.dialogue.nlu.normalization import normalised
from chatrec.dialogue.nlu.reading import Mention, Reading
from chatrec.dialogue.nlu.spelling import Spelling
from chatrec.dialogue.nlu.tagger import Tagged, Tagger, load_tagger
from chatrec.dialogue.nlu.values import Encoder, Values
from chatrec.dialogue.tracking.state import State
from chatrec.linking.ordinary import ordinary
from chatrec.linking.resolution import TitleResolver
from chatrec.linking.title_keys import Span

LONGEST = 4000
"""Characters of a message that are read; the rest of a longer one is left unread, and the reply says so."""
TITLE, PLAIN, KNOWN = 0.5, 0.35, 0.03
"""How sure the tagger must be of a title: that nobody else found; that is an everyday phrase; that is surely one elsewhere."""
SHORTEST = 3
UNKNOWN = 0.6
"""How sure it must be that words are a title before the reply says that the catalogue does not have it."""
_AND = re.compile(
    r"\s*(?:,|;|&|/|\+|,?\s*(?:and|or|n|nor)|,?\s*followed by|,?\s*then)\s*(?:the\s+|also\s+)?", re.IGNORECASE
)
"""What stands between the titles of a list."""
_FURTHER = re.compile(
    r":\s+[A-Z][\w']*(?:\s+[A-Z][\w']*)*|\s+(?:[2-9]|II|III|IV|Part (?:Two|Three|II|III|2|3))\b(?!\s*(?:/|out of|stars|times|films|movies|or))"
)
"""How a title goes on to that of a sequel: ": Maverick", " 3"."""


class Understanding:
    """Reads messages against a catalogue.

    Args:
        catalogue: the items.
        popularity: (items,) how well known each is.
        encoder: of sentences, for words that no list has.
        tagger: the trained part; the shipped one by default.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        popularity: np.ndarray,
        encoder: Encoder | None = None,
        tagger: Tagger | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.linker = TitleResolver(catalogue, popularity)
        self.values = Values(catalogue, encoder)
        self.names = Names(catalogue)
        self.spelling = Spelling(catalogue)
        self.tagger = tagger or load_tagger()
        self.interpreter = Interpreter(
            catalogue,
            self.values,
            self.names,
            References(catalogue, self.values),
            self.linker.whole_series,
            self.linker.parts,
        )

    def read(self, text: str, state: State) -> Reading:
        """Understand one message in the light of the conversation so far."""
        said = normalised(self.spelling.right(text[:LONGEST]))
        if not said.strip():
            return Reading(text=said)
        before = before_of(state)
        near = [self.catalogue.row[i] for i in (*state.focus, *reversed(state.named[-6:])) if i in self.catalogue.row]
        near += [self.catalogue.row[i] for i in (state.shown[-1] if state.shown else []) if i in self.catalogue.row]
        first = self.tagger.read(said, before)
        spans, unknown, series = self._titles(said, first, near)
        tagged = self.tagger.read(said, before, [(s.start, s.end) for s in spans]) if spans else first
        mentions = [self._mention(tagged, span) for span in spans]
        reading = self.interpreter.interpret(said, tagged, mentions, series, state)
        reading.unknown = [said[a:b] for a, b in unknown if not self._nothing_of(reading, said, a, b)]
        if "foreign" in reading.acts and not reading.mentions:
            reading.tongue = language_of(said)
        reading.unknown_people = [n for n in reading.unknown_people if self.linker.resolve(n, 0, len(n)) is None]
        reading.truncated = len(text) > LONGEST
        return reading

    def _titles(
        self, text: str, tagged: Tagged, near: Sequence[int]
    ) -> tuple[list[Span], list[tuple[int, int]], list[Annotation]]:
        """Titles that the message names, stretches that name what the catalogue does not have, and whole series."""
        exact = self.linker.candidates(text)
        people = self.names.full_names(text)
        found: list[Span] = []
        unknown: list[tuple[int, int]] = []
        series: list[Annotation] = []
        for note in tagged.spans:
            rows = self.linker.whole_series(text, note.start, note.end) if note.kind is Kind.SERIES else []
            if len(rows) > 1 or (rows and not self.linker.resolve(text, note.start, note.end, near)):
                series.append(note)
                continue
            if note.kind not in (Kind.TITLE, Kind.SERIES) or note.certainty < TITLE:
                continue
            span = self.linker.resolve(text, note.start, note.end, near)
            inside = [c for c in exact if note.overlaps(c.start, c.end)]
            if span and (beyond := _goes_on(text, span, self.linker)):
                unknown.append((span.start, beyond))
            elif span and not _is_person(people, span, text):
                found.append(span)
            elif instead := [c for c in inside if len(inside) > 1 or _stands_for(c, note)]:
                found += instead
            elif span is None and note.certainty >= UNKNOWN and not self.names.resolve(text[note.start : note.end]):
                unknown.append((note.start, note.end))
        held = [(s.start, s.end) for s in found] + unknown + [(s.start, s.end) for s in series]
        for span in exact:
            if any(a < span.end and span.start < b for a, b in held) or _is_person(people, span, text):
                continue
            certainty = tagged.at(span.start, span.end, Kind.TITLE, "linker").certainty
            if any(_listed(text, span, other) for other in found):
                certainty = max(certainty, PLAIN if text[span.start].isupper() or certainty >= KNOWN else certainty)
            told = any(n.overlaps(span.start, span.end) and n.kind in (Kind.STORY, Kind.PERSON) for n in tagged.spans)
            if certainty >= (KNOWN if span.certain else PLAIN) and not (told and certainty < TITLE):
                dated = self.linker.resolve(text, span.start, span.end, near)
                found.append(dated or span)
        return _apart(found), unknown, series

    def _mention(self, tagged: Tagged, span: Span) -> tuple[Span, Annotation]:
        return span, tagged.at(span.start, span.end, Kind.TITLE, "linker")

    def _nothing_of(self, reading: Reading, text: str, start: int, end: int) -> bool:
        """Whether words that look like an unknown title are taken for something else after all."""
        if reading.story:
            return True  # what it is not, or is like, is no title that somebody asks for
        words = text[start:end]
        told = re.findall(r"[^\W_]+", words)
        asked = Intent.ASK_HAVE in reading.requested
        everyday = not asked and words.islower() and all(ordinary(word) for word in told)
        held = any(m.start < end and start < m.end for m in reading.mentions)
        return held or everyday or len(title_key(words)) < SHORTEST or bool(self.values.category(words.casefold()))


def before_of(state: State) -> Before:
    """What the system did in the turn before, as the tagger is told it."""
    if state.done:
        return Before(state.done)
    return Before.SHOWN if state.shown else Before.NOTHING


def _is_person(people: Sequence[tuple[int, int, str]], span: Span, text: str) -> bool:
    """Whether a title is only a part of somebody's full name: "Emma" of "Emma Thompson"."""
    return any(a <= span.start and span.end <= b and b - a > span.end - span.start for a, b, _ in people)


def _listed(text: str, one: Span, two: Span) -> bool:
    """Whether two stretches stand in one list: "Speed and Heat", "Notorious, Laura and Picnic"."""
    first, second = sorted((one, two), key=lambda span: span.start)
    return bool(_AND.fullmatch(text[first.end : second.start]))


def _goes_on(text: str, span: Span, linker: TitleResolver) -> int:
    """Where a longer title ends that begins with this one, and that the catalogue does not have; 0 where none does."""
    further = _FURTHER.match(text[span.end :])
    if not further or linker.resolve(text, span.start, span.end + further.end()) is not None:
        return 0
    return span.end + further.end()


def _stands_for(span: Span, note: Annotation) -> bool:
    """Whether a title that stands there word for word is what a stretch names: it goes beyond it, or is most of it."""
    beyond = span.start < note.start or note.end < span.end
    return span.certain and (beyond or span.end - span.start > 0.7 * (note.end - note.start))


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Spans without overlaps, the longer first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start - span.end):
        if not any(span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


__all__ = ["LONGEST", "Attitude", "Intent", "Mention", "Understanding", "before_of", "replace"]
