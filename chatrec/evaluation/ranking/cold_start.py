"""Cold start: items that nobody has rated yet, known by title and text alone, and people who have said little so far.

*New items.* A fifth of the catalogue is treated as unrated: its ratings leave every history and every count, its collaborative
vectors are zero, its neighbours gone, and the bridge masks both kinds of key. What people took among these items after their
training events is asked, ranked once among the new items alone and once among all. What this does not show: the adapter's
weights were trained while these items had ratings, so that it has met them before, and the other items' vectors were learned
with them in. Only an adapter trained without them could tell how much that gives away.

*New people.* Each person's test event is asked after their last one, three or ten events. The item vectors have learned from
their earlier events, as from everyone's.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score

from chatrec.catalogue.interactions import LIKED, held_out_rows, later, sequences
from chatrec.collab.neighbourhood import EASE, CoOccurrence
from chatrec.collab.scorer import History, Scorer
from chatrec.errors import BadInput
from chatrec.evaluation.ranking.leave_one_out import compare, figures, gains, protocols, rank_of
from chatrec.evaluation.ranking.models import ILM, KERNELS, Histories, Score, alike, ilm_scores, popularity, scores_of
from chatrec.ilm.bridge import ItemFeatures
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.tuning import questions_at
from chatrec.workspace import Report, Workspace

SHARE = 0.2
"""Of the catalogue that is treated as new; the items whose texts are never a training target are among them."""
TOLD = (1, 3, 10)
"""Events of a new person."""


@dataclass(frozen=True)
class Question:
    """Something a person took among the new items, and what was known of them: (row, rating), oldest first."""

    told: list[tuple[int, float]]
    target: tuple[int, float]

    @property
    def rows(self) -> list[int]:
        """Rows of the history."""
        return [row for row, _ in self.told]


def measure_cold_start(
    space: Workspace, model: ItemLanguageModel | None, report: Report = lambda _: None
) -> dict[str, Any]:
    """Both tables.

    Args:
        space: its vectors and its split.
        model: the ILM, or None for the plain models alone.
        report: told of each part.

    Returns:
        ``items``: ``new`` and ``questions`` (how many), ``among_new`` and ``among_all`` (hr and ndcg of each model),
        ``like_auc`` (will they like it), ``gain`` (the ILM over the best of the others). ``people``: a table of models
        and ``gain`` for each number of events told.

    Raises:
        BadInput: where nobody took a new item, or nobody has the events that a split needs.
    """
    return {"items": _new_items(space, model, report), "people": _new_people(space, model, report)}


# New items


def _new_items(space: Workspace, model: ItemLanguageModel | None, report: Report) -> dict[str, Any]:
    new = held_out_rows(len(space.catalogue), SHARE)
    asked = questions(space, set(new.tolist()))
    if not asked:
        raise BadInput(
            f"nobody's last two events are among the {len(new):,} items treated as new; there is nothing to ask"
        )
    report(f"new items: {len(new):,}, asked for {len(asked):,} times")
    told, targets = [question.rows for question in asked], [question.target[0] for question in asked]
    scores = _item_scores(space, model, new, told, report)
    old = sorted(set(range(len(space.catalogue))) - set(new.tolist()))
    ranks = {
        "among_new": {name: rank_of(values, [old] * len(asked), targets) for name, values in scores.items()},
        "among_all": {name: rank_of(values, told, targets) for name, values in scores.items()},
    }
    result: dict[str, Any] = {"new": len(new), "questions": len(asked)}
    result |= {where: {name: figures(rank) for name, rank in rows.items()} for where, rows in ranks.items()}
    result["like_auc"] = _like_auc(space, model, new, asked)
    if model is not None:
        result["gain"] = {where: _gain(rows) for where, rows in ranks.items()}
    return result


WITH_RATINGS = "ilm, had they been rated"
"""The ILM with the vectors that the new items really have: what the missing ratings cost."""


def questions(space: Workspace, new: set[int]) -> list[Question]:
    """What people took among ``new`` after their training events; new items are in no history."""
    train, after = sequences(space.split.train, space.catalogue.row), later(space.split, space.catalogue.row)
    asked: list[Question] = []
    for person, events in sorted(after.items()):
        told = [event for event in train.get(person, ()) if event[0] not in new]
        for event in events:
            if event[0] not in new:
                told = [*told, event]
            elif told:
                asked.append(Question(told, event))
    return asked


def _item_scores(
    space: Workspace, model: ItemLanguageModel | None, new: np.ndarray, told: Histories, report: Report
) -> dict[str, np.ndarray]:
    """Scores of all items by each model, (questions, items)."""
    text = space.vectors["text"]
    train = space.split.train
    rated = train[~train["item_id"].isin([space.catalogue[int(row)].item_id for row in new])]
    foretold = foretell(space.collab.item_vectors, text, new)
    people = np.stack([space.collab.fold_in(History(tuple(rows))) for rows in told])
    scores = {
        "popularity": popularity(space.catalogue, rated)(told),
        "text": alike(text, told),
        "als vectors foretold from text": people @ foretold.T,
    }
    if model is not None:
        report("  ilm")
        scores[WITH_RATINGS] = ilm_scores(model, told)
        with unrated(model, new):
            scores[ILM] = ilm_scores(model, told)
            vectors = model.llm.tensor(foretold / model.features.scale).float()
            model.features = replace(model.features, cf=vectors)
            scores["ilm, vectors foretold from text"] = ilm_scores(model, told)
    return scores


def foretell(vectors: np.ndarray, text: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Collaborative vectors with those of ``new`` rows foretold from their texts (ridge regression on the rated others)."""
    known = np.setdiff1d(np.flatnonzero(vectors.any(axis=1)), new)
    guess = vectors.copy()
    guess[new] = 0.0
    if len(known) and len(new):
        guess[new] = Ridge(alpha=1.0).fit(text[known], vectors[known]).predict(text[new])
    return guess


@contextmanager
def unrated(model: ItemLanguageModel, new: np.ndarray) -> Iterator[None]:
    """The model while nobody has rated ``new``: no vectors, no neighbours, and soft tokens from title and text alone."""
    features, table = model.features, model.table
    model.features = without_ratings(features, new)
    model.table = model.adapter.table(model.features)
    try:
        yield
    finally:
        model.features, model.table = features, table


def without_ratings(features: ItemFeatures, new: np.ndarray) -> ItemFeatures:
    """Features in which ``new`` rows have no collaborative vector and are no item's neighbour (an item is its own instead)."""
    rows = torch.from_numpy(new).to(features.cf.device)
    cf, known = features.cf.clone(), features.known.clone()
    cf[rows], known[rows, :2] = 0.0, False  # the kinds of key that come from ratings
    own = torch.arange(len(features), device=rows.device)[:, None].expand_as(features.neighbours)
    near = torch.where(known[features.neighbours, 0], features.neighbours, own)
    return replace(features, cf=cf, known=known, neighbours=near)


def _like_auc(
    space: Workspace, model: ItemLanguageModel | None, new: np.ndarray, asked: Sequence[Question]
) -> dict[str, float | None]:
    """Whether what was liked scores above what was not, over all questions; None where only one of the two occurs."""
    labels = [question.target[1] >= LIKED for question in asked]
    text = space.vectors["text"]
    scores = {"text": [_fit_of_text(text, question) for question in asked]}
    if model is not None:
        drawn = [questions_at([*question.told, question.target], len(question.told), 1)[:3] for question in asked]
        scores[WITH_RATINGS] = _like_logits(model, drawn)
        with unrated(model, new):
            scores[ILM] = _like_logits(model, drawn)
    both = len(set(labels)) == 2
    return {name: float(roc_auc_score(labels, values)) if both else None for name, values in scores.items()}


def _fit_of_text(text: np.ndarray, question: Question) -> float:
    """How much nearer the item is to what the person liked than to what they did not."""
    own = text[question.target[0]]
    sides = ([row for row, rating in question.told if (rating >= LIKED) == liked] for liked in (True, False))
    near, far = (float((text[rows] @ own).mean()) if rows else 0.0 for rows in sides)
    return near - far


@torch.no_grad()
def _like_logits(model: ItemLanguageModel, people: list[tuple[list[int], list[int], list[int]]]) -> list[float]:
    return [
        float(value) for start in range(0, len(people), 16) for value in model.like_logits(people[start : start + 16])
    ]


# New people


def _new_people(space: Workspace, model: ItemLanguageModel | None, report: Report) -> dict[str, Any]:
    _, ask = protocols(space.catalogue, space.interactions)["sequential"]
    fit = space.split.train.assign(rating=LIKED)  # an event is an event
    near = CoOccurrence(**KERNELS["around 8"])
    scorers: dict[str, Scorer] = {"als": space.collab, "ease": EASE(half_life=3), "co-occurrence": near}
    for name in ("ease", "co-occurrence"):
        scorers[name].fit(space.catalogue, fit)
    models: dict[str, Score] = {
        "popularity": popularity(space.catalogue, fit),
        "text": partial(alike, space.vectors["text"]),
    }
    models |= {name: partial(scores_of, scorer) for name, scorer in scorers.items()}
    if model is not None:
        models[ILM] = partial(ilm_scores, model)
    result: dict[str, Any] = {}
    for count in TOLD:
        report(f"new people: {len(ask.targets):,}, {count} events told")
        told = [rows[-count:] for rows in ask.histories]
        ranks = {name: rank_of(score(told), ask.known, ask.targets) for name, score in models.items()}
        result[str(count)] = {"models": {name: figures(rank) for name, rank in ranks.items()}}
        if model is not None:
            result[str(count)]["gain"] = _gain(ranks)
    return result


def _gain(ranks: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The ILM over the best of the plain models."""
    plain = [name for name in ranks if not name.startswith(ILM)]
    best = max(plain, key=lambda name: gains(ranks[name], 10).mean())
    return compare(ranks[best], ranks[ILM], best)
