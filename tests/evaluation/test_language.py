"""Figures of language: what they count, and on which items."""

import math

import pytest

from chatrec.evaluation.language import TASKS, _records, _variants, consistency, measure_language
from chatrec.ilm.tasks import Place
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def space(trained_workspace):
    return Workspace(trained_workspace)


def test_every_task_is_measured_beside_the_same_three_baselines(space):
    result = measure_language(space, count=3)
    assert set(result["items"]) == set(TASKS)
    for block in (result, *result["baselines"].values()):
        for task in TASKS:
            assert math.isfinite(block["log_perplexity"][task]) and block["log_perplexity"][task] > 0
            assert -1 <= block["semantic_consistency"][task] <= 1
    assert set(result["baselines"]) == {"another_item", "title_as_text", "no_item"}
    assert all({"target", "said"} == set(sample) for samples in result["samples"].values() for sample in samples)


def test_texts_that_were_targets_in_training_are_left_out(space):
    held_out = {f" {space.catalogue[int(row)].description}" for row in space.held_out}
    assert {record.target for record in _records(space, "synopsis", 100, seed=0)} <= held_out


def test_each_baseline_changes_the_item_and_nothing_else(space):
    variants = _variants(space, seed=0)
    prompt = ("Item:", Place(3), " Synopsis:")
    assert variants["soft_tokens"](prompt) == prompt
    first, other, last = variants["another_item"](prompt)
    assert (first, last) == ("Item:", " Synopsis:") and other.row != 3
    assert all(variants["another_item"](("", Place(row), ""))[1].row != row for row in range(len(space.catalogue)))
    assert variants["no_item"](prompt) == ("Item:", " Synopsis:")
    assert space.catalogue[3].name in "".join(variants["title_as_text"](prompt))


def test_the_same_words_are_wholly_consistent_and_others_are_not(space):
    said = ["A weatherman lives one day again and again."]
    assert consistency(space, said, [f" {said[0]}"]) == pytest.approx(1, abs=1e-5)
    assert consistency(space, said, ["Two detectives hunt a killer."]) < 0.5
