"""Figures of language: what they count, and on which items."""

import math

import pytest

from chatrec.catalogue.interactions import sequences
from chatrec.evaluation.ilm.language import TASKS, _variants, consistency, held_people, measure_language, records_of
from chatrec.ilm.tasks import Place, Record
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def space(trained_workspace):
    return Workspace(trained_workspace)


def test_every_task_is_measured_beside_the_same_three_baselines(space):
    tasks = (*TASKS, "convince", "taste")
    result = measure_language(space, 3, tasks=tasks)
    assert set(result["items"]) == set(tasks)
    assert set(result["baselines"].pop("unseen_words")["log_perplexity"]) == set(tasks) - set(TASKS)
    for block in (result, *result["baselines"].values()):
        for task in tasks:
            assert math.isfinite(block["log_perplexity"][task]) and block["log_perplexity"][task] > 0
            assert -1 <= block["semantic_consistency"][task] <= 1
    assert set(result["baselines"]) == {"another_item", "title_as_text", "no_item"}


def test_texts_that_were_targets_in_training_are_left_out(space):
    held_out = {f" {space.catalogue[int(row)].description}" for row in space.held_out}
    assert {record.target for record in records_of(space, "synopsis", 100, seed=0)} <= held_out


def test_each_baseline_changes_the_item_and_nothing_else(space):
    variants = {
        name: (lambda prompt, change=change: change([Record("synopsis", prompt, " x")])[0].prompt)
        for name, change in _variants(space, seed=0).items()
    }
    prompt = ("Item:", Place(3), " Synopsis:")
    assert variants["soft_tokens"](prompt) == prompt
    first, other, last = variants["another_item"](prompt)
    assert (first, last) == ("Item:", " Synopsis:") and other.row != 3
    assert all(variants["another_item"](("", Place(row), ""))[1].row != row for row in range(len(space.catalogue)))
    assert variants["no_item"](prompt) == ("Item:", " Synopsis:")
    assert space.catalogue[3].name in "".join(variants["title_as_text"](prompt))


def test_a_person_is_swapped_for_another_person_and_told_by_films_near_them(space):
    records = records_of(space, "taste", 3, seed=0)
    swapped = _variants(space, seed=0)["another_item"](records)
    assert all(a.prompt[1] is not b.prompt[1] and a.target == b.target for a, b in zip(records, swapped, strict=True))
    named = "".join(_variants(space, seed=0)["title_as_text"](records)[0].prompt)
    assert space.catalogue[int(records[0].prompt[1].near[0])].name in named


def test_people_are_measured_on_ratings_that_training_never_had(space):
    train = sequences(space.split.train, space.catalogue.row)
    told = {tuple(seen) for seen in train.values()}
    people = held_people(space)
    assert people and all(person.past in told and not set(person.past) & set(person.future) for person in people)


def test_the_same_words_are_wholly_consistent_and_others_are_not(space):
    said = ["A weatherman lives one day again and again."]
    assert consistency(space, said, [f" {said[0]}"]) == pytest.approx(1, abs=1e-5)
    assert consistency(space, said, ["Two detectives hunt a killer."]) < 0.5
