"""Understanding as a pipeline: normalise, link, tag, interpret. Each stage adds what it found; overlaps are settled once.

1. :mod:`normalization` and :mod:`spelling` put quotes, pictures and the spelling of words that matter right.
2. The tagger reads the message as it is; what it takes for titles, and titles that stand there word for word, are linked to
   the catalogue (:mod:`titles`). What the sentence does not treat as a title is dropped.
3. The tagger reads it again with the linked titles masked: attitudes, values, intents.
4. :mod:`interpretation` resolves values, names, years and references to the catalogue and the conversation.
"""

import re

import numpy as np

from chatrec.catalogue.items import Catalogue, title_key
from chatrec.dialogue.acts import Before, Intent, Kind
from chatrec.dialogue.nlu.coreference import References
from chatrec.dialogue.nlu.interpretation import Interpreter
from chatrec.dialogue.nlu.language import language_of
from chatrec.dialogue.nlu.names import Names
from chatrec.dialogue.nlu.normalization import normalised
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.nlu.spelling import Spelling
from chatrec.dialogue.nlu.tagger import Tagger, load_tagger
from chatrec.dialogue.nlu.titles import TitleReader
from chatrec.dialogue.nlu.values import Encoder, Values
from chatrec.dialogue.tracking.state import State
from chatrec.linking.ordinary import known_word, ordinary
from chatrec.linking.resolution import TitleResolver

LONGEST = 4000
"""Characters of a message that are read; the rest of a longer one is left unread, and the reply says so."""
SHORTEST = 3
"""Letters of the shortest words that the reply says the catalogue does not have."""


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
        self.titles = TitleReader(self.linker, self.names)
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
        titles = self.titles.read(said, first, near)
        masks = [(span.start, span.end) for span in titles.linked]
        tagged = self.tagger.read(said, before, masks) if masks else first
        mentions = [(span, tagged.at(span.start, span.end, Kind.TITLE, "linker")) for span in titles.linked]
        reading = self.interpreter.interpret(said, tagged, mentions, titles.series, state, titles.unknown)
        reading.unknown = [said[a:b] for a, b in titles.unknown if not self._nothing_of(reading, said, a, b)]
        reading.unknown_people = [n for n in reading.unknown_people if self.linker.resolve(n, 0, len(n)) is None]
        if "foreign" in reading.acts and not reading.mentions:
            reading.tongue = language_of(said)
        if reading.empty_but_for_talk and not any(map(known_word, re.findall(r"[a-z']+", said.casefold()))):
            reading.acts.clear()  # a cat on the keyboard
        reading.truncated = len(text) > LONGEST
        return reading

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
