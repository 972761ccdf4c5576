"""Matrix factorisation by Bayesian personalised ranking (Rendle et al., 2009), with the ``implicit`` library."""

from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from implicit.cpu.bpr import BayesianPersonalizedRanking
from scipy.special import expit

from chatrec.catalogue.items import Catalogue
from chatrec.collab.common import check_rows, indicator, liked_rows, load_state, save_state
from chatrec.collab.scorer import History

STEPS, STEP = 50, 2.0
"""Of the gradient ascent that folds a person in."""


class BPR:
    """Item vectors and biases; a person is folded in by the same objective, their likes against the average item.

    Args:
        factors: size of the vectors.
        learning_rate, regularization, iterations, seed: of the training, which is single-threaded so that it repeats.
    """

    name = "bpr"
    file = "bpr.safetensors"

    def __init__(
        self,
        factors: float = 64,
        learning_rate: float = 0.05,
        regularization: float = 0.01,
        iterations: float = 150,
        seed: float = 7,
    ) -> None:
        self.factors, self.iterations, self.seed = int(factors), int(iterations), int(seed)
        self.learning_rate, self.regularization = learning_rate, regularization
        self.vectors = np.zeros((0, self.factors), dtype=np.float32)
        self.bias = np.zeros(0, dtype=np.float32)
        self.popularity = np.zeros(0, dtype=np.float32)

    def fit(self, catalogue: Catalogue, interactions: pd.DataFrame) -> Self:
        """See :class:`~chatrec.collab.scorer.Scorer`. Only likes are read; items nobody likes keep a zero vector."""
        likes = indicator(liked_rows(catalogue, interactions), len(catalogue))
        self.popularity = np.asarray(likes.sum(axis=0), dtype=np.float32).ravel()
        self.vectors = np.zeros((len(catalogue), self.factors), dtype=np.float32)
        self.bias = np.zeros(len(catalogue), dtype=np.float32)
        if likes.nnz == 0:
            return self
        model = BayesianPersonalizedRanking(
            factors=self.factors,
            learning_rate=self.learning_rate,
            regularization=self.regularization,
            iterations=self.iterations,
            num_threads=1,
            random_state=self.seed,
        )
        model.fit(likes, show_progress=False)
        known = self.popularity > 0
        self.vectors[known] = model.item_factors[known, :-1]  # the last column is the bias
        self.bias[known] = model.item_factors[known, -1]
        self.bias[~known] = self.bias[known].min()
        return self

    def score(self, history: History) -> np.ndarray:
        """See :class:`~chatrec.collab.scorer.Scorer`; without a like, the order of popularity."""
        check_rows(history, len(self.vectors))
        if not history.liked:
            return np.log1p(self.popularity)
        liked = sorted(history.liked)  # sums come out the same whatever the order
        ahead = self.vectors[liked] - self.vectors.mean(0)
        lead = self.bias[liked] - self.bias.mean()
        person = np.zeros(self.factors, dtype=np.float32)
        for _ in range(STEPS):
            slack = expit(-(ahead @ person + lead))
            person += STEP * (slack @ ahead / len(liked) - self.regularization * person)
        return (self.vectors @ person + self.bias).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write ``bpr.safetensors``."""
        names = ("factors", "learning_rate", "regularization", "iterations", "seed")
        tensors = {name: getattr(self, name) for name in ("vectors", "bias", "popularity")}
        save_state(folder / self.file, tensors, {name: getattr(self, name) for name in names})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what :meth:`save` wrote; ``WorkspaceError`` where it is missing or damaged."""
        tensors, options = load_state(folder / cls.file, ("vectors", "bias", "popularity"))
        scorer = cls(**options)
        scorer.vectors, scorer.bias, scorer.popularity = tensors["vectors"], tensors["bias"], tensors["popularity"]
        return scorer
