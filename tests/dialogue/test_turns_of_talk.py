"""What people say once a conversation runs: dropping a wish, taking a person along, judging what was talked of."""

import numpy as np
import pytest

from chatrec.catalogue.items import Catalogue, Item
from chatrec.dialogue.nlu.understanding import Understanding
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply


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


@pytest.mark.parametrize(
    ("said", "liked", "disliked"),
    [
        (("Heat I detest.",), [], ["2"]),
        (("Casino I've seen, and I hated it.",), [], ["3"]),
        (("Babe, the pig film, was brilliant by the way",), ["24"], []),
        (("Alien, Ridley Scott's film, I saw once and despised.",), [], ["8"]),
        (("Babe they have already watched, and they loved it.",), [], []),
        (("My brother won't shut up about Heat and Casino. Me, I love Fargo.",), ["7"], []),
        (("As a teenager I adored Alien.",), ["8"], []),
        (("taxi driver is one i still have to see",), [], []),
        (("I can't make up my mind between Heat and Casino. How do they compare?",), [], []),
        (("Heat or Casino: which has what going for it?", "I went with the first of the two and loved it."), ["2"], []),
        (("I loved Sabrina from 1954", "The Harrison Ford version I would like to catch some day."), ["15"], []),
        (("**Casino**, on the other hand, I _hated_",), [], ["3"]),
    ],
)
def test_verdicts_whose_object_comes_first(talk, said, liked, disliked):
    state, _ = talk(*said)
    assert (state.liked, state.disliked) == (liked, disliked)


def test_what_a_title_is_called_beside_its_name_is_no_wish(talk):
    state, _ = talk("Alien, Ridley Scott's film from 1979, was brilliant")
    assert (state.people_wanted, state.year_min, state.topics) == ([], None, [])


@pytest.mark.parametrize(
    ("said", "slot", "value"),
    [
        ("Leave musicals out of everything you offer me", "genres_unwanted", ["Musical"]),
        ("spare me science fiction this time", "genres_unwanted", ["Sci-Fi"]),
        ("and keep harrison ford away from me too", "people_unwanted", ["Harrison Ford"]),
        ("something for my nieces", "genres_wanted", ["Children"]),
    ],
)
def test_ruling_out_and_wishing_in_other_words(talk, said, slot, value):
    assert getattr(talk(said)[0], slot) == value


def test_a_wish_that_refines_keeps_the_rest(talk):
    state, _ = talk("something made before 1980", ["20"], "Keep the year limit but spare me science fiction this time.")
    assert (state.year_max, state.topics) == (1979, [])
    state, _ = talk("I said no musicals", ["20"], "I know I said no musicals, but for tonight find us one after all.")
    assert (state.genres_wanted, state.genres_unwanted) == (["Musical"], [])


def test_a_western_and_horror_at_the_same_time_must_be_both(talk):
    assert talk("Is there a western that is a horror film at the same time?")[0].genres_together


def test_a_series_that_is_known_or_left_out_is_not_recommended(talk):
    for said in ("The Alien films I know inside out", "skip the Alien ones"):
        state, _ = talk(said)
        assert {"8", "9"} <= {*state.seen, *state.named}, said


def test_each_of_two_is_asked_about(talk, catalogue):
    _, reading = talk("I can't decide between Heat and Casino", "Who directed each of them?")
    assert [catalogue[row].name for row, stance in reading.referred if stance == "asked"] == [
        "Heat (1995)",
        "Casino (1995)",
    ]


def test_what_a_film_is_about_names_no_title(talk):
    state, reading = talk("a documentary about groundhog holes and how they are dug")
    assert reading.mentions == []
    assert state.genres_wanted == ["Documentary"]


def test_what_is_it_called_asks_for_what_was_just_described(talk):
    state, reading = talk(["20", "21"], "hmm, the one about a girl swept away by a tornado, what's it called")
    assert reading.referred == []
    assert state.topics


@pytest.mark.parametrize(
    ("said", "liked", "disliked", "seen"),
    [
        ("my daughter Babe is 6 and my son Heat is 9, what can we watch?", [], [], []),
        ("not Heat though, seen it", [], [], ["2"]),
        ("Heat i saw to, no opinion really", [], [], ["2"]),
        ("Last week we watched Babe, what a lovely film", ["24"], [], []),
        ("we saw Casino, what a bore", [], ["3"], []),
        ("Which Alien is the one with the marines?", [], [], []),
    ],
)
def test_what_is_said_of_a_title_on_an_ordinary_evening(talk, said, liked, disliked, seen):
    state, _ = talk(said)
    assert (state.liked, state.disliked, state.seen) == (liked, disliked, seen)


@pytest.mark.parametrize(
    ("said", "liked", "disliked"),
    [
        (("tell me about Heat", "I saw it once. Wonderful!"), ["2"], []),
        (("tell me about Heat", "I think I saw that in school, can't remember if I liked it"), [], []),
        (("Casino bored me to tears", ["20"], "No, that's unfair. It was good really, I did like it"), ["3"], []),
    ],
)
def test_what_is_said_of_it(talk, said, liked, disliked):
    state, _ = talk(*said)
    assert (state.liked, state.disliked) == (liked, disliked)


def test_somebody_elses_genre_that_is_not_mine(talk):
    state, _ = talk("my brother loves horror but i cant stand it")
    assert (state.genres_wanted, state.genres_unwanted) == ([], ["Horror"])


def test_not_a_kids_one(talk):
    assert talk("not a kids one")[0].genres_unwanted == ["Children"]


def test_who_it_is_for_comes_on_top(talk):
    state, _ = talk("any animated film", ["1"], "for a 3 year old i should have said")
    assert set(state.genres_wanted) == {"Animation", "Children"}


def test_somebody_is_taken_off_the_wishes(talk):
    state, _ = talk("I'm having a Harrison Ford phase", ["11"], "you can take him off my wishes again")
    assert state.people_wanted == []


def test_no_subtitles_means_english(understanding, catalogue):
    english = Catalogue([item.model_copy(update={"language": "English"}) for item in catalogue])
    read = Understanding(english, np.ones(len(english))).read("we don't do subtitles", State())
    assert read.language == "English"


def test_old_black_and_white_films_are_old(talk):
    state, _ = talk("I love old black and white films, surprise me")
    assert state.black_and_white and state.year_max and state.year_max < 1980


@pytest.mark.parametrize("said", [("do you have heat 3",), ("do you have shrek?", "and frozen?")])
def test_a_title_that_is_not_there_is_noticed(talk, said):
    assert talk(*said)[1].unknown


def test_a_word_of_every_day_is_no_surname(catalogue):
    bench = Item(item_id="90", title="Shore", people={"cast": ("Michael Beach",)})
    also = Item(item_id="91", title="Shore Leave", people={"cast": ("Michael Beach",)})
    read = Understanding(Catalogue([*catalogue, bench, also]), np.ones(len(catalogue) + 2)).read
    assert read("the film with the big shark at the beach, the first one", State()).people_wanted == []
    assert read("something with beach", State()).people_wanted == ["Michael Beach"]


def test_who_made_a_series_is_asked_of_a_film(talk):
    _, reading = talk("Who directed the Alien films?")
    assert [(mention.row, mention.stance) for mention in reading.mentions] == [(7, "asked")]
