"""What words for items mean."""

import pytest

from chatrec.dialogue.nlu.coreference import References, Talk
from chatrec.dialogue.nlu.values import Values
from chatrec.dialogue.tracking.state import State


@pytest.fixture(scope="module")
def references(catalogue):
    return References(catalogue, Values(catalogue))


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("it", ["Groundhog Day"]),
        ("the second one", ["Babe"]),
        ("number 3", ["Sabrina"]),
        ("the last", ["Sabrina"]),
        ("the first two", ["Groundhog Day", "Babe"]),
        ("both of the last two", ["Babe", "Sabrina"]),
        ("all of them", ["Groundhog Day", "Babe", "Sabrina"]),
        ("the middle one", ["Babe"]),
        ("the oldest", ["Sabrina"]),
        ("the Bill Murray one", ["Groundhog Day"]),
        ("the one with the pig", ["Babe"]),
        ("the others", ["Babe", "Sabrina"]),
        ("all but the last", ["Groundhog Day", "Babe"]),
        ("the fifth", ["Groundhog Day"]),
    ],
)
def test_words_for_the_last_slate(references, catalogue, after_slate, words, titles):
    rows = references.resolve(words, Talk.of(after_slate, catalogue))
    assert [catalogue[row].title for row in rows] == titles


def test_ordinals_count_what_this_message_names(references, catalogue, after_slate):
    named = [catalogue.row["8"], catalogue.row["9"]]
    assert references.resolve("the second", Talk.of(after_slate, catalogue, named)) == (catalogue.row["9"],)


def test_nothing_is_meant_where_nothing_was_talked_of(references, catalogue):
    assert references.resolve("the second one", Talk.of(State(), catalogue)) == ()
