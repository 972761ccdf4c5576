"""Next-item ranking: leave-one-out by time, all items ranked, plain baselines and peers beside the ILM in one run.

Two protocols share the test events, which are each person's last. *Sequential*: everything before the test event is
told. *Straightforward*: the person is named and no more (OpenP5's prompt has a user id alone), so that only their training
events are known and the validation event, between these and the test, is not. An event is an event, whatever its rating.

The weights of the fused model are learned on the validation events, with parts fitted on the training events. For the
sequential test the plain models are fitted again with the validation events in; the ILM and text stay as they are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chatrec.catalogue.interactions import interactions_frame, leave_one_out, sequences
from chatrec.catalogue.items import Catalogue, Item
from chatrec.collab.fusion import learn_weights, standardise
from chatrec.errors import BadInput
from chatrec.evaluation.ranking.models import ILM, Histories, Model, Score, ranking_models
from chatrec.evaluation.ranking.titles import SAID, TitleSayer
from chatrec.ilm.model import ItemLanguageModel

EVENT = 5.0
"""The rating every event is given: that it happened is all that counts."""
CUTS = (5, 10)
LARGEST = 60_000_000
"""People times items that fit in memory for all models at once."""


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
    recbole: int = 0,
    sayer: TitleSayer | None = None,
) -> dict[str, Any]:
    """Rank every item for every person with every model.

    Args:
        catalogue, interactions: what is split.
        text: (items, width) unit vectors of the items' texts, if there are any.
        model: the ILM, if an adapter was trained. It must have been trained on the training events of the same split.
        report: told of each model.
        recbole: epochs of RecBole's SASRec, the outside reference; 0 leaves it out.
        sayer: of titles, for some of the people, if the ILM is to say them.

    Returns:
        ``users``, ``items``, and under ``sequential`` and ``straightforward``: ``models`` (hr@5, ndcg@5, hr@10, ndcg@10
        of each), ``weights`` of the parts of ``fused``, and ``gain``: fused over the best single model, and over itself
        without the ILM; with a sayer also ``titles``: ``people`` (how many), ``models`` on these people alone, titles
        said among them, and their ``gain`` over the ILM's ranking head.
    """
    asked = protocols(catalogue, interactions)
    result: dict[str, Any] = {"users": len(asked["sequential"][1].targets), "items": len(catalogue)}
    report(f"{result['users']:,} people, {result['items']:,} items")
    models = ranking_models(catalogue, text, model, recbole)
    parts, ranks = _rank(models, asked, report)
    for protocol, (valid, test) in asked.items():
        report(f"  {protocol}: fused")
        before, after = parts[_question(valid)], parts[_question(test)]
        result[protocol] = _mix(list(models), before, after, ranks[protocol], valid, test)
        if sayer is not None:
            report(f"  {protocol}: titles said for {sayer.people} people")
            result[protocol]["titles"] = _say(sayer, protocol, test, ranks[protocol])
    return result


def _say(sayer: TitleSayer, protocol: str, test: Ask, ranks: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Titles said for some people, and the other models on the same people."""
    chosen = sayer.drawn(len(test.targets))
    histories, known = ([rows[person] for person in chosen] for rows in (test.histories, test.known))
    said = sayer.ranks(protocol, histories, known, [test.targets[person] for person in chosen])
    rows = {SAID: said, **{name: values[chosen] for name, values in ranks.items()}}
    models = {name: figures(values) for name, values in rows.items()}
    return {"people": len(chosen), "models": models, "gain": compare(rows[ILM], said, ILM)}


Question = tuple[int, int]
"""Of an :class:`Ask`, what is learned from and what is told."""


def _rank(
    models: Mapping[str, Model], asked: Mapping[str, tuple[Ask, Ask]], report: Callable[[str], None]
) -> tuple[dict[Question, np.ndarray], dict[str, dict[str, np.ndarray]]]:
    """Standardised scores (models, people, items) of each question, and each protocol's test ranks by model.

    The protocols share questions, and questions share fits: each is computed once.
    """
    questions = {_question(ask): ask for pair in asked.values() for ask in pair}
    shape = next((len(models), len(ask.targets)) for ask in questions.values())
    parts: dict[Question, np.ndarray] = {}
    ranks: dict[str, dict[str, np.ndarray]] = {protocol: {} for protocol in asked}
    for number, (name, fit) in enumerate(models.items()):
        report(f"  {number + 1} of {len(models)}: {name}")
        fitted: dict[int, Score] = {}
        for question, ask in questions.items():
            if id(ask.fit) not in fitted:
                fitted[id(ask.fit)] = fit(ask.fit)
            scores = fitted[id(ask.fit)](ask.histories)
            if question not in parts:
                parts[question] = np.empty((*shape, scores.shape[1]), dtype=np.float32)
            parts[question][number] = standardise(scores, ask.known)
            for protocol, (_, test) in asked.items():
                if _question(test) == question:
                    ranks[protocol][name] = rank_of(scores, test.known, test.targets)
    return parts, ranks


def _question(ask: Ask) -> Question:
    """The same for questions that differ in their answers alone."""
    return id(ask.fit), id(ask.histories)


def _mix(
    names: list[str], before: np.ndarray, after: np.ndarray, ranks: dict[str, np.ndarray], valid: Ask, test: Ask
) -> dict[str, Any]:
    """Fuse: weights from the validation scores, applied to the test scores, both (models, people, items)."""
    best = max(names, key=lambda name: gains(ranks[name], 10).mean())
    mixtures = {"fused without ilm": [name for name in names if name != ILM]} if ILM in names else {}
    mixtures["fused"] = names
    weights: dict[str, dict[str, float]] = {}
    for mixture, parts in mixtures.items():
        chosen = [names.index(name) for name in parts]
        learned = learn_weights(before[chosen], valid.known, valid.targets)
        total = np.tensordot(learned.astype(np.float32), after[chosen], axes=1)
        ranks[mixture] = rank_of(total, test.known, test.targets)
        weights[mixture] = dict(zip(parts, learned.tolist(), strict=True))
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
