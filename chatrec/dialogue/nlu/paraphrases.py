"""Questions about an item in words that no pattern has, told by their meaning: "whose work is it?", "the gist?".

The sentence's vector is compared with those of 350 ways of asking (``questions.yaml``). One that asks for a
fact is put in plain words ("who directed it?"), which the patterns know; what asks for anything else stays as it is.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Protocol

import chatrec_data
import numpy as np
import yaml

from chatrec.dialogue.nlu.clauses import blank
from chatrec.linking.title_keys import Span

PLAIN = {
    "director": "who directed {}?",
    "cast": "who is in {}?",
    "year": "what year is {} from?",
    "plot": "what is {} about?",
}
OTHER = "other"
NEAREST = 5
"""Known questions that are asked for their kind."""
SURE, AHEAD = 0.6, 0.08
"""How near the nearest must be (cosine), and how much nearer the kind than all that is no such question."""
_IT = "\0"
_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\w))+[.!?]*")
_NEXT = re.compile(
    r",\s+(?=(?:can|could|would) you (?:tell|say|remind)\b)|,?\s+and\s+(?=(?:who(?:se)?|when|what|which|where|how|is|was|did)\s+\w)",
    re.IGNORECASE,
)
"""Where a sentence goes on to its next question."""
_ASKS = re.compile(
    r"\?|\b(?:who|whom|whose|who(?:'?[sd])|when|where|what|what'?s|which|how|tell|remind|name|describe)\b",
    re.IGNORECASE,
)
_SEEKS = re.compile(
    r"\b(?:else|other|others|another|more (?:films|movies|of|like|with|by)|similar|like|recommend\w*|suggest\w*|should|shall|would|want|watch|see any"
    r"|something|anything|any|some|films|movies|ones|got|get|whatever|which (?:\w+ ){0,3}(?:film|movie|book|game|of)|have you|do you have|in the mood|tonight|than|which one|my|me)\b",
    re.IGNORECASE,
)
"""Words of what asks for items, or about the person, and not for a fact."""
_PATTERNED = re.compile(
    r"\bwho(?:'s| is| was)? (?:directed|directs|made|in|(?:is|was) behind the camera|stars?|starred|acts?|acted|plays?|played)\b"
    r"|\bwhose (?:film|movie)\b|\bdirector\b|\bcast\b|\bactors?\b|\bwhen (?:was|did|is)\b|\b(?:what|which) year\b|\bhow old\b"
    r"|\bwhat\b.*\babout\b|\bplot\b|^\W*(?:and |so |but )?(?:is|was|did|does|has|are)\b",
    re.IGNORECASE,
)
"""What the patterns tell by themselves, where they see that an item is asked about (:mod:`chatrec.dialogue.nlg.answers`)."""
_POINTS = re.compile(
    r"\b(?:the )?(?:first|second|third|last|other|old|older|new|newer|original)(?: (?:one|film|movie|version))?\b(?=\W*(?:$|is|was|by|made|from|about|in))"
    r"|\bthe (?:remake|original|sequel)\b|\bboth(?: of (?:them|those|these))?\b|\b(?:them|those|these)\b",
    re.IGNORECASE,
)
"""What stands for an item, or several, that were talked of: "the first", "both of them"."""
_TELL_ME = re.compile(r"\b(?:tell|remind|give) (?:me|us)\b|\b(?:i|we) (?:would|should) know\b", re.IGNORECASE)
SHORT = 3
"""Words of a message that is a question without saying so, behind talk of an item: "year?", "and the director"."""


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(texts, width)."""


class Paraphrases:
    """Tells what a question asks.

    Args:
        encoder: of sentences.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    @cached_property
    def _known(self) -> tuple[np.ndarray, np.ndarray]:
        """Vectors (known questions, width) and the kind of each; on first use, a second or so."""
        asked = yaml.safe_load((chatrec_data.ROOT / "questions.yaml").read_text("utf-8"))
        texts = [text for kind in asked for text in asked[kind]]
        return self.encoder.encode(texts), np.array([kind for kind in asked for _ in asked[kind]])

    def kind(self, question: str) -> str:
        """Which fact a question asks for (a key of :data:`PLAIN`), or nothing; "it" stands for the item in it."""
        vectors, kinds = self._known
        near = vectors @ self.encoder.encode([question.casefold().strip(" ?!.")])[0]
        best = {
            kind: float(np.sort(near[kinds == kind])[-NEAREST:].mean() + near[kinds == kind].max()) / 2
            for kind in (*PLAIN, OTHER)
        }
        first = max(PLAIN, key=lambda kind: best[kind])
        sure = near[kinds == first].max() >= SURE
        return first if sure and best[first] - best[OTHER] >= AHEAD else ""

    def plain(self, text: str, spans: Sequence[Span], talked: bool, asks: bool) -> str:
        """The message with such questions in plain words; the same message where there are none.

        Args:
            text: the message.
            spans: the titles in it.
            talked: whether an item was talked of before, which a question without a title may be about.
            asks: whether the patterns see already that it asks about an item; then what they know stays as it is.
        """
        named = False
        pieces, done = [], 0
        for start, end, sentence, titles in _sentences(text, spans):
            own = titles[0] if len(titles) == 1 else None
            short = talked and not named and not titles and len(text.split()) <= SHORT
            known, named = bool(own or named or talked), bool(named or titles)
            if not known or len(titles) > 1 or not (short or _ASKS.search(sentence)):
                continue
            if _SEEKS.search(_TELL_ME.sub("", sentence)) or (asks and _PATTERNED.search(sentence)):
                continue
            if kind := self.kind(sentence):
                pointed = _POINTS.search(sentence)
                name = text[own.start : own.end] if own else pointed[0] if pointed else "it"
                pieces += [text[done:start], PLAIN[kind].format(name)]
                done = end
        return "".join([*pieces, text[done:]])


def _sentences(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, str, list[Span]]]:
    """Where each sentence is, its words with "it" for a title, and its titles."""
    held = list(blank(text, [(span.start, span.end) for span in spans]))
    for span in spans:
        held[span.start : span.end] = _IT * (span.end - span.start)
    masked = "".join(held)
    for found in _SENTENCE.finditer(masked):
        first = found.start() + len(found[0]) - len(found[0].lstrip())
        joints = [(found.start() + joint.start(), found.start() + joint.end()) for joint in _NEXT.finditer(found[0])]
        ends = [*(start for start, _ in joints), found.end()]
        for start, end in zip([first, *(end for _, end in joints)], ends, strict=True):
            own = [span for span in spans if start <= span.start and span.end <= end]
            yield start, end, re.sub(f"{_IT}+", "it", masked[start:end]), own
