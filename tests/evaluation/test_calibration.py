"""Calibration of the match score: what is fitted, what is measured, and that cards show it or nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.evaluation.ranking.calibration import measure_calibration, reliability
from chatrec.ilm.calibration import Calibration
from chatrec.workspace import Workspace


def test_overconfident_logits_are_brought_to_what_was_observed():
    random = np.random.default_rng(0)
    true = random.normal(0, 1, 4000)
    liked = random.random(4000) < 1 / (1 + np.exp(-true))
    fitted = Calibration.fit(4 * true + 2, liked)
    assert fitted.slope == pytest.approx(0.25, abs=0.03) and fitted.offset == pytest.approx(-0.5, abs=0.1)
    raw = 1 / (1 + np.exp(-(4 * true + 2)))
    assert reliability(fitted.probability(4 * true + 2), liked)["ece"] < 0.03 < reliability(raw, liked)["ece"]


def test_logits_that_say_the_opposite_are_worth_nothing():
    logits = np.linspace(-3, 3, 100)
    fitted = Calibration.fit(logits, logits < 0)
    assert fitted.slope == pytest.approx(0, abs=1e-6) and np.ptp(fitted.probability(logits)) < 1e-6


def test_too_few_ratings_or_only_likes_fit_nothing():
    assert Calibration.fit(np.zeros(5), np.array([True, False, True, False, True])) is None
    assert Calibration.fit(np.zeros(50), np.ones(50, dtype=bool)) is None


def test_what_is_kept_is_read_again_for_the_same_adapter_alone(tmp_path):
    adapter = tmp_path / "model.safetensors"
    adapter.write_bytes(b"one")
    Calibration(1.5, -0.25, 99).save(tmp_path)
    assert Calibration.load(tmp_path) == Calibration(1.5, -0.25, 99)
    adapter.write_bytes(b"another")
    assert Calibration.load(tmp_path) is None
    (tmp_path / "calibration.json").write_text('{"slope": 1}')
    assert Calibration.load(tmp_path) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_bins_hold_every_rating_once(pairs):
    predicted, liked = (np.array(values) for values in zip(*pairs, strict=True))
    found = reliability(predicted, liked)
    assert sum(b["count"] for b in found["bins"]) == len(pairs)
    assert 0 <= found["ece"] <= 1 and 0 <= found["brier"] <= 1


@pytest.mark.slow
def test_training_leaves_a_calibration_and_it_can_be_measured(trained_workspace):
    space = Workspace(trained_workspace)
    assert Calibration.load(space.adapter_folder) is not None
    result = measure_calibration(space)
    assert result["ratings"] == 40 and {"calibrated", "uncalibrated", "constant"} <= set(result)
