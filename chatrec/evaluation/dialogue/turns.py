"""Recommendation from dialogue: after a context, where in the catalogue's ranking are the titles that were recommended next?

Every recommended title is one case, as in UniCRS and iEvaLM-CRS: ``recall@k`` is the share of cases within the first k
places. Titles that the catalogue lacks count as missed. ``new_only`` leaves out the cases whose title was named in the
context; the ranking itself is the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chatrec.catalogue.turns import Turn
from chatrec.ranking.context import FEATURES, WAYS, ContextRanker
from chatrec.ranking.learning import Sampled, fold_of
from chatrec.ranking.mentions import Heard

NOWHERE = 10**9
"""Place of a title that the catalogue lacks."""
Report = Callable[[str], None]


@dataclass
class Cases:
    """Places (from 0) of the recommended titles, and whether each is new in its dialogue."""

    places: list[int] = field(default_factory=list)
    new: list[bool] = field(default_factory=list)

    def metrics(self) -> dict[str, Any]:
        """The figures of the contract."""
        places, new = np.array(self.places, dtype=np.int64), np.array(self.new, dtype=bool)
        return {**_figures(places), "new_only": _figures(places[new])}


def run_turns(
    ranker: ContextRanker, turns: Sequence[Turn], folds: int = 0, report: Report = lambda _: None
) -> dict[str, Any]:
    """Rank after every context.

    Args:
        ranker: of the workspace; its ways are the fusion and each of its parts alone.
        turns: what was said and what was recommended.
        folds: with 2 or more, the ranker's own statistics and weights are not used: they are learned from the same
            turns, leaving out the fold (a share of the dialogues) that is being ranked.
        report: told of each step.

    Returns:
        The figures of the fusion, those of each part under ``parts``, plain baselines under ``baselines``, and how many
        of the turns are among those the ranker learned from (``learned_from``; 0 for a file it has not seen).
    """
    reader = ranker.reader
    report(f"reading {len(turns):,} contexts")
    heard = reader.read([turn.context for turn in turns], [(turn.dialog_id, turn.rec) for turn in turns], report)
    cases = [Cases() for _ in (*WAYS, *BASELINES)]
    if folds < 2:
        report(f"ranking {len(reader.catalogue):,} items after each")
        _rank(ranker, turns, heard, range(len(turns)), cases)
    else:
        sampled = Sampled(reader, turns, heard, report=report)
        number = [fold_of(turn.dialogue, folds) for turn in heard]
        for fold in range(folds):
            report(f"fold {fold + 1} of {folds}")
            learned = sampled.learn([n for n in range(len(turns)) if number[n] != fold])
            of_fold = [n for n in range(len(turns)) if number[n] == fold]
            _rank(learned, turns, heard, of_fold, cases)
    fusion, *others = [found.metrics() for found in cases]
    return {
        **fusion,
        "turns": len(turns),
        "folds": folds,
        "learned_from": 0 if folds >= 2 else count_learned(ranker, heard),
        "parts": dict(zip(WAYS[1:], others, strict=False)),
        "baselines": dict(zip(BASELINES, others[len(WAYS) - 1 :], strict=True)),
    }


BASELINES = ("popularity", "co_mention_counts", "text_retrieval", "cf_neighbours")
"""Rankings without learned weights: times recommended, titles mentioned together, context and item text, CF cosine."""


def _baselines(features: np.ndarray) -> np.ndarray:
    """Scores of every item by each baseline, (baselines, items); popularity decides where they say nothing."""
    value = dict(zip(FEATURES, features, strict=True))
    popularity = value["recommended"] + 0.01 * value["ratings"]
    return np.stack(
        [
            popularity,
            value["together"] + 1e-3 * popularity,
            value["context_text"],
            value["taste"] + 1e-3 * popularity,
        ]
    )


def _rank(
    ranker: ContextRanker, turns: Sequence[Turn], heard: Sequence[Heard], numbers: Sequence[int], cases: list[Cases]
) -> None:
    linker = ranker.reader.linker
    for number in numbers:
        features = ranker.features(heard[number], turns[number].context)
        scores = np.concatenate([ranker.ways(features), _baselines(features)])
        said = {row for _, rows in heard[number].named for row in rows}
        for title in turns[number].rec:
            rows = linker.find(title)
            for found, values in zip(cases, scores, strict=True):
                found.places.append(_place(values, rows[0]) if rows else NOWHERE)
                found.new.append(not said & set(rows))


def _place(scores: np.ndarray, row: int) -> int:
    """Place of a row from 0, ties in the catalogue's order."""
    return int((scores > scores[row]).sum() + (scores[:row] == scores[row]).sum())


def _figures(places: np.ndarray) -> dict[str, float]:
    count = max(len(places), 1)
    gain = np.where(places < 10, 1.0 / np.log2(places + 2.0), 0.0)
    return {
        "n": len(places),
        **{f"recall@{k}": float((places < k).sum() / count) for k in (1, 10, 50)},
        "ndcg@10": float(gain.sum() / count),
        "mrr": float((np.where(places < NOWHERE, 1.0 / (places + 1.0), 0.0)).sum() / count),
    }


def count_learned(ranker: ContextRanker, heard: Sequence[Heard]) -> int:
    """How many of these turns a ranker has learned from."""
    known = {_print(turn) for turn in ranker.mentions.heard}
    return sum(_print(turn) in known for turn in heard)


def _print(turn: Heard) -> tuple[object, ...]:
    """What tells a turn from others: the titles and the text's vector (kept in half precision)."""
    return (turn.chosen, tuple(np.round(turn.vector[:8].astype(np.float64), 2)))
