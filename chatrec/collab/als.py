"""Matrix factorisation by alternating least squares (Hu, Koren and Volinsky, 2008), with the ``implicit`` library.

A rating of at least :data:`~chatrec.catalogue.interactions.LIKED` is a like; a lower one counts like an unseen item (weighing
it as a dislike made rankings worse, see the log). A person in a conversation is folded in: with the item vectors fixed, their
vector is one small linear solve (milliseconds), in which a dislike does count.
"""

from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from implicit.cpu.als import AlternatingLeastSquares
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix

from chatrec.catalogue.interactions import LIKED, rating_matrix
from chatrec.catalogue.items import Catalogue
from chatrec.collab.scorer import History
from chatrec.errors import BadInput, WorkspaceError


class ALS:
    """Item vectors and fold-in.

    Args:
        factors: size of the vectors.
        regularization: of the least squares.
        like, dislike: confidence of one like, and of one low rating; 1 is that of an unseen item.
        aversion: confidence of a dislike in :meth:`fold_in`.
        iterations, seed: of the training, which is single-threaded so that it repeats.
    """

    name = "als"

    def __init__(
        self,
        factors: int = 64,
        regularization: float = 12.0,
        like: float = 8.0,
        dislike: float = 1.0,
        aversion: float = 3.0,
        iterations: int = 15,
        seed: int = 7,
    ) -> None:
        self.factors, self.regularization = factors, regularization
        self.like, self.dislike, self.aversion = like, dislike, aversion
        self.iterations, self.seed = iterations, seed
        self.item_vectors = np.zeros((0, factors), dtype=np.float32)
        self.popularity = np.zeros(0, dtype=np.float32)

    def fit(self, catalogue: Catalogue, interactions: pd.DataFrame) -> Self:
        """Learn item vectors. Items nobody rated keep a zero vector."""
        users = sorted(interactions["user_id"].unique())
        ratings = rating_matrix(interactions, catalogue.row, users)
        liked = ratings.copy()
        liked.data = np.where(liked.data >= LIKED, 1.0, 0.0).astype(np.float32)
        self.popularity = np.asarray(liked.sum(axis=0), dtype=np.float32).ravel()
        if not users or not len(catalogue):
            self.item_vectors = np.zeros((len(catalogue), self.factors), dtype=np.float32)
            return self
        confidence = ratings.copy()
        confidence.data = np.where(ratings.data >= LIKED, self.like, -self.dislike).astype(np.float32)
        model = self._model(num_threads=1, random_state=self.seed)
        model.fit(confidence, show_progress=False)
        self.item_vectors = np.asarray(model.item_factors, dtype=np.float32)
        self.item_vectors[np.diff(ratings.tocsc().indptr) == 0] = 0.0
        return self

    def fold_in(self, history: History) -> np.ndarray:
        """The person's vector, (factors,) float32; zeros for an empty history.

        Raises:
            BadInput: for rows outside the catalogue.
        """
        outside = [row for row in history.rows if not 0 <= row < len(self.item_vectors)]
        if outside:
            raise BadInput(f"no item has row {outside[0]}; the catalogue has {len(self.item_vectors)} items")
        if history.empty:
            return np.zeros(self.factors, dtype=np.float32)
        rows = [*history.liked, *history.disliked]
        weights = [self.like] * len(history.liked) + [-self.aversion] * len(history.disliked)
        person = csr_matrix(
            (np.array(weights, dtype=np.float32), ([0] * len(rows), rows)), shape=(1, len(self.item_vectors))
        )
        model = self._model(num_threads=1)
        model.item_factors = self.item_vectors
        return np.asarray(model.recalculate_user(0, person), dtype=np.float32).ravel()

    def score(self, history: History) -> np.ndarray:
        """See :class:`~chatrec.collab.scorer.Scorer`."""
        if history.empty:
            return np.log1p(self.popularity)
        return self.item_vectors @ self.fold_in(history)

    def neighbours(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """For each item the rows of its nearest items by cosine and their similarities, both (items, count).

        Items without a vector get themselves, with similarity 0.
        """
        norms = np.linalg.norm(self.item_vectors, axis=1, keepdims=True)
        unit = self.item_vectors / np.maximum(norms, 1e-9)
        similarity = unit @ unit.T
        np.fill_diagonal(similarity, -np.inf)
        count = min(count, max(len(unit) - 1, 1))
        nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :count]
        values = np.take_along_axis(similarity, nearest, axis=1)
        empty = norms.ravel() < 1e-9
        nearest[empty] = np.flatnonzero(empty)[:, None]
        values[empty] = 0.0
        return nearest, np.where(np.isfinite(values), values, 0.0).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write ``collab.safetensors``."""
        options = {
            "factors": self.factors,
            "regularization": self.regularization,
            "like": self.like,
            "dislike": self.dislike,
            "aversion": self.aversion,
            "iterations": self.iterations,
            "seed": self.seed,
        }
        tensors = {"item_vectors": self.item_vectors, "popularity": self.popularity}
        save_file(tensors, folder / "collab.safetensors", metadata={k: str(v) for k, v in options.items()})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read ``collab.safetensors``; ``WorkspaceError`` where it is missing or damaged."""
        path = folder / "collab.safetensors"
        try:
            from safetensors import safe_open

            with safe_open(path, framework="np") as opened:
                raw = opened.metadata() or {}
            tensors = load_file(path)
        except (OSError, ValueError) as error:
            raise WorkspaceError(f"{path} cannot be read ({error}); build the workspace again") from error
        except Exception as error:  # safetensors has its own error for damage
            raise WorkspaceError(f"{path} is damaged ({error}); build the workspace again") from error
        kinds = {"factors": int, "iterations": int, "seed": int}
        options: dict[str, Any] = {name: kinds.get(name, float)(value) for name, value in raw.items()}
        scorer = cls(**options)
        scorer.item_vectors, scorer.popularity = tensors["item_vectors"], tensors["popularity"]
        return scorer

    def _model(self, **options: int) -> AlternatingLeastSquares:
        return AlternatingLeastSquares(
            factors=self.factors,
            regularization=self.regularization,
            iterations=self.iterations,
            use_cg=False,
            use_native=True,
            **options,
        )
