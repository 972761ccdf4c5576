"""What a message is understood to say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.dialogue.nlu.understanding import LONGEST
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply


def stances(understanding, text):
    return {understanding.catalogue[m.row].name: m.stance for m in understanding.read(text, State()).mentions}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I loved Fargo.", {"Fargo (1996)": "liked"}),
        ("fargo is one of my favourites", {"Fargo (1996)": "liked"}),
        ("big fan of Star Wars", {"Star Wars (1977)": "liked"}),
        ("I didn't like Alien", {"Alien (1979)": "disliked"}),
        ("never really enjoyed Fargo", {"Fargo (1996)": "disliked"}),
        ("couldn't get into Blade Runner", {"Blade Runner (1982)": "disliked"}),
        ("The Godfather bored me", {"The Godfather (1972)": "disliked"}),
        ("I thought Babe was boring", {"Babe (1995)": "disliked"}),
        ("Heat was great", {"Heat (1995)": "liked"}),
        ("heat bored me", {"Heat (1995)": "disliked"}),
        ("I've seen Taxi Driver", {"Taxi Driver (1976)": "seen"}),
        ("Hoop Dreams? seen it", {"Hoop Dreams (1994)": "seen"}),
        ("haven't seen Fargo", {"Fargo (1996)": "mentioned"}),
        ("Fargo 9/10", {"Fargo (1996)": "liked"}),
        ("Fargo: 2 out of 10", {"Fargo (1996)": "disliked"}),
        ("Fargo 5/10", {"Fargo (1996)": "seen"}),
        ("nothing like Fargo", {"Fargo (1996)": "disliked"}),
        ("What is Alien about?", {"Alien (1979)": "asked"}),
        ("what is heat about?", {"Heat (1995)": "asked"}),
        ("Who directed Fargo?", {"Fargo (1996)": "asked"}),
    ],
)
def test_the_stance_to_a_single_title(understanding, text, expected):
    assert stances(understanding, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I loved Fargo and Casablanca but hated Heat.",
            {"Fargo (1996)": "liked", "Casablanca (1942)": "liked", "Heat (1995)": "disliked"},
        ),
        ("I didn't like Alien but Aliens was great", {"Alien (1979)": "disliked", "Aliens (1986)": "liked"}),
        (
            "I loved Fargo, but Casino bored me, and I've seen Heat",
            {"Fargo (1996)": "liked", "Casino (1995)": "disliked", "Heat (1995)": "seen"},
        ),
        (
            "Taxi Driver, Fargo and Babe are all fantastic",
            {"Taxi Driver (1976)": "liked", "Fargo (1996)": "liked", "Babe (1995)": "liked"},
        ),
        (
            "hated Star Wars. Duck Soup, on the other hand, is hilarious",
            {"Star Wars (1977)": "disliked", "Duck Soup (1933)": "liked"},
        ),
        ("I liked Fargo, not Casino", {"Fargo (1996)": "liked", "Casino (1995)": "disliked"}),
    ],
)
def test_each_title_of_a_mixed_sentence_has_its_own_stance(understanding, text, expected):
    assert stances(understanding, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "my brother loves Fargo",
        "My wife hates Fargo",
        "my dad watched Fargo",
    ],
)
def test_other_peoples_taste_is_not_the_persons(understanding, text):
    assert stances(understanding, text) == {"Fargo (1996)": "mentioned"}


def test_the_persons_own_word_counts_beside_somebody_elses(understanding):
    assert stances(understanding, "my brother loves Fargo but I hated it") == {"Fargo (1996)": "disliked"}


@pytest.mark.parametrize(
    "text",
    [
        "Fargo or Taxi Driver?",
        "compare Fargo and Taxi Driver",
        "I can't decide between Fargo and Taxi Driver",
        "Fargo vs Taxi Driver",
    ],
)
def test_a_choice_between_titles_is_no_praise_of_either(understanding, text):
    assert stances(understanding, text) == {"Fargo (1996)": "asked", "Taxi Driver (1976)": "asked"}


def test_something_like_a_title_is_a_liking_and_a_wish_for_its_kind(understanding):
    (mention,) = understanding.read("something like Fargo but funnier", State()).mentions
    assert (mention.stance, mention.similar) == ("liked", True)


@pytest.mark.parametrize(
    ("text", "titles", "stance"),
    [
        ("I've seen the second one", ["Babe"], "seen"),
        ("the last one was boring", ["Sabrina"], "disliked"),
        ("loved the first one", ["Groundhog Day"], "liked"),
        ("number 2 is brilliant", ["Babe"], "liked"),
        ("seen all of them", ["Groundhog Day", "Babe", "Sabrina"], "seen"),
        ("the first two are great", ["Groundhog Day", "Babe"], "liked"),
        ("I loved it", ["Groundhog Day"], "liked"),
        ("not that one", ["Groundhog Day"], "disliked"),
        ("none of these", ["Groundhog Day", "Babe", "Sabrina"], "disliked"),
        ("who directed it?", ["Groundhog Day"], "asked"),
        ("what is the third one about?", ["Sabrina"], "asked"),
    ],
)
def test_references_lead_to_the_slate_shown_last(understanding, after_slate, text, titles, stance):
    reading = understanding.read(text, after_slate)
    assert [understanding.catalogue[row].title for row, _ in reading.referred] == titles
    assert {said for _, said in reading.referred} == {stance}


@pytest.mark.parametrize("text", ["the second one was great", "I loved it", "seen all of them"])
def test_a_reference_to_nothing_refers_to_nothing(understanding, text):
    assert understanding.read(text, State()).referred == []


def test_a_place_beyond_the_slate_refers_to_nothing(understanding, after_slate):
    assert understanding.read("the fifth one was great", after_slate).referred == []


def test_a_correction_puts_the_item_of_the_same_name_in_place(understanding, catalogue):
    state = State(liked=["16"], named=["16"])
    apply(understanding.read("I meant the old one", state), state, catalogue)
    assert state.liked == ["15"]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("I loved Pulp Fiction", ["Pulp Fiction"]),
        ("do you have pulp fiction?", ["pulp fiction"]),
        ('have you got "The Matrix"?', ["The Matrix"]),
        ("I loved Inception (2010)", ["Inception (2010)"]),
        ("Is The Lord of the Rings (2001) any good?", ["The Lord of the Rings (2001)"]),
        ("I loved Fargo and Pulp Fiction", ["Pulp Fiction"]),
        ("I loved Fargo, and I've seen Heat", []),
        ("I'm in the mood for a Comedy", []),
        ("Thanks, I Liked It", []),
    ],
)
def test_titles_that_the_catalogue_lacks_are_named_as_they_were_written(understanding, text, unknown):
    assert understanding.read(text, State()).unknown == unknown


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("hello", "greet"),
        ("thanks!", "thanks"),
        ("bye", "bye"),
        ("more please", "more"),
        ("another", "more"),
        ("why?", "why"),
        ("what do you know about me?", "profile"),
        ("start over", "reset"),
        ("what can you do?", "help"),
        ("what should I watch?", "recommend"),
    ],
)
def test_what_is_to_be_done(understanding, text, act):
    assert act in understanding.read(text, State()).acts


def test_a_question_about_a_film_is_no_wish(understanding):
    reading = understanding.read("Is Casablanca a romance from the 40s?", State())
    assert not reading.wishes


def test_a_description_is_kept_as_a_topic(understanding):
    assert "bank robbery" in understanding.read("something about a bank robbery", State()).topic


def test_a_thing_is_no_title_in_a_description(understanding):
    assert stances(understanding, "give me something with aliens in it") == {}
    assert stances(understanding, "a film about aliens") == {}


def test_the_end_of_a_very_long_message_is_left_unread(understanding):
    reading = understanding.read("ha " * LONGEST + "I loved Fargo", State())
    assert reading.truncated
    assert reading.mentions == []
    assert not understanding.read("ha", State()).truncated


PHRASES = st.sampled_from(
    "I loved|hated|the second one|Fargo|heat|Sabrina (1954)|no|nothing|without|but|and|or|,|.|?|!|with him|Harrison Ford|De Niro|comedy|"
    "westerns|the 80s|before 1970|between|1999|more|lighter|less|scary|like|why|both|it|that one|first two|none of them|about|my wife|"
    'who|give me|6|in french|black and white|number 2|"|(|)|<|im|0s|’|\n|İ|é|20000|same decade|the old one|take that back about'.split(
        "|"
    )
)


@settings(deadline=None, max_examples=200)
@given(
    st.one_of(st.text(max_size=120), st.lists(PHRASES, max_size=16).map(" ".join)),
    st.lists(st.sampled_from(["1", "2", "15", "16", "18", "no such item"]), max_size=4),
    st.sampled_from(["", "Bill Murray"]),
)
def test_any_text_is_read_and_every_value_comes_from_the_catalogue(understanding, text, items, person):
    catalogue = understanding.catalogue
    state = State(shown=[items], focus=items[:2], named=items, liked=items[:1], person=person)
    reading = understanding.read(text, state)
    categories, people = set(catalogue.category_names), set(catalogue.people_rows)
    for genres in (reading.genres_wanted, reading.genres_unwanted, reading.genres_allowed):
        assert set(genres) <= categories
    for named in (reading.people_wanted, reading.people_unwanted, reading.people_allowed):
        assert set(named) <= people
    rows = (
        [m.row for m in reading.mentions]
        + [row for row, _ in reading.referred]
        + reading.withdrawn
        + list(reading.series)
    )
    assert all(0 <= row < len(catalogue) for row in rows)
    assert all(title.strip() and title in reading.text for title in reading.unknown)
    assert set(reading.limits) <= {"violence", "scares", "sex", "language"}
    assert reading.count is None or 1 <= reading.count <= 9
    for year in (reading.year_min, reading.year_max):
        assert year is None or 1700 < year < 2200
    apply(reading, state, catalogue)
    assert State.model_validate_json(state.model_dump_json()) == state


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alien: great", {"Alien (1979)": "liked"}),
        ("alien = boring", {"Alien (1979)": "disliked"}),
        ("My mother and I play casino on weekends", {}),
        ("we drove home in the heat and at high speed", {}),
        ("loved Fargo, heat and casino", {"Fargo (1996)": "liked", "Heat (1995)": "liked", "Casino (1995)": "liked"}),
        ("my brother loves Fargo", {"Fargo (1996)": "mentioned"}),
        ("she likes Fargo, I like Babe", {"Fargo (1996)": "mentioned", "Babe (1995)": "liked"}),
        ("they're all fans of Fargo, me too", {"Fargo (1996)": "liked"}),
        ("forget Fargo", {"Fargo (1996)": "withdrawn"}),
        ("Fargo was so-so", {"Fargo (1996)": "seen"}),
        ("I've seen the Star Wars films like ten times", {"Star Wars (1977)": "seen"}),
    ],
)
def test_whose_verdict_it_is_and_whether_it_is_a_title_at_all(understanding, text, expected):
    got = stances(understanding, text)
    assert {name: got.get(name) for name in expected} == expected
    assert expected or not got


@pytest.mark.parametrize("title", ["Star wars ", "I loved heat, casino. ", "i loved grounhog day and fargoo tu "])
def test_a_long_message_of_nothing_but_titles_is_read(understanding, title):
    reading = understanding.read((title * LONGEST)[:LONGEST], State())
    assert reading.mentions


def test_an_item_of_the_slate_by_its_person(understanding, after_slate):
    reading = understanding.read("what's the Bill Murray one about?", after_slate)
    assert [understanding.catalogue[row].name for row, _ in reading.referred] == ["Groundhog Day (1993)"]
    assert reading.people_wanted == []


@pytest.mark.parametrize(
    "text", ["my brother loves horror but I would like a comedy", "she is mad about westerns, I prefer a comedy"]
)
def test_somebody_elses_taste_is_no_wish(understanding, text):
    assert understanding.read(text, State()).genres_wanted == ["Comedy"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fargo was ok, but not really my cup of tea", {"Fargo (1996)": "disliked"}),
        ("couldn't finish Fargo", {"Fargo (1996)": "disliked"}),
        ("Fargo? no, hated it", {"Fargo (1996)": "disliked"}),
        ("Fargo wasn't all that great", {"Fargo (1996)": "disliked"}),
        ("my least favorite movies are Fargo and Babe", {"Fargo (1996)": "disliked", "Babe (1995)": "disliked"}),
        ("heard bad things about Fargo", {"Fargo (1996)": "disliked"}),
        ("who doesn't love Fargo", {"Fargo (1996)": "liked"}),
        ("Fargo was slow but delightful", {"Fargo (1996)": "liked"}),
        ("I haven't seen Alien I did love Fargo", {"Alien (1979)": "mentioned", "Fargo (1996)": "liked"}),
        ("I loved Fargo and Heat was bad", {"Fargo (1996)": "liked", "Heat (1995)": "disliked"}),
        ("people told me Fargo is great", {"Fargo (1996)": "mentioned"}),
        ("the last Alien was awful", {"Aliens (1986)": "disliked"}),
    ],
)
def test_verdicts_in_everyday_words(understanding, text, expected):
    got = stances(understanding, text)
    assert {name: got.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("yes, it was awful", "disliked"),
        ("I have. Didn't care for it.", "disliked"),
        ("not my type", "disliked"),
        ("no, not a fan. I loved Fargo", "disliked"),
        ("yes, I adored it", "liked"),
        ("I don't care for tear jerkers", None),
        ("that sounds good", None),
        ("no I haven't I will love to see it", None),
    ],
)
def test_an_answer_judges_what_was_talked_of(understanding, text, stance):
    verdicts = {said for row, said in understanding.read(text, State(shown=[["18"]], focus=["18"])).referred}
    assert verdicts - {"mentioned", "asked"} == ({stance} if stance else set())


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("the middle one was great", ["Babe"]),
        ("the newest one was great", ["Babe"]),
        ("seen all but the last", ["Groundhog Day", "Babe"]),
        ("I loved the one with Bill Murray", ["Groundhog Day"]),
    ],
)
def test_items_of_the_slate_by_what_tells_them_apart(understanding, after_slate, text, titles):
    reading = understanding.read(text, after_slate)
    assert [understanding.catalogue[row].title for row, _ in reading.referred] == titles
    assert not reading.people_wanted


def test_what_was_meant_takes_the_place_and_the_verdict_of_what_was_said(understanding, catalogue):
    state = State()
    for text in ("I loved Alien", "sorry, I meant Aliens"):
        apply(understanding.read(text, state), state, catalogue)
    assert [catalogue.by_id(item).title for item in state.liked] == ["Aliens"]


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("I said no musicals, but for this one it's fine", []),
        ("I changed my mind about musicals", []),
        ("I know I said no musicals but Fargo is fine", ["Musical"]),
    ],
)
def test_an_exception_lifts_the_ban(understanding, catalogue, text, unwanted):
    state = State(genres_unwanted=["Musical"])
    apply(understanding.read(text, state), state, catalogue)
    assert state.genres_unwanted == unwanted


def test_one_of_each_is_counted_out(understanding):
    reading = understanding.read("one comedy and one western please", State())
    assert (reading.genres_each, reading.count) == (("Comedy", "Western"), 2)


@pytest.mark.parametrize(
    ("text", "critique"),
    [("too dark", ("dark", -1)), ("these are too old", ("year", 1)), ("not as weird", ("weird", -1))],
)
def test_a_complaint_about_the_slate_is_a_critique(understanding, after_slate, text, critique):
    assert understanding.read(text, after_slate).critiques == [critique]


def test_a_year_decides_between_namesakes_whichever_was_shown(understanding, after_slate):
    shown = [understanding.catalogue.by_id(item).name for item in after_slate.shown[-1]]
    assert "Sabrina (1954)" in shown
    read = understanding.read("I liked Sabrina (1995)", after_slate)
    assert [understanding.catalogue[mention.row].name for mention in read.mentions] == ["Sabrina (1995)"]
