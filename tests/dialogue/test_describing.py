"""Messages that tell a plot, and messages that only sound like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.nlu.describing import as_description, points_at_one, tells_a_plot
from chatrec.dialogue.nlu.reading import Reading


@pytest.mark.parametrize(
    "text",
    [
        "A lonely astronaut is sent to repair a lighthouse on Mars and finds his late wife already living there.",
        "two rival bakers in thirties Vienna fall in love by letter while trying to ruin each other's shop",
        "Western set in the snow: a blind sheriff has one night to find out who among the choir robbed the train.",
    ],
)
def test_a_plot_is_told_by_what_happens(text):
    assert tells_a_plot(text)


@pytest.mark.parametrize(
    "text",
    [
        "I would like a western or a war film, not too long, and please nothing from after nineteen seventy",
        "we loved the one in space, do you have another with the same director and a bit less violence in it",
        "a western or a war movie, either is fine, nothing newer than 1965 and in colour if possible",
        "no comedies and no musicals, any year, any country, best with a strong woman in the lead role",
        "sheriff robs train",
    ],
)
def test_a_request_is_no_plot(text):
    assert not tells_a_plot(text)


def test_pointing_at_one_film_by_what_happens_in_it():
    assert points_at_one("I am after that film where a shark keeps a whole town out of the water")
    assert not points_at_one("I am after a film for tonight, nothing too long and nothing too sad, with some jokes")


def test_what_was_ruled_out_is_kept_and_passing_words_are_no_wishes():
    reading = Reading("x", genres_wanted=["Western"], genres_unwanted=["Horror"], year_min=1930, year_max=1939, count=2)
    described = as_description(reading, "a marshal in the thirties")
    assert described.topic == "a marshal in the thirties"
    assert (described.genres_wanted, described.year_min, described.year_max) == ([], None, None)
    assert (described.genres_unwanted, described.count) == (["Horror"], 2)


@given(st.text(max_size=400))
def test_any_text_is_read_without_complaint(text):
    assert tells_a_plot(text) in (True, False)
    assert points_at_one(text) in (True, False)
