"""What human dialogues say about items: how often each is recommended and mentioned, which are mentioned together, and
what was recommended after similar contexts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Heard:
    """One turn, read against a catalogue.

    Attributes:
        dialogue: which dialogue it belongs to.
        named: (age, rows) of the titles in the context, oldest first; age 0 is the last utterance. A title has several
            rows, the likeliest first, where nothing tells items of one name apart.
        vector: (width,) of the whole context.
        chosen: rows that were recommended next.
    """

    dialogue: str
    named: tuple[tuple[int, tuple[int, ...]], ...]
    vector: np.ndarray
    chosen: tuple[int, ...] = ()

    @property
    def titles(self) -> tuple[list[int], np.ndarray]:
        """The likeliest row of each title, and its weight, (titles,): what was said long ago counts less."""
        return [rows[0] for _, rows in self.named], np.array([FADE**age for age, _ in self.named], dtype=np.float32)


FADE = 0.85
"""What a title loses in weight with each utterance since."""
_PRIOR = 3.0
_SHARPNESS = 6
"""Power of the cosine between contexts: only close ones count."""


class Mentions:
    """Statistics of turns. Everything counts a dialogue once, except the recommendations themselves."""

    FEATURES = ("recommended", "ever_recommended", "mentioned", "together", "lift", "similar_contexts")

    def __init__(self, turns: Sequence[Heard], items: int) -> None:
        self.heard, self.items, self.none = list(turns), items, np.zeros(items, dtype=np.float32)
        chosen = [(place, row) for place, turn in enumerate(turns) for row in turn.chosen]
        self.chosen = _binary(chosen, len(turns), items)
        self.vectors = np.stack([turn.vector for turn in turns]) if turns else np.zeros((0, 1), dtype=np.float32)
        number = {name: place for place, name in enumerate(dict.fromkeys(turn.dialogue for turn in turns))}
        spoken = {(number[t.dialogue], row) for t in turns for row in (*t.titles[0], *t.chosen)}
        said = _binary(sorted(spoken), len(number), items)
        self.mentioned = np.asarray(said.sum(axis=0), dtype=np.float32).ravel()
        together = (said.T @ said).tolil()
        together.setdiag(0)
        self.together = together.tocsr()
        self.recommended = np.asarray(self.chosen.sum(axis=0), dtype=np.float32).ravel()

    def features(self, turn: Heard) -> np.ndarray:
        """Features of every item after a turn, (len(FEATURES), items) float32."""
        together = lift = similar = self.none
        if turn.named:
            rows, weights = turn.titles
            joint = weights / (self.mentioned[rows] + _PRIOR) @ self.together[rows].toarray()
            together, lift = np.log1p(_PRIOR * joint), np.log1p(30 * joint / (self.mentioned + _PRIOR))
        if self.heard:
            near = np.maximum(self.vectors @ turn.vector, 0) ** _SHARPNESS
            similar = np.log1p(5 * (self.chosen.T @ near))
        popular = (np.log(self.recommended + 0.3), self.recommended > 0, np.log(self.mentioned + 0.3))
        return np.stack([*popular, together, lift, similar]).astype(np.float32)


def _binary(pairs: Sequence[tuple[int, int]], height: int, width: int) -> csr_matrix:
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    return csr_matrix((np.ones(len(pairs), dtype=np.float32), (rows, columns)), shape=(height, width))
