"""Simulated people: what they say, what they must not say, and how success is counted."""

import numpy as np
import pytest

from chatrec.dialogue.tracking.store import Sessions
from chatrec.evaluation.dialogue.lines import attributes, hints, without_names
from chatrec.evaluation.dialogue.simulation import (
    TURNS,
    Person,
    _attribute_lines,
    _free_lines,
    _people,
    figures,
    simulate,
)
from chatrec.recommender import Recommender


@pytest.fixture(scope="module")
def recommender(small_workspace):
    return Recommender.open(small_workspace, Sessions("sqlite://"))


def lines_of(say, person, catalogue, seed):
    lines = say(person, catalogue, np.random.default_rng(seed))
    next(lines)
    return [lines.send(None) for _ in range(TURNS)]


@pytest.mark.parametrize("say", [_attribute_lines, _free_lines])
def test_nobody_says_the_title_of_what_they_have_in_mind(recommender, say):
    catalogue = recommender.catalogue
    for target, item in enumerate(catalogue):
        loved = tuple(row for row in range(len(catalogue)) if row != target)[:4]
        person = Person("p", loved, {}, frozenset({target}))
        for seed in range(3):
            for line in lines_of(say, person, catalogue, seed)[1:]:
                assert item.title.casefold() not in line.casefold()


def test_hints_and_attributes_hold_no_word_of_a_title(recommender):
    catalogue = recommender.catalogue
    for item in catalogue:
        random = np.random.default_rng(0)
        facts = [*hints(item, catalogue, random), *attributes(item, catalogue, random, people=True)]
        assert any(name in " ".join(facts) for name in item.people["director"])
        said = set(" ".join(without_names(facts, [item])).casefold().replace(",", " ").split())
        assert not {word for word in item.title.casefold().split() if len(word) > 3} & said


def test_people_have_tastes_in_the_past_and_aims_in_the_future(recommender):
    people = _people(recommender, 20, np.random.default_rng(0))
    assert people
    for person in people:
        assert person.targets and not person.targets & set(person.rated)
        assert all(person.rated[row] >= 4 for row in person.loved)


def test_success_is_cumulative_and_counts_the_first_k():
    person = Person("p", (), {}, frozenset({7}))
    never, second = [[0, 1, 2]] * TURNS, [[1, 2, 3], [5, 7, 9], [1, 2, 3], [1, 2, 3], [7, 2, 3]]
    found = figures([never, second], [person, person])
    assert found["success@10"] == [0, 0.5, 0.5, 0.5, 0.5]
    assert found["success@1"] == [0, 0, 0, 0, 0.5]
    assert found["recall@1"] == 0.5 and found["turns_to_success"] == 2


def test_a_simulation_reports_both_modes_beside_plain_baselines_and_leaves_no_trace(recommender):
    sessions = recommender.manager.sessions
    result = simulate(recommender, users=4)
    assert result["users"] == 4
    for mode in ("attribute", "free"):
        for block in (result[mode], *result[mode]["baselines"].values()):
            assert len(block["success@10"]) == TURNS
            assert block["success@10"] == sorted(block["success@10"])
            assert all(a <= b for a, b in zip(block["success@1"], block["success@10"], strict=True))
        assert result[mode]["repeats"] <= 0.2, (
            "two dozen films are few: what was shown comes again where nothing new fits"
        )
        assert set(result[mode]["baselines"]) == {
            "popularity",
            "collaborative",
            "popularity_as_shown",
            "collaborative_as_shown",
        }
        ten, few = (result[mode]["baselines"][f"popularity{ending}"]["success@10"] for ending in ("", "_as_shown"))
        assert ten[0] == few[0] and all(a >= b for a, b in zip(ten, few, strict=True))
    assert recommender.manager.sessions is sessions
    assert not sessions.transcript("free-u0")
