"""Each rule of a closed class on its own examples, and numbers and grades."""

import pytest

from chatrec.dialogue.nlu.closed_classes import RULES, read_count, read_grade

FIRES = [(rule, text) for rule in RULES for text in rule.fires]
SILENT = [(rule, text) for rule in RULES for text in rule.silent]


@pytest.mark.parametrize(("rule", "text"), FIRES, ids=lambda value: getattr(value, "name", value))
def test_a_rule_fires_on_what_it_is_for(rule, text):
    assert rule(text)


@pytest.mark.parametrize(("rule", "text"), SILENT, ids=lambda value: getattr(value, "name", value))
def test_a_rule_is_silent_on_what_is_not_its(rule, text):
    assert not rule(text)


def test_every_rule_has_both_kinds_of_example():
    assert all(rule.fires and rule.silent for rule in RULES)


@pytest.mark.parametrize(
    ("said", "count"),
    [("just one", 1), ("three", 3), ("a couple of", 2), ("12", 12), ("a single film", 1), ("a few", 3), ("some", None)],
)
def test_numbers_of_items(said, count):
    assert read_count(said) == count


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (" 4/5", "like"),
        (" 2 out of 10", "dislike"),
        (": five stars", "like"),
        (" gets one star", "dislike"),
        (" 6/10", "seen"),
        (" thumbs down", "dislike"),
        (" 24/7 on tv", ""),
        (" in 1995", ""),
    ],
)
def test_grades(said, verdict):
    assert read_grade(said) == verdict
