"""What the knobs do: slates of people with a taste, at every step of popularity and of adventure.

    python tests/benchmarks/knobs.py [WORKSPACE] [PEOPLE]

For each step: how well known the slate is (mean place of its items in the order of likes, 0 to 1), how close it is to
what the person likes and its items to each other (mean cosine of their stories), and what that costs in taste (mean
place of its items in the collaborative order for this person, 0 to 1). The knob at 0 is the baseline.
"""

import sys

import numpy as np

from chatrec.catalogue.interactions import LIKED
from chatrec.dialogue.settings import STEPS
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.store import Sessions
from chatrec.recommender import Recommender

SLATE, KNOWN = 10, 5


def main(path: str | None = None, people: int = 100) -> None:
    """Print the table."""
    recommender = Recommender.open(path, Sessions("sqlite://"))
    manager, catalogue = recommender.manager, recommender.catalogue
    ranker = manager.ranker
    rated = recommender.workspace.interactions
    loved = rated[rated["rating"] >= LIKED].groupby("user_id")["item_id"].apply(list)
    random = np.random.default_rng(0)
    chosen = [ids for ids in loved if len(ids) >= KNOWN]
    chosen = [random.permutation(chosen[n])[:KNOWN].tolist() for n in random.permutation(len(chosen))[:people]]
    print(f"{len(chosen)} people of {catalogue.name}, {KNOWN} likes known, slates of {SLATE}")
    print(f"{'knob':12}{'step':>5}{'known':>8}{'to likes':>10}{'within':>8}{'taste':>8}")
    for knob, steps in STEPS.items():
        for step in steps:
            figures = []
            for ids in chosen:
                state = State(liked=ids, **{knob: step})
                rows = [entry.row for entry in manager.rank(state, SLATE)]
                likes = [catalogue.row[item] for item in ids]
                close = ranker.text[rows] @ ranker.text[rows].T
                taste = ranker.collab.score(state.history(catalogue)).argsort().argsort() / (len(catalogue) - 1)
                figures.append(
                    (
                        ranker.fame[rows].mean(),
                        (ranker.text[rows] @ ranker.text[likes].T).max(axis=1).mean(),
                        close[~np.eye(len(rows), dtype=bool)].mean(),
                        taste[rows].mean(),
                    )
                )
            known, near, within, liked = np.mean(figures, axis=0)
            print(f"{knob:12}{step:>5}{known:>8.3f}{near:>10.3f}{within:>8.3f}{liked:>8.3f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
