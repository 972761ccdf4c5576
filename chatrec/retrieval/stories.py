"""Items by a story that is told of them, at any length: sentence by sentence, by meaning and by words."""

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np

SENTENCES, WORDS = 14, 4
"""How many sentences of a story are read at most, and the words of the shortest."""
WHOLE, BEST, TOP = 0.5, 0.3, 0.2
"""What the whole, the mean of the three nearest sentences, and the nearest one count."""
LEXICAL = 1.2
"""What the words that it shares with an item count."""


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(texts, width)."""


def sentences(told: str) -> list[str]:
    """The sentences of a story that say something."""
    parts = [part.strip() for part in re.split(r"(?<=[.!?;])\s+|\n", told)]
    return [part for part in parts if len(part.split()) >= WORDS][:SENTENCES]


def story_vectors(encoder: Encoder, told: str) -> np.ndarray:
    """(1 + sentences, width): the whole first; the whole alone where it is one sentence."""
    parts = sentences(told)
    return encoder.encode([told, *(parts if len(parts) > 1 else [])])


def nearness(items: np.ndarray, vectors: np.ndarray, lexical: np.ndarray) -> np.ndarray:
    """How near each item is to what was told, (items,).

    Args:
        items: (items, width) unit vectors of their texts.
        vectors: of :func:`story_vectors`.
        lexical: (items,) how many words they share with it.
    """
    near = items @ vectors.T
    if near.shape[1] == 1:
        meaning = near[:, 0]
    else:
        best = np.sort(near[:, 1:], axis=1)
        meaning = WHOLE * near[:, 0] + BEST * best[:, -3:].mean(1) + TOP * best[:, -1]
    return meaning + LEXICAL * lexical
