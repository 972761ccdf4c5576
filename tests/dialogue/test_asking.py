"""Questions are asked for what their answer would change, and never twice."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.policy.elicitation import best_question, expected_change
from chatrec.dialogue.tracking.state import State


def test_a_question_that_all_candidates_answer_alike_changes_nothing():
    assert expected_change([["crime"]] * 9, 3) == 0
    assert expected_change([], 3) == 0


def test_a_question_that_would_put_the_slate_aside_is_worth_most():
    same = [["crime"]] * 3 + [["comedy"]] * 9
    mixed = [["crime"], ["comedy"], ["war"]] * 4
    assert expected_change(same, 3) > expected_change(mixed, 3) > 0


@given(st.lists(st.lists(st.sampled_from("abcd"), unique=True, max_size=3), max_size=20), st.integers(0, 6))
def test_the_change_is_a_share(answers, slate):
    assert 0 <= expected_change(answers, slate) <= 1


def test_what_was_asked_or_said_is_not_asked(catalogue):
    items = [(row, catalogue[row]) for row in range(len(catalogue))]
    tone, fame = np.linspace(-1, 1, len(items)), np.arange(len(items))
    state, asked = State(genres_wanted=["Crime"], moods_wanted=["dark"]), []
    while kind := best_question(items, 3, state, tone, fame):
        asked.append(kind)
        state.asked.append(kind)
    assert sorted(asked) == ["ask_wish_decade", "ask_wish_fame"]
