"""What a film is to be about, in a word or two: items that have it come first, and the wishes so far stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.catalogue.subjects import Subjects
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.store import Sessions
from chatrec.dialogue.tracking.tracker import apply
from chatrec.recommender import Recommender

PHRASES = [["family", "power"], ["family betrayal"], ["lone hero", "Los Angeles"], ["robbers' code"], []]


@pytest.mark.parametrize(
    ("wish", "rows"),
    [
        ("families", {0: 1.0, 1: 0.9}),
        ("the betrayal of a family", {1: 1.0}),
        ("set in Los Angeles", {2: 1.0}),
        ("with robbers in it", {3: 0.9}),
        ("a hero", {2: 0.9}),
        ("sailing", {}),
        ("something", {}),
        ("a lone hero who robs a bank in Los Angeles for his family", {}),
    ],
)
def test_a_subject_is_found_by_its_words(wish, rows):
    assert Subjects(PHRASES).of(wish) == rows


@given(st.text(), st.lists(st.lists(st.text(), max_size=3), max_size=4))
def test_any_wish_and_any_phrases_are_read(wish, phrases):
    found = Subjects(phrases).of(wish)
    assert set(found) <= set(range(len(phrases)))
    assert all(0 < weight <= 1 for weight in found.values())


@pytest.fixture
def talk(understanding, catalogue):
    def _talk(*said):
        state = State()
        for message in said:
            apply(understanding.read(message, state), state, catalogue)
            state.shown.append([])
        return state

    return _talk


def test_a_subject_narrows_what_was_asked_for(talk):
    state = talk("I am in the mood for drama", "Something from before 1980", "A film about loneliness")
    assert (state.genres_wanted, state.year_max, state.topics) == (["Drama"], 1979, ["loneliness"])


def test_a_subject_that_nothing_has_with_the_rest_begins_anew(talk):
    state = talk("I am in the mood for a western", "a film about first love")
    assert (state.genres_wanted, state.topics) == ([], ["first love"])


def test_the_story_of_a_film_is_a_search_of_its_own(talk):
    state = talk("a drama please", "a film about a weatherman who lives the same day again and again")
    assert state.genres_wanted == []


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("something with bald villain in it", "something with bald villain"),
        ("about aliens", "aliens"),
        ("about two brothers", "two brothers"),
        ("she has watched Babe about four hundred times", ""),
        ("Just Tom Hanks then, any genre is fine for us tonight, any year too", ""),
    ],
)
def test_what_is_a_subject_and_what_is_not(understanding, said, topic):
    assert understanding.read(said, State()).topic.removesuffix(" in it") == topic


@pytest.mark.parametrize("mood", ["dark", "tender", "sad", "warm"])
def test_what_it_should_be_is_a_mood(talk, mood):
    assert talk("I loved Heat", f"It should be {mood}").moods_wanted == [mood]


def test_items_with_the_subject_come_first_and_say_so(small_workspace):
    recommender = Recommender.open(small_workspace, Sessions("sqlite://"))
    reply = recommender.reply("p", "one about obsession")
    assert reply.cards[0].title == "Heat"
    assert "obsession" in reply.cards[0].reason


def test_a_subject_describes_no_single_film(small_workspace):
    recommender = Recommender.open(small_workspace, Sessions("sqlite://"))
    recommender.reply("p", "I loved Fargo")
    first = recommender.reply("p", "one about obsession").cards[0]
    assert first.title == "Heat"
    after = recommender.reply("p", "not that one, I can't stand it")
    assert all("Heat" not in card.reason for card in after.cards)


def test_asking_what_to_watch_asks_nothing_about_the_title_before_it(understanding):
    reading = understanding.read("I loved The Godfather, Pt. 2 (1974) and Heat (1995). What should I watch?", State())
    assert "asked" not in {mention.stance for mention in reading.mentions}
