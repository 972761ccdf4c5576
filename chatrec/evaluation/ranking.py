"""Next-item ranking: leave-one-out by time, all items ranked, plain baselines and peers beside the ILM in one run.

Two protocols share the test events, which are each person's last. *Sequential*: everything before the test event is
told. *Straightforward*: the person is named and no more (OpenP5's prompt has a user id alone), so that only their training
events are known and the validation event, between these and the test, is not. An event is an event, whatever its rating.

The weights of the fused model are learned on the validation events, with parts fitted on the training events. For the
sequential test the plain models are fitted again with the validation events in; the ILM and text stay as they are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from chatrec.catalogue.interactions import interactions_frame, leave_one_out, sequences
from chatrec.catalogue.items import Catalogue, Item
from chatrec.collab.als import ALS
from chatrec.collab.bpr import BPR
from chatrec.collab.fusion import learn_weights, standardise
from chatrec.collab.neighbourhood import EASE, CoOccurrence, ItemKNN, recency
from chatrec.collab.scorer import History, Scorer
from chatrec.errors import BadInput
from chatrec.ilm.model import HISTORY, ItemLanguageModel

EVENT = 5.0
"""The rating every event is given: that it happened is all that counts."""
BATCH = 16
CUTS = (5, 10)
LARGEST = 60_000_000
"""People times items that fit in memory for all models at once."""

Histories = Sequence[Sequence[int]]
Score = Callable[[Histories], np.ndarray]
"""Histories (rows, oldest first) to scores, (histories, items)."""


@dataclass(frozen=True)
class Ask:
    """One ranking for each of some people; the lists run over the same people.

    Attributes:
        fit: interactions that models may learn from.
        histories: what is told of each person, rows, oldest first.
        known: rows that are not ranked for them.
        targets: the row each chose.
    """

    fit: pd.DataFrame
    histories: list[list[int]]
    known: list[list[int]]
    targets: list[int]


def protocols(catalogue: Catalogue, interactions: pd.DataFrame) -> dict[str, tuple[Ask, Ask]]:
    """The (validation, test) questions of each protocol.

    Raises:
        BadInput: where there is nothing to split, or more than fits in memory.
    """
    split = leave_one_out(interactions.assign(rating=EVENT))
    seen, valid, test = (sequences(part, catalogue.row) for part in (split.train, split.valid, split.test))
    people = sorted(test)
    if not people:
        raise BadInput("nobody has the 5 events that leave-one-out needs")
    if len(people) * len(catalogue) > LARGEST:
        raise BadInput(
            f"{len(people):,} people times {len(catalogue):,} items is more than this table holds in memory "
            f"({LARGEST:,}); give fewer people"
        )
    train = [[row for row, _ in seen[person]] for person in people]
    next_, last = ([events[person][0][0] for person in people] for events in (valid, test))
    before = [[*rows, row] for rows, row in zip(train, next_, strict=True)]
    both = pd.concat([split.train, split.valid])
    return {
        "sequential": (Ask(split.train, train, train, next_), Ask(both, before, before, last)),
        "straightforward": (  # in both questions one event lies between what is told and what is asked
            Ask(split.train, [rows[:-1] for rows in train], train, next_),
            Ask(split.train, train, train, last),
        ),
    }


def read_sequences(path: Path) -> tuple[Catalogue, pd.DataFrame]:
    """Read OpenP5's sequence file: a line a user, their id and then item ids, oldest first.

    Raises:
        BadInput: if the file cannot be read or a line is not like that.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as text ({error})") from error
    events: list[tuple[str, str, float, int]] = []
    users: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        user, *items = line.split() or [""]
        if not user:
            continue
        if not items:
            raise BadInput(f"{path}, line {number}: user {user!r} has no items; a line is a user and then items")
        if user in users:
            raise BadInput(f"{path}, line {number}: user {user!r} was already on line {users[user]}")
        users[user] = number
        events += [(user, item, EVENT, place) for place, item in enumerate(items)]
    if not events:
        raise BadInput(f"{path} holds no sequences; a line is a user and then items")
    frame = interactions_frame(pd.DataFrame(events, columns=["user_id", "item_id", "rating", "timestamp"]))
    catalogue = Catalogue((Item(item_id=item, title=item) for _, item, _, _ in _once(events)), name=path.stem)
    return catalogue, frame


def _once(events: Iterable[tuple[str, str, float, int]]) -> Iterable[tuple[str, str, float, int]]:
    return {event[1]: event for event in events}.values()


def compare_ranking(
    catalogue: Catalogue,
    interactions: pd.DataFrame,
    text: np.ndarray | None = None,
    model: ItemLanguageModel | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Rank every item for every person with every model.

    Args:
        catalogue, interactions: what is split.
        text: (items, width) unit vectors of the items' texts, if there are any.
        model: the ILM, if an adapter was trained. It must have been trained on the training events of the same split.
        report: told of each model.

    Returns:
        ``users``, ``items``, and under ``sequential`` and ``straightforward``: ``models`` (hr@5, ndcg@5, hr@10, ndcg@10
        of each), ``weights`` of the parts of ``fused``, and ``gain``: fused over the best single model, and over itself
        without the ILM.
    """
    asked = protocols(catalogue, interactions)
    result: dict[str, Any] = {"users": len(asked["sequential"][1].targets), "items": len(catalogue)}
    models = _models(catalogue, text, model)
    for protocol, (valid, test) in asked.items():
        report(f"{protocol}: {result['users']:,} people, {result['items']:,} items")
        result[protocol] = _table(models, valid, test, report)
    return result


Model = Callable[[pd.DataFrame], Score]
"""From interactions to learn from, to scores."""


def _models(catalogue: Catalogue, text: np.ndarray | None, ilm: ItemLanguageModel | None) -> dict[str, Model]:
    """Each model by name."""
    scorers: dict[str, Scorer] = {"itemknn": ItemKNN(), "ease": EASE(), "als": ALS(), "bpr": BPR()}
    scorers |= {f"ease, half-life {half}": EASE(half_life=half) for half in (3, 8, 20)}
    scorers |= {
        f"co-occurrence, {name}, half-life {half}": CoOccurrence(**kernel, half_life=half)
        for name, kernel in KERNELS.items()
        for half in (1, 3, 8)
    }
    models: dict[str, Model] = {"popularity": lambda fit: _popularity(catalogue, fit)}
    models |= {name: partial(_fitted, scorer, catalogue) for name, scorer in scorers.items()}
    if text is not None:
        models["text"] = lambda _: lambda histories: _alike(text, histories)
    if ilm is not None:
        models[ILM] = lambda _: lambda histories: ilm_scores(ilm, histories)
    return models


ILM = "ilm"
KERNELS: dict[str, dict[str, float]] = {
    "next 5": {"window": 5},
    "next 20": {"window": 20, "reach": 7},
    "last 5": {"window": 5, "forward": -1},
    "around 8": {"window": 8, "reach": 1.5, "forward": 0},
    "around 30": {"window": 30, "reach": 7, "forward": 0},
}
"""Windows of co-occurrence (:class:`~chatrec.collab.neighbourhood.CoOccurrence`)."""


def _popularity(catalogue: Catalogue, fit: pd.DataFrame) -> Score:
    count = np.bincount(fit["item_id"].map(catalogue.row), minlength=len(catalogue))
    return lambda histories: np.tile(np.log1p(count), (len(histories), 1))


def _fitted(scorer: Scorer, catalogue: Catalogue, fit: pd.DataFrame) -> Score:
    scorer.fit(catalogue, fit)
    return lambda histories: np.stack([scorer.score(History(tuple(rows))) for rows in histories])


def _alike(text: np.ndarray, histories: Histories) -> np.ndarray:
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
        scores[batch] = logits[torch.from_numpy(last)].float().numpy()
    return scores


def _table(models: Mapping[str, Model], valid: Ask, test: Ask, report: Callable[[str], None]) -> dict[str, Any]:
    parts: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    ranks: dict[str, np.ndarray] = {}
    for name, fit in models.items():
        report(f"  {name}")
        score = fit(valid.fit)
        before = standardise(score(valid.histories), valid.known)
        if test.fit is not valid.fit:
            score = fit(test.fit)
        scores = score(test.histories)
        parts[name] = before, standardise(scores, test.known)
        ranks[name] = rank_of(scores, test.known, test.targets)
    best = max(models, key=lambda name: gains(ranks[name], 10).mean())
    mixtures = {"fused without ilm": [name for name in models if name != ILM], "fused": list(models)}
    if ILM not in models:
        del mixtures["fused without ilm"]
    weights: dict[str, dict[str, float]] = {}
    for mixture, names in mixtures.items():
        report(f"  {mixture}")
        learned = learn_weights(np.stack([parts[name][0] for name in names]), valid.known, valid.targets)
        total = np.tensordot(learned.astype(np.float32), np.stack([parts[name][1] for name in names]), axes=1)
        ranks[mixture] = rank_of(total, test.known, test.targets)
        weights[mixture] = dict(zip(names, learned.tolist(), strict=True))
    return {
        "models": {name: figures(values) for name, values in ranks.items()},
        "weights": weights,
        "gain": [compare(ranks[old], ranks["fused"], old) for old in (best, *mixtures) if old != "fused"],
    }


def rank_of(scores: np.ndarray, histories: Histories, targets: Sequence[int]) -> np.ndarray:
    """Place of each target among the items its person does not know, (people,), 0 is first; ties share the mean place."""
    open_ = scores.astype(np.float64)
    for number, rows in enumerate(histories):
        open_[number, list(rows)] = -np.inf
    own = open_[np.arange(len(targets)), list(targets)][:, None]
    return (open_ > own).sum(axis=1) + ((open_ == own).sum(axis=1) - 1) / 2


def gains(ranks: np.ndarray, cut: int) -> np.ndarray:
    """NDCG of each person with one relevant item, (people,)."""
    return np.where(ranks < cut, 1 / np.log2(ranks + 2), 0.0)


def figures(ranks: np.ndarray) -> dict[str, float]:
    """Hit rate and NDCG at each cut."""
    return {
        name: float(value)
        for cut in CUTS
        for name, value in ((f"hr@{cut}", (ranks < cut).mean()), (f"ndcg@{cut}", gains(ranks, cut).mean()))
    }


def compare(old: np.ndarray, new: np.ndarray, name: str, draws: int = 2000, seed: int = 0) -> dict[str, Any]:
    """Relative gain in NDCG@10 of one model's ranks over another's, with a 95% interval by bootstrap over people."""
    before, after = gains(old, 10), gains(new, 10)
    people = np.random.default_rng(seed).integers(len(before), size=(draws, len(before)))
    ratios = after[people].mean(axis=1) / np.maximum(before[people].mean(axis=1), 1e-9) - 1
    low, high = np.percentile(ratios, [2.5, 97.5])
    gain = float(after.mean() / max(before.mean(), 1e-9) - 1)
    return {"over": name, "gain": gain, "low": float(low), "high": float(high)}
