"""Phase 1's losses over the real adapter, each against a slow reference: one pair, or one word, at a time."""

import math
from contextlib import nullcontext
from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from chatrec.assets import resolve_model
from chatrec.ilm import alignment as module
from chatrec.ilm.alignment import WEIGHTS, Alignment
from chatrec.ilm.qformer import TextBranch
from chatrec.ilm.recipe import material, new_model
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def phase_one(small_workspace, tiny_llm_folder):
    workspace = Workspace(small_workspace)
    model = new_model(workspace, str(tiny_llm_folder), queries=6, prefix_tokens=0)
    text = TextBranch(str(resolve_model("all-minilm-l6-v2")), model.adapter.qformer)
    made = Alignment(model.adapter, text, dict(WEIGHTS)).eval()
    fold = material(workspace).fold_in
    people = [model.features.person(fold([1, 2, 3], [14])), model.features.person(fold([17, 14], [1]))]
    return made, model.features.with_special(people), len(workspace.catalogue)


@pytest.fixture(autouse=True)
def whole_numbers(monkeypatch):
    """Without bfloat16, so that two ways of computing agree to many places."""
    monkeypatch.setattr(module, "half", nullcontext)


def losses(phase_one, **changes):
    made, features, count = phase_one
    given = {"texts": ["Heat (1995). Crime.", "Casino (1995). Drama.", "Fargo (1996)."], "heavy": 3, **changes}
    people = (torch.tensor([count, count + 1]), torch.tensor([4, 15]))
    with torch.no_grad():
        return made(torch.tensor([1, 2, 6]), torch.tensor([2, 1, 3]), features=features, people=people, **given)


def unit(made, outputs):
    return functional.normalize(made.item_head(outputs), dim=-1)


def test_user_item_contrast_reads_the_user_as_an_item_and_draws_it_to_what_it_likes(phase_one):
    made, features, count = phase_one
    with torch.no_grad():
        rows = [torch.tensor([row]) for row in (count, count + 1, 4, 15)]
        one, two, liked, other = (unit(made, made.adapter.outputs(row, features)[:, 0])[0] for row in rows)
    heat = float(made.temperature.detach())
    terms = [
        -math.log(
            math.exp(float(person @ mine) / heat) / sum(math.exp(float(person @ i) / heat) for i in (liked, other))
        )
        for person, mine in ((one, liked), (two, other))
    ]
    assert math.isclose(float(losses(phase_one)["ui"]), sum(terms) / 2, rel_tol=1e-3)
    assert "ui" not in made(torch.tensor([1, 2]), torch.tensor([2, 1]), [], features, 0)


def test_item_item_contrast_takes_each_item_against_its_near_one(phase_one):
    made, features, _ = phase_one
    with torch.no_grad():
        items = [unit(made, made.adapter.outputs(torch.tensor([row]), features)[:, 0])[0] for row in (1, 2, 6)]
        near = [unit(made, made.adapter.outputs(torch.tensor([row]), features)[:, 0])[0] for row in (2, 1, 3)]
    heat = float(made.temperature.detach())
    terms = [math.log(sum(math.exp(float(i @ n - i @ near[k]) / heat) for n in near)) for k, i in enumerate(items)]
    assert math.isclose(float(losses(phase_one)["ii"]), sum(terms) / 3, rel_tol=1e-3)


def test_matching_judges_every_pair_as_it_does_alone(phase_one, monkeypatch):
    made, features, _ = phase_one
    monkeypatch.setattr(
        module, "hard_negatives", lambda similarity: (torch.arange(len(similarity)) + 1) % len(similarity)
    )
    texts, rows = ["Heat (1995). Crime.", "Casino (1995). Drama.", "Fargo (1996)."], [1, 2, 6]
    pairs = [(row, text, 1) for row, text in zip(rows, texts, strict=True)]
    pairs += [(row, texts[(place + 1) % 3], 0) for place, row in enumerate(rows)]
    pairs += [(rows[(place + 1) % 3], text, 0) for place, text in enumerate(texts)]
    terms = []
    with torch.no_grad():
        for row, text, label in pairs:
            ids, seen = made.text.tokenize([text])
            keys, mask = made.adapter.bridge(torch.tensor([row]), features)
            terms.append(functional.cross_entropy(made.judge(ids, seen, keys, mask), torch.tensor([label])))
    assert math.isclose(float(losses(phase_one)["itm"]), float(sum(terms)) / 9, rel_tol=1e-3)


def test_generation_knows_each_word_from_the_queries_and_the_words_before_it_alone(phase_one):
    made, features, _ = phase_one
    ids, seen = made.text.tokenize(["Fargo (1996) is cold."])
    keys, mask = made.adapter.bridge(torch.tensor([6]), features)
    count, terms = len(made.adapter.qformer.queries), []
    with torch.no_grad():
        for end in range(1, int(seen.sum())):
            read = made.text.together(ids[:, :end], seen[:, :end], keys, mask, causal=True)[:, count:]
            terms.append(functional.cross_entropy(read[:, -1] @ made.text.words.weight.T, ids[:, end]))
        whole = made._generation(keys, mask, ids, seen)
    assert math.isclose(float(whole), float(sum(terms)) / len(terms), rel_tol=1e-3)


def test_a_special_item_has_no_name_and_its_own_vector(phase_one):
    made, features, count = phase_one
    _, mask = made.adapter.bridge(torch.tensor([count, 0]), features)
    assert mask[0].sum() == made.adapter.bridge.cf_tokens + features.neighbours.shape[1]
    assert mask[1].sum() > mask[0].sum()
    assert (features.spelling.targets[count] == -1).all()
    moved = replace(features, cf=features.cf.index_fill(0, torch.tensor([count]), 0.5))
    with torch.no_grad():
        before, after = (made.adapter(torch.tensor([count]), these) for these in (features, moved))
    assert not torch.allclose(before, after, atol=1e-3)


def test_a_blend_lies_between_its_items_and_is_near_real_ones(phase_one):
    _, features, _ = phase_one
    half = features.blend(1, 2)
    torch.testing.assert_close(half.vector / features.scale, (features.cf[1] + features.cf[2]) / 2)
    assert features.blend(1, 2, 0.0).near[0] == 1 and features.blend(1, 2, 1.0).near[0] == 2


def test_with_a_single_query_every_loss_is_a_number(small_workspace, tiny_llm_folder):
    workspace = Workspace(small_workspace)
    model = new_model(workspace, str(tiny_llm_folder), queries=1, prefix_tokens=0)
    text = TextBranch(str(resolve_model("all-minilm-l6-v2")), model.adapter.qformer)
    made = Alignment(model.adapter, text, dict(WEIGHTS)).eval()
    person = model.features.person(material(workspace).fold_in([1, 2, 3], [14]))
    found = losses((made, model.features.with_special([person, person]), len(workspace.catalogue)))
    assert set(found) == set(WEIGHTS) and all(math.isfinite(float(loss)) for loss in found.values()), found
