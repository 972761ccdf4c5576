"""Titles in free text: how people write them, and words that only look like titles."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatrec.catalogue.items import Catalogue, Item
from chatrec.dialogue.nlu.clauses import expected
from chatrec.linking.titles import TitleLinker


@pytest.fixture(scope="module")
def linker(catalogue):
    return TitleLinker(catalogue, np.arange(len(catalogue), 0, -1))


def names(linker, text, expected=()):
    return [linker.catalogue[span.rows[0]].name for span in linker.link(text, expected)]


def titled(linker, text):
    """What is linked when a title is expected anywhere in the text."""
    return names(linker, text, [(0, len(text))])


def test_every_title_is_found_in_a_sentence_with_and_without_its_year(linker, catalogue):
    for item in catalogue:
        text = f"Yesterday we all saw {item.name}, again"
        (span,) = linker.link(text)
        assert catalogue[span.rows[0]] == item
        assert text[span.start : span.end].endswith(item.name.removeprefix("The "))
        (span,) = linker.link(f"Yesterday we all saw {item.title}, again")
        assert catalogue[span.rows[0]].title == item.title


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("casblanca", "Casablanca (1942)"),
        ("grounhog day", "Groundhog Day (1993)"),
        ("toy stroy", "Toy Story (1995)"),
        ("the empire strkes back", "The Empire Strikes Back (1980)"),
        ("unforgivn", "Unforgiven (1992)"),
        ("Bladerunner", "Blade Runner (1982)"),
    ],
)
def test_a_typo_is_forgiven_where_a_title_is_expected_and_not_called_certain(linker, catalogue, text, name):
    (span,) = linker.link(text, [(0, len(text))])
    assert catalogue[span.rows[0]].name == name
    assert not span.certain


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("wizard of oz", "The Wizard of Oz (1939)"),
        ("empire strikes back", "The Empire Strikes Back (1980)"),
        ("Wizard of Oz, The", "The Wizard of Oz (1939)"),
        ("THE GODFATHER", "The Godfather (1972)"),
        ("big sleep", "The Big Sleep (1946)"),
        ("a space odyssey", "2001: A Space Odyssey (1968)"),
        ("2001", "2001: A Space Odyssey (1968)"),
    ],
)
def test_article_case_and_parts_of_a_title_do_not_matter(linker, text, name):
    assert titled(linker, text) == [name]


@pytest.mark.parametrize(
    "text",
    ["the godfather part ii", "the godfather 2", "The Godfather II", "godfather: part 2", "Godfather Part II, The"],
)
def test_roman_numerals_and_digits_are_one(linker, text):
    assert titled(linker, text) == ["The Godfather: Part II (1974)"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I saw the second Godfather", "The Godfather: Part II (1974)"),
        ("the first Godfather was better", "The Godfather (1972)"),
        ("what about the 2nd Alien?", "Aliens (1986)"),
    ],
)
def test_a_place_in_a_series_is_an_item(linker, text, name):
    assert names(linker, text) == [name]


def test_a_place_that_the_series_has_not_is_the_series_itself(linker):
    assert names(linker, "the fifth Godfather") == ["The Godfather (1972)"]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("I loved Sabrina (1954)", 1954),
        ("I loved Sabrina (1995)", 1995),
        ("I loved Sabrina (1994)", 1995),  # release dates differ by a year
        ("I loved Sabrina from 1995", 1995),
        ("I loved Sabrina, 1954", 1954),
        ("I loved the 1995 Sabrina", 1995),
        ("I loved the 1954 version of Sabrina", 1954),
        ("I loved the old Sabrina", 1954),
        ("I loved the Sabrina remake", 1995),
        ("I loved Sabrina with Harrison Ford", 1995),
        ("I loved Sabrina with Humphrey Bogart", 1954),
    ],
)
def test_year_age_or_person_decides_between_two_of_one_name(linker, text, year):
    assert names(linker, text) == [f"Sabrina ({year})"]


def test_two_of_one_name_without_a_hint_are_both_given_the_better_known_first(catalogue):
    rows = [row for row, item in enumerate(catalogue) if item.title == "Sabrina"]
    for best in rows:
        popularity = np.zeros(len(catalogue))
        popularity[best] = 9
        (span,) = TitleLinker(catalogue, popularity).link("I loved Sabrina")
        assert set(span.rows) == set(rows)
        assert span.rows[0] == best


def test_a_year_that_no_item_of_the_name_has_stays_outside_the_span(linker):
    text = "Sabrina (1977)"
    (span,) = linker.link(text)
    assert text[span.start : span.end] == "Sabrina"


@pytest.mark.parametrize(
    "text",
    [
        "it was the heat of the moment",
        "I want to feel the heat",
        "in the summer heat",
        "please babe, tell me",
        "an alien came to town",
        "give me something with aliens in it",
        "he lost his money in a casino on sunday",
        "heat the soup",
        "HEAT THE SOUP FOR ME",
    ],
)
def test_a_common_word_is_no_title_by_itself(linker, text):
    assert names(linker, text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("yesterday I saw Heat", ["Heat (1995)"]),
        ('we watched "heat"', ["Heat (1995)"]),
        ("heat (1995)", ["Heat (1995)"]),
        ("heat 5/5", ["Heat (1995)"]),
        ("heat or casino?", ["Heat (1995)", "Casino (1995)"]),
    ],
)
def test_a_common_word_is_a_title_where_the_sentence_treats_it_so(linker, text, found):
    assert names(linker, text) == found


@pytest.mark.parametrize(
    "text", ["something from 2001", "Some Other Film (2001)", "made in 2001", "nothing before 2001"]
)
def test_a_year_is_no_title_where_it_is_a_date(linker, text):
    assert names(linker, text) == []


def test_a_longer_title_wins_over_the_one_inside_it(linker):
    assert names(linker, "The Godfather: Part II and The Godfather") == [
        "The Godfather: Part II (1974)",
        "The Godfather (1972)",
    ]
    assert names(linker, "I like Aliens, Alien too") == ["Aliens (1986)", "Alien (1979)"]


def test_a_title_does_not_reach_over_a_line_or_a_sentence(linker):
    assert names(linker, "I told a toy\nstory of my own") == []


def test_other_titles_and_accents_lead_to_the_item():
    items = [
        Item(item_id="a", title="Amélie", aliases=("Le fabuleux destin",), year=2001),
        Item(item_id="b", title="Some Other Thing"),
    ]
    linker = TitleLinker(Catalogue(items), np.ones(2))
    for text in ("I liked Amelie", "I liked AMÉLIE", "I saw Le fabuleux destin"):
        assert names(linker, text) == ["Amélie (2001)"]


def test_nearest_title_is_the_one_meant(linker, catalogue):
    row, likeness = linker.nearest_title("Casablnca")
    assert catalogue[row].title == "Casablanca"
    assert 70 < likeness < 100
    assert linker.nearest_title("casablanca")[1] == 100
    assert linker.nearest_title("") is None


PIECES = st.sampled_from(
    "the The second third Godfather godfather part II ii 2 Alien Aliens alien heat Heat Casino 2001 A space odyssey Sabrina (1954) 1995 "
    "and or , . : - ( ) \" ' & / \n \t é ß İ ǆ ﬁ ½ ² ٣ 🎬 \u200b like I loved toy story stroy 10/10 vs tonight".split(
        " "
    )
)


@settings(deadline=None, max_examples=150)
@example(text="SABRINA 1994 HEAT", everywhere=False)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map(" ".join)), st.booleans())
def test_whatever_the_text_spans_lie_in_it_sorted_and_apart(linker, text, everywhere):
    spans = linker.link(text, [(0, len(text))] if everywhere else ())
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        assert span.rows
        assert all(0 <= row < len(linker.catalogue) for row in span.rows)
    for one, two in pairwise(spans):
        assert one.end <= two.start


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 23),
    st.sampled_from(["{}", "We watched {}!", "hm, {}?", "{} and nothing more", "(“{}”)"]),
    st.sampled_from([str, str.upper]),
)
def test_a_whole_name_is_found_wherever_it_stands(linker, row, frame, case):
    item = linker.catalogue[row]
    assert names(linker, frame.format(case(item.name))) == [item.name]


EVERYDAY = "Help|Awesome|The Take|Haven|Live Hard|The Others|Weekend|The Actors|My Favorite Year|Loved|The Hatching|The Stuff|Super|Remember|Yes|The Choice|In the Mood for Love|Date Night|Cheaters|Superhero Movie|Grown Ups|A|To|Black|Wilson|Silence|Waiting|Take Me Home Tonight"


@pytest.fixture(scope="module")
def everyday():
    """A catalogue whose titles are words that everybody uses."""
    titles = EVERYDAY.split("|")
    films = [Item(item_id=f"i{n}", title=title, year=1965, categories=("Drama",)) for n, title in enumerate(titles)]
    return TitleLinker(Catalogue(films), np.ones(len(films)))


@pytest.mark.parametrize(
    "text",
    [
        "Can you help me find a romantic comedy?",
        "Thanks for your help, take care!",
        "Awesome! I will check that one out",
        "Awesome I don't mind that",
        "that was awesome thank you",
        "Nope, haven't seen it, but I've heard very good things",
        "do you know any others? I haven't seen the others",
        "a movie for date night this weekend, for grown ups",
        "he is one of my favorite actors",
        "I saw it and loved it",
        "I like watching stuff like that, it's super funny",
        "I don't remember. Yes! a great choice",
        "I'm in the mood for a comedy, I would like to watch it in the theaters",
        "I love superhero movies and science fiction",
        "anything with Jack Black or Owen Wilson",
        "I was wanting something for tonight",
    ],
)
def test_everyday_words_are_no_titles_though_films_bear_them(everyday, text):
    assert names(everyday, text, expected(text)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I loved Awesome (1965)", "Awesome (1965)"),
        ('have you got "Help"?', "Help (1965)"),
        ("yesterday we saw The Others and it was fine", "The Others (1965)"),
        ("weekend was overrated", "Weekend (1965)"),
        ("in the mood for love is wonderful", "In the Mood for Love (1965)"),
    ],
)
def test_and_are_where_the_sentence_treats_them_so(everyday, text, name):
    assert names(everyday, text, expected(text)) == [name]
