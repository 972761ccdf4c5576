"""How the LLM is told of items: the same questions in words, learned ways that learn, and a table that goes on."""

import math

import pytest
import torch

from chatrec.errors import BadInput
from chatrec.evaluation.ilm import prompting
from chatrec.evaluation.ilm.language import log_perplexity
from chatrec.evaluation.ilm.lora import lora
from chatrec.evaluation.ilm.prompting import (
    BOTH,
    CONTEXT,
    FAMILIES,
    LORA,
    PROMPT,
    RATING,
    WAYS,
    ZERO,
    Prompting,
    PromptTuned,
)
from chatrec.ilm.tasks import Record
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def space(trained_workspace):
    return Workspace(trained_workspace)


@pytest.fixture
def table(space):
    return Prompting(space, minutes=0.01, count=2)


def test_in_words_no_item_is_left_to_soft_tokens_and_people_are_what_they_liked(space, table):
    for name, records in table._questions.items():
        told = table._in_words(records)
        assert [record.target for record in told] == [record.target for record in records]
        for record in told:
            assert len(record.prompt) == 1 and isinstance(record.prompt[0], str)
            assert record.prompt[0].startswith(FAMILIES[name].instruction.format(one="film"))
    record = table._questions[RATING][0]
    person = table._person_of[id(record.prompt[1])]
    (text,) = table._in_words([record])[0].prompt
    liked = [space.catalogue[row].name for row in person.liked(past=True)][-prompting.LIKES :]
    assert all(name in text.split("did not like")[0] for name in liked)
    assert space.catalogue[record.prompt[3].row].name in text.split("Item:")[1]


def test_an_explanation_in_words_names_each_item_once(table):
    record = table._questions["explanation"][0]
    (text,) = table._in_words([record])[0].prompt
    assert text.endswith("".join(part for part in record.prompt if isinstance(part, str)))


def test_examples_are_solved_and_stand_before_the_question(table):
    record = table._questions[RATING][0]
    whole = "".join(table._after_examples([record])[0].prompt)
    instruction = FAMILIES[RATING].instruction.format(one="film")
    assert whole.count(instruction) == prompting.SHOTS + 1
    assert all(part.strip()[-1] in "12345" for part in whole.split(instruction)[1:-1])
    assert whole.endswith("".join(table._in_words([record])[0].prompt))


@pytest.mark.slow
def test_every_way_answers_the_same_questions(space, tmp_path):
    path = tmp_path / "prompting.json"
    before = space.model.llm.weights_hash()
    result = Prompting(space, 0.01, 2, path=path).run()
    assert list(result["runs"]) == list(WAYS) and set(result["questions"]) >= {RATING, "sequential", "explanation"}
    for way, run in result["runs"].items():
        assert set(run["families"]) == set(result["questions"])
        assert (run["steps"] > 0) == (way in (PROMPT, LORA, BOTH))
        for name, row in run["families"].items():
            assert math.isfinite(row["log_perplexity"])
            assert ("rmse" in row) == (name == RATING) and ("semantic_consistency" in row) == (name != RATING)
    families = {way: run["families"] for way, run in result["runs"].items()}
    assert len({families[way][RATING]["log_perplexity"] for way in (ZERO, CONTEXT, PROMPT, LORA)}) == 4
    assert space.model.llm.weights_hash() == before


def test_a_table_goes_on_where_it_was_cut_off_and_is_not_mixed_with_another(space, tmp_path, monkeypatch):
    asked = []

    def measured(self, way):
        asked.append(way)
        return {"steps": 0, "families": {}}

    monkeypatch.setattr(Prompting, "_measured", measured)
    path = tmp_path / "prompting.json"
    Prompting(space, 1, 2, path=path).run([CONTEXT])
    result = Prompting(space, 1, 2, path=path).run([ZERO, CONTEXT])
    assert asked == [CONTEXT, ZERO] and list(result["runs"]) == [ZERO, CONTEXT]
    with pytest.raises(BadInput, match="minutes 1, not 2"):
        Prompting(space, 2, 2, path=path)
    path.write_text("[]")
    with pytest.raises(BadInput, match="no earlier runs"):
        Prompting(space, 1, 2, path=path)
    assert path.read_text() == "[]"


@torch.no_grad()
def test_prompt_tuning_is_its_embeddings_in_front_of_the_prompt(space):
    tuned = PromptTuned(space.model)
    sequence = tuned.sequence(("Name one film.",))
    embedded = tuned.embed([sequence, sequence])
    behind = tuned.llm.body(inputs_embeds=embedded, past_key_values=tuned.prefix_cache(2), use_cache=True)
    front = tuned.speaker.prompt_encoder["default"].embedding.weight[None].to(embedded.dtype).expand(2, -1, -1)
    whole = tuned.llm.body(inputs_embeds=torch.cat([front, embedded], dim=1))
    assert torch.allclose(behind.last_hidden_state[:, -1], whole.last_hidden_state[:, -1], atol=0.05)


def test_lora_speaks_with_the_weights_of_the_moment_and_leaves_nothing(space):
    model, records = space.model, [Record("reason", ("Reason:",), " It is warm.")]
    before = log_perplexity(model, records)
    with lora(model.llm) as trained:
        first = log_perplexity(model, records)
        assert first == pytest.approx(before, abs=0.1)
        with torch.no_grad():
            for weight in trained:
                weight.add_(torch.randn(weight.shape))
        assert log_perplexity(model, records) != first
    assert log_perplexity(model, records) == before
