"""What conversations of ordinary viewers showed: titles that stand first, somebody else's wishes, parts of a series, subjects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.nlu import fronted
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.store import Sessions
from chatrec.dialogue.tracking.tracker import apply
from chatrec.recommender import Recommender


def stances(understanding, text):
    return {understanding.catalogue[m.row].name: m.stance for m in understanding.read(text, State()).mentions}


def talk(understanding, *lines, shown=("20", "21")):
    """The state after some messages; the same slate stands after each."""
    state = State()
    for line in lines:
        apply(understanding.read(line, state), state, understanding.catalogue)
        state.shown.append(list(shown))
    return state


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fargo i saw last week", {"Fargo (1996)": "seen"}),
        ("Fargo I have seen, so sad but wonderful.", {"Fargo (1996)": "liked"}),
        ("Fargo? I've seen it. Thought it was dull.", {"Fargo (1996)": "disliked"}),
        (
            "High Noon she's seen a hundred times, and Casablanca as well",
            {"High Noon (1952)": "seen", "Casablanca (1942)": "seen"},
        ),
        ("fargo weve seen, and casablanca", {"Fargo (1996)": "seen", "Casablanca (1942)": "seen"}),
        ("I hated Heat. Fargo too, what a snooze.", {"Heat (1995)": "disliked", "Fargo (1996)": "disliked"}),
        ("High Noon, who plays the sheriff?", {"High Noon (1952)": "asked"}),
        ("Hoop Dreams, what's that about", {"Hoop Dreams (1994)": "asked"}),
        ("Casino, this is with songs?", {"Casino (1995)": "asked"}),
        ("Casablanca has her in it right? who else", {"Casablanca (1942)": "asked"}),
        ("I have read Fargo. Who plays in the film?", {"Fargo (1996)": "asked"}),
        ("which is newer, Heat or Casino", {"Heat (1995)": "asked", "Casino (1995)": "asked"}),
        ("ok Fargo it is! and one for tomorrow", {"Fargo (1996)": "mentioned"}),
        ("something with Al Pacino that isn't Heat", {"Heat (1995)": "mentioned"}),
    ],
)
def test_a_title_that_stands_first_is_what_is_said_or_asked_of_it(understanding, text, expected):
    assert stances(understanding, text) == expected


@pytest.mark.parametrize(
    "text", ["Fargo is great, isn't it?", "Fargo. what else have you got?", "Fargo, Heat and Babe"]
)
def test_a_title_that_stands_first_is_still_liked(understanding, text):
    assert stances(understanding, text)["Fargo (1996)"] == "liked"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_may_stand_around_a_title(before, after):
    told = fronted.met_first(after)
    assert told is None or told[0] in ("seen", "liked", "disliked")
    assert fronted.asked_first(before, after) in (True, False)
    assert fronted.alike(before, after) in (True, False)


def test_a_misspelt_title_of_common_words_is_found_where_a_title_is_due(understanding):
    assert stances(understanding, "I saw Babe and the wizzard of oz") == {
        "Babe (1995)": "seen",
        "The Wizard of Oz (1939)": "seen",
    }


def test_a_shown_title_of_one_word_leads_its_sentence(understanding):
    state = State(shown=[["2", "4", "7"]], focus=["4"])
    reading = understanding.read("Heat sounds good. who directed it?", state)
    assert [understanding.catalogue[m.row].title for m in reading.mentions] == ["Heat"]
    asked = {m.row for m in reading.mentions if m.stance == "asked"} | {
        r for r, how in reading.referred if how == "asked"
    }
    assert [understanding.catalogue[row].title for row in asked] == ["Heat"]


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("my dad loves war movies. serious ones, no comedies", ["War"], ["Comedy"]),
        ("my wife loves romances but I'd rather see a thriller", ["Thriller"], []),
        ("my kids love musicals, I love westerns", ["Western"], []),
        ("nothing with Al Pacino. or war movies", [], ["War"]),
    ],
)
def test_whose_wish_counts(understanding, text, wanted, unwanted):
    reading = understanding.read(text, State())
    assert (reading.genres_wanted, reading.genres_unwanted) == (wanted, unwanted)


def test_who_somebody_else_likes_is_wished_for_them(understanding):
    text = "hey, date night tomorrow, she likes Audrey Hepburn, what have you got"
    assert understanding.read(text, State()).people_wanted == ["Audrey Hepburn"]


@pytest.mark.parametrize(
    ("lines", "years"),
    [
        (("something from the nineties", "forget the nineties, any year is ok"), (None, None)),
        (("something from the forties", "maybe a bit newer than that, fifties"), (1950, 1959)),
        (("less violent, and from the nineties. doesn't need to be De Niro",), (1990, 1999)),
    ],
)
def test_which_years_hold(understanding, lines, years):
    state = talk(understanding, *lines)
    assert (state.year_min, state.year_max) == years


def test_a_namesake_told_apart_by_its_year_is_no_wish_for_that_year(understanding):
    state = talk(
        understanding,
        "is Sabrina any good?",
        "who directed the one from 1954?",
        "I watched the old one yesterday, loved it",
    )
    assert state.year_min is None
    assert state.liked == ["15"]


def test_what_a_title_is_called_beside_it_is_no_wish(understanding):
    reading = understanding.read("I loved Sabrina, the old one from 1954", State())
    assert reading.year_min is None
    assert stances(understanding, "I loved Sabrina, the old one from 1954") == {"Sabrina (1954)": "liked"}


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("never seen the Alien movies, which one do we start with?",), "Alien"),
        (("never seen the Alien movies, which one do we start with?", "and which comes second"), "Aliens"),
        (("who directed The Godfather: Part II?", "which do I have to watch first"), "The Godfather"),
    ],
)
def test_the_parts_of_a_series_in_order(understanding, lines, title):
    state = State()
    for line in lines:
        reading = understanding.read(line, state)
        apply(reading, state, understanding.catalogue)
    asked = [m.row for m in reading.mentions if m.stance == "asked"] + [r for r, s in reading.referred if s == "asked"]
    assert [understanding.catalogue[row].title for row in asked] == [title]


@pytest.mark.parametrize(
    "text",
    [
        "what do you know about my taste so far?",
        "which films did i tell you weve seen?",
        "could you remind me what I said I liked?",
    ],
)
def test_what_is_known_may_be_asked_in_many_ways(understanding, text):
    assert "profile" in understanding.read(text, State()).acts


def test_what_nothing_may_be_about_stays_out_until_it_is_asked_for(understanding):
    catalogue = understanding.catalogue
    state = talk(understanding, "a film with no robberies please and no basketball", "something for tonight")
    assert state.limits == ["robberies", "basketball"]
    assert catalogue.row["22"] in state.constraints(catalogue).exclude
    assert "no basketball" in state.profile(catalogue).limits
    apply(understanding.read("a film about basketball", state), state, catalogue)
    assert state.limits == ["robberies"]
    state.remove("limits", "no robberies")
    assert state.limits == []


@pytest.mark.parametrize(
    "text", ["no thanks", "no problem", "no idea", "no comedies", "no preference", "no more please", "no violence"]
)
def test_what_is_refused_in_passing_is_no_subject(understanding, text):
    assert set(understanding.read(text, State()).limits) <= {"violence"}


def test_what_the_director_made_else_is_asked_of_the_one_who_was_named(small_workspace):
    recommender = Recommender.open(small_workspace, Sessions("sqlite://"))
    recommender.reply("p", "something with Robert De Niro")
    assert "Ridley Scott" in recommender.reply("p", "who directed Alien?").text
    reply = recommender.reply("p", "did he make any others you know")
    assert [card.title for card in reply.cards] == ["Blade Runner"]


def test_how_many_please(understanding):
    assert understanding.read("Give us please three propositions", State()).count == 3


def test_a_reaction_is_no_wish(understanding):
    state = talk(
        understanding, "what's Alien about", "ooh scary, i'll watch that one. something else, no romance though"
    )
    assert state.genres_wanted == [] and state.genres_unwanted == ["Romance"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fargo: does anybody sing in it?", {"Fargo (1996)": "asked"}),
        ("and in Fargo?", {"Fargo (1996)": "asked"}),
        ("Fargo and Casablanca, by the same director?", {"Fargo (1996)": "asked", "Casablanca (1942)": "asked"}),
        ("Fargo. Remind me who plays the husband?", {"Fargo (1996)": "asked"}),
        ("Fargo and Casablanca, what should I watch next?", {"Fargo (1996)": "liked", "Casablanca (1942)": "liked"}),
        ("Fargo, Casablanca and Casino they have all seen", dict.fromkeys(("Fargo (1996)", "Casablanca (1942)", "Casino (1995)"), "seen")),
        ("Fargo I haven't seen.", {"Fargo (1996)": "mentioned"}),
        ("haven't got to Fargo yet", {"Fargo (1996)": "mentioned"}),
        ("couldn't take my eyes off Fargo", {"Fargo (1996)": "liked"}),
        ("Fargo broke my heart", {"Fargo (1996)": "liked"}),
        ("Fargo, ugh, what a letdown.", {"Fargo (1996)": "disliked"}),
        ("fargo i hated, too creepy", {"Fargo (1996)": "disliked"}),
        ("Fargo? Far too much blood, we switched it off", {"Fargo (1996)": "disliked"}),
        ("Fargo I see already. Very good!", {"Fargo (1996)": "seen"}),
        ("cassablanca is my all time number 1", {"Casablanca (1942)": "liked"}),
    ],
)  # fmt: skip
def test_feelings_and_questions_in_many_shapes(understanding, text, expected):
    assert stances(understanding, text) == expected


def test_a_question_is_no_description(understanding):
    assert understanding.read("wait who is even in it, the first one", State()).topic == ""


def test_the_first_of_two_that_were_compared(understanding):
    state = State()
    apply(understanding.read("Heat or Casino, which is newer?", state), state, understanding.catalogue)
    reading = understanding.read("And who's in the first one?", state)
    assert [(understanding.catalogue[row].title, stance) for row, stance in reading.referred] == [("Heat", "asked")]


@pytest.mark.parametrize("text", ["how violent?", "In colour?", "from which year is it?"])
def test_a_fact_is_asked_of_what_was_talked_of(understanding, text):
    state = State()
    apply(understanding.read("who directed Fargo?", state), state, understanding.catalogue)
    reading = understanding.read(text, state)
    assert [(understanding.catalogue[row].title, stance) for row, stance in reading.referred] == [("Fargo", "asked")]


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("no horror anymore :( comedy instead", ["Comedy"], ["Horror"]),
        ("No romance after all, she wants a horror film!", ["Horror"], ["Romance"]),
    ],
)
def test_what_is_wanted_instead(understanding, text, wanted, unwanted):
    reading = understanding.read(text, State())
    assert (reading.genres_wanted, reading.genres_unwanted) == (wanted, unwanted)


def test_one_more_of_its_name_is_asked_about(understanding):
    state = State()
    for line in ("who directed Sabrina (1954)?", "and the one with Harrison Ford?"):
        reading = understanding.read(line, state)
        apply(reading, state, understanding.catalogue)
    assert [(understanding.catalogue[row].name, stance) for row, stance in reading.referred] == [
        ("Sabrina (1995)", "asked")
    ]


def test_a_surname_with_a_slip(understanding):
    understanding.people.known_surnames = ["scorsese"]
    assert understanding.read("something by scorsesse maybe", State()).people_wanted == ["Martin Scorsese"]


def test_could_it_be_is_a_wish(understanding, after_slate):
    reading = understanding.read("could it be from the eighties?", after_slate)
    assert (reading.year_min, reading.year_max) == (1980, 1989)


def test_the_year_limit_goes(understanding):
    assert understanding.read("Scrap the year limit.", State()).any_year


def test_there_is_a_second_part_of_what_was_named(understanding):
    state = talk(understanding, "I loved The Godfather")
    reading = understanding.read("there's a second one, isn't there?", state)
    assert [(understanding.catalogue[row].title, stance) for row, stance in reading.referred] == [
        ("The Godfather: Part II", "asked")
    ]
