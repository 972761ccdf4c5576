"""Will this user like this item: AUC and UAUC on CoLLM's splits, plain models beside one another.

Labels of training events are the only labels that become features. CoLLM's ``history`` column is not read at all: it lists
only what was *liked*, so that an event of the validation or test split that stands in a later row's history, or fails to,
gives its label away.

The stacked model is a logistic regression over columns of scores. For the training rows these are out of fold, in cells
of some users and a stretch of time: a cell's rows are scored from all other users' labels and from its users' labels of
earlier stretches, as new events of known and unknown users are. Settings were chosen on the validation split by hand. One
number is fitted to its labels, a further model's share beside the stacked one (:func:`blend`), and nothing to the test
file's.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chatrec.catalogue.items import Catalogue
from chatrec.errors import BadInput
from chatrec.evaluation.rating.models import (
    Columns,
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
ALONE = "stacked, these files alone"
SHARES = np.arange(0, 1.01, 0.05)


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


def out_of_fold(model: EventModel, events: Events, folds: int = FOLDS, stretches: int = STRETCHES) -> Columns:
    """A model's columns for the training events, each scored without its label (see :func:`cells`)."""
    result: Columns = {}
    for known, asked in cells(events, folds, stretches):
        for name, values in model.columns(events.take(known), events.take(asked)).items():
            result.setdefault(name, np.full(len(events), np.nan))[asked] = values
    return result


class Reader(Protocol):
    """A model that is too dear to be fitted once a cell, as columns of the stacked model are."""

    @property
    def name(self) -> str:
        """What the model is called."""
        ...

    def scores(self, train: Events, asked: Events, learned: Columns, applied: Columns) -> np.ndarray:
        """Logits of the asked events, (asked,) float64, finite.

        Args:
            train: events whose labels may be used.
            asked: events to score; their labels must not be read.
            learned: columns of the training events, out of fold.
            applied: the same columns of the asked events.
        """
        ...


def evaluate_rating(
    train: Events,
    valid: Events,
    test: Events,
    content: Content,
    readers: Sequence[Reader] = (),
    report: Callable[[str], None] = lambda _: None,
    alone: Content | None = None,
) -> dict[str, Any]:
    """Fit on the training events and score the test events.

    Args:
        train, valid, test: events over the same catalogue; ``valid`` may be ``test`` itself.
        content: of its items.
        readers: further models. Each gets a row, and one for its blend with the stacked model (:func:`blend`).
        report: told of each model.
        alone: what the files themselves say of the items, for a row :data:`ALONE`.

    Returns:
        ``auc`` and ``uauc`` with intervals of the blend with the first reader, or without readers of the stacked model;
        ``model``, its name; ``users`` with both labels; ``baselines`` (the same figures of each other model); and
        ``gain``: over the stacked model, or without readers over the best baseline by AUC.
    """
    items = len(content.year)
    apart = not same_events(valid, test)
    asked = valid.and_(test) if apart else test
    blind = Events(asked.user, asked.item, np.full(len(asked), np.nan), asked.time)  # no model can read these labels
    scores: Columns = {}
    for model in (ItemMean(items), UserItemMean(items), LogisticMF(items)):
        report(model.name)
        scores[model.name] = model.columns(train, blind)[model.name]
    taste = TasteProcess(content)
    report(taste.name)
    applied = taste.columns(train, blind)
    scores[taste.name] = applied[taste.name]
    report(f"{taste.name}: out of fold")
    learned = out_of_fold(taste, train)
    scores["gradient boosting"] = _boosting(learned, train.label, applied)
    scores["stacked"] = _logistic(learned, train.label, applied)
    if alone is not None:
        report(ALONE)
        modest = TasteProcess(alone)
        scores[ALONE] = _logistic(out_of_fold(modest, train), train.label, modest.columns(train, blind))
    for reader in readers:
        report(reader.name)
        scores[reader.name] = reader.scores(train, blind, learned, applied)
        scores[f"stacked + {reader.name}"] = blend(scores["stacked"], scores[reader.name], valid)
    figures = {name: values[len(asked) - len(test) :] for name, values in scores.items()}
    headline = f"stacked + {readers[0].name}" if readers else "stacked"
    best = figures.pop(headline)
    over = "stacked" if readers else max(figures, key=lambda name: auc(test.label, figures[name]))
    return {
        **with_intervals(test, best),
        "model": headline,
        "events": len(test),
        "users": len(per_user(test, best)[0]),
        "baselines": {name: with_intervals(test, values) for name, values in figures.items()},
        "gain": {"over": over, **difference(test, figures[over], best)},
    }


def same_events(left: Events, right: Events) -> bool:
    """Whether two files hold the same events."""
    return len(left) == len(right) and bool((left.user == right.user).all() and (left.item == right.item).all())


def blend(plain: np.ndarray, other: np.ndarray, valid: Events) -> np.ndarray:
    """Two models' logits, (events,) each, mixed by one share, that under which the validation labels are likeliest.

    Args:
        plain, other: of the validation events first, and of others if there are any. If there are none, each half of
            the users is scored with the share of the other half, so that no label takes part in its own score.
        valid: the validation events.
    """
    first = slice(len(valid))

    def mixed(chosen: np.ndarray) -> np.ndarray:
        pairs = [(1 - share) * plain + share * other for share in SHARES]
        losses = [np.mean((np.logaddexp(0, z[first]) - valid.label * z[first])[chosen]) for z in pairs]
        return pairs[int(np.argmin(losses))]

    if len(plain) > len(valid):
        return mixed(np.ones(len(valid), dtype=bool))
    odd = np.unique(valid.user, return_inverse=True)[1] % 2 == 1
    return np.where(odd, mixed(~odd), mixed(odd)) if odd.any() else plain


def _logistic(learned: Columns, labels: np.ndarray, applied: Columns) -> np.ndarray:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=500))
    model.fit(np.stack(list(learned.values()), axis=1), labels)
    return np.asarray(model.decision_function(np.stack([applied[name] for name in learned], axis=1)))


def _boosting(learned: Columns, labels: np.ndarray, applied: Columns) -> np.ndarray:
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
