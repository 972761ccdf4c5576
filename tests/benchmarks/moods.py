"""Does moving an item's soft tokens towards the mean of a mood move what is near it? Prints the share of the five nearest
real items that have the mood, beside the same move towards the mean of as many random items.

    python tests/benchmarks/moods.py [WORKSPACE]
"""

import sys

import numpy as np
import torch
from torch.nn import functional

from chatrec.recommender import Recommender

ITEMS, NEAR, SHARES = 60, 5, (0.0, 0.3, 0.5, 0.7)
MOODS = ("funny", "sad", "scary", "dark", "romantic", "tense", "warm", "silly")

recommender = Recommender.open(sys.argv[1] if len(sys.argv) > 1 else None)
catalogue, model = recommender.catalogue, recommender.manager.ranker.model
if model is None:
    sys.exit("this workspace has no trained adapter; `chatrec train` makes one")
table, random = model.table.float(), np.random.default_rng(0)
centre = table.mean(1).mean(0)
unit = functional.normalize(table.mean(1) - centre, dim=-1)


def share(rows: np.ndarray, towards: torch.Tensor, far: float, mood: str) -> float:
    """Mean share of the nearest items of ``rows``, moved ``far`` towards a mean, that have the mood."""
    hits = 0
    for row in rows:
        moved = torch.lerp(table[row], towards, far).mean(0)
        near = unit @ functional.normalize(moved - centre, dim=-1)
        near[row] = -2
        hits += sum(mood in catalogue[int(other)].moods for other in near.topk(NEAR).indices)
    return hits / (NEAR * len(rows))


for mood in MOODS:
    have = [row for row, item in enumerate(catalogue) if mood in item.moods]
    rows = random.choice([row for row in range(len(catalogue)) if row not in set(have)], ITEMS, replace=False)
    chance = table[random.choice(len(catalogue), len(have), replace=False)].mean(0)
    moved = [f"{share(rows, table[have].mean(0), far, mood):.3f}" for far in SHARES]
    control = [f"{share(rows, chance, far, mood):.3f}" for far in SHARES]
    print(f"{mood:10} {len(have):4} items; share {SHARES}: towards the mood {moved}, towards random items {control}")
