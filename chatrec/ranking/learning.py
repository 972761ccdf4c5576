"""Learning to rank after a context from human dialogues: statistics of mentions, and the weights of the fusion.

An item's own recommendation is never among the statistics its turn is scored with: while the weights are learned, turns
are scored with the statistics of other dialogues.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from chatrec.catalogue.turns import Turn
from chatrec.errors import WorkspaceError
from chatrec.ranking.context import FEATURES, PARTS, WAYS, ContextRanker, ContextReader
from chatrec.ranking.fusion import EMPTY, Curve, fit_curve, fit_softmax
from chatrec.ranking.mentions import Heard, Mentions
from chatrec.workspace import Report

FILE = "context.safetensors"
BESIDE = 200, 100
"""Items drawn at random beside each recommended one, from which weights are learned (sampled softmax): in a first look, and
then, when the close ones are there for sure."""
CLOSE = 100
"""Items that are there for sure: the titles that were named, and the first so many by the weights of the first look. With
random ones alone, what tells the first places apart is hardly learned (ReDial, recall@1 .043 against .053)."""
TOLD = 1000
"""Turns between two reports of progress."""
INNER = 4
"""Into how many parts the dialogues are divided while weights are learned."""


def fold_of(dialogue: str, folds: int) -> int:
    """The fold a dialogue belongs to; all its turns are in one."""
    return zlib.crc32(dialogue.encode("utf-8", "replace")) % folds


class Sampled:
    """The features of some items for each recommendation in the turns: what weights are learned from.

    Args:
        reader: of the workspace.
        turns, heard: the turns and how they were read, one for one.
        seed: of the draw of the items beside the recommended one.
        report: told how far it has come.
    """

    def __init__(
        self,
        reader: ContextReader,
        turns: Sequence[Turn],
        heard: Sequence[Heard],
        seed: int = 0,
        report: Report = lambda _: None,
    ) -> None:
        self.reader, self.turns, self.heard, self.items = reader, turns, list(heard), len(reader.catalogue)
        self.turn = np.array([n for n, turn in enumerate(heard) for _ in turn.chosen], dtype=np.int64)
        random = np.random.default_rng(seed)
        everything = range(len(heard))
        self._draw(random, BESIDE[0], None, report)
        self._count(everything)
        self._draw(random, BESIDE[1], fit_softmax(self.features, self.offset), report)

    def learn(self, chosen: Sequence[int], count: bool = True) -> ContextRanker:
        """A ranker that has learned from the turns of these numbers.

        Without ``count`` it learns weights only, and no statistics: for catalogues that come without dialogues.
        """
        self._count(chosen, count)
        used = np.isin(self.turn, list(chosen))
        features, offset = self.features[used], self.offset[used]
        weights = np.zeros((len(WAYS) - 1, len(FEATURES)), dtype=np.float32)
        for place, way in enumerate(WAYS[1:]):
            own = [n for n, name in enumerate(FEATURES) if way == "linear" or name in PARTS[way]]
            weights[place, own] = fit_softmax(features[:, :, own], offset)
        curve = fit_curve(features, offset, weights[0])
        statistics = Mentions([self.heard[n] for n in chosen if count], self.items)
        return ContextRanker(self.reader, statistics, weights, curve)

    def _draw(self, random: np.random.Generator, beside: int, weights: np.ndarray | None, report: Report) -> None:
        """Choose items beside each recommended one, and read their features off the context and the workspace.

        The statistics of mentions are left at zero. With ``weights``, (features,), the closest items come for sure.
        """
        sure = [np.unique([row for _, rows in turn.named for row in rows]).astype(np.int64) for turn in self.heard]
        width = min(1 + max(map(len, sure), default=0) + CLOSE + beside, self.items)
        self.rows = np.zeros((len(self.turn), width), dtype=np.int64)
        self.offset = np.full(self.rows.shape, EMPTY, dtype=np.float32)
        self.features = np.zeros((*self.rows.shape, len(FEATURES)), dtype=np.float32)
        statistics = Mentions(self.heard, self.items)
        for place, number in enumerate(numbers := np.unique(self.turn)):
            if place % TOLD == 0 and place:
                report(f"comparing items: {place:,} of {len(numbers):,} turns")
            heard = self.heard[number]
            values = self.reader.features(heard, self.turns[number].context)
            if weights is not None:
                scores = weights @ np.concatenate([values, statistics.features(heard)])
                sure[number] = np.union1d(sure[number], np.argsort(-scores, kind="stable")[:CLOSE])
            for choice, row in zip(np.flatnonzero(self.turn == number), heard.chosen, strict=True):
                near = np.setdiff1d(sure[number], row)
                far = np.setdiff1d(np.arange(self.items), [row, *near])
                drawn = random.choice(far, min(beside, len(far)), replace=False)
                there = np.array([row, *near, *drawn], dtype=np.int64)
                self.rows[choice, : len(there)] = there
                self.offset[choice, : 1 + len(near)] = 0.0
                self.offset[choice, 1 + len(near) : len(there)] = np.log(max(len(far), 1) / max(len(drawn), 1))
                self.features[choice, :, : len(values)] = values[:, self.rows[choice]].T

    def _count(self, chosen: Sequence[int], count: bool = True) -> None:
        """Fill in the statistics of mentions for some turns, each from the dialogues of the other parts."""
        folds = {n: fold_of("inner" + self.heard[n].dialogue, INNER) for n in chosen}
        for fold in range(INNER):
            others = Mentions([self.heard[n] for n in chosen if count and folds[n] != fold], self.items)
            for number in (n for n in chosen if folds[n] == fold):
                values = others.features(self.heard[number])
                for choice in np.flatnonzero(self.turn == number):
                    self.features[choice, :, -len(values) :] = values[:, self.rows[choice]].T


def save(ranker: ContextRanker, folder: Path) -> None:
    """Write ``context.safetensors``: the weights, and the turns as rows and vectors (no text)."""
    heard = ranker.mentions.heard
    dialogues = {name: number for number, name in enumerate(dict.fromkeys(turn.dialogue for turn in heard))}
    named = [(n, age, row) for n, turn in enumerate(heard) for age, rows in turn.named for row in rows[:1]]
    chosen = [(n, row) for n, turn in enumerate(heard) for row in turn.chosen]
    width = ranker.reader.text.shape[1]
    tensors = {
        "weights": ranker.weights,
        **{f"curve.{name}": values for name, values in vars(ranker.curve).items()},
        "vectors": np.array([turn.vector for turn in heard], dtype=np.float16).reshape(len(heard), width),
        "named": np.array(named, dtype=np.int32).reshape(-1, 3),
        "chosen": np.array(chosen, dtype=np.int32).reshape(-1, 2),
        "dialogues": np.array([dialogues[turn.dialogue] for turn in heard], dtype=np.int32),
    }
    save_file(tensors, folder / FILE, metadata={"features": json.dumps(FEATURES), "ways": json.dumps(WAYS)})


def load(reader: ContextReader, folder: Path) -> ContextRanker | None:
    """Read what :func:`save` wrote; None where nothing was learned.

    Raises:
        WorkspaceError: for a damaged file, or one of another version.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="np") as opened:
            meta = opened.metadata() or {}
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118  # no dict
        if json.loads(meta["features"]) != list(FEATURES) or json.loads(meta["ways"]) != list(WAYS):
            raise WorkspaceError(f"{path} was made by another version; build the workspace again")
        heard = [
            Heard(
                str(dialogue),
                tuple((int(age), (int(row),)) for _, age, row in tensors["named"][tensors["named"][:, 0] == n]),
                tensors["vectors"][n].astype(np.float32),
                tuple(int(row) for _, row in tensors["chosen"][tensors["chosen"][:, 0] == n]),
            )
            for n, dialogue in enumerate(tensors["dialogues"])
        ]
        curve = Curve(**{name.name: tensors[f"curve.{name.name}"] for name in fields(Curve)})
        return ContextRanker(reader, Mentions(heard, len(reader.catalogue)), tensors["weights"], curve)
    except (OSError, SafetensorError, KeyError, ValueError, IndexError) as error:
        raise WorkspaceError(f"{path} is damaged; build the workspace again") from error
