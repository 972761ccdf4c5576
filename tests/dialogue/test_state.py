"""What is remembered of a person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.dialogue.tracking.state import VERDICTS, State


@pytest.mark.parametrize("first", VERDICTS)
@pytest.mark.parametrize("second", VERDICTS)
def test_a_later_verdict_moves_the_item(first, second):
    state = State()
    state.judge("7", first)
    state.judge("8", first)
    state.judge("7", second)
    assert [name for name in VERDICTS if "7" in getattr(state, name)] == [second]
    assert getattr(state, second).count("7") == 1
    assert "8" in getattr(state, first)


def test_a_verdict_can_be_taken_back():
    state = State(liked=["7", "8"], seen=["7"])
    state.forget_item("7")
    assert (state.liked, state.seen) == (["8"], [])


def test_constraints_leave_out_everything_judged_shown_or_named(catalogue):
    state = State(liked=["1"], disliked=["2"], seen=["3"], shown=[["4", "5"], ["6"]], named=["7"], topics=["x"])
    excluded = state.constraints(catalogue).exclude
    assert {catalogue[row].item_id for row in excluded} == {"1", "2", "3", "4", "5", "6", "7"}


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (State(genres_wanted=["War", "Comedy"]), lambda i: {"War", "Comedy"} & set(i.categories)),
        (
            State(genres_wanted=["War", "Comedy"], genres_together=True),
            lambda i: {"War", "Comedy"} <= set(i.categories),
        ),
        (State(genres_unwanted=["Drama"]), lambda i: "Drama" not in i.categories),
        (State(people_wanted=["Harrison Ford"]), lambda i: "Harrison Ford" in i.all_people),
        (State(people_unwanted=["Harrison Ford"]), lambda i: "Harrison Ford" not in i.all_people),
        (State(year_min=1970, year_max=1979), lambda i: 1970 <= i.year <= 1979),
        (State(limits=["scares"]), lambda i: i.content["scares"] != "strong"),
        (State(language="French"), lambda i: False),
    ],
)
def test_constraints_say_what_was_wished(catalogue, state, allowed):
    constraints = state.constraints(catalogue)
    got = [item.name for row, item in enumerate(catalogue) if constraints.allows(row, item)]
    assert got == [item.name for item in catalogue if allowed(item)]


def test_items_that_a_rebuilt_catalogue_has_not_are_passed_over(catalogue):
    state = State(liked=["1", "gone"], disliked=["gone"], shown=[["gone"]])
    assert state.history(catalogue).liked == (catalogue.row["1"],)
    assert state.history(catalogue).disliked == ()
    assert state.constraints(catalogue).exclude == {catalogue.row["1"]}
    assert [ref.item_id for ref in state.profile(catalogue).liked] == ["1"]


def test_dropping_wishes_keeps_likes_and_what_was_ruled_out():
    state = State(
        liked=["1"], genres_wanted=["War"], genres_unwanted=["Drama"], year_min=1970, language="French", topics=["x"]
    )
    assert state.wishes
    state.drop_wishes()
    assert not state.wishes
    assert (state.liked, state.genres_unwanted, state.language) == (["1"], ["Drama"], "")


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("liked", "1"),
        ("disliked", "2"),
        ("seen", "3"),
        ("genres_wanted", "War"),
        ("genres_unwanted", "Drama"),
        ("people_wanted", "Harrison Ford"),
        ("people_unwanted", "Tom Hanks"),
        ("moods_wanted", "dark"),
        ("topics", "a bank robbery"),
        ("limits", "no strong violence"),
        ("limits", "in French"),
        ("limits", "black and white"),
        ("year_min", "1970"),
        ("year_max", "1979"),
    ],
)
def test_removing_an_entry_takes_that_one_out_of_the_profile_and_no_other(catalogue, slot, value):
    def shown(state):
        profile = state.profile(catalogue)
        entries = set()
        for name in profile.__dataclass_fields__:
            held = getattr(profile, name)
            for entry in held if isinstance(held, tuple) else [held]:
                entries.add((name, str(getattr(entry, "item_id", entry))))
        return entries

    state = State(
        liked=["1"], disliked=["2"], seen=["3"], genres_wanted=["War"], genres_unwanted=["Drama"],
        people_wanted=["Harrison Ford"], people_unwanted=["Tom Hanks"], moods_wanted=["dark"], topics=["a bank robbery"],
        limits=["violence"], language="French", black_and_white=True, year_min=1970, year_max=1979,
    )  # fmt: skip
    before = shown(state)
    assert (slot, value) in before
    state.remove(slot, value)
    assert shown(state) - {("year_min", "None"), ("year_max", "None")} == before - {(slot, value)}


@pytest.mark.parametrize("slot", ["shown", "named", "asked", "focus", "turn", "no_such_slot", "judge", "model_config"])
def test_what_is_no_slot_of_the_profile_cannot_be_removed(slot):
    state = State(shown=[["1"]], named=["2"], asked=["ask_taste"], focus=["3"], turn=4)
    before = state.model_dump()
    state.remove(slot, "2")
    assert state.model_dump() == before


def test_in_colour_is_told_from_in_a_language(catalogue):
    state = State(language="French", black_and_white=False)
    assert set(state.profile(catalogue).limits) == {"in French", "in colour"}
    state.remove("limits", "in colour")
    assert state.profile(catalogue).limits == ("in French",)


def test_the_profile_names_items_as_people_read_them(catalogue):
    data = State(liked=["6"], disliked=["16"], year_max=1990).profile(catalogue).as_dict()
    assert data["liked"] == ["The Godfather: Part II (1974)"]
    assert data["disliked"] == ["Sabrina (1995)"]
    assert (data["year_min"], data["year_max"]) == (None, 1990)


WORDS = st.lists(st.text(max_size=12), max_size=4)


@settings(deadline=None, max_examples=80)
@given(
    st.builds(
        State,
        liked=WORDS,
        genres_wanted=WORDS,
        topics=WORDS,
        shown=st.lists(WORDS, max_size=3),
        year_min=st.none() | st.integers(0, 3000),
        black_and_white=st.none() | st.booleans(),
        turn=st.integers(0, 10**6),
    )
)
def test_a_state_survives_json(state):
    assert State.model_validate_json(state.model_dump_json()) == state


def test_a_state_of_another_version_is_read_as_far_as_it_is_known():
    assert State.model_validate_json('{"liked": ["1"], "of a later version": 3}') == State(liked=["1"])


def test_a_liked_film_that_is_entered_twice_does_not_come_again():
    from chatrec.catalogue.items import Catalogue, Item

    made = Catalogue(
        [
            Item(item_id="a", title="The Matrix", year=1999),
            Item(item_id="b", title="The Matrix"),
            Item(item_id="c", title="Heat", year=1995),
        ]
    )
    state = State()
    state.judge("b", "liked")
    assert state.constraints(made).exclude == {0, 1}
