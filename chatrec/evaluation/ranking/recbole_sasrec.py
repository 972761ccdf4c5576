"""The outside reference in the ranking table: RecBole's own SASRec network (an optional extra).

Its network, loss, settings (``SASRec.yaml`` and ``overall.yaml`` of RecBole 1.2), and its way to train on sequences: every
event is an example of its own, with the events before it as input. RecBole's trainer is not used: it writes files into the
working directory and needs numpy before 2.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from chatrec.catalogue.items import Catalogue
from chatrec.collab.common import liked_rows
from chatrec.errors import BadInput

WINDOW, BATCH, RATE = 50, 2048, 1e-3
CONFIG = {
    "USER_ID_FIELD": "user_id",
    "ITEM_ID_FIELD": "item_id",
    "LIST_SUFFIX": "_list",
    "ITEM_LIST_LENGTH_FIELD": "item_length",
    "NEG_PREFIX": "neg_",
    "MAX_ITEM_LIST_LENGTH": WINDOW,
    "device": "cpu",
    "n_layers": 2,
    "n_heads": 2,
    "hidden_size": 64,
    "inner_size": 256,
    "hidden_dropout_prob": 0.5,
    "attn_dropout_prob": 0.5,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
    "initializer_range": 0.02,
    "loss_type": "CE",
}


class _Items:
    """What the network asks of a data set: how many items there are, the padding included."""

    def __init__(self, items: int) -> None:
        self.items = items

    def num(self, _: str) -> int:
        return self.items + 1


def recbole_network(items: int) -> Any:
    """An untrained network; item rows count from 1, since 0 is its padding.

    Raises:
        BadInput: where RecBole is not installed.
    """
    try:
        from recbole.model.sequential_recommender.sasrec import SASRec
    except ImportError as error:
        raise BadInput(
            f"RecBole cannot be imported ({error}); `pip install 'chatrec[peers]'` adds it, or leave --recbole out"
        ) from error
    return SASRec(CONFIG, _Items(items))


def recbole_sasrec(
    catalogue: Catalogue, epochs: int, interactions: pd.DataFrame, seed: int = 7
) -> Callable[[Sequence[Sequence[int]]], np.ndarray]:
    """Train on interactions for some epochs; returns histories to scores (histories, items)."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = recbole_network(len(catalogue))
        _train(network, liked_rows(catalogue, interactions), epochs, np.random.default_rng(seed))

    @torch.no_grad()
    def score(histories: Sequence[Sequence[int]]) -> np.ndarray:
        parts = [
            network.full_sort_predict(_batch(histories[start : start + 256])) for start in range(0, len(histories), 256)
        ]
        return torch.cat(parts)[:, 1:].numpy()

    return score


def _train(network: Any, histories: list[list[int]], epochs: int, random: np.random.Generator) -> None:
    examples = [(number, end) for number, rows in enumerate(histories) for end in range(1, len(rows))]
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    network.train()
    for _ in range(epochs):
        order = random.permutation(len(examples))
        for start in range(0, len(order), BATCH):
            drawn = [examples[place] for place in order[start : start + BATCH]]
            batch = _batch([histories[number][:end] for number, end in drawn])
            batch["item_id"] = torch.tensor([histories[number][end] + 1 for number, end in drawn])
            optimizer.zero_grad(set_to_none=True)
            network.calculate_loss(batch).backward()
            optimizer.step()
    network.eval()


def _batch(histories: Sequence[Sequence[int]]) -> dict[str, Tensor]:
    """The last events of each history, padded on the right."""
    windows = [rows[-WINDOW:] for rows in histories]
    longest = max(len(rows) for rows in windows)
    items = [[row + 1 for row in rows] + [0] * (longest - len(rows)) for rows in windows]
    return {"item_id_list": torch.tensor(items), "item_length": torch.tensor([len(rows) for rows in windows])}
