"""Namesakes: which one words mean, and where the verdict goes."""

import pytest

from chatrec.dialogue.nlu.versions import Versions
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("the old one", 1954),
        ("the remake", 1995),
        ("the 1954 one", 1954),
        ("the one from 1996", 1995),
        ("the fifties one", 1954),
        ("the one with Harrison Ford", 1995),
        ("the Audrey Hepburn version", 1954),
        ("not the remake, the original", 1954),
    ],
)
def test_words_pick_a_version(catalogue, said, year):
    row = Versions(catalogue).pick(said, [catalogue.row["15"], catalogue.row["16"]])
    assert catalogue[row].year == year


def test_words_that_tell_nothing_pick_nothing(catalogue):
    assert Versions(catalogue).pick("that one", [catalogue.row["15"], catalogue.row["16"]]) is None


def test_a_correction_moves_the_verdict(understanding, catalogue):
    state = State()
    for line in ("I loved Sabrina", "no, I meant the 1954 one, not the remake"):
        apply(understanding.read(line, state), state, catalogue)
    assert state.liked == ["15"]


def test_a_verdict_on_the_other_version_takes_nothing_from_the_first(understanding, catalogue):
    state = State()
    for line in ("I loved Sabrina from 1954", "the remake I hated"):
        apply(understanding.read(line, state), state, catalogue)
    assert (state.liked, state.disliked) == (["15"], ["16"])
