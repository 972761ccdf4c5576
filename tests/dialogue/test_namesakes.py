"""What a larger catalogue brings: items of one name, and items that nobody has rated."""

import numpy as np
import pytest

from chatrec.catalogue.items import Catalogue, Item
from chatrec.dialogue.nlg.explanations import Reasoner
from chatrec.dialogue.nlu.understanding import Understanding
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply

FILMS = (
    "I.T.|2016",
    "It|2017",
    "Iron Man|2008",
    "Iron Man|1931",
    "Heat|1995",
    "Mother|1985",
    "Mother|2009",
    "Frozen|2013",
)


@pytest.fixture(scope="module")
def catalogue():
    named = [film.split("|") for film in FILMS]
    return Catalogue(
        [
            Item(item_id=f"f{n}", title=title, year=int(year), categories=("Drama",))
            for n, (title, year) in enumerate(named)
        ]
    )


@pytest.fixture
def talk(catalogue):
    """The state after some messages; a slate is shown where a tuple of rows stands."""
    understanding = Understanding(catalogue, np.arange(len(catalogue), 0, -1))

    def _talk(*said: str | tuple[int, ...]) -> State:
        state = State()
        for one in said:
            if isinstance(one, str):
                apply(understanding.read(one, state), state, catalogue)
            else:
                state.shown.append([catalogue[row].item_id for row in one])
                state.focus = state.shown[-1][:1]
        return state

    return _talk


@pytest.mark.parametrize(
    ("said", "slot", "expected"),
    [
        (("I hated It",), "disliked", ["f1"]),
        (("I hated I.T.",), "disliked", ["f0"]),
        (("I loved Iron Man", (4, 7), "I like the first one"), "liked", ["f2", "f4"]),
        (("I loved Iron Man", "I meant the old one"), "liked", ["f3"]),
        (((6, 4), "oh mother was not good to me"), "disliked", ["f6"]),
        (("mother was not good to me",), "disliked", ["f5"]),
        (("my kids loved Frozen, I didn't",), "disliked", ["f7"]),
        (("my kids loved Frozen",), "disliked", []),
    ],
)
def test_the_one_that_is_meant_is_judged(talk, said, slot, expected):
    assert getattr(talk(*said), slot) == expected


def test_nothing_is_counted_where_nobody_rated(catalogue):
    nobody = np.zeros(len(catalogue), dtype=int)
    reasoner = Reasoner(catalogue, (nobody, nobody), np.zeros((len(catalogue), 0), dtype=int), None)
    (facts,) = reasoner.plan([4], State())
    assert facts.kind == "portrait"
    bare = Catalogue([Item(item_id="x", title="Heat")])
    reasoner = Reasoner(bare, (nobody[:1], nobody[:1]), np.zeros((1, 0), dtype=int), None)
    (facts,) = reasoner.plan([0], State())
    assert all("0 of" not in sentence for sentence in facts.sentences(bare.words))
