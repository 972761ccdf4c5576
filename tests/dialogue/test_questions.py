"""Questions without a mark, questions about a title named before, and short forms of words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.nlu.questions import asks_about_it, marked
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("who directed it", "who directed it?"),
        ("ok and when did it come out", "ok and when did it come out?"),
        ("Crash, right? from 1996. who directed it.", "Crash, right? from 1996. who directed it?"),
        ("who's in mrs. doubtfire", "who's in mrs. doubtfire?"),
        ("what about Twister, what is it about", "what about Twister, what is it about?"),
    ],
)
def test_a_question_is_told_by_its_words(said, read):
    assert marked(said) == read


@pytest.mark.parametrize(
    "said",
    [
        "who doesn't love Babe! more like it",
        "I like Bill Murray, who is a genius.",
        "a man who directed nothing",
        "something with Tom Hanks.",
        "who directed it?",
    ],
)
def test_what_asks_nothing_stays_as_it_is(said):
    assert marked(said) == said


@given(st.text(max_size=300))
def test_only_marks_change(text):
    assert re.sub(r"[\s.!?]", "", marked(text)) == re.sub(r"[\s.!?]", "", text)


def test_a_question_that_seeks_items_is_not_about_the_title():
    assert asks_about_it(". When was it made?")
    assert not asks_about_it(". What else is like it?")


@pytest.fixture
def talk(understanding, catalogue):
    """The state and the last reading after some messages."""

    def _talk(*said, state=None):
        state = state or State()
        for one in said:
            reading = understanding.read(one, state)
            apply(reading, state, catalogue)
        names = {
            slot: [catalogue.by_id(item).name for item in getattr(state, slot)]
            for slot in ("liked", "disliked", "seen")
        }
        asked = [m.row for m in reading.mentions if m.stance == "asked"] + [
            r for r, s in reading.referred if s == "asked"
        ]
        return names, [catalogue[row].name for row in asked], state, reading

    return _talk


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("Yes, Fargo. When was it made?", "Fargo (1996)"),
        ("I have not seen Unforgiven. Who directed it?", "Unforgiven (1992)"),
        ("theres a movie called Casino right? who directed it", "Casino (1995)"),
        ("has groundhog day got him in it? or whos that", "Groundhog Day (1993)"),
        ("whos he in taxi driver with, and who directed", "Taxi Driver (1976)"),
        ("big sleep - who directed that one?", "The Big Sleep (1946)"),
    ],
)
def test_a_title_that_is_asked_about_is_not_liked(talk, said, about):
    names, asked, _, _ = talk(said)
    assert asked == [about]
    assert names == {"liked": [], "disliked": [], "seen": []}


def test_a_verdict_and_a_question_in_one_message_are_both_heard(talk):
    names, asked, _, _ = talk("I loved Fargo. who directed it")
    assert names["liked"] == ["Fargo (1996)"]
    assert asked == ["Fargo (1996)"]


@pytest.mark.parametrize(
    ("said", "liked", "disliked"),
    [
        (("I loved the old Sabrina", "hated the 1995 one"), ["Sabrina (1954)"], ["Sabrina (1995)"]),
        (("I loved the 1954 Sabrina", "havent seen the 1995 one. who directed that"), ["Sabrina (1954)"], []),
        (("who directed Sabrina from 1954?", "I love the 1954 film"), ["Sabrina (1954)"], []),
        (("i loved heat", "wait no i meant rocky, not heat"), [], []),
        (("fargo and casino are both great, love em",), ["Casino (1995)", "Fargo (1996)"], []),
    ],
)
def test_versions_and_corrections_keep_their_own_verdicts(talk, said, liked, disliked):
    names, _, _, _ = talk(*said, state=State(shown=[["20", "21", "18"]], focus=["20"]))
    assert sorted(names["liked"]) == liked
    assert names["disliked"] == disliked


def test_none_of_those_that_were_seen_is_no_dislike(talk):
    names, _, _, _ = talk("I have seen Alien, Aliens and Star Wars, so none of those.")
    assert names["seen"] == ["Alien (1979)", "Aliens (1986)", "Star Wars (1977)"]
    assert names["disliked"] == []


def test_the_second_one_is_of_the_two_that_were_named_before_the_slate(talk):
    state = State()
    talk("i rented Casino and Babe this weekend", state=state)
    state.shown.append(["20", "21", "18"])
    names, _, _, _ = talk("the second one bored me to death", state=state)
    state.shown.append(["22", "23"])
    names, _, _, _ = talk("the first one was great fun", state=state)
    assert names == {"liked": ["Casino (1995)"], "disliked": ["Babe (1995)"], "seen": []}


@pytest.mark.parametrize(
    ("said", "wanted", "unwanted"),
    [
        (("I loved Blade Runner", "more films with this actor"), ["Harrison Ford"], []),
        (("I loved Taxi Driver", "another by him, but without joe pesci"), ["Martin Scorsese"], ["Joe Pesci"]),
    ],
)
def test_the_people_of_the_item_that_is_talked_about(talk, said, wanted, unwanted):
    _, _, state, _ = talk(*said)
    assert state.people_wanted == wanted
    assert state.people_unwanted == unwanted


def test_leaving_a_series_out_leaves_all_of_it_out(talk, catalogue):
    _, _, state, _ = talk("something with Al Pacino, but without the godfather")
    left = [item.name for row, item in enumerate(catalogue) if state.constraints(catalogue).allows(row, item)]
    assert left == ["Heat (1995)"]


def test_an_item_is_pointed_at_by_what_it_is_about(talk):
    state = State(shown=[["7", "18", "24"]], focus=["7"])
    names, _, _, _ = talk("I loved the weatherman one", state=state)
    assert names["liked"] == ["Groundhog Day (1993)"]


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ("the matrix is my fav movie ever", "the matrix"),
        ("Have you got 'The Moonlit Badger of Prague'?", "The Moonlit Badger of Prague"),
        ("and fight club, u got that?", "fight club"),
        ("no, i meant rocky", "rocky"),
    ],
)
def test_titles_the_catalogue_lacks_are_noticed_in_lower_case_too(talk, said, unknown):
    assert talk(said)[3].unknown == [unknown]


def test_a_ruled_out_kind_that_is_fine_for_once_is_wanted_now(talk):
    _, _, state, _ = talk("no musicals", "I said no musicals, but just for tonight a musical is fine. Which one?")
    assert (state.genres_wanted, state.genres_unwanted) == (["Musical"], [])


def test_what_somebody_else_rules_out_for_now_is_left_out(talk):
    assert talk("she says no crime films, and i say no musicals")[2].genres_unwanted == ["Crime", "Musical"]
