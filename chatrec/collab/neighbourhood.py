"""Scorers that are one item-by-item matrix: EASE, ItemKNN, RP3beta, and co-occurrence within a window of events.

A person's score for an item is the sum of the matrix's rows for what they liked, each row weighed by how recent the like is.
A dislike has no vote here: these models know presence only.
"""

import warnings
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from implicit.nearest_neighbours import CosineRecommender
from implicit.utils import ParameterWarning
from scipy.sparse import csr_matrix, diags_array

from chatrec.catalogue.items import Catalogue
from chatrec.collab.common import check_rows, indicator, liked_rows, load_state, save_state
from chatrec.collab.scorer import History


class Neighbourhood(ABC):
    """An item-by-item matrix and how to read it.

    Args:
        half_life: after so many later likes a like counts half; None, and all count the same, whatever their order.
    """

    name: str
    file: ClassVar[str]

    def __init__(self, half_life: float | None = None) -> None:
        self.half_life = half_life
        self.matrix = np.zeros((0, 0), dtype=np.float32)
        self.popularity = np.zeros(0, dtype=np.float32)

    @abstractmethod
    def _learn(self, histories: list[list[int]], items: int) -> np.ndarray:
        """The matrix, (items, items), from people's liked rows, oldest first."""

    @abstractmethod
    def _options(self) -> dict[str, float | None]:
        """What the constructor takes."""

    def fit(self, catalogue: Catalogue, interactions: pd.DataFrame) -> Self:
        """See :class:`~chatrec.collab.scorer.Scorer`. Only likes are read."""
        histories = liked_rows(catalogue, interactions)
        likes = [row for history in histories for row in history]
        self.popularity = np.bincount(likes, minlength=len(catalogue)).astype(np.float32)
        self.matrix = self._learn(histories, len(catalogue)).astype(np.float32)
        return self

    def score(self, history: History) -> np.ndarray:
        """See :class:`~chatrec.collab.scorer.Scorer`; without a like, the order of popularity."""
        check_rows(history, len(self.matrix))
        if not history.liked:
            return np.log1p(self.popularity)
        weights = recency(len(history.liked), self.half_life)
        rows = np.array(history.liked)
        if self.half_life is not None:  # what is ten half-lives old weighs a thousandth
            rows, weights = rows[weights > 1e-3], weights[weights > 1e-3]
        return weights @ self.matrix[rows]

    def save(self, folder: Path) -> None:
        """Write one safetensors file, options included."""
        save_state(folder / self.file, {"matrix": self.matrix, "popularity": self.popularity}, self._options())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what :meth:`save` wrote; ``WorkspaceError`` where it is missing or damaged."""
        tensors, options = load_state(folder / cls.file, ("matrix", "popularity"))
        scorer = cls(**options)
        scorer.matrix, scorer.popularity = tensors["matrix"], tensors["popularity"]
        return scorer


class EASE(Neighbourhood):
    """Embarrassingly shallow autoencoder (Steck, 2019): ridge regression of each item on all others, in closed form.

    Args:
        regularization: of the ridge regression.
        half_life: see :class:`Neighbourhood`.
    """

    name, file = "ease", "ease.safetensors"

    def __init__(self, regularization: float = 500.0, half_life: float | None = None) -> None:
        super().__init__(half_life)
        self.regularization = regularization

    def _options(self) -> dict[str, float | None]:
        return {"regularization": self.regularization, "half_life": self.half_life}

    def _learn(self, histories: list[list[int]], items: int) -> np.ndarray:
        likes = indicator(histories, items)
        inverse = np.linalg.inv((likes.T @ likes).toarray().astype(np.float64) + self.regularization * np.eye(items))
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0.0)
        return weights


class ItemKNN(Neighbourhood):
    """The nearest items by cosine of who liked them (``implicit``).

    Args:
        neighbours: kept for each item.
        half_life: see :class:`Neighbourhood`.
    """

    name, file = "itemknn", "itemknn.safetensors"

    def __init__(self, neighbours: float = 100, half_life: float | None = None) -> None:
        super().__init__(half_life)
        self.neighbours = int(neighbours)

    def _options(self) -> dict[str, float | None]:
        return {"neighbours": self.neighbours, "half_life": self.half_life}

    def _learn(self, histories: list[list[int]], items: int) -> np.ndarray:
        if not histories:
            return np.zeros((items, items))
        model = CosineRecommender(K=self.neighbours + 1, num_threads=1)  # each item is its own first neighbour
        with warnings.catch_warnings():  # implicit warns of a conversion that it makes itself
            warnings.simplefilter("ignore", ParameterWarning)
            model.fit(indicator(histories, items), show_progress=False)
        similarity = model.similarity.toarray()
        np.fill_diagonal(similarity, 0.0)
        return similarity


class RP3beta(Neighbourhood):
    """Random walks of three steps, item to person to item, popular ends held back (Paudel et al., 2017).

    Args:
        alpha: power of each step's probability.
        beta: power of an item's likes by which it is divided.
        half_life: see :class:`Neighbourhood`.
    """

    name, file = "rp3beta", "rp3beta.safetensors"

    def __init__(self, alpha: float = 1.0, beta: float = 0.4, half_life: float | None = None) -> None:
        super().__init__(half_life)
        self.alpha, self.beta = alpha, beta

    def _options(self) -> dict[str, float | None]:
        return {"alpha": self.alpha, "beta": self.beta, "half_life": self.half_life}

    def _learn(self, histories: list[list[int]], items: int) -> np.ndarray:
        likes = indicator(histories, items)
        people = diags_array(np.array([len(history) for history in histories], dtype=np.float32) ** -self.alpha)
        popularity = np.maximum(
            self.popularity, 1.0
        )  # an item nobody likes has a row of zeros whatever it is divided by
        walks = (likes.T @ (people @ likes)).toarray()
        np.fill_diagonal(walks, 0.0)
        return popularity[:, None] ** -self.alpha * walks * popularity**-self.beta


class CoOccurrence(Neighbourhood):
    """How often an item comes near another in people's histories, relative to how often the other comes at all.

    Two likes that are ``g`` places apart count ``2 ** (-(g - 1) / reach)``, up to a gap of ``window``. The score is the
    logarithm of the weighted sum, which orders items alike and adds up well with other scores.

    Args:
        window: largest gap.
        reach: gap after which a pair counts half; None, and all within the window count the same.
        forward: of a pair, count what comes later (1), what comes earlier (-1), or both (0).
        half_life: see :class:`Neighbourhood`.
        prior: likes added to each item's own, so that rare items do not shout.
    """

    name, file = "cooccurrence", "cooccurrence.safetensors"

    def __init__(
        self,
        window: float = 5,
        reach: float | None = None,
        forward: float = 1,
        half_life: float | None = 3.0,
        prior: float = 1.0,
    ) -> None:
        super().__init__(half_life)
        self.window, self.reach, self.forward, self.prior = int(window), reach, int(forward), prior

    def _options(self) -> dict[str, float | None]:
        return {
            "window": self.window,
            "reach": self.reach,
            "forward": self.forward,
            "half_life": self.half_life,
            "prior": self.prior,
        }

    def _learn(self, histories: list[list[int]], items: int) -> np.ndarray:
        pairs = csr_matrix((items, items), dtype=np.float32)
        for gap in range(1, self.window + 1):
            earlier = [row for history in histories for row in history[:-gap]]
            later = [row for history in histories for row in history[gap:]]
            weight = 1.0 if self.reach is None else 0.5 ** ((gap - 1) / self.reach)
            ones = np.full(len(later), weight, dtype=np.float32)
            pairs = pairs + csr_matrix((ones, (earlier, later)), shape=(items, items))
        total = {1: pairs, -1: pairs.T, 0: pairs + pairs.T}[self.forward]
        return total.toarray() / np.maximum(self.popularity[:, None] + self.prior, 1e-9)

    def score(self, history: History) -> np.ndarray:
        """See :class:`~chatrec.collab.scorer.Scorer`."""
        scores = super().score(history)
        return np.log(scores + 1e-4) if history.liked else scores


def recency(count: int, half_life: float | None) -> np.ndarray:
    """Weights of ``count`` likes, oldest first, (count,) float32; the last one weighs 1."""
    if half_life is None:
        return np.ones(count, dtype=np.float32)
    return (0.5 ** (np.arange(count)[::-1] / half_life)).astype(np.float32)
