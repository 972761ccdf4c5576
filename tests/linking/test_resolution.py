"""Titles as people write them, on the small catalogue."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.linking.resolution import TitleResolver


@pytest.fixture(scope="module")
def titles(catalogue):
    return TitleResolver(catalogue, np.arange(len(catalogue), 0, -1))


@pytest.mark.parametrize(
    ("said", "item_id"),
    [
        ("Heat", "2"),
        ("the godfather", "5"),
        ("godfather", "5"),
        ("The Godfather Part 2", "6"),
        ("the second Godfather", "6"),
        ("godfather two", "6"),
        ("empire strikes back", "12"),
        ("Groundhg Day", "18"),
        ("casablanka", "13"),
        ("the movie Fargo", "7"),
        ("Blade Runner film", "10"),
        ("2001", "23"),
        ("Sabrina (1954)", "15"),
        ("Sabrina from 1995", "16"),
        ("wizard of oz", "19"),
    ],
)
def test_a_title_is_found(titles, catalogue, said, item_id):
    span = titles.resolve(said, 0, len(said))
    assert span is not None
    assert catalogue[span.rows[0]].item_id == item_id


@pytest.mark.parametrize(
    "said", ["The Matrix", "Baby Driver", "Alien 3", "Earth", "Godfather 7", "the opposite", "car window"]
)
def test_what_the_catalogue_does_not_have_is_not_found(titles, said):
    assert titles.resolve(said, 0, len(said)) is None


def test_words_nearby_tell_namesakes_apart(titles, catalogue):
    for text, year in (
        ("I liked Sabrina with Audrey Hepburn", 1954),
        ("the remake of Sabrina was fine", 1995),
        ("the original Sabrina", 1954),
    ):
        start = text.index("Sabrina")
        assert catalogue[titles.resolve(text, start, start + 7).rows[0]].year == year


def test_of_namesakes_the_one_that_is_talked_of_comes_first(titles, catalogue):
    near = [catalogue.row["16"]]
    assert titles.resolve("Sabrina", 0, 7, near).rows[0] == near[0]


def test_every_title_is_a_candidate_where_it_stands_word_for_word(titles, catalogue):
    for item in catalogue:
        text = f"have you seen {item.title.lower()} lately"
        assert any(catalogue[row].title == item.title for span in titles.candidates(text) for row in span.rows), (
            item.title
        )


def test_an_everyday_word_is_no_certain_title(titles):
    (span,) = titles.candidates("the heat was awful")
    assert not span.certain


def test_a_series_has_its_parts_in_order(titles, catalogue):
    assert [catalogue[row].item_id for row in titles.whole_series("the Godfather films", 0, 19)] == ["5", "6"]


@given(st.text(max_size=80))
def test_any_text_is_searched(titles, text):
    for span in titles.candidates(text):
        assert 0 <= span.start < span.end <= len(text)
    if text:
        titles.resolve(text, 0, len(text))
