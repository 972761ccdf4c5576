"""Knobs and reversals: what a person sets by hand is kept, said, undone and felt in the slate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.settings import STEPS
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.store import Sessions
from chatrec.errors import BadInput
from chatrec.recommender import Recommender
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def recommender(small_workspace):
    return Recommender(Workspace(small_workspace), Sessions("sqlite://"))


TASTES = (["2", "3"], ["5"], ["16", "18"], ["11", "9"], [])


def slates(recommender, **knobs):
    return [[entry.row for entry in recommender.manager.rank(State(liked=t, **knobs), 5)] for t in TASTES]


def test_popularity_moves_slates_towards_the_well_known_or_the_hidden(recommender):
    fame = recommender.manager.ranker.fame
    known = [np.mean([fame[rows].mean() for rows in slates(recommender, popularity=step)]) for step in (-2, -1, 0, 1)]
    assert known == sorted(known) and known[0] < known[2] - 0.2


def test_adventure_moves_slates_away_from_what_is_liked_and_apart(recommender):
    text = recommender.manager.ranker.text

    def close(step):
        found = []
        for liked, rows in zip(TASTES, slates(recommender, adventure=step), strict=True):
            if liked:
                found.append((text[rows] @ text[[recommender.catalogue.row[i] for i in liked]].T).max(axis=1).mean())
        return np.mean(found)

    assert close(-2) > close(0) > close(2)
    assert slates(recommender, adventure=2)[-1] != slates(recommender, adventure=-2)[-1]  # without a like, by spread


@pytest.mark.parametrize("step", [-2, 1])
def test_a_knob_keeps_within_what_was_asked_for(recommender, step):
    state = State(liked=["2"], genres_wanted=["Comedy"], year_max=1960, popularity=step, adventure=2)
    items = [recommender.catalogue[entry.row] for entry in recommender.manager.rank(state, 5)]
    assert items and all("Comedy" in item.categories and item.year <= 1960 for item in items)


def test_what_is_set_is_known_said_and_taken_out(recommender):
    recommender.tune("ann", "popularity", -2)
    recommender.tune("ann", "year_min", 1970)
    profile = recommender.tune("ann", "year_max", 1990)
    assert (profile.popularity, profile.year_min, profile.year_max) == (-2, 1970, 1990)
    profile = recommender.new_conversation("ann")
    assert (profile.popularity, profile.year_min) == (-2, None)
    assert "hidden gems" in recommender.reply("ann", "What do you know about me?").text
    assert "1 setting" in recommender.stored("ann")
    assert recommender.remove("ann", "popularity", "").popularity == 0


@given(st.lists(st.tuples(st.sampled_from(["year_min", "year_max"]), st.none() | st.integers(1900, 2000)), max_size=6))
def test_years_never_cross(turns):
    state = State()
    for knob, value in turns:
        state.tune(knob, value)
        assert getattr(state, knob) == value
        assert not (state.year_min and state.year_max) or state.year_min <= state.year_max


def test_the_ends_of_the_catalogue_are_no_limit(recommender):
    first, last = recommender.catalogue.years
    profile = recommender.tune("ends", "year_min", first)
    assert profile.year_min is None and recommender.tune("ends", "year_max", last).year_max is None


@pytest.mark.parametrize(
    ("knob", "value"),
    [("popularity", 2), ("popularity", None), ("adventure", 3), ("year_min", 1), ("year_max", 10**9), ("liked", 1)],
)
def test_what_a_knob_has_not_is_refused_in_one_line(recommender, knob, value):
    with pytest.raises(BadInput, match=f"{knob}|the year {value}"):
        recommender.tune("refused", knob, value)
    assert recommender.stored("refused") == "nothing"


def test_every_entry_that_has_an_opposite_turns_into_it(recommender):
    user = "turner"
    recommender.feedback(user, "7", "liked")
    assert [ref.item_id for ref in recommender.reverse(user, "liked", "7").disliked] == ["7"]
    assert [ref.item_id for ref in recommender.reverse(user, "disliked", "7").liked] == ["7"]
    recommender.reply(user, "A comedy, please")
    profile = recommender.reverse(user, "genres_wanted", "Comedy")
    assert (profile.genres_wanted, profile.genres_unwanted) == ((), ("Comedy",))
    assert recommender.reverse(user, "genres_unwanted", "Western") == profile  # not known, so nothing turns
    for slot, value in (("seen", "7"), ("moods_wanted", "dark"), ("shown", "7"), ("liked", "no such item")):
        with pytest.raises(BadInput):
            recommender.reverse(user, slot, value)


def test_every_step_has_words_and_nothing_is_asked_in_the_middle():
    for steps in STEPS.values():
        assert 0 in steps and all(steps.values()) and list(steps) == sorted(steps)
