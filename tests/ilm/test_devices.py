"""Another device than the CPU, and several processes.

PyTorch's own ``lazy`` device stands for a GPU here: it computes on the CPU, but its tensors do not mix with the CPU's and
have no numpy form, so a tensor that is made without its device is an error, as it is on a GPU.
"""

import functools

import numpy as np
import pytest
import torch

from chatrec.config import settings
from chatrec.errors import BadInput
from chatrec.ilm.adapter import Adapter
from chatrec.ilm.chat_model import ILMChatModel
from chatrec.ilm.generation import read_items
from chatrec.ilm.llm import load_llm
from chatrec.ilm.recipe import material, new_model
from chatrec.ilm.tasks import TaskSampler, describe_prompt
from chatrec.ilm.titles import Trie, say_titles
from chatrec.ilm.training import Run
from chatrec.ilm.tuning import Recipe, train
from chatrec.workspace import Workspace


@pytest.fixture
def device(monkeypatch):
    """Set ``CHATREC_DEVICE`` for a test."""

    def choose(name):
        monkeypatch.setenv("CHATREC_DEVICE", name)
        settings.cache_clear()

    yield choose
    settings.cache_clear()


@functools.cache
def start_lazy():
    from torch._lazy import ts_backend

    ts_backend.init()


@pytest.fixture
def other(device):
    """A device that is not the CPU."""
    start_lazy()
    with pytest.raises(RuntimeError):
        torch.ones(2, device="lazy") + torch.ones(2)
    device("lazy")


@pytest.mark.parametrize("name", ["cuda:99", "abacus", "meta"])
def test_a_device_that_is_not_there_is_one_line(device, tiny_llm_folder, name):
    device(name)
    with pytest.raises(BadInput, match=f"^CHATREC_DEVICE='{name}' cannot be used: ") as caught:
        load_llm(str(tiny_llm_folder))
    assert "\n" not in str(caught.value)


def test_all_that_is_trained_follows_the_device(other, small_workspace, tiny_llm_folder, monkeypatch):
    plain = torch.optim.AdamW
    monkeypatch.setattr(torch.optim, "AdamW", lambda groups, fused: plain(groups))  # this device has no fused one
    workspace, ran = Workspace(small_workspace), []

    def two_steps(run, step, quiet):
        for number in (0, 1):  # of phase 1, the one that reads text and the one that reads people
            losses, total, _ = step(number)
            run.optimizer.zero_grad()
            total.backward()
            run.optimizer.step()
            ran.extend(losses)
            assert torch.isfinite(total)

    monkeypatch.setattr(Run, "loop", two_steps)
    model = new_model(workspace, str(tiny_llm_folder), queries=8)
    before = model.adapter.project.weight.detach().cpu().clone()
    train(model, material(workspace), Recipe(phases=(1,)), quiet=True)
    for task in (tasks := Recipe().mix):
        train(model, material(workspace), Recipe(phases=(2,), mix={task: 1.0}), quiet=True)
    assert set(ran) == {*tasks, "words", "ii", "va", "ui", "itc", "itm", "itg"}
    assert {p.device.type for p in model.adapter.parameters()} == {model.table.device.type} == {"lazy"}
    assert not torch.equal(model.adapter.project.weight.detach().cpu(), before)


@torch.no_grad()
def answers(path):
    model = Workspace(path).model
    records = TaskSampler(model.catalogue, np.array([], int), np.zeros((24, 1), int)).draw("describe", 4)
    person = model.features.person(np.ones(model.features.cf.shape[1]))
    prompts = [describe_prompt(1), ("Person:", person, " Taste:"), ("Item:", model.features.blend(1, 2), " What?")]
    trie = Trie.of([item.name for item in model.catalogue], model.llm)
    numbers = [
        model.like_logits([([1, 2], [3], [4, 5]), ([6], [], [7])]).cpu(),
        model.next_item_scores([1, 2, 3]),
        torch.tensor([score for _, score in sorted(say_titles(model, prompts[0], trie, count=24, beams=24))]),
        torch.stack([model.speech_loss(records, training=False)[0], *(model.embed([model.sequence(p)]).float().mean() for p in prompts)]).cpu(),
    ]  # fmt: skip
    said = [*read_items(model, [0, 1, 2]), str(ILMChatModel(ilm=model, prefix=True, max_tokens=4).invoke("Hi").content)]
    return model, numbers, said


def test_another_device_gives_the_same_answers_and_the_same_files(trained_workspace, other, device, tmp_path):
    model, numbers, said = answers(trained_workspace)
    assert model.llm.device.type == "lazy"
    model.adapter.save_pretrained(tmp_path, {"prefix": model.prefix_values})
    device("cpu")
    plain, expected, wanted = answers(trained_workspace)
    for found, right in zip(numbers, expected, strict=True):
        torch.testing.assert_close(found, right, rtol=0.05, atol=0.05)
    assert len(said) == len(wanted)
    for one, two in zip(Adapter.from_pretrained(tmp_path), Adapter.from_pretrained(trained_workspace / "adapter"), strict=True):
        one, two = (getattr(part, "state_dict", lambda part=part: part)() for part in (one, two))
        assert one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)
    assert model.llm.weights_hash() == plain.llm.weights_hash()
