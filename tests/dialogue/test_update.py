"""How long a wish lives, and what takes it back."""

import pytest

from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply, carried_frame


@pytest.fixture
def say(understanding, catalogue):
    """Says lines one after the other, a slate after each, and returns the state."""

    def talk(*lines):
        state = State()
        for line in lines:
            apply(understanding.read(line, state), state, catalogue)
            state.turn += 1
            state.shown.append(["24"])
        return state

    return talk


@pytest.mark.parametrize(
    "line", ["five westerns", "actually, a western", "how about a western?", "ok then, show me some westerns"]
)
def test_a_new_subject_ends_the_request_before(say, line):
    state = say("something funny with Bill Murray", line)
    assert (state.genres_wanted, state.people_wanted) == (["Western"], [])


@pytest.mark.parametrize(
    "line", ["a funny one", "but funny please", "a comedy with him", "make it a comedy", "also a comedy"]
)
def test_what_narrows_or_adds_keeps_the_request(say, line):
    state = say("something with Bill Murray", line)
    assert (state.genres_wanted, state.people_wanted) == (["Comedy"], ["Bill Murray"])


@pytest.mark.parametrize("line", ["before 1990", "older please", "no horror please", "just two", "I loved Fargo"])
def test_what_has_no_subject_keeps_the_request(say, line):
    state = say("a comedy with Bill Murray", line)
    assert (state.genres_wanted, state.people_wanted) == (["Comedy"], ["Bill Murray"])


def test_what_is_ruled_out_outlives_every_request(say):
    state = say("a comedy, no horror and nothing with Harrison Ford", "five westerns", "something with Bill Murray")
    assert (state.genres_unwanted, state.people_unwanted) == (["Horror"], ["Harrison Ford"])


def test_the_years_of_an_earlier_request_are_known_to_be_carried_over(understanding, catalogue, say):
    state = say("a western before 1960")
    assert carried_frame(understanding.read("something with Bill Murray", state), state)
    assert not carried_frame(understanding.read("something with Bill Murray from before 1990", state), state)
    assert not carried_frame(understanding.read("older please", state), state)


@pytest.mark.parametrize("line", ["scratch that", "forget that", "ignore that please"])
def test_scratch_that_undoes_the_last_message_only(say, line):
    state = say("I loved Fargo. A western please", "I hated Babe. Horror from the 70s", line)
    assert (state.genres_wanted, state.year_min, len(state.liked), state.disliked) == (["Western"], None, 1, [])


def test_what_was_removed_by_hand_does_not_come_back(say, understanding, catalogue):
    state = say("a western", "a comedy")
    state.remove("genres_wanted", "Comedy")
    apply(understanding.read("scratch that", state), state, catalogue)
    assert state.genres_wanted == []


def test_a_verdict_can_be_taken_back_in_words(say):
    state = say("I loved Fargo and Babe", "actually forget Fargo")
    assert len(state.liked) == 1


def test_ranges_that_exclude_each_other_are_kept_apart(understanding):
    reading = understanding.read("two films: an oldie from before 1960, and something from the nineties", State())
    assert reading.year_ranges == ((None, 1959), (1990, 1999))
    assert (reading.year_min, reading.year_max) == (None, None)
