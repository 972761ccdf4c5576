"""Will this user like this item: AUC and UAUC on CoLLM's splits, plain models beside one another.

Labels of training events are the only labels that become features. CoLLM's ``history`` column is not read at all: it lists
only what was *liked*, so that an event of the validation or test split that stands in a later row's history, or fails to,
gives its label away.

The stacked model is a logistic regression over columns of scores. For the training rows these are out of fold, in cells
of some users and a stretch of time: a cell's rows are scored from all other users' labels and from its users' labels of
earlier stretches, as new events of known and unknown users are. Settings were chosen on the validation split by hand;
nothing is fitted to its labels or to those of the test file.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chatrec.catalogue.items import Catalogue, Item
from chatrec.errors import BadInput
from chatrec.evaluation.rating_models import (
    Content,
    EventModel,
    Events,
    ItemMean,
    LogisticMF,
    TasteProcess,
    UserItemMean,
)

COLUMNS = ("user_id", "item_id", "label", "timestamp")
FOLDS, STRETCHES = 4, 4


def read_events(path: Path, catalogue: Catalogue) -> Events:
    """Read a split: csv, gzipped or not, with the columns of :data:`COLUMNS`; others are ignored.

    Raises:
        BadInput: naming the column or the value that cannot be used.
    """
    try:
        table = pd.read_csv(path, usecols=lambda name: name in COLUMNS, dtype=str, keep_default_na=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadInput(f"{path} cannot be read as a table ({error})") from error
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise BadInput(f"{path}: no column {missing[0]!r}; it needs {', '.join(COLUMNS)}")
    if not len(table):
        raise BadInput(f"{path} holds no events")
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in ("user_id", "label", "timestamp")}
    numbers["label"] = numbers["label"].where(numbers["label"].isin([0, 1]))
    numbers["user_id"] = numbers["user_id"].where((numbers["user_id"] >= 0) & (numbers["user_id"] % 1 == 0))
    rows = table["item_id"].map(catalogue.row)
    for name, values in {**numbers, "item_id": rows}.items():
        wrong = np.flatnonzero(~np.isfinite(values.astype(float)))
        if len(wrong):
            wanted = {"label": "0 or 1", "item_id": "an item of --items", "user_id": "a whole number"}.get(
                name, "a number"
            )
            raise BadInput(f"{path}, row {wrong[0] + 2}: {name} is {table[name].iloc[wrong[0]]!r}, not {wanted}")
    types = {"user_id": np.int64, "label": np.float64, "timestamp": np.float64}
    user, label, time = (numbers[name].to_numpy(types[name]) for name in types)
    return Events(user, rows.to_numpy(np.int64), label, time)


def content_of(catalogue: Catalogue, known: Catalogue, encode: Callable[[list[str]], np.ndarray]) -> Content:
    """What items say of themselves; films that ``known`` has too take categories, themes and keywords from there."""
    found = [known.find(item.name) for item in catalogue]
    items = [item if row is None else known[row] for item, row in zip(catalogue, found, strict=True)]
    kinds = sorted({kind for item in items for kind in item.categories})
    has = [[kind in item.categories for kind in kinds] for item in items]
    year = [item.year or 0 for item in catalogue]
    categories = np.array(has, dtype=float).reshape(len(items), len(kinds))
    return Content(encode([_summary(item) for item in items]), np.array(year, dtype=float), categories)


def _summary(item: Item) -> str:
    parts = (item.name, ", ".join(item.categories), ", ".join((*item.themes, *item.keywords)))
    return ". ".join(part for part in parts if part)


def cells(events: Events, folds: int = FOLDS, stretches: int = STRETCHES, seed: int = 0) -> Iterator[tuple[Any, Any]]:
    """Masks (known, asked) over the training events; every event is asked once, and never known when it is."""
    people, person = np.unique(events.user, return_inverse=True)
    fold = (np.random.default_rng(seed).permutation(len(people)) % folds)[person]
    edges = np.quantile(events.time, np.arange(1, stretches) / stretches)
    stretch = np.searchsorted(edges, events.time, side="left")
    for group in range(folds):
        for number in range(stretches):
            asked = (fold == group) & (stretch == number)
            known = (fold != group) | (stretch < number)
            if asked.any() and known.any():
                yield known, asked


def out_of_fold(
    model: EventModel, events: Events, folds: int = FOLDS, stretches: int = STRETCHES
) -> dict[str, np.ndarray]:
    """A model's columns for the training events, each scored without its label (see :func:`cells`)."""
    result: dict[str, np.ndarray] = {}
    for known, asked in cells(events, folds, stretches):
        for name, values in model.columns(events.take(known), events.take(asked)).items():
            result.setdefault(name, np.full(len(events), np.nan))[asked] = values
    return result


def evaluate_rating(
    train: Events,
    test: Events,
    content: Content,
    extra: Sequence[EventModel] = (),
    report: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Fit on the training events and score the test events.

    Args:
        train, test: events over the same catalogue.
        content: of its items.
        extra: further models, whose columns join the stacked model; its gain over the stack without them is reported.
        report: told of each model.

    Returns:
        ``auc`` and ``uauc`` of the stacked model with intervals, ``users`` with both labels, ``baselines`` (the same
        figures of each), and ``gain`` of the stacked model over the best baseline by AUC.
    """
    items = len(content.year)
    blind = Events(test.user, test.item, np.full(len(test), np.nan), test.time)  # no model can read a test label
    scores: dict[str, np.ndarray] = {}
    learned: dict[str, np.ndarray] = {}
    applied: dict[str, np.ndarray] = {}
    means: list[EventModel] = [ItemMean(items), UserItemMean(items), LogisticMF(items)]
    for model in means:
        report(model.name)
        scores[model.name] = model.columns(train, blind)[model.name]
    parts: list[EventModel] = [TasteProcess(content), *extra]
    for number, model in enumerate(parts):
        report(model.name)
        columns = model.columns(train, blind)
        scores[model.name] = columns[model.name]
        report(f"{model.name}: out of fold")
        learned |= out_of_fold(model, train)
        applied |= columns
        if number == 0:
            scores["gradient boosting"] = _boosting(learned, train.label, applied)
            scores["stacked plain"] = _logistic(learned, train.label, applied)
    stacked = scores.pop("stacked plain") if not extra else _logistic(learned, train.label, applied)
    best = max(scores, key=lambda name: auc(test.label, scores[name]))
    return {
        **with_intervals(test, stacked),
        "events": len(test),
        "users": len(per_user(test, stacked)[0]),
        "baselines": {name: with_intervals(test, values) for name, values in scores.items()},
        "gain": {"over": best, **difference(test, scores[best], stacked)},
    }


def _logistic(learned: dict[str, np.ndarray], labels: np.ndarray, applied: dict[str, np.ndarray]) -> np.ndarray:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=500))
    model.fit(np.stack(list(learned.values()), axis=1), labels)
    return np.asarray(model.decision_function(np.stack([applied[name] for name in learned], axis=1)))


def _boosting(learned: dict[str, np.ndarray], labels: np.ndarray, applied: dict[str, np.ndarray]) -> np.ndarray:
    model = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=100,
        l2_regularization=10,
        max_features=0.5,
        random_state=0,
    )
    model.fit(np.stack(list(learned.values()), axis=1), labels)
    return np.asarray(model.decision_function(np.stack([applied[name] for name in learned], axis=1)))


def auc(labels: np.ndarray, scores: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Area under the ROC curve, ties counted half; nan where a label is missing.

    Args:
        labels: 1 or 0.
        scores: higher is more likely 1.
        weights: how often each event counts.
    """
    weights = np.ones(len(labels)) if weights is None else weights
    place = rankdata(scores, method="dense") - 1
    good, bad = (np.bincount(place, weights * (labels == value), minlength=place.max() + 1) for value in (1, 0))
    if good.sum() == 0 or bad.sum() == 0:
        return float("nan")
    return float((good * (np.cumsum(bad) - bad / 2)).sum() / (good.sum() * bad.sum()))


def per_user(events: Events, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Users with both labels, and each one's AUC; its mean is CoLLM's UAUC."""
    found = {}
    for user in np.unique(events.user):
        own = events.user == user
        if 0 < events.label[own].mean() < 1:
            found[user] = auc(events.label[own], scores[own])
    return np.array(list(found)), np.array(list(found.values()))


def _draws(events: Events, count: int = 300, seed: int = 0) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Bootstrap over users: how often each user counts, and each event."""
    people, person = np.unique(events.user, return_inverse=True)
    random = np.random.default_rng(seed)
    for _ in range(count):
        times = np.bincount(random.integers(len(people), size=len(people)), minlength=len(people)).astype(float)
        yield times, times[person]


def _bootstrap(events: Events, scores: np.ndarray) -> np.ndarray:
    """AUC and UAUC of each draw, (draws, 2)."""
    users, own = per_user(events, scores)
    place = np.searchsorted(np.unique(events.user), users)
    rows = []
    for by_user, by_event in _draws(events):
        weights = by_user[place]
        mean = float((weights * own).sum() / weights.sum()) if weights.sum() else float("nan")
        rows.append((auc(events.label, scores, by_event), mean))
    return np.array(rows)


def with_intervals(events: Events, scores: np.ndarray) -> dict[str, Any]:
    """AUC, UAUC, and their 95% intervals over users."""
    low, high = np.nanpercentile(_bootstrap(events, scores), [2.5, 97.5], axis=0)
    return {
        "auc": auc(events.label, scores),
        "uauc": float(per_user(events, scores)[1].mean()),
        "auc_95": [float(low[0]), float(high[0])],
        "uauc_95": [float(low[1]), float(high[1])],
    }


def difference(events: Events, old: np.ndarray, new: np.ndarray) -> dict[str, Any]:
    """What one model's AUC and UAUC are above another's, with 95% intervals over users (the same draws for both)."""
    drawn = _bootstrap(events, new) - _bootstrap(events, old)
    low, high = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
    return {
        "auc": auc(events.label, new) - auc(events.label, old),
        "uauc": float(per_user(events, new)[1].mean() - per_user(events, old)[1].mean()),
        "auc_95": [float(low[0]), float(high[0])],
        "uauc_95": [float(low[1]), float(high[1])],
    }
