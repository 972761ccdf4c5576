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
from chatrec.ranking.fusion import Curve, fit_curve, fit_softmax
from chatrec.ranking.mentions import Heard, Mentions
from chatrec.workspace import Report

FILE = "context.safetensors"
BESIDE = 200
"""Items drawn beside each recommended one, from which weights are learned (sampled softmax). Drawing close items for sure
ranks new titles better and repeated ones worse; over all titles it lost (recall@10 .220 against .231 on ReDial)."""
EMPTY = -1e9
"""Offset of an empty place, where the catalogue is small."""
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
        random = np.random.default_rng(seed)
        self.reader, self.heard, self.items = reader, list(heard), len(reader.catalogue)
        self.turn = np.array([n for n, turn in enumerate(heard) for _ in turn.chosen], dtype=np.int64)
        self.rows = np.zeros((len(self.turn), 1 + BESIDE), dtype=np.int64)
        self.offset = np.full(self.rows.shape, EMPTY, dtype=np.float32)
        self.features = np.zeros((*self.rows.shape, len(FEATURES)), dtype=np.float32)
        for place, number in enumerate(numbers := np.unique(self.turn)):
            if place % TOLD == 0 and place:
                report(f"comparing items: {place:,} of {len(numbers):,} turns")
            values = reader.features(heard[number], turns[number].context)
            for choice, row in zip(np.flatnonzero(self.turn == number), heard[number].chosen, strict=True):
                others = np.delete(np.arange(self.items), row)
                drawn = random.choice(others, min(BESIDE, len(others)), replace=False)
                self.rows[choice, : 1 + len(drawn)] = [row, *drawn]
                self.offset[choice, 0] = 0.0
                self.offset[choice, 1 : 1 + len(drawn)] = np.log(len(others) / max(len(drawn), 1))
                self.features[choice, :, : len(values)] = values[:, self.rows[choice]].T

    def learn(self, chosen: Sequence[int], count: bool = True) -> ContextRanker:
        """A ranker that has learned from the turns of these numbers.

        Without ``count`` it learns weights only, and no statistics: for catalogues that come without dialogues.
        """
        folds = {n: fold_of("inner" + self.heard[n].dialogue, INNER) for n in chosen}
        for fold in range(INNER):
            others = Mentions([self.heard[n] for n in chosen if count and folds[n] != fold], self.items)
            for number in (n for n in chosen if folds[n] == fold):
                values = others.features(self.heard[number])
                for choice in np.flatnonzero(self.turn == number):
                    self.features[choice, :, -len(values) :] = values[:, self.rows[choice]].T
        used = np.isin(self.turn, list(chosen))
        features, offset = self.features[used], self.offset[used]
        weights = np.zeros((len(WAYS) - 1, len(FEATURES)), dtype=np.float32)
        for place, way in enumerate(WAYS[1:]):
            own = [n for n, name in enumerate(FEATURES) if way == "linear" or name in PARTS[way]]
            weights[place, own] = fit_softmax(features[:, :, own], offset)
        curve = fit_curve(features, offset, weights[0])
        statistics = Mentions([self.heard[n] for n in chosen if count], self.items)
        return ContextRanker(self.reader, statistics, weights, curve)


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
