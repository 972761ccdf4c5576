"""The models of the ranking table: popularity, neighbours, factors, a transformer, text, and the ILM."""

from collections.abc import Callable, Sequence
from copy import copy
from functools import partial

import numpy as np
import pandas as pd
import torch

from chatrec.catalogue.items import Catalogue
from chatrec.collab.als import ALS
from chatrec.collab.bpr import BPR
from chatrec.collab.neighbourhood import EASE, CoOccurrence, ItemKNN, Neighbourhood, RP3beta, recency
from chatrec.collab.sasrec import SASRec
from chatrec.collab.scorer import History, Scorer
from chatrec.collab.userknn import UserKNN
from chatrec.evaluation.ranking.recbole_sasrec import recbole_network, recbole_sasrec
from chatrec.ilm.model import HISTORY, ItemLanguageModel

Histories = Sequence[Sequence[int]]
Score = Callable[[Histories], np.ndarray]
"""Histories (rows, oldest first) to scores, (histories, items)."""
Model = Callable[[pd.DataFrame], Score]
"""From interactions to learn from, to scores."""

ILM = "ilm"
BATCH = 16
"""Histories that the ILM reads at once."""
KERNELS: dict[str, dict[str, float]] = {
    "next 5": {"window": 5},
    "next 20": {"window": 20, "reach": 7},
    "last 5": {"window": 5, "forward": -1},
    "around 8": {"window": 8, "reach": 1.5, "forward": 0},
    "around 30": {"window": 30, "reach": 7, "forward": 0},
}
"""Windows of co-occurrence (:class:`~chatrec.collab.neighbourhood.CoOccurrence`)."""


def ranking_models(
    catalogue: Catalogue, text: np.ndarray | None, ilm: ItemLanguageModel | None, recbole: int = 0
) -> dict[str, Model]:
    """Each model by name; without text vectors or an ILM, without their rows.

    Args:
        catalogue: what is ranked.
        text: (items, width) unit vectors.
        ilm: with a trained adapter.
        recbole: epochs of RecBole's SASRec; 0 leaves it out.

    Raises:
        BadInput: where RecBole is asked for and not installed.
    """
    scorers: tuple[Scorer, ...] = (ItemKNN(), UserKNN(), RP3beta(), ALS(), BPR(), SASRec())
    models: dict[str, Model] = {"popularity": partial(popularity, catalogue)}
    models |= {scorer.name: partial(_fitted, scorer, catalogue) for scorer in scorers}
    models |= _matrices(EASE(), catalogue, "ease", (None, 3, 8, 20))
    for name, kernel in KERNELS.items():
        models |= _matrices(CoOccurrence(**kernel), catalogue, f"co-occurrence, {name}", (1, 3, 8))
    if recbole:
        recbole_network(1)  # it is better to know now that it is not installed
        models["sasrec, RecBole"] = partial(recbole_sasrec, catalogue, recbole)
    if text is not None:
        models["text"] = lambda _: partial(alike, text)
    if ilm is not None:
        models[ILM] = lambda _: partial(ilm_scores, ilm)
    return models


def popularity(catalogue: Catalogue, fit: pd.DataFrame) -> Score:
    """The same order for everyone."""
    count = np.bincount(fit["item_id"].map(catalogue.row), minlength=len(catalogue))
    return lambda histories: np.tile(np.log1p(count), (len(histories), 1))


def alike(text: np.ndarray, histories: Histories) -> np.ndarray:
    """Cosine with the mean text of the last few items."""
    return np.stack([recency(len(rows), 3.0) @ text[list(rows)] for rows in histories]) @ text.T


@torch.no_grad()
def ilm_scores(model: ItemLanguageModel, histories: Histories) -> np.ndarray:
    """The ILM's next-item logits after each history, (histories, items) float32."""
    scores = np.zeros((len(histories), len(model.catalogue)), dtype=np.float32)
    by_length = sorted(range(len(histories)), key=lambda number: len(histories[number]))  # little padding
    for start in range(0, len(by_length), BATCH):
        batch = by_length[start : start + BATCH]
        windows = [list(histories[number])[-HISTORY:] for number in batch]
        logits, _, _ = model.next_item_logits(windows)
        last = np.cumsum([len(window) for window in windows]) - 1
        scores[batch] = logits[model.llm.tensor(last)].float().cpu().numpy()
    return scores


def _fitted(scorer: Scorer, catalogue: Catalogue, fit: pd.DataFrame) -> Score:
    return partial(scores_of, copy(scorer).fit(catalogue, fit))


def scores_of(scorer: Scorer, histories: Histories) -> np.ndarray:
    """A scorer's scores after each history, taken as likes."""
    return np.stack([scorer.score(History(tuple(rows))) for rows in histories])


def _matrices(
    scorer: Neighbourhood, catalogue: Catalogue, name: str, half_lives: Sequence[float | None]
) -> dict[str, Model]:
    """One matrix read with several half-lives; it is learned once for each set of interactions."""
    learned: dict[int, Neighbourhood] = {}

    def read(half_life: float | None, fit: pd.DataFrame) -> Score:
        if id(fit) not in learned:
            learned[id(fit)] = copy(scorer).fit(catalogue, fit)
        reader = copy(learned[id(fit)])
        reader.half_life = half_life
        return partial(scores_of, reader)

    return {name if half is None else f"{name}, half-life {half}": partial(read, half) for half in half_lives}
