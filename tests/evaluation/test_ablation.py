"""Ablations: each variant changes what it says it does, and a table that was cut off goes on."""

import json

import pytest
import torch

from chatrec.config import settings
from chatrec.errors import BadInput
from chatrec.evaluation.ilm import ablation
from chatrec.evaluation.ilm.ablation import FIGURES, PUBLISHED, VARIANTS, Ablations, best_known, trained
from chatrec.workspace import Workspace


@pytest.fixture
def space(small_workspace, tiny_llm_folder, monkeypatch):
    monkeypatch.setenv("CHATREC_LLM", str(tiny_llm_folder))
    settings.cache_clear()
    yield Workspace(small_workspace)
    settings.cache_clear()


def made(space, name, minutes=0.0):
    return trained(space, VARIANTS[name], minutes, seed=0)


def test_variants_differ_in_the_part_they_name(space):
    full = made(space, "ILM")
    assert full.speaker is not None and full.adapter.config.queries == ablation.QUERIES
    assert made(space, "4 query tokens").adapter.config.queries == 4
    assert made(space, "no prefix").speaker is None
    one = made(space, "one collaborative key")
    assert one.features.known[:, 0].any() and not one.features.known[:, 1:].any()
    assert one.adapter.bridge(torch.tensor([0]), one.features)[1].sum() == 1
    assert not made(space, "no text key").features.known[:, 4].any()
    pairs = [
        (a, b)
        for (name, a), (_, b) in zip(
            full.adapter.qformer.named_parameters(),
            made(space, "Q-Former from nothing (ILM-rand)").adapter.qformer.named_parameters(),
            strict=True,
        )
        if "attention.attention.query.weight" in name
    ]
    assert pairs and not any(torch.allclose(a, b) for a, b in pairs)


@pytest.mark.parametrize(
    "name", ["MLP (CoLLM)", "LoRA in the prefix's place", "1 query token", "phase 1: vocabulary alone"]
)
def test_every_kind_of_variant_trains_and_the_base_weights_stay(space, name):
    model = made(space, name, minutes=0.04)
    assert torch.isfinite(model.table).all()
    if "MLP" in name:
        untouched = made(space, name)
        assert not torch.allclose(model.adapter.mlp[0].weight, untouched.adapter.mlp[0].weight)
    if "LoRA" in name:
        lora = [p for key, p in model.llm.model.named_parameters() if "lora_B" in key]
        assert lora and any(p.abs().sum() > 0 for p in lora)


def test_a_table_goes_on_where_it_was_cut_off(space, tmp_path, monkeypatch):
    asked = []

    def measure(self, name, seed):
        asked.append((name, seed))
        return {name: {figure: float(seed) for figure in FIGURES}}

    monkeypatch.setattr(Ablations, "_measure", measure)
    path = tmp_path / "ablations.json"
    Ablations(space, 0.1, 1, path).run(["ILM"])
    result = Ablations(space, 0.1, 2, path).run(["ILM", "no prefix"])
    assert result["published_order"] == {}
    assert asked == [("ILM", 0), ("no prefix", 0), ("ILM", 1), ("no prefix", 1)]
    assert result["table"]["ILM"]["title"] == {"mean": 0.5, "deviation": 0.5}
    assert json.loads(path.read_text())["table"] == result["table"]
    with pytest.raises(BadInput, match=r"minutes 0\.1, not 3"):
        Ablations(space, 3, 1, path)


def test_rows_stand_in_the_published_order_and_it_is_said_where_it_was_found(space, monkeypatch):
    worth = dict(zip(PUBLISHED, (3.0, 2.0, 1.0), strict=True))
    monkeypatch.setattr(Ablations, "_measure", lambda _, name, seed: {name: dict.fromkeys(FIGURES, worth[name])})
    result = Ablations(space, 0.1, 1).run(PUBLISHED[::-1])
    assert tuple(result["table"]) == PUBLISHED and result["seeds"] == 1
    assert result["published_order"] == {figure: figure != "log_perplexity" for figure in FIGURES}
    worth |= dict.fromkeys(PUBLISHED, 0.0)
    assert Ablations(space, 0.1, 1).run(PUBLISHED)["published_order"] == {}


def test_one_run_is_measured_on_every_figure_beside_no_tokens_and_titles(space, monkeypatch):
    monkeypatch.setattr(ablation, "TASKS", ("synopsis",))
    rows = Ablations(space, 0.0, 1)._measure("ILM", 0)
    assert set(rows) == {"ILM", "no item tokens", "titles as text"} and set(rows["ILM"]) == set(FIGURES)


def test_a_workspace_of_the_best_known_items_alone(small_workspace, tmp_path):
    whole = Workspace(small_workspace)
    few = best_known(whole, 10, tmp_path / "few")
    assert len(few.catalogue) == 10 and "10 items" in few.catalogue.name
    ratings = whole.interactions["item_id"].value_counts()
    left = ratings.drop([item.item_id for item in few.catalogue])
    assert left.max() <= min(ratings[item.item_id] for item in few.catalogue)
    assert set(few.interactions["item_id"]) == {item.item_id for item in few.catalogue}
