"""What every scorer of the catalogue promises. Contract tests hold each scorer to it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import numpy as np
import pandas as pd

from chatrec.catalogue.items import Catalogue


@dataclass(frozen=True)
class History:
    """What is known of one person: rows of the catalogue, oldest first. An item is in at most one of the two."""

    liked: tuple[int, ...] = ()
    disliked: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known."""
        return not self.liked and not self.disliked

    @property
    def rows(self) -> set[int]:
        """All rows, liked or not."""
        return {*self.liked, *self.disliked}


@runtime_checkable
class Scorer(Protocol):
    """Scores the whole catalogue for a person who is known by a history alone."""

    name: str

    def fit(self, catalogue: Catalogue, interactions: pd.DataFrame) -> Self:
        """Learn from interactions; items without any are allowed."""
        ...

    def score(self, history: History) -> np.ndarray:
        """Scores, (items,) float32, higher is better, always finite; an empty history gives a popularity order.

        Rows that the catalogue does not have raise ``BadInput``. Items of the history are scored like any other: what
        to leave out is the ranker's business.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write everything needed by :meth:`load` (safetensors and JSON only)."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what :meth:`save` wrote; scores are the same."""
        ...
