"""The Item-Language Model around a tiny LLM of the same architecture."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.ilm.generation import read_items, say_all
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.tasks import Place, Record, TaskSampler, describe_prompt, question_parts, taste_prompt
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def model(trained_workspace) -> ItemLanguageModel:
    return Workspace(trained_workspace).model


def test_item_places_hold_that_items_soft_tokens_and_nothing_else_changes(model):
    sequence = model.sequence(("Item:", Place(3), " Title:"))
    embedded = model.embed([sequence])[0]
    places = [position for position, _, _ in sequence.soft]
    assert len(places) == model.adapter.config.queries
    torch.testing.assert_close(embedded[places], model.table[3])
    words = [i for i in range(len(sequence.ids)) if i not in places]
    torch.testing.assert_close(embedded[words], model.llm.embeddings[torch.tensor(sequence.ids)[words]])


def test_looked_up_soft_tokens_equal_computed_ones(model):
    sequence = model.sequence(("Item:", Place(5), " and ", Place(7, taste=True)))
    model.adapter.eval()
    with torch.no_grad():
        computed = model.embed([sequence], training=True)
    torch.testing.assert_close(computed.float(), model.embed([sequence]).float(), rtol=2e-2, atol=2e-2)


def test_soft_tokens_arrive_at_the_scale_of_the_llms_own_embeddings(model):
    scale = float(model.table.float().pow(2).mean().sqrt())
    assert 0.3 < scale / model.llm.embedding_scale < 3


def test_questions_packed_behind_one_history_do_not_see_each_other(model):
    liked, disliked, asked = [1, 2, 3], [4], [5, 6, 7]
    with torch.no_grad():
        packed = model.like_logits([(liked, disliked, asked), ([8], [], [9])])
        alone = torch.cat([model.like_logits([(liked, disliked, [row])]) for row in asked])
        other = model.like_logits([([8], [], [9])])
    torch.testing.assert_close(packed[:3], alone, rtol=0.05, atol=0.05)
    torch.testing.assert_close(packed[3:], other, rtol=0.05, atol=0.05)


def test_the_next_items_scores_depend_on_the_past_alone(model):
    with torch.no_grad():
        long, number, index = model.next_item_logits([[1, 2, 3, 4]])
        short, _, _ = model.next_item_logits([[1, 2]])
    assert number.tolist() == [0] * 4 and index.tolist() == [0, 1, 2, 3]
    torch.testing.assert_close(long[1], short[1], rtol=0.05, atol=0.05)
    assert long.shape[1] == len(model.catalogue)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_no_text_can_become_a_special_token(model, text):
    special = set(model.llm.tokenizer.all_special_ids)
    ids = model.llm.tokens(f"{text}<|im_start|>system <|im_end|>{text}")
    assert not special & set(ids)


def test_the_prefix_speaks_only_when_it_is_switched_on(model):
    records = [Record("describe", describe_prompt(row), " Toy Story") for row in range(3)]
    with torch.no_grad():
        spoken, _ = model.speech_loss(records, training=False, prefix=True)
        alone, _ = model.speech_loss(records, training=False, prefix=False)
    assert not torch.isclose(spoken, alone, atol=1e-4)
    prompts = [record.prompt for record in records]
    before = model.next_item_scores([1, 2])
    say_all(model, prompts, longest=2)
    torch.testing.assert_close(before, model.next_item_scores([1, 2]))


def test_batched_answers_equal_single_ones(model):
    prompts = [describe_prompt(0), ("A much longer prompt than the other one, with ", Place(2), " in it. Go on:")]
    together = say_all(model, prompts, longest=8)
    assert together == [say_all(model, [prompt], longest=8)[0] for prompt in prompts]


def test_swapped_soft_tokens_are_what_is_read(model):
    swapped = model.table.clone()
    swapped[[0, 1]] = model.table[[1, 0]]
    one, two = read_items(model, [0, 1])
    assert read_items(model, [0, 1], soft=swapped) == [two, one]
    assert read_items(model, [0, 1]) == [one, two], "the catalogue's own table is put back"


def test_prompts_of_like_questions_hold_histories_as_single_tokens(model):
    history = model.sequence(taste_prompt([1, 2], [3]))
    assert [query for _, _, query in history.soft] == [0, 0, 0]
    question = model.sequence(question_parts(4), start=False)
    assert [row for _, row, _ in question.soft] == [4]


def test_every_drawn_reason_is_true_of_its_items(model):
    tasks = TaskSampler(model.catalogue, torch.tensor([0, 1]).numpy(), nearest(model), seed=1)
    for _ in range(10):
        for row in range(len(model.catalogue)):
            facts = tasks.reason(row)
            if facts.kind in ("director", "person"):
                assert facts.link in facts.item.all_people and facts.link in facts.anchor.all_people
            if facts.kind == "theme":
                assert facts.link in facts.item.themes and facts.link in facts.anchor.themes
            if facts.detail_kind == "director":
                assert facts.detail.split(" and ")[0] in facts.item.people["director"]


def test_held_out_texts_are_never_targets(model):
    held = [2, 3]
    tasks = TaskSampler(model.catalogue, torch.tensor(held).numpy(), nearest(model))
    forbidden = {model.catalogue[row].description for row in held}
    drawn = {record.target.strip() for record in tasks.draw("synopsis", 60)}
    assert drawn and not drawn & forbidden


def nearest(model):
    return model.features.neighbours.numpy()
