"""What a message wishes for: kinds, people, years, more or less of something, how many."""

import pytest

from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply


@pytest.mark.parametrize(
    ("text", "unwanted", "wanted"),
    [
        ("no horror please", ["Horror"], []),
        ("anything but westerns", ["Western"], []),
        ("no westerns, no musicals", ["Western", "Musical"], []),
        ("I hate westerns", ["Western"], []),
        ("I'm not in the mood for romance", ["Romance"], []),
        ("without any war", ["War"], []),
        ("a comedy, but no romance", ["Romance"], ["Comedy"]),
        ("I don't want a drama, give me a thriller", ["Drama"], ["Thriller"]),
        ("not only comedies", [], []),
        ("I wouldn't mind a western", [], ["Western"]),
        ("sci-fi or film noir", [], ["Sci-Fi", "Film Noir"]),
        ("kids movies", [], ["Children"]),
    ],
)
def test_genres_are_wanted_or_ruled_out(understanding, text, unwanted, wanted):
    reading = understanding.read(text, State())
    assert reading.genres_unwanted == unwanted
    assert sorted(reading.genres_wanted) == sorted(wanted)


@pytest.mark.parametrize(
    ("text", "together"), [("a war comedy", True), ("a romantic comedy", True), ("a comedy or a war film", False)]
)
def test_a_compound_of_genres_means_all_of_them(understanding, text, together):
    assert understanding.read(text, State()).genres_together is together


def test_what_was_ruled_out_can_be_allowed_again(understanding, catalogue):
    state = State(genres_unwanted=["Musical"], people_unwanted=["Tom Hanks"])
    apply(understanding.read("musicals are okay now, and Tom Hanks is fine", state), state, catalogue)
    assert state.genres_unwanted == []
    assert state.people_unwanted == []


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("something with Harrison Ford", ["Harrison Ford"], []),
        ("anything by Ridley Scott?", ["Ridley Scott"], []),
        ("I want a Scorsese film", ["Martin Scorsese"], []),
        ("harison ford movies", ["Harrison Ford"], []),
        ("no Tom Hanks please", [], ["Tom Hanks"]),
        ("not with Robert De Niro", [], ["Robert De Niro"]),
        ("without De Niro", [], ["Robert De Niro"]),
        ("I love crime films but not with Al Pacino", [], ["Al Pacino"]),
        ("Humphrey Bogart but not Ingrid Bergman", ["Humphrey Bogart"], ["Ingrid Bergman"]),
    ],
)
def test_people_are_wanted_or_ruled_out(understanding, text, wanted, unwanted):
    reading = understanding.read(text, State())
    assert reading.people_wanted == wanted
    assert reading.people_unwanted == unwanted


def test_him_and_her_are_the_person_named_last(understanding):
    assert understanding.read("more with him", State(person="Bill Murray")).people_wanted == ["Bill Murray"]
    assert understanding.read("nothing with her please", State(person="Jodie Foster")).people_unwanted == [
        "Jodie Foster"
    ]


def test_a_person_who_tells_two_titles_apart_is_neither_wish_nor_unknown_title(understanding):
    reading = understanding.read("I loved Sabrina with Audrey Hepburn", State())
    assert understanding.catalogue[reading.mentions[0].row].year == 1954
    assert reading.people_wanted == []
    assert reading.unknown == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("something from the 80s", 1980, 1989),
        ("80's please", 1980, 1989),
        ("films of the seventies", 1970, 1979),
        ("1940s please", 1940, 1949),
        ("something from the early 90s", 1990, 1994),
        ("late seventies", 1975, 1979),
        ("the 70s or 80s", 1970, 1989),
        ("before the 60s", None, 1959),
        ("nothing before the 60s", 1960, None),
        ("before 1970", None, 1969),
        ("older than 1970", None, 1969),
        ("after 1980", 1981, None),
        ("since 1990", 1990, None),
        ("1990 or later", 1990, None),
        ("nothing older than 1990", 1990, None),
        ("no films after 1960", None, 1960),
        ("up to 1960", None, 1960),
        ("between 1970 and 1980", 1970, 1980),
        ("1970-1980", 1970, 1980),
        ("from 1980 to 1970", 1970, 1980),
        ("from 1942", 1942, 1942),
        ("not from the 80s", None, None),
        ("a comedy", None, None),
    ],
)
def test_years_in_many_phrasings(understanding, text, first, last):
    reading = understanding.read(text, State())
    assert (reading.year_min, reading.year_max) == (first, last)


def test_old_and_recent_go_by_the_years_of_the_catalogue(understanding):
    assert understanding.read("an old movie", State()).year_max < 1996 - 20
    assert understanding.read("something recent", State()).year_min > 1996 - 10


def test_that_decade_is_the_one_of_the_title_named(understanding):
    reading = understanding.read("I loved Casablanca, what else from that decade?", State())
    assert (reading.year_min, reading.year_max) == (1940, 1949)


@pytest.mark.parametrize(
    ("text", "critique"),
    [
        ("something lighter", ("dark", -1)),
        ("darker please", ("dark", 1)),
        ("more action", ("pace", 1)),
        ("less weird", ("weird", -1)),
        ("newer", ("year", 1)),
        ("something older", ("year", -1)),
        ("more obscure", ("popularity", -1)),
        ("nothing darker", ("dark", -1)),
    ],
)
def test_critiques_have_an_axis_and_a_direction(understanding, text, critique):
    assert understanding.read(text, State()).critiques == [critique]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("nothing violent please", ["violence"]),
        ("no swearing", ["language"]),
        ("not too scary", ["scares"]),
        ("no sex or violence", ["sex", "violence"]),
        ("I like violence", []),
    ],
)
def test_content_to_be_spared(understanding, text, limits):
    assert sorted(understanding.read(text, State()).limits) == sorted(limits)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("two films please", 2),
        ("give me one", 1),
        ("show me five comedies", 5),
        ("recommend 3 westerns", 3),
        ("just one film", 1),
        ("I have two kids", None),
        ("films from 1942", None),
    ],
)
def test_how_many_are_wanted(understanding, text, count):
    assert understanding.read(text, State()).count == count
