"""What conversations of people who do not know the system showed: corrections, grades, sequels, wishes without a fact."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.dialogue.nlg.comparison import compare
from chatrec.dialogue.nlu.spelling import Spelling
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply


def stances(understanding, text):
    return {understanding.catalogue[m.row].name: m.stance for m in understanding.read(text, State()).mentions}


def talk(understanding, *lines):
    """The state after some messages; a slate of two films stands after each."""
    state = State()
    for line in lines:
        apply(understanding.read(line, state), state, understanding.catalogue)
        state.shown.append(["20", "21"])
        state.focus = ["20"]
    return state


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fargo 4 stars, Heat 2 stars", {"Fargo (1996)": "liked", "Heat (1995)": "disliked"}),
        ("two thumbs up for Fargo, thumbs down for Heat", {"Fargo (1996)": "liked", "Heat (1995)": "disliked"}),
        ("I gave Fargo a 9 and Heat a 3", {"Fargo (1996)": "liked", "Heat (1995)": "disliked"}),
        ("I'll pass on Fargo", {"Fargo (1996)": "mentioned"}),
        ("anything but Fargo", {"Fargo (1996)": "mentioned"}),
        ("it's not that I didn't like Fargo, I know it by heart", {"Fargo (1996)": "mentioned"}),
        ("I never get tired of Fargo", {"Fargo (1996)": "liked"}),
        ("I never said I hated Fargo! I loved it", {"Fargo (1996)": "liked"}),
        ("fell asleep halfway through Fargo", {"Fargo (1996)": "disliked"}),
        ("we enjoyed Babe; Fargo, not so much", {"Babe (1995)": "liked", "Fargo (1996)": "disliked"}),
        ("I like Alien more than Aliens", {"Alien (1979)": "liked", "Aliens (1986)": "mentioned"}),
        ("people keep telling me to see Fargo. Should I?", {"Fargo (1996)": "asked"}),
        (
            "I liked the first Godfather but not the second one",
            {"The Godfather (1972)": "liked", "The Godfather: Part II (1974)": "disliked"},
        ),
        (
            "my top films: Alien, Heat, Fargo",
            {"Alien (1979)": "liked", "Heat (1995)": "liked", "Fargo (1996)": "liked"},
        ),
    ],
)
def test_verdicts_said_in_another_way(understanding, text, expected):
    assert stances(understanding, text) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I loved Blade Runner 2049", "Blade Runner 2049"),
        ("Toy Story 4 was great", "Toy Story 4"),
        ("The Godfather Part III was bad", "The Godfather Part III"),
        ("I loved Babe: Pig in the City", "Babe: Pig in the City"),
        ("I liked Heat from 2027", "Heat from 2027"),
        ("Alien Romulus was awful", "Alien Romulus"),
    ],
)
def test_a_film_that_is_not_here_is_not_the_one_whose_title_it_begins_with(understanding, text, name):
    reading = understanding.read(text, State())
    assert not reading.mentions
    assert reading.unknown == [name]


@pytest.mark.parametrize(
    "text", ["I saw Fargo 3 times", "Fargo 9/10", "Fargo: Great!", "Fargo I loved", "I saw Heat with Al Pacino"]
)
def test_what_follows_a_title_is_not_always_part_of_one(understanding, text):
    reading = understanding.read(text, State())
    assert len(reading.mentions) == 1
    assert not reading.unknown


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("I don't dislike westerns, but I'd rather have a thriller", ["Thriller"], []),
        ("nothing older than 1990, a crime film", ["Crime"], []),
        ("can't stand slapstick. a clever comedy?", ["Comedy"], []),
        ("you can't go wrong with a good thriller", ["Thriller"], []),
        ("I don't care which, a drama", ["Drama"], []),
        ("no commedies", [], ["Comedy"]),
    ],
)
def test_what_a_negation_reaches(understanding, text, wanted, unwanted):
    reading = understanding.read(text, State())
    assert (reading.genres_wanted, reading.genres_unwanted) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("two more", 2),
        ("one", 1),
        ("top ten thrillers", 10),
        ("one comedy please", 1),
        ("ok, a couple more", 2),
        ("that one western", None),
        ("I gave it 4 stars", None),
    ],
)
def test_how_many(understanding, text, count):
    assert understanding.read(text, State()).count == count


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a drama of at most two hours", "how long {many} are"),
        ("a drama directed by a woman", "which directors are women"),
        ("an Oscar winning drama", "what prizes {many} won"),
    ],
)
def test_a_wish_for_a_fact_that_no_catalogue_has_is_noted(understanding, text, what):
    reading = understanding.read(text, State())
    assert reading.unmet == [what]
    assert reading.genres_wanted == ["Drama"]
    assert not reading.unknown


@pytest.mark.parametrize(
    ("lines", "years"),
    [
        (["comedies from the 70s or 80s", "newer than that"], (1990, None)),
        (["older than Casablanca"], (None, 1941)),
        (["films of 1994", "same for 1939"], (1939, 1939)),
        (["comedies from the 80s", "doesn't have to be that old"], (None, None)),
    ],
)
def test_years_by_what_was_said_before(understanding, lines, years):
    state = talk(understanding, *lines)
    assert (state.year_min, state.year_max) == years


def test_a_bare_category_narrows_a_wish_for_a_person_and_more_words_begin_anew(understanding):
    state = talk(understanding, "Robert De Niro films", "a thriller")
    assert (state.people_wanted, state.genres_wanted) == (["Robert De Niro"], ["Thriller"])
    state = talk(understanding, "Robert De Niro films", "now show me a thriller")
    assert (state.people_wanted, state.genres_wanted) == ([], ["Thriller"])


def test_a_person_that_was_said_by_mistake_is_not_wanted(understanding):
    state = talk(understanding, "a Scorsese film", "no wait, I said Martin Scorsese but I meant Ridley Scott")
    assert state.people_wanted == ["Ridley Scott"]


def test_a_neutral_word_takes_a_dislike_back(understanding):
    state = talk(understanding, "I hated Fargo", "ok that was too strong, Fargo was fine really")
    assert not state.disliked


def test_which_of_two_is_older(understanding, catalogue):
    one, two = catalogue.by_id("8"), catalogue.by_id("9")
    assert compare(two, one, State(), catalogue, "which one is older?") == "Alien (1979) is older than Aliens (1986)."


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_spelling_touches_nothing_but_words(catalogue, text):
    right = Spelling(catalogue).right(text)
    assert [c for c in right if not c.isalpha()] == [c for c in text if not c.isalpha()]


def test_the_first_two_are_compared_and_not_put_in_order(catalogue):
    one, two = catalogue.by_id("20"), catalogue.by_id("21")
    assert "older" in compare(one, two, State(), catalogue, "which came first?")
    told = compare(one, two, State(), catalogue, "compare the first two")
    assert "older" not in told and one.name in told and two.name in told


def test_a_person_who_was_asked_for_keeps_their_name_in_a_comparison(catalogue):
    one, two = catalogue.by_id("20"), catalogue.by_id("21")
    person = one.all_people[0]
    assert f"has the {person} that you asked for" in compare(one, two, State(people_wanted=[person]), catalogue)


@pytest.mark.parametrize(
    ("text", "missing"),
    [("something like inception", ["inception"]), ("something like that", []), ("anything like a western", [])],
)
def test_a_likeness_to_a_title_in_small_letters_that_is_not_here(understanding, text, missing):
    assert understanding.read(text, State()).unknown == missing
