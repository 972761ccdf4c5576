"""The match score on a card: the Yes–No logit turned into a share of likes that holds on ratings the model never saw.

Platt scaling (Platt, 1999): two numbers, fitted on each person's second-last rating (the split's ``valid``) after a
handful of their earlier likes and dislikes, which is as much as a conversation knows. Their last rating (``test``) is
left for measuring. What is not ranked highest is in there too, so the score speaks of items people chose to rate.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.optimize import minimize

from chatrec.catalogue.interactions import LIKED, sequences
from chatrec.ilm.model import ItemLanguageModel

FILE = "calibration.json"
LEAST = 20
"""Held-out ratings below which nothing is fitted."""
TOLD = (6, 2)
"""Likes and dislikes that a person tells, at most."""


@dataclass(frozen=True)
class Calibration:
    """``sigmoid(slope · logit + offset)`` is the share that is liked.

    Attributes:
        slope, offset: of the logit.
        ratings: on how many it was fitted.
    """

    slope: float
    offset: float
    ratings: int

    @classmethod
    def fit(cls, logits: np.ndarray, liked: np.ndarray) -> "Calibration | None":
        """Fit on logits (n,) and whether each item was liked (n,); None where there is too little to learn from."""
        if len(logits) < LEAST or not 0 < liked.mean() < 1:
            return None

        def loss(values: np.ndarray) -> float:
            scores = values[0] * logits + values[1]
            return float(np.logaddexp(0, np.where(liked, -scores, scores)).mean())

        slope, offset = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0, None), (None, None)]).x
        return cls(float(slope), float(offset), len(logits))

    def probability(self, logits: np.ndarray) -> np.ndarray:
        """Shares of likes, of the shape of ``logits``."""
        return 1 / (1 + np.exp(-(self.slope * logits + self.offset)))

    def save(self, folder: Path) -> None:
        """Keep it beside the adapter it was fitted for, with that adapter's fingerprint."""
        temporary = folder / f"{FILE}.tmp"
        kept = {**asdict(self), "adapter": _fingerprint(folder)}
        temporary.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        os.replace(temporary, folder / FILE)

    @classmethod
    def load(cls, folder: Path) -> "Calibration | None":
        """What is kept beside an adapter; None where there is nothing readable, or it was fitted for another adapter."""
        try:
            kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return cls(**kept) if kept.pop("adapter", "") == _fingerprint(folder) else None
        except (OSError, ValueError, TypeError, AttributeError):
            return None


def _fingerprint(folder: Path) -> str:
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()[:16]


@torch.no_grad()
def held_out_logits(
    model: ItemLanguageModel, train: pd.DataFrame, held: pd.DataFrame, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Yes–No logits of held-out ratings after a few of the person's earlier ones, and which of them were likes.

    Args:
        model: with its adapter.
        train, held: interactions.
        seed: of which earlier ratings are told.

    Returns:
        logits (n,) and likes (n,), one for each held-out rating of somebody with an earlier like.
    """
    random = np.random.default_rng(seed)
    row = model.catalogue.row
    past, asked = sequences(train, row), sequences(held, row)
    people, labels = [], []
    for user in sorted(asked):
        liked = [item for item, rating in past.get(user, []) if rating >= LIKED]
        disliked = [item for item, rating in past.get(user, []) if rating < LIKED - 1]
        if not liked:
            continue
        told = [
            [int(item) for item in random.permutation(items)[: random.integers(first, most + 1)]]
            for items, first, most in ((liked, 1, TOLD[0]), (disliked, 0, TOLD[1]))
        ]
        people.append((told[0], told[1], [item for item, _ in asked[user]]))
        labels += [rating >= LIKED for _, rating in asked[user]]
    batches = [model.like_logits(people[start : start + 32]) for start in range(0, len(people), 32)]
    return torch.cat(batches).cpu().numpy() if batches else np.zeros(0), np.array(labels, dtype=bool)


def calibrate(model: ItemLanguageModel, train: pd.DataFrame, valid: pd.DataFrame, folder: Path) -> None:
    """Fit on validation ratings and keep the result beside the adapter; where nothing can be fitted, nothing is kept."""
    (folder / FILE).unlink(missing_ok=True)
    fitted = Calibration.fit(*held_out_logits(model, train, valid))
    if fitted is not None:
        fitted.save(folder)
