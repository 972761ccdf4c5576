"""What is said and offered when nothing fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.catalogue.items import Words
from chatrec.dialogue.policy.relaxation import described, relaxations
from chatrec.retrieval.index import Constraints

WORDS = Words()


def test_the_wish_is_named_with_its_values():
    wish = described(Constraints(people_any=("Tom Hanks",), year_max=1939, categories_any=("Western",)), WORDS)
    assert wish == "western films with Tom Hanks from before 1940"


def test_what_was_ruled_out_is_said_as_people_say_it():
    assert (
        described(Constraints(categories_none=("Animation", "Musical")), WORDS)
        == "films other than animated or musical ones"
    )


def test_two_spellings_of_one_person_are_named_once():
    both = Constraints(people_any=("Krzysztof Kieslowski", "Krzysztof Kieślowski"))
    assert described(both, WORDS).count("Kie") == 1


def test_years_are_widened_before_they_are_left_aside():
    ranges = [
        (bent.constraints.year_min, bent.constraints.year_max)
        for bent in relaxations(Constraints(year_min=1920, year_max=1929), WORDS)
    ]
    assert ranges[0] == (1915, 1934)
    assert ranges[-1] == (None, None)


@given(
    st.builds(
        Constraints,
        categories_any=st.sampled_from([(), ("Western",), ("War", "Comedy")]),
        categories_none=st.sampled_from([(), ("Horror",)]),
        people_any=st.sampled_from([(), ("Tom Hanks",)]),
        people_none=st.sampled_from([(), ("Tom Cruise",)]),
        year_min=st.sampled_from([None, 1990]),
        year_max=st.sampled_from([None, 1994]),
        language=st.sampled_from(["", "French"]),
        content_none=st.sampled_from([(), ("violence",)]),
    )
)
def test_what_was_ruled_out_stays_ruled_out_and_every_way_bends_something(constraints):
    for bent in relaxations(constraints, WORDS):
        assert bent.constraints != constraints
        assert bent.constraints.categories_none == constraints.categories_none
        assert bent.constraints.people_none == constraints.people_none
        assert bent.barrier


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, 1939, "before 1940"),
        (1990, None, "1990 or later"),
        (1990, 1999, "1990 to 1999"),
        (1994, 1994, "from 1994"),
    ],
)
def test_years_in_words(low, high, words):
    assert words in described(Constraints(year_min=low, year_max=high), WORDS)
