"""Titles in a message: what the tagger takes for one, what stands there word for word, what is misspelt, what is not here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chatrec.dialogue.acts import Annotation, Intent, Kind
from chatrec.dialogue.nlu.closed_classes import read_grade
from chatrec.dialogue.nlu.names import Names
from chatrec.dialogue.nlu.tagger import Tagged
from chatrec.linking.resolution import TitleResolver
from chatrec.linking.title_keys import Span, overlaps

TITLE, PLAIN, KNOWN = 0.5, 0.35, 0.03
"""How sure the tagger must be of a title: that nobody else found; that is an everyday phrase; that is surely one elsewhere."""
UNKNOWN = 0.6
"""How sure it must be that words are a title before the reply says that the catalogue does not have it."""
ASKED = 0.3
"""How sure it must be where the message asks whether something is there: then there is something that it asks for."""
COVERED = 0.6
"""Share of a stretch that a title must be, to be what it names."""
_AND = re.compile(
    r"\s*(?:,|;|&|/|\+|,?\s*(?:and|or|n|nor)|,?\s*followed by|,?\s*then)\s*(?:the\s+|also\s+)?", re.IGNORECASE
)
"""What stands between the titles of a list."""
_DATED = re.compile(r"\((?:18|19|20)\d\d\)$")
_FURTHER = re.compile(
    r":\s+[A-Z][\w']*(?:\s+[A-Z][\w']*)*"
    r"|\s+(?:[2-9]|II|III|IV|Part (?:Two|Three|II|III|2|3))\b(?!\s*(?:/|out of|stars|times|films|movies|or))"
)
"""How a title goes on to that of a sequel: ": Maverick", " 3"."""
_REST = re.compile(r"(?::?\s+[A-Z\d][\w'-]*)*")
"""The rest of an unknown title that was marked in part: what goes on in capitals belongs to it."""


@dataclass
class Titles:
    """What was found.

    Attributes:
        linked: titles of the catalogue.
        unknown: stretches that name what it does not have.
        series: stretches that name whole series.
    """

    linked: list[Span] = field(default_factory=list)
    unknown: list[tuple[int, int]] = field(default_factory=list)
    series: list[Annotation] = field(default_factory=list)

    @property
    def taken(self) -> list[tuple[int, int]]:
        """Stretches that are spoken for."""
        return [*((s.start, s.end) for s in self.linked), *self.unknown, *((s.start, s.end) for s in self.series)]


class TitleReader:
    """Finds titles.

    Args:
        linker: knows the catalogue's titles.
        names: knows its people: "Emma" is no title in "Emma Thompson".
    """

    def __init__(self, linker: TitleResolver, names: Names) -> None:
        self.linker, self.names = linker, names

    def read(self, text: str, tagged: Tagged, near: Sequence[int]) -> Titles:
        """The titles of a message.

        Args:
            text: the message.
            tagged: what the tagger says of it.
            near: rows that the conversation is about.
        """
        found = Titles()
        asked = tagged.intents[Intent.ASK_HAVE] >= TITLE
        notes = self._asked(text, tagged) if asked else tagged.spans
        exact = self.linker.candidates(text)
        people = self.names.full_names(text)
        for note in notes:
            if note.kind is Kind.SERIES and self._whole(text, note, near):
                found.series.append(note)
            elif note.kind in (Kind.TITLE, Kind.SERIES) and note.certainty >= (ASKED if asked else TITLE):
                self._tagged(text, note, exact, people, near, found, ASKED if asked else UNKNOWN)
        for span in self.linker.slips(text):
            if not overlaps([(s.start, s.end) for s in found.linked], span.start, span.end) and not _named(
                people, span
            ):
                found.unknown = [pair for pair in found.unknown if not overlaps([pair], span.start, span.end)]
                found.linked.append(span)
        for span in exact:
            if overlaps(found.taken, span.start, span.end) or _named(people, span):
                continue
            if asked and not found.taken and text[span.start].isupper():
                found.linked.append(span)  # what else would be asked for
            else:
                self._written(text, span, tagged, near, found)
        found.linked = _apart(found.linked)
        return found

    def _asked(self, text: str, tagged: Tagged) -> list[Annotation]:
        """What a question whether something is there may ask for: titles, names of nobody, and what is half a title."""
        notes = [
            replace(note, kind=Kind.TITLE)
            if note.kind is Kind.PERSON and not self.names.resolve(text[note.start : note.end])
            else note
            for note in tagged.spans
        ]
        return notes or [tagged.at(*stretch, Kind.TITLE, "asked") for stretch in tagged.stretches(Kind.TITLE, ASKED)]

    def _whole(self, text: str, note: Annotation, near: Sequence[int]) -> bool:
        """Whether a stretch names a series, and not one item of it."""
        rows = self.linker.whole_series(text, note.start, note.end)
        return len(rows) > 1 or (bool(rows) and not self.linker.resolve(text, note.start, note.end, near))

    def _tagged(
        self,
        text: str,
        note: Annotation,
        exact: Sequence[Span],
        people: Sequence[tuple[int, int, str]],
        near: Sequence[int],
        found: Titles,
        unknown: float,
    ) -> None:
        """A stretch that the tagger takes for a title."""
        span = self.linker.resolve(text, note.start, note.end, near)
        inside = [c for c in exact if note.overlaps(c.start, c.end)]
        if span and (beyond := self._goes_on(text, span)):
            found.unknown.append((span.start, beyond))
        elif span and not _named(people, span):
            found.linked.append(span)
        elif instead := [c for c in inside if len(inside) > 1 or _stands_for(c, note)]:
            found.linked += instead
        elif span is None and note.certainty >= unknown and not self.names.resolve(text[note.start : note.end]):
            rest = _REST.match(text, note.end)
            end = rest.end() if rest else note.end
            start = note.start - (4 if text[: note.start].endswith(" The ") else 0)
            if found.unknown and overlaps(found.unknown, start, end):
                return  # the rest of one that was quoted whole
            found.unknown.append((start, end))

    def _written(self, text: str, span: Span, tagged: Tagged, near: Sequence[int], found: Titles) -> None:
        """A title that stands there word for word, if the sentence may treat it as one."""
        certainty = tagged.at(span.start, span.end, Kind.TITLE, "linker").certainty
        beside = any(_listed(text, span, other) for other in found.linked) or read_grade(text[span.end : span.end + 12])
        if beside and (text[span.start].isupper() or certainty >= KNOWN):
            certainty = max(certainty, PLAIN)
        whole = self.linker.resolve(text, span.start, span.end, near)
        if whole and _DATED.search(text[whole.start : whole.end]):
            found.linked.append(whole)  # with its year beside it, nobody means anything else
            return
        told = any(n.overlaps(span.start, span.end) and n.kind in (Kind.STORY, Kind.PERSON) for n in tagged.spans)
        if certainty >= (KNOWN if span.certain else PLAIN) and not (told and certainty < TITLE):
            found.linked.append(whole or span)

    def _goes_on(self, text: str, span: Span) -> int:
        """Where a longer title ends that begins with this one, and that the catalogue does not have; 0 where none does."""
        further = _FURTHER.match(text[span.end :])
        if not further or self.linker.resolve(text, span.start, span.end + further.end()) is not None:
            return 0
        return span.end + further.end()


def _listed(text: str, one: Span, two: Span) -> bool:
    """Whether two stretches stand in one list: "Speed and Heat", "Notorious, Laura and Picnic"."""
    first, second = sorted((one, two), key=lambda span: span.start)
    return bool(_AND.fullmatch(text[first.end : second.start]))


def _stands_for(span: Span, note: Annotation) -> bool:
    """Whether a title that stands there word for word is what a stretch names: it goes beyond it, or is most of it."""
    beyond = span.start < note.start or note.end < span.end
    whole = span.start <= note.start and note.end <= span.end
    return (span.certain and (beyond or span.end - span.start > COVERED * (note.end - note.start))) or whole


def _named(people: Sequence[tuple[int, int, str]], span: Span) -> bool:
    """Whether a title is only a part of somebody's full name."""
    return any(a <= span.start and span.end <= b and b - a > span.end - span.start for a, b, _ in people)


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Spans without overlaps, the longer first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start - span.end):
        if not overlaps([(s.start, s.end) for s in kept], span.start, span.end):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
