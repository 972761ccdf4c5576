"""What people of the nearest taste liked: cosine between histories, the oldest of the neighbourhood methods."""

from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from chatrec.catalogue.items import Catalogue
from chatrec.collab.common import check_rows, indicator, liked_rows, load_state, save_state
from chatrec.collab.scorer import History


class UserKNN:
    """The likes of the nearest people, each weighed by how near they are.

    Args:
        neighbours: how many people have a vote.
    """

    name = "userknn"
    file = "userknn.safetensors"

    def __init__(self, neighbours: float = 100) -> None:
        self.neighbours = int(neighbours)
        self.likes = csr_matrix((0, 0), dtype=np.float32)

    def fit(self, catalogue: Catalogue, interactions: pd.DataFrame) -> Self:
        """See :class:`~chatrec.collab.scorer.Scorer`. Only likes are read."""
        self.likes = indicator(liked_rows(catalogue, interactions), len(catalogue))
        return self

    def score(self, history: History) -> np.ndarray:
        """See :class:`~chatrec.collab.scorer.Scorer`; without a like, the order of popularity."""
        people, items = self.likes.shape
        check_rows(history, items)
        if not history.liked or not people:
            return np.log1p(np.asarray(self.likes.sum(axis=0), dtype=np.float32).ravel())
        liked = np.zeros(items, dtype=np.float32)
        liked[list(history.liked)] = 1.0
        sizes = np.diff(self.likes.indptr) * len(history.liked)
        nearness = (self.likes @ liked) / np.sqrt(sizes).astype(np.float32)
        nearest = np.argsort(-nearness, kind="stable")[: self.neighbours]
        return np.asarray(nearness[nearest] @ self.likes[nearest], dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write ``userknn.safetensors``."""
        tensors = {"items": self.likes.indices, "ends": self.likes.indptr, "size": np.array(self.likes.shape)}
        save_state(folder / self.file, tensors, {"neighbours": self.neighbours})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what :meth:`save` wrote; ``WorkspaceError`` where it is missing or damaged."""
        tensors, options = load_state(folder / cls.file, ("items", "ends", "size"))
        scorer = cls(**options)
        ones = np.ones(len(tensors["items"]), dtype=np.float32)
        scorer.likes = csr_matrix((ones, tensors["items"], tensors["ends"]), shape=tuple(tensors["size"]))
        return scorer
