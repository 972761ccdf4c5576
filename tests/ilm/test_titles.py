"""Constrained decoding: only names of the catalogue, each with the probability that the LLM gives it."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.ilm.model import Tokens
from chatrec.ilm.tasks import Place
from chatrec.ilm.titles import Trie, say_titles
from chatrec.workspace import Workspace

PROMPT = ("Watched:", Place(1, taste=True), Place(6, taste=True), " Next title:")


@pytest.fixture(scope="module")
def model(trained_workspace):
    return Workspace(trained_workspace).model


@pytest.fixture(scope="module")
def trie(model):
    return Trie.of((item.name for item in model.catalogue), model.llm)


@torch.no_grad()
def alone(model, name, prefix):
    """A name's log-probability, word by word, without a trie or a cache of beams."""
    prompt, target = model.sequence(PROMPT), model.llm.tokens(f" {name}.")
    embedded = model.embed([Tokens(prompt.ids + target[:-1], prompt.soft)])
    cache = model.prefix_cache(1) if prefix else None
    states = model.llm.body(
        inputs_embeds=embedded, past_key_values=cache, use_cache=cache is not None
    ).last_hidden_state
    logits = model.llm.model.get_output_embeddings()(states[0, len(prompt.ids) - 1 :]).float().log_softmax(-1)
    return float(logits[torch.arange(len(target)), torch.tensor(target)].sum())


@pytest.mark.parametrize("prefix", [True, False])
def test_with_room_for_all_beams_the_order_is_that_of_the_whole_names(model, trie, prefix):
    said = say_titles(model, PROMPT, trie, count=5, beams=1000, prefix=prefix)
    scores = {row: alone(model, item.name, prefix) for row, item in enumerate(model.catalogue)}
    best = sorted(scores.values(), reverse=True)[:5]
    assert len({row for row, _ in said}) == 5
    assert [scores[row] for row, _ in said] == pytest.approx(
        best, rel=0.02
    )  # which of two that are level comes first is rounding
    assert [score for _, score in said] == pytest.approx(best, rel=0.02)


def test_few_beams_still_say_real_and_different_items(model, trie):
    said = say_titles(model, PROMPT, trie, count=10, beams=3)
    rows = [row for row, _ in said]
    assert 0 < len(rows) == len(set(rows)) and all(0 <= row < len(model.catalogue) for row in rows)


def test_items_of_one_name_are_both_said(model):
    trie = Trie.of(["Heat (1995)", "Heat (1995)", "Heat (1986)"], model.llm)
    assert {row for row, _ in say_titles(model, PROMPT, trie, count=3)} == {0, 1, 2}


def test_what_is_left_out_is_not_said_and_all_else_can_be(model, trie):
    known = {0, 4, 9}
    rows = {row for row, _ in say_titles(model, PROMPT, trie.without(known), count=100, beams=1000)}
    assert rows == set(range(len(model.catalogue))) - known


@settings(max_examples=30)
@given(st.lists(st.text(min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=8))
def test_every_name_can_be_found_in_its_trie(model, names):
    trie = Trie.of(names, model.llm)
    for row, name in enumerate(names):
        node = trie
        for token in model.llm.tokens(f" {name}."):
            node = node.children[token]
        assert row in node.rows
