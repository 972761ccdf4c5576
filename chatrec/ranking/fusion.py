"""A fusion, learned: multinomial (softmax) regression of the item that was chosen over features of all items.

The linear part can be read off. The curved part, a small perceptron on the same features, adds what no single weight can
say: that a close genre counts for more in a well-known film, or that a likeness counts only near the top.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import minimize
from torch import nn

NETWORKS, HIDDEN, DROPOUT, RATE, DECAY, EPOCHS, BATCH = 3, 32, 0.1, 5e-3, 1e-2, 24, 64
EMPTY = -1e9
"""Offset of an empty place, where a choice has fewer items than others."""
LIMIT = 6.0
"""Standardised features are held within this many deviations in the curved part."""


@dataclass(frozen=True)
class Curve:
    """The curved part: ``second @ gelu(first @ x + bias)``, x standardised by ``mean`` and ``spread``.

    ``first`` is (hidden, features); the others are vectors of the size that this needs.
    """

    mean: np.ndarray
    spread: np.ndarray
    first: np.ndarray
    bias: np.ndarray
    second: np.ndarray
    straight: np.ndarray

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Scores of every item from its features, (features, items) to (items,) float32."""
        scaled = np.clip((features - self.mean[:, None]) / self.spread[:, None], -LIMIT, LIMIT)
        hidden = torch.from_numpy(self.first @ scaled + self.bias[:, None])
        return self.second @ nn.functional.gelu(hidden).numpy() + self.straight @ scaled


def fit_softmax(features: np.ndarray, offset: np.ndarray, decay: float = 1e-3) -> np.ndarray:
    """Weights, (features,) float32, that make the chosen items likely.

    Args:
        features: (choices, items, features) of some items; the first of each choice is the chosen one.
        offset: (choices, items) log of how many items of the catalogue each stands for (sampled softmax); EMPTY where
            there is none.
        decay: weight of the squared standardised weights.
    """
    spread = features[offset > EMPTY].std(0)
    scale = np.where(spread > 1e-6, 1.0 / np.maximum(spread, 1e-6), 0.0).astype(np.float32)
    scaled = features * scale

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logits = scaled @ weights.astype(np.float32) + offset
        logits -= logits.max(axis=1, keepdims=True)
        share = np.exp(logits)
        share /= share.sum(axis=1, keepdims=True)
        value = -np.log(share[:, 0] + 1e-12).mean() + decay * float(weights @ weights)
        share[:, 0] -= 1.0
        slope = np.tensordot(share, scaled, axes=([0, 1], [0, 1])) / len(scaled)
        return float(value), slope.astype(np.float64) + 2 * decay * weights

    found = minimize(loss, np.zeros(features.shape[2]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return (found.x * scale).astype(np.float32)


def fit_curve(features: np.ndarray, offset: np.ndarray, weights: np.ndarray, networks: int = NETWORKS) -> Curve:
    """Learn the curved part beside the linear one, by the same softmax: the mean of several networks, kept as one.

    Three instead of one: log-loss on held-out turns of ReDial lower by .006 (standard error .003).

    Args:
        features, offset: as for :func:`fit_softmax`.
        weights: what :func:`fit_softmax` found, to begin with.
        networks: how many; they differ in their first weights and in the order of the choices.
    """
    found = [_fit_network(features, offset, weights, seed) for seed in range(networks)]
    return Curve(
        found[0].mean,
        found[0].spread,
        np.concatenate([one.first for one in found]),
        np.concatenate([one.bias for one in found]),
        np.concatenate([one.second for one in found]) / networks,
        np.stack([one.straight for one in found]).mean(axis=0),
    )


def _fit_network(features: np.ndarray, offset: np.ndarray, weights: np.ndarray, seed: int) -> Curve:
    """One network; global random state is left as it was."""
    flat = features[offset > EMPTY]
    mean, spread = flat.mean(axis=0), flat.std(axis=0) + 1e-6
    scaled = torch.from_numpy(np.clip((features - mean) / spread, -LIMIT, LIMIT))
    stands_for = torch.from_numpy(offset.astype(np.float32))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        first, second = nn.Linear(len(mean), HIDDEN), nn.Linear(HIDDEN, 1)
        curved = nn.Sequential(first, nn.GELU(), nn.Dropout(DROPOUT), second)
        straight = nn.Linear(len(mean), 1, bias=False)
        with torch.no_grad():
            second.weight *= 0.1
            straight.weight.copy_(torch.from_numpy(weights * spread)[None])
        steps = EPOCHS * -(-len(scaled) // BATCH)
        optimizer = torch.optim.AdamW([*curved.parameters(), *straight.parameters()], RATE, weight_decay=DECAY)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.2)
        for _ in range(EPOCHS):
            for batch in torch.randperm(len(scaled)).split(BATCH):
                logits = (curved(scaled[batch]) + straight(scaled[batch])).squeeze(-1) + stands_for[batch]
                optimizer.zero_grad()
                (-logits.log_softmax(dim=1)[:, 0].mean()).backward()
                optimizer.step()
                schedule.step()
    tensors = (first.weight, first.bias, second.weight[0], straight.weight[0])
    return Curve(mean, spread, *(tensor.detach().numpy().copy() for tensor in tensors))
