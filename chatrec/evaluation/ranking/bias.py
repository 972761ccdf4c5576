"""Three ways in which a recommender can be unfair, measured: position, popularity, and groups of people.

Position: the same person said in another order should get the same slate. Popularity: how much better known the
recommended items are than what the person likes, and how much of the catalogue is ever shown. Groups: whether people of
few ratings, or of unusual taste, are served worse. Nothing else is known of the people here, so groups are made from
their ratings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import track

from chatrec.catalogue.interactions import LIKED, later, sequences
from chatrec.collab.scorer import History
from chatrec.dialogue.tracking.state import State

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

CUT = 10
SAID = 8
"""Most recent liked items that a person says."""
Lister = Callable[[Sequence[int]], list[int]]
"""From liked rows, oldest first, to the ten best rows."""


@dataclass(frozen=True)
class Rater:
    """A person: liked rows, oldest first, how many ratings they gave, and what they liked later."""

    liked: tuple[int, ...]
    ratings: int
    later: frozenset[int]


def measure_bias(
    recommender: "Recommender", users: int = 100, seed: int = 0, console: Console | None = None
) -> dict[str, Any]:
    """Measure all three for chatrec's own ranking, and for popularity and collaborative filtering.

    Returns:
        ``users``; ``position``: mean overlap (Jaccard) of the ten best when a person's items are said in another order;
        ``popularity``: mean percentile of popularity of what is recommended and of what the people like, the share of
        the catalogue that is shown, and the Gini index of how often; ``groups``: hit rate at 10 of later likes by
        number of ratings and by how usual the taste is. Each by model.
    """
    random = np.random.default_rng(seed)
    raters = _raters(recommender, users, random)
    catalogue, collab = recommender.catalogue, recommender.workspace.collab
    likes = recommender.workspace.likes[0].astype(float)
    percentile = likes.argsort(kind="stable").argsort(kind="stable") / max(len(likes) - 1, 1)

    def chatrec(liked: Sequence[int]) -> list[int]:
        state = State(liked=[catalogue[row].item_id for row in liked])
        return [entry.row for entry in recommender.manager.rank(state, CUT)]

    listers: dict[str, Lister] = {
        "chatrec": chatrec,
        "collaborative": lambda liked: _best(collab.score(History(tuple(liked))), liked),
        "popularity": lambda liked: _best(likes, liked),
    }
    result: dict[str, Any] = {"users": len(raters), "position": {}, "popularity": {}, "groups": {}}
    for name, lister in listers.items():
        lists, overlaps = [], []
        for rater in track(raters, name, console=console, disable=console is None):
            lists.append(lister(rater.liked))
            other = set(lister([int(row) for row in random.permutation(rater.liked)]))
            overlaps.append(len(other & set(lists[-1])) / max(len(other | set(lists[-1])), 1))
        result["position"][name] = float(np.mean(overlaps)) if overlaps else None
        result["popularity"][name] = _popularity(lists, percentile)
        result["groups"][name] = _groups(raters, lists, percentile)
    said = [percentile[list(rater.liked)].mean() for rater in raters]
    result["popularity"]["what people like"] = {"mean_percentile": float(np.mean(said)) if said else None}
    return result


def gini(counts: np.ndarray) -> float:
    """Gini index of how often each item is shown: 0 all alike, near 1 a few alone."""
    ordered = np.sort(counts.astype(float))
    if not ordered.sum():
        return 0.0
    places = np.arange(1, len(ordered) + 1)
    return float((2 * places - len(ordered) - 1) @ ordered / (len(ordered) * ordered.sum()))


def _raters(recommender: "Recommender", users: int, random: np.random.Generator) -> list[Rater]:
    split, row = recommender.workspace.split, recommender.catalogue.row
    train, held = sequences(split.train, row), later(split, row)
    raters = []
    for user in random.permutation(sorted(train)):
        liked = [item for item, rating in train[user] if rating >= LIKED][-SAID:]
        if len(liked) > 1:
            loved = frozenset(item for item, rating in held.get(user, []) if rating >= LIKED)
            raters.append(Rater(tuple(liked), len(train[user]), loved))
        if len(raters) == users:
            break
    return raters


def _best(scores: np.ndarray, liked: Sequence[int]) -> list[int]:
    values = np.array(scores, dtype=float)
    values[list(liked)] = -np.inf
    return [int(row) for row in (-values).argsort(kind="stable")[:CUT]]


def _popularity(lists: Sequence[Sequence[int]], percentile: np.ndarray) -> dict[str, float]:
    shown = np.array([row for rows in lists for row in rows], dtype=int)
    counts = np.bincount(shown, minlength=len(percentile))
    return {
        "mean_percentile": float(percentile[shown].mean()) if len(shown) else 0.0,
        "catalogue_shown": float((counts > 0).mean()),
        "gini": gini(counts),
    }


def _groups(raters: Sequence[Rater], lists: Sequence[Sequence[int]], percentile: np.ndarray) -> dict[str, Any]:
    """Hit rate of each half of the people, split at the median, among those who liked something later."""
    traits = {
        "ratings": np.array([rater.ratings for rater in raters], dtype=float),
        "usual_taste": np.array([percentile[list(rater.liked)].mean() for rater in raters]),
    }
    asked = np.array([bool(rater.later) for rater in raters], dtype=bool)
    hits = np.array([bool(rater.later & set(rows)) for rater, rows in zip(raters, lists, strict=True)], dtype=float)
    block: dict[str, Any] = {}
    for name, values in traits.items():
        low = values <= np.median(values) if len(values) else np.array([], dtype=bool)
        halves = {"low": low & asked, "high": ~low & asked}
        rates = {half: float(hits[chosen].mean()) if chosen.any() else None for half, chosen in halves.items()}
        both = [rate for rate in rates.values() if rate is not None]
        block[name] = {**rates, "gap": abs(both[0] - both[1]) if len(both) > 1 else None}
    return block
