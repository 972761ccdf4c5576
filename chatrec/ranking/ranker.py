"""Candidates from all sources, fused scores, constraints, spread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import torch

from chatrec.catalogue.items import Catalogue, Item
from chatrec.catalogue.texts import MOODS
from chatrec.collab.als import ALS
from chatrec.collab.scorer import History
from chatrec.ilm.calibration import Calibration
from chatrec.ilm.model import ItemLanguageModel
from chatrec.retrieval.index import Constraints, ItemIndex, rows_allowed
from chatrec.retrieval.stories import nearness
from chatrec.retrieval.words import StoryWords
from chatrec.trace import step

CANDIDATES = 150
"""Candidates that each source brings."""
ABOUT = 8.0
"""What it counts to have the wish as a subject of its own."""
MANY, NAMED = 8, 0.3
"""From how many items of the wished subject on a description's words count less, and how much: those have it all alike."""
ASKED = 24
"""The best candidates are put to the LLM's Yes–No question."""
WEIGHTS = {
    "cf": 1.0,
    "next": 0.8,
    "text": 3.0,
    "like": 0.7,
    "popularity": 0.35,
    "mood": 0.8,
    "critique": 1.2,
    "near": 0.9,
    "dialogue": 4.0,
    "known": 1.3,
    "far": 0.4,
}
"""Weight of each part; parts are standardised over the candidates. See ``chatrec evaluate ranking`` for each part alone.

``known`` and ``far`` count for each step of their knobs (``tests/benchmarks/knobs.py``).

A description outweighs taste (``tests/benchmarks/descriptions.py``; how the weight was found is in the log)."""
Dialogue = Callable[[tuple[str, ...]], np.ndarray]
"""Scores of all items after what was said, oldest first: learned from other people's dialogues."""
GEM = 0.5
"""Share of the catalogue, from the least known, within which being known still less is no merit: a gem has some friends."""
SPREAD = 1.1, 1.6
"""Weight of unlikeness within a slate, and its factor for each step of adventure."""
WORDS = 0.5
"""What the words that a description shares with a story count beside the text encoder's nearness."""
CLUES = {"person": 0.3, "category": 0.05, "first": 0.06, "last": 0.06}
"""What each thing that is remembered of an item besides its story counts."""
SLIP = 2
"""Years by which people misremember."""
SURE, LIKELY = (0.55, 0.1), (0.45, 0.02)
"""Similarity to a description, and lead over the next item, from which an item is taken to be the one described."""


@dataclass(frozen=True)
class Request:
    """What to rank for.

    Attributes:
        history: likes and dislikes.
        constraints: that every item must satisfy.
        query: vector of what was described in words, (width,), or None; ``told`` are the words.
        anchors: rows that the slate should be close to ("more like the second one").
        moods: that are wanted.
        critiques: (axis, direction) from the items of ``shown``.
        shown: rows the critiques compare with.
        all_categories, all_people: what is wanted; items that have all of it come first.
        promoted: rows that come before all others (the rest of a series that was asked for).
        subjects: rows that have what was asked for as a keyword or theme, with how much of it; they come first, too.
        said: the conversation so far, oldest first; the last utterance is the person's, and speakers alternate.
        popularity, adventure: steps of the knobs (:mod:`chatrec.dialogue.settings`); 0 asks for nothing.
    """

    history: History
    constraints: Constraints
    query: np.ndarray | None = None
    told: str = ""
    anchors: tuple[int, ...] = ()
    moods: tuple[str, ...] = ()
    critiques: tuple[tuple[str, float], ...] = ()
    shown: tuple[int, ...] = ()
    all_categories: tuple[str, ...] = ()
    all_people: tuple[str, ...] = ()
    promoted: tuple[int, ...] = ()
    subjects: dict[int, float] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    popularity: int = 0
    adventure: int = 0

    def weight(self, part: str) -> float:
        """What a part of the score counts: those of the knobs by their step, the words of a subject less."""
        factors = {
            "known": abs(self.popularity),
            "far": self.adventure,
            "text": NAMED if len(self.subjects) >= MANY else 1,
        }
        return WEIGHTS[part] * factors.get(part, 1)


@dataclass(frozen=True)
class Ranked:
    """One item of the slate with the parts of its score, and the calibrated estimate that the person likes it."""

    row: int
    score: float
    parts: dict[str, float] = field(default_factory=dict)
    match: float | None = None


class Ranker:
    """Ranks the catalogue for a request.

    Args:
        catalogue, collab, index: of the workspace.
        text: (items, width) unit vectors of the stories, in which descriptions are searched.
        popularity: (items,) number of likes.
        model: the ILM, or None to rank without it.
        calibration: of the ILM's Yes–No; without it no match is given.
        dialogue: what scores items after a conversation, or None where nothing was learned from dialogues.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        collab: ALS,
        index: ItemIndex,
        text: np.ndarray,
        popularity: np.ndarray,
        model: ItemLanguageModel | None = None,
        calibration: Calibration | None = None,
        dialogue: Dialogue | None = None,
    ) -> None:
        self.calibration = calibration
        self.catalogue, self.collab, self.index, self.text, self.model = catalogue, collab, index, text, model
        self.popularity = np.log1p(popularity.astype(np.float32))
        self.fame = popularity.argsort(kind="stable").argsort(kind="stable") / max(len(popularity) - 1, 1)
        self.axes = mood_axes(catalogue)
        self.words = StoryWords(catalogue)
        self.dialogue: Dialogue | None = (
            lru_cache(maxsize=4)(dialogue) if dialogue else None
        )  # a turn may rank several times

    def rank(self, request: Request, count: int) -> list[Ranked]:
        """The best ``count`` items, spread out, best first; fewer if fewer satisfy the constraints."""
        with step("scored") as scored:
            parts = self._whole(request)
            scored.found = {"parts": list(parts)}
        with step("retrieved") as retrieved:
            rows = self._moved(request, self._candidates(request, parts), count)
            retrieved.found = {"candidates": len(rows)}
        if not rows:
            return []
        with step("ranked") as ranked:
            fused = self._fuse(request, rows, {name: values[rows] for name, values in parts.items()})
            if self.model is not None and not request.history.empty:
                fused = self._ask(request, rows, fused)
            order = np.argsort(-fused["score"], kind="stable")
            chosen = self._spread([rows[place] for place in order], fused["score"][order], count, request.adventure)
            ranked.found = {"asked": int((fused["match"] >= 0).sum()) if "match" in fused else 0}
        place = {row: number for number, row in enumerate(rows)}
        return [
            Ranked(
                row,
                float(fused["score"][place[row]]),
                {name: float(values[place[row]]) for name, values in fused.items() if name not in ("score", "match")},
                float(fused["match"][place[row]]) if "match" in fused and fused["match"][place[row]] >= 0 else None,
            )
            for row in chosen
        ]

    def described(self, told: str, query: np.ndarray, near: float = SURE[0], lead: float = SURE[1]) -> int | None:
        """The row that a description (its words, and their vector) means, or None where that is not sure enough."""
        scores = self._told(told, query)
        second, best = np.partition(scores, -2)[-2:] if len(scores) > 1 else (-1.0, scores[0])
        return int(scores.argmax()) if best >= near and best - second >= lead else None

    def of_story(
        self, told: str, vectors: np.ndarray, clues: Sequence[tuple[str, str]], exclude: frozenset[int], count: int
    ) -> list[Ranked]:
        """The items that a story may be of, likeliest first: by the story alone, whatever else is wished or known.

        Args:
            told: the story's words.
            vectors: its vectors (:func:`~chatrec.retrieval.stories.story_vectors`).
            clues: what else is remembered of it, as evidence that may be wrong: kinds and values of :data:`CLUES`.
            exclude: rows never to return.
            count: how many.
        """
        scores = nearness(self.text, vectors, self.words.scores(told))
        for kind, value in clues:
            scores = scores + CLUES[kind] * np.array([_fits(item, kind, value) for item in self.catalogue])
        rows = [int(row) for row in np.argsort(-scores, kind="stable") if int(row) not in exclude][:count]
        return [Ranked(row, float(scores[row]), {"story": float(scores[row])}) for row in rows]

    def _told(self, told: str, query: np.ndarray) -> np.ndarray:
        """How near every item's story is to a description, by its meaning and by its words."""
        return self.text @ query + WORDS * self.words.scores(told)

    def _whole(self, request: Request) -> dict[str, np.ndarray]:
        """Scores of the whole catalogue, by part."""
        parts = {"popularity": self.popularity}
        if not request.history.empty:
            parts["cf"] = self.collab.score(request.history)
        if request.history.liked and self.model is not None:
            with torch.no_grad():
                parts["next"] = self.model.next_item_scores(request.history.liked).numpy()
        if request.said and self.dialogue is not None:
            parts["dialogue"] = self.dialogue(request.said)
        if request.query is not None:
            parts["text"] = self._told(request.told, request.query)
        if request.anchors:
            centre = self.text[list(request.anchors)].mean(0)
            vectors = self.collab.item_vectors
            taste = vectors[list(request.anchors)].mean(0)
            norms = np.linalg.norm(vectors, axis=1) * max(float(np.linalg.norm(taste)), 1e-9)
            parts["near"] = self.text @ centre + vectors @ taste / np.maximum(norms, 1e-9)
        if request.moods:
            shared = [sum(mood in item.moods for mood in request.moods) for item in self.catalogue]
            parts["mood"] = np.array(shared, dtype=np.float32)
        if request.critiques:
            parts["critique"] = self._critique(request)
        if request.popularity:
            parts["known"] = self.fame if request.popularity > 0 else -np.maximum(self.fame - GEM, 0)
        if request.adventure and request.history.liked:
            parts["far"] = -self._close(request.history.liked[-20:])
        return parts

    def _close(self, rows: tuple[int, ...]) -> np.ndarray:
        """How close each item is to the nearest of some, by its story and by who likes it."""
        taste = self.collab.item_vectors / np.maximum(np.linalg.norm(self.collab.item_vectors, axis=1), 1e-9)[:, None]
        nearest = [(vectors @ vectors[list(rows)].T).max(axis=1) for vectors in (self.text, taste)]
        return _standard(nearest[0]) + _standard(nearest[1])

    def _critique(self, request: Request) -> np.ndarray:
        """How far each item lies in the wanted direction from what was shown, and close to it otherwise."""
        shown = list(request.shown) or [int(self.popularity.argmax())]
        total = self.text @ self.text[shown].mean(0)
        for axis, direction in request.critiques:
            values = self._axis(axis)
            from_here = (values - values[shown].mean()) * direction
            total = total + np.clip(from_here / (values.std() + 1e-6), -2, 2) * 0.6
        return total.astype(np.float32)

    def _axis(self, name: str) -> np.ndarray:
        """Each item's place on an axis of critiques."""
        return self.popularity if name == "popularity" else self.axes[name]

    def _moved(self, request: Request, rows: list[int], count: int) -> list[int]:
        """Only those that lie where the critiques point from what was shown, as long as they fill a slate."""
        for axis, direction in request.critiques if request.shown else ():
            values = self._axis(axis)
            here = float(values[list(request.shown)].mean())
            there = [row for row in rows if (values[row] - here) * direction > 0]
            rows = there if len(there) >= count else rows
        return rows

    def _candidates(self, request: Request, parts: dict[str, np.ndarray]) -> list[int]:
        """Rows that satisfy the constraints, from each source."""
        found: dict[int, None] = {}
        if request.query is not None:
            found |= dict.fromkeys(
                r for r, _ in self.index.nearest("text", request.query, request.constraints, CANDIDATES)
            )
        if not request.history.empty:
            person = self.collab.fold_in(request.history)
            found |= dict.fromkeys(r for r, _ in self.index.nearest("cf", person, request.constraints, CANDIDATES))
        found |= dict.fromkeys((*request.promoted, *request.subjects))
        sources = ("text", "dialogue", "cf", "next", "near", "critique", "mood", "popularity")
        orders = [parts[name] for name in sources if name in parts]
        if request.popularity or request.adventure:  # what a knob asks for may be far down every other list
            weighted = [request.weight(name) * _standard(values) for name, values in parts.items()]
            orders.append(np.sum(weighted, axis=0))
        for scores in orders:
            best = np.argsort(-scores, kind="stable")
            allowed = (int(row) for row in best if request.constraints.allows(int(row), self.catalogue[int(row)]))
            found |= {row: None for _, row in zip(range(CANDIDATES), allowed, strict=False)}
        return rows_allowed(self.catalogue, request.constraints, list(found))

    def _fuse(self, request: Request, rows: list[int], parts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        fused = {name: request.weight(name) * _standard(values) for name, values in parts.items()}
        items = [self.catalogue[row] for row in rows]
        for wanted, have in (
            (set(request.all_categories), [i.categories for i in items]),
            (set(request.all_people), [i.all_people for i in items]),
        ):
            if len(wanted) > 1:
                bonus = np.array([4.0 if wanted <= set(own) else 0.0 for own in have], dtype=np.float32)
                fused["all"] = fused.get("all", np.zeros(len(rows), dtype=np.float32)) + bonus
        if request.subjects:
            fused["subject"] = np.array([ABOUT * request.subjects.get(row, 0.0) for row in rows], dtype=np.float32)
        if request.promoted:
            fused["series"] = np.array([20.0 if row in request.promoted else 0.0 for row in rows], dtype=np.float32)
        return {**fused, "score": np.sum(list(fused.values()), axis=0)}

    def _ask(self, request: Request, rows: list[int], fused: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Put the best candidates to the LLM: will this person like it?"""
        assert self.model is not None
        best = np.argsort(-fused["score"], kind="stable")[:ASKED]
        with torch.no_grad():
            liked, disliked = request.history.liked[-20:], request.history.disliked[-10:]
            logits = self.model.like_logits([(liked, disliked, [rows[place] for place in best])]).cpu().numpy()
        like = np.full(len(rows), 0.0, dtype=np.float32)
        match = np.full(len(rows), -1.0, dtype=np.float32)
        like[best] = WEIGHTS["like"] * _standard(logits)
        if self.calibration is not None:
            match[best] = self.calibration.probability(logits)
        score = fused["score"] + like
        score[best] += 1e-3  # those that were asked stay ahead of those that were not, all else equal
        return {**fused, "like": like, "score": score, "match": match}

    def _spread(self, rows: list[int], scores: np.ndarray, count: int, adventure: int) -> list[int]:
        """Maximal marginal relevance (Carbonell and Goldstein, 1998) over the best candidates' texts."""
        penalty = SPREAD[0] * SPREAD[1] ** adventure
        pool = rows[: max(5 * count, 20)]
        chosen: list[int] = []
        while pool and len(chosen) < count:
            close = [float((self.text[chosen] @ self.text[row]).max()) if chosen else 0.0 for row in pool]
            worth = [scores[rows.index(row)] - penalty * near for row, near in zip(pool, close, strict=True)]
            chosen.append(pool.pop(int(np.argmax(worth))))
        return chosen


def mood_axes(catalogue: Catalogue) -> dict[str, np.ndarray]:
    """Each item's place on the axes along which people compare: moods' mean, and the year."""
    axes = {axis: np.zeros(len(catalogue), dtype=np.float32) for axis in ("dark", "pace", "weird", "fear")}
    for row, item in enumerate(catalogue):
        for axis, values in axes.items():
            known = [MOODS[mood].get(axis, 0.0) for mood in item.moods if mood in MOODS]
            values[row] = float(np.mean(known)) if known else 0.0
    middle = float(np.median([item.year for item in catalogue if item.year] or [2000]))
    axes["year"] = np.array([item.year or middle for item in catalogue], dtype=np.float32)
    return axes


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / (values.std() + 1e-6)


def _fits(item: Item, kind: str, value: str) -> bool:
    """Whether an item agrees with what is remembered of it."""
    match kind:
        case "person":
            return value in item.all_people
        case "category":
            return value in item.categories
        case "first":
            return (item.year or 0) >= int(value) - SLIP
        case _:
            return 0 < (item.year or 0) <= int(value) + SLIP
