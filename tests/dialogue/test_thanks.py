"""Thanks, and what is said beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.nlu.intents import courtesy
from chatrec.dialogue.nlu.reading import Reading


@pytest.mark.parametrize(
    "text",
    [
        "thanks, that's great",
        "thank you so much, these are great!",
        "great, thanks",
        "Perfect, thank you very much",
        "ok thanks, sounds good",
        "thx",
    ],
)
def test_thanks_with_praise_are_for_the_one_who_recommends(understanding, after_slate, text):
    reading = understanding.read(text, after_slate)
    assert "thanks" in reading.acts and not reading.referred


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("thanks! that one was terrible", "disliked"),
        ("thanks, I loved it", "liked"),
        ("thanks, the first one was great when I saw it", "liked"),
    ],
)
def test_thanks_do_not_hide_what_is_said_of_an_item(understanding, after_slate, text, stance):
    assert [found for _, found in understanding.read(text, after_slate).referred] == [stance]


@given(
    st.lists(
        st.sampled_from(["thanks", "great", "all", "so", "that's", "x", ",", "good ideas", "these are"]), max_size=60
    )
)
def test_thanks_are_read_in_no_time_however_long(words):
    courtesy(" ".join(words), Reading(text="", acts={"thanks"}))
