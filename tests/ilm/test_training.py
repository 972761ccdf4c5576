"""Training around the tiny LLM: nothing of the LLM changes, a cut-off loses little, damaged files say so."""

import shutil

import pytest
import torch

from chatrec.errors import BadInput, WorkspaceError
from chatrec.ilm.adapter import FORMAT, Adapter
from chatrec.ilm.llm import load_llm
from chatrec.ilm.recipe import new_model, train_workspace
from chatrec.ilm.training import Run, optimizer
from chatrec.workspace import Workspace


def test_a_trained_workspace_opens_with_its_soft_tokens_and_an_unchanged_llm(trained_workspace, tiny_llm_folder):
    model = Workspace(trained_workspace).model
    assert model.table.shape == (24, 8, 64)
    assert model.llm.weights_hash() == load_llm(str(tiny_llm_folder)).weights_hash()
    assert list(trained_workspace.glob("soft_tokens-*.safetensors")), "computed once, then looked up"
    card = (trained_workspace / "adapter" / "README.md").read_text()
    assert "Phase 1" in card and "Phase 2" in card and "tests" in card


def test_weights_survive_saving_and_loading(trained_workspace, tmp_path):
    adapter, extra = Adapter.from_pretrained(trained_workspace / "adapter")
    adapter.save_pretrained(tmp_path / "again", extra, "card")
    again, more = Adapter.from_pretrained(tmp_path / "again")
    for name, tensor in adapter.state_dict().items():
        torch.testing.assert_close(tensor, again.state_dict()[name])
    assert set(more) == set(extra) == {"prefix"}
    assert not any("intermediate.dense" in name for name in again.state_dict()), "the text branch is the encoder's own"


@pytest.mark.parametrize("damage", ["cut", "missing", "version", "json"])
def test_a_damaged_adapter_is_one_clear_line(trained_workspace, tmp_path, damage):
    folder = tmp_path / "adapter"
    shutil.copytree(trained_workspace / "adapter", folder)
    weights, config = folder / "model.safetensors", folder / "config.json"
    if damage == "cut":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif damage == "missing":
        weights.unlink()
    elif damage == "version":
        config.write_text(config.read_text().replace(f'"format": {FORMAT}', '"format": 99'))
    else:
        config.write_text("{")
    with pytest.raises(WorkspaceError) as caught:
        Adapter.from_pretrained(folder)
    assert "\n" not in str(caught.value) and str(folder) in str(caught.value)


def test_losses_fall_and_the_llm_takes_no_gradient(small_workspace, tiny_llm_folder):
    from chatrec.ilm.tasks import TaskSampler

    workspace = Workspace(small_workspace)
    model = new_model(workspace, str(tiny_llm_folder), queries=8)
    model.adapter.train()
    tasks = TaskSampler(workspace.catalogue, workspace.held_out, workspace.neighbours)
    groups = optimizer([(model.adapter.parameters(), 2e-3, 0.0), (model.prefix_parameters(), 2e-2, 0.0)])
    losses = []
    for _ in range(30):
        loss, _ = model.speech_loss(tasks.draw("describe", 8))
        groups.zero_grad()
        loss.backward()
        groups.step()
        losses.append(loss.item())
    assert sum(losses[-5:]) / 5 < sum(losses[:5]) / 5 - 0.03
    assert all(p.grad is None for p in model.llm.body.parameters())


def test_a_run_that_was_cut_off_continues_where_it_was(tmp_path):
    def make():
        torch.manual_seed(0)
        layer = torch.nn.Linear(4, 1)
        return layer, optimizer([(layer.parameters(), 0.05, 0.0)])

    def step_for(layer):
        def step(_):
            loss = (layer(torch.ones(1, 4)) - 3).pow(2).mean()
            return {"loss": loss}, loss, 1

        return step

    layer, adam = make()
    Run("phase", {"m": layer}, adam, 0.15, tmp_path).loop(step_for(layer), quiet=True)
    other, adam = make()
    run = Run("phase", {"m": other}, adam, 0.3, tmp_path)
    assert run.steps > 0 and run.spent >= 0.15
    torch.testing.assert_close(other.weight, layer.weight)
    assert adam.state_dict()["state"], "the optimiser's moments come back too"
    run.loop(step_for(other), quiet=True)
    assert run.steps > 1 and (tmp_path / "log.jsonl").read_text().count("\n") >= 2
    odd = torch.nn.Linear(5, 1)
    with pytest.raises(WorkspaceError, match="checkpoint"):
        Run("phase", {"m": odd}, optimizer([(odd.parameters(), 0.1, 0.0)]), 1, tmp_path)


def test_a_batch_that_is_not_finite_is_skipped():
    layer = torch.nn.Linear(2, 1)
    before, numbers = layer.weight.clone(), []

    def step(number):
        numbers.append(number)
        loss = layer(torch.ones(1, 2)).sum() * float("nan")
        return {"loss": loss}, loss, 1

    Run("phase", {}, optimizer([(layer.parameters(), 1.0, 0.0)]), 0.02).loop(step, quiet=True)
    torch.testing.assert_close(layer.weight, before)
    assert numbers == list(range(len(numbers))), "the next batch is another one, or a bad one would be met for ever"


def test_training_needs_a_few_items(tmp_path, tiny_llm_folder):
    from chatrec import workspace
    from chatrec.catalogue.items import Catalogue, Item
    from chatrec.catalogue.tables import own_tables

    table = tmp_path / "items.csv"
    table.write_text("id,title\n1,One\n2,Two\n")
    made = workspace.build(own_tables(table), "two", tmp_path / "w")
    with pytest.raises(BadInput, match="at least 4"):
        train_workspace(made, (2,), 0.01, str(tiny_llm_folder), 8, 0, True, "tests")
    assert len(Catalogue([Item(item_id="1", title="One")])) == 1


def test_further_training_goes_on_from_the_adapter_that_is_there(trained_workspace, tmp_path):
    path = shutil.copytree(trained_workspace, tmp_path / "w")
    before = Workspace(path).model
    result = train_workspace(Workspace(path), (1, 2), 0.02, "", 8, 0, True, "tests, further", further=True)
    after = Workspace(path).model
    assert "phase_1" not in result and result["llm_hash_before"] == result["llm_hash_after"]
    assert after.prefix_values is not None and before.prefix_values is not None
    moved = (after.table - before.table).float().norm() / before.table.float().norm()
    assert 0 < moved < 0.5, "a little further, and not from the beginning"
    assert not torch.equal(after.prefix_values, before.prefix_values)
    card = (path / "adapter" / "README.md").read_text()
    assert card.index("tests, further") < card.index("# The run before this one") < card.index("Made by `tests`")
