"""One score from many: a softmax regression over standardised scores, learned on events that no part was fitted on."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

LIMIT = 8.0
"""Standardised scores are cut off here, so that one wild part cannot decide alone."""


def standardise(scores: np.ndarray, histories: Sequence[Sequence[int]]) -> np.ndarray:
    """Scores with mean 0 and deviation 1 over the items that each person does not know yet.

    Args:
        scores: (people, items).
        histories: known rows of each person.

    Returns:
        (people, items) float32; known items get 0.
    """
    open_ = candidates(histories, scores.shape[1])
    count = open_.sum(axis=1, keepdims=True)
    mean = np.where(open_, scores, 0.0).sum(axis=1, keepdims=True) / count
    centred = np.where(open_, scores - mean, 0.0)
    deviation = np.sqrt((centred**2).sum(axis=1, keepdims=True) / count)
    return np.clip(centred / (deviation + 1e-6), -LIMIT, LIMIT).astype(np.float32)


def candidates(histories: Sequence[Sequence[int]], items: int) -> np.ndarray:
    """Which items each person does not know yet, (people, items) bool."""
    open_ = np.ones((len(histories), items), dtype=bool)
    for number, rows in enumerate(histories):
        open_[number, list(rows)] = False
    return open_


def learn_weights(
    parts: np.ndarray, histories: Sequence[Sequence[int]], targets: Sequence[int], penalty: float = 0.01
) -> np.ndarray:
    """Weights under which what people chose next is likely among all they did not know.

    Minimises mean cross-entropy plus ``penalty * |weights|²``; convex, so that it has one answer.

    Args:
        parts: (parts, people, items) standardised scores.
        histories: known rows of each person.
        targets: the row each chose.
        penalty: of the squared weights.

    Returns:
        (parts,) float64.
    """
    closed = ~candidates(histories, parts.shape[2])
    people = np.arange(len(targets))
    chosen = parts[:, people, list(targets)].mean(axis=1)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = np.tensordot(weights.astype(np.float32), parts, axes=1)
        scores[closed] = -np.inf
        total = logsumexp(scores, axis=1, keepdims=True)
        expected = np.tensordot(parts, np.exp(scores - total), axes=([1, 2], [0, 1])) / len(targets)
        value = float(total.mean() - chosen @ weights + penalty * weights @ weights)
        return value, (expected - chosen + 2 * penalty * weights).astype(np.float64)

    return np.asarray(minimize(loss, np.zeros(len(parts)), jac=True, method="L-BFGS-B", options={"maxiter": 80}).x)
