"""The oldest and the newest of the whole catalogue, and of what was shown."""

import pytest

from chatrec.dialogue.nlu.extremes import extreme_rows
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.nlu.understanding import Understanding
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.store import Sessions
from chatrec.recommender import Recommender
from chatrec.retrieval.index import Constraints


@pytest.fixture(scope="module")
def read(catalogue):
    import numpy as np

    understanding = Understanding(catalogue, np.ones(len(catalogue)))

    def _read(text: str, shown: int = 0) -> Reading:
        slate = [catalogue[row].item_id for row in range(shown)]
        return understanding.read(text, State(shown=[slate] if slate else [], focus=slate[:1]))

    return _read


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("what is the oldest film you have?", "oldest"),
        ("show me your oldest westerns", "oldest"),
        ("the earliest movie in your catalogue", "oldest"),
        ("what's the newest?", "newest"),
        ("what is the latest comedy you've got", "newest"),
        ("the most recent films", "newest"),
        ("my oldest friend loved it", ""),
        ("an old film", ""),
        ("the oldest trick in the book", ""),
    ],
)
def test_an_extreme_of_the_catalogue_is_told_from_other_old_things(read, text, which):
    assert read(text).extreme == which


def test_after_a_slate_the_oldest_one_is_one_of_it_and_the_oldest_western_is_not(read, catalogue):
    shown = min(range(3), key=lambda row: catalogue[row].year)
    assert [row for row, _ in read("the oldest one looks good", 3).referred] == [shown]
    assert read("which of them is the oldest?", 3).referred == [(shown, "asked")]
    assert read("what is the oldest western you have?", 3).extreme == "oldest"


def test_the_newest_comes_first_and_what_is_ruled_out_stays_out(catalogue):
    rows = extreme_rows("newest", Constraints(), catalogue, 4)
    years = [catalogue[row].year for row in rows]
    assert years == sorted(years, reverse=True) and years[0] == max(item.year for item in catalogue if item.year)
    rest = extreme_rows("newest", Constraints(exclude=frozenset(rows)), catalogue, 4)
    assert not set(rows) & set(rest) and catalogue[rest[0]].year <= years[-1]
    assert extreme_rows("oldest", Constraints(), catalogue, 1) != rows[:1]


def test_newest_leaves_no_years_behind(read):
    reading = read("the newest films you have")
    assert reading.year_min is None and reading.year_max is None
    assert read("the newest film from before 1990").year_max == 1989


def test_the_oldest_of_all_is_not_the_oldest_of_the_years_wished_for_before(small_workspace):
    plain, user = Recommender.open(small_workspace, Sessions("sqlite://")), "somebody"
    plain.reply(user, "something from the nineties")
    reply = plain.reply(user, "what is the oldest film you have?")
    assert reply.cards[0].year == min(item.year for item in plain.catalogue if item.year)
    plain.reply(user, "something from the nineties")
    assert plain.reply(user, "the oldest film from the seventies").cards[0].year >= 1970
