"""Which question is worth asking: the one whose answer would change the slate most.

For each answer that the best candidates suggest, the share of the slate that it would put aside; weighted by how many of
the candidates fit the answer, that is how much the question is expected to change. A question that would change little,
or has been asked, is not asked.
"""

from collections.abc import Callable, Sequence

import numpy as np

from chatrec.catalogue.items import Item
from chatrec.dialogue.tracking.state import State

POOL = 24
"""The best candidates, among which an answer would choose."""
WORTH = 0.4
"""Share of the slate that an answer must be expected to change."""

Values = Callable[[int, Item], Sequence[object]]
"""The answers to a question that an item (its row, and itself) would fit."""


def best_question(
    items: Sequence[tuple[int, Item]], slate: int, state: State, tone: np.ndarray, popularity: np.ndarray
) -> str | None:
    """The kind of question to ask, or None where none is worth it.

    Args:
        items: the best candidates with their rows, best first; the slate is the first of them.
        slate: items in the slate.
        state: of the person; what they have said already is not asked.
        tone: (all items,) how dark each is, around 0.
        popularity: (all items,) how well known each is.
    """
    middle = float(np.median([popularity[row] for row, _ in items])) if items else 0.0
    questions: dict[str, tuple[bool, Values]] = {
        "ask_wish_category": (bool(state.genres_wanted), lambda _, item: item.categories),
        "ask_wish_tone": (bool(state.moods_wanted), lambda row, _: [tone[row] > 0] if tone[row] else []),
        "ask_wish_fame": (False, lambda row, _: [popularity[row] > middle]),
        "ask_wish_decade": (
            bool(state.year_min or state.year_max),
            lambda _, item: [item.year // 10] if item.year else [],
        ),
    }
    worth = {
        kind: expected_change([values(row, item) for row, item in items], slate)
        for kind, (known, values) in questions.items()
        if not known and kind not in state.asked
    }
    best = max(worth, key=lambda kind: worth[kind], default=None)
    return best if best is not None and worth[best] >= WORTH else None


def expected_change(answers: Sequence[Sequence[object]], slate: int) -> float:
    """Share of the slate (the first ``slate`` candidates) that an answer is expected to put aside, 0 to 1.

    An answer counts only if it would leave enough candidates to fill the slate again.

    Args:
        answers: for each candidate, best first, the answers that it fits.
        slate: items in the slate.
    """
    fitting: dict[object, int] = {}
    for values in answers:
        for value in values:
            fitting[value] = fitting.get(value, 0) + 1
    possible = {value: count for value, count in fitting.items() if count >= slate}
    if len(possible) < 2 or not slate:
        return 0.0
    gone = {value: sum(value not in values for values in answers[:slate]) / slate for value in possible}
    return sum(count * gone[value] for value, count in possible.items()) / sum(possible.values())
