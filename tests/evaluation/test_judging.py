"""Reasons judged by fixed rules: what each rule lets pass and what it does not."""

import pytest

from chatrec.evaluation.ilm.judging import fluent, judge, share, specific
from chatrec.ilm.phrasing import ReasonFacts


@pytest.fixture
def facts(catalogue):
    heat, godfather = (catalogue[catalogue.find(name)] for name in ("Heat", "The Godfather"))
    return ReasonFacts(heat, "person", "Al Pacino", godfather)


def test_an_authored_sentence_is_true_specific_and_fluent(facts, catalogue):
    for form in range(facts.forms):
        text = facts.sentence(form, catalogue.words)
        assert judge(text, facts, catalogue) == {"true": True, "specific": True, "fluent": True}, text


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("The Godfather had Tom Hanks and Al Pacino; so does Heat.", {"true"}),
        ("You liked The Godfather, so try Heat.", {"specific"}),
        ("Al Pacino is in Heat.", {"specific"}),
        ("the godfather had Al Pacino", {"specific", "fluent"}),
        ("The Godfather had Al Pacino; so does Heat. Al Pacino directs.", {"true"}),
        ("", {"true", "specific", "fluent"}),
    ],
)
def test_each_rule_finds_its_own_fault(facts, catalogue, text, fails):
    assert {rule for rule, good in judge(text, facts, catalogue).items() if not good} == fails


@pytest.mark.parametrize(
    "text",
    [
        "one two three.",
        "No full stop",
        "It is, it is it is, it is it is.",
        "A. B c d. E f g. H i j. K l m.",
        "W " * 31 + ".",
    ],
)
def test_what_is_not_fluent(text):
    assert not fluent(text)


def test_a_link_by_ratings_must_say_so(facts, catalogue):
    near = ReasonFacts(facts.item, "neighbours", "", facts.anchor)
    assert all(specific(near.sentence(form, catalogue.words), near) for form in range(near.forms))
    assert not specific("The Godfather comes before Heat.", near)


def test_shares_count_each_rule_and_all_at_once():
    judged = [{"true": True, "specific": True, "fluent": False}, {"true": True, "specific": True, "fluent": True}]
    assert share(judged) == {"true": 1.0, "specific": 1.0, "fluent": 0.5, "all_three": 0.5}
