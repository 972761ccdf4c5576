"""Bias: what the figures mean, on lists that are known to be fair or unfair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.tracking.store import Sessions
from chatrec.evaluation.ranking.bias import Rater, _groups, gini, measure_bias
from chatrec.recommender import Recommender


def test_gini_of_equal_shares_is_zero_and_of_one_taker_is_near_one():
    assert gini(np.full(50, 3)) == pytest.approx(0)
    assert gini(np.eye(100)[0]) == pytest.approx(0.99)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40))
def test_gini_stays_between_its_ends_and_ignores_scale(counts):
    value = gini(np.array(counts))
    assert -1e-9 <= value < 1
    assert gini(np.array(counts) * 7) == pytest.approx(value)


def test_a_group_that_is_served_worse_shows_as_a_gap():
    percentile = np.linspace(0, 1, 20)
    few = [Rater((0, 1), 5, frozenset({9})) for _ in range(4)]
    many = [Rater((18, 19), 50, frozenset({9})) for _ in range(4)]
    lists = [[2, 3]] * 4 + [[9, 3]] * 4
    block = _groups([*few, *many], lists, percentile)
    assert block["ratings"] == {"low": 0.0, "high": 1.0, "gap": 1.0}
    assert block["usual_taste"]["gap"] == 1.0


def test_popularity_is_blind_to_order_and_shows_the_same_to_all(small_workspace):
    result = measure_bias(Recommender.open(small_workspace, Sessions("sqlite://")), users=12)
    assert result["users"] == 12
    assert result["position"]["popularity"] == 1.0
    for figure in ("mean_percentile", "gini"):
        assert result["popularity"]["popularity"][figure] >= result["popularity"]["chatrec"][figure] - 0.05
    assert set(result["groups"]["chatrec"]) == {"ratings", "usual_taste"}
