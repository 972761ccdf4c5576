"""What people say once a conversation runs: dropping a wish, taking a person along, judging what was talked of."""

import pytest

from chatrec.dialogue.state import State
from chatrec.dialogue.update import apply


@pytest.fixture
def talk(understanding, catalogue):
    """The state and the last reading after some messages; a slate is shown where a list of ids stands."""

    def _talk(*said):
        state = State()
        for one in said:
            if isinstance(one, str):
                reading = understanding.read(one, state)
                apply(reading, state, catalogue)
            else:
                state.shown.append(one)
                state.focus = one[:1]
        return state, reading

    return _talk


@pytest.mark.parametrize(
    ("said", "years"),
    [
        ("an action thriller, no older than 1990, would be just the ticket", (1990, None)),
        ("no newer than 1960 please", (None, 1960)),
        ("action from 1996 or 1997", (1996, 1997)),
    ],
)
def test_years_in_other_words(talk, said, years):
    state, _ = talk(said)
    assert (state.year_min, state.year_max) == years


@pytest.mark.parametrize(
    ("said", "wanted", "unwanted"),
    [
        (("adventure, romance and comedy", "lose the romance, keep the rest"), ["Adventure", "Comedy"], []),
        (("a western", "right, enough cowboys, now a musical instead"), ["Musical"], []),
    ],
)
def test_a_kind_that_is_dropped_is_not_ruled_out(talk, said, wanted, unwanted):
    state, _ = talk(*said)
    assert (state.genres_wanted, state.genres_unwanted) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("said", "wanted", "unwanted"),
    [
        (("what other films has the director of Fargo made?",), ["Joel Coen"], []),
        (("who plays the lead in Groundhog Day?", ["20", "21"], "who plays the lead in Groundhog Day?", "anything else with him?"), ["Bill Murray"], []),
        (("no Harrison Ford", "never mind about Harrison Ford, he can stay"), [], []),
        (("just Al Pacino then", "one that has Robert De Niro in it too"), ["Al Pacino", "Robert De Niro"], []),
    ],
)  # fmt: skip
def test_people_by_what_they_made_and_beside_others(talk, said, wanted, unwanted):
    state, _ = talk(*said)
    assert (state.people_wanted, state.people_unwanted) == (wanted, unwanted)
    assert not state.liked


def test_two_people_of_one_item_are_wanted_together(talk, catalogue):
    state, _ = talk("just Al Pacino then", "one that has Robert De Niro in it too")
    left = [item.name for row, item in enumerate(catalogue) if state.constraints(catalogue).allows(row, item)]
    assert left == ["Heat (1995)", "The Godfather: Part II (1974)"]


@pytest.mark.parametrize(
    ("said", "liked", "disliked"),
    [
        (("Fargo was wonderful. Babe, on the other hand, I couldn't bear.",), ["7"], ["24"]),
        (("Aliens I gave 3/10 when it came out.",), [], ["9"]),
        (("I hated Heat", "Forget I said that, I was thinking of another. I haven't seen Heat."), [], []),
        (("who directed Unforgiven?", "That made me cry buckets. One of my favourites."), ["21"], []),
        (("I loved the 1954 Sabrina", "The remake from 1995 I disliked though, so over the top"), ["15"], ["16"]),
        (("Would Alien be too scary for them?",), [], []),
        (("who else is in Casino",), [], []),
        (("just tell me the cast of Heat",), [], []),
        (("What about Alien, is that any good? what's it about",), [], []),
    ],
)
def test_verdicts_and_questions_in_passing(talk, said, liked, disliked):
    state, _ = talk(*said)
    assert (state.liked, state.disliked) == (liked, disliked)
