"""Another device than the CPU, and several processes.

PyTorch's own ``lazy`` device stands for a GPU here: it computes on the CPU, but its tensors do not mix with the CPU's and
have no numpy form, so a tensor that is made without its device is an error, as it is on a GPU.
"""

import functools
import os
import shutil
import socket
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from chatrec.config import settings
from chatrec.errors import BadInput
from chatrec.ilm import devices
from chatrec.ilm.chat_model import ILMChatModel
from chatrec.ilm.generation import say_all
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


def parts(tensor, size, dim=0):
    """``Tensor.split`` by slices."""
    starts = range(0, tensor.shape[dim], size)
    return tuple(tensor.narrow(dim, start, min(size, tensor.shape[dim] - start)) for start in starts)


def mend(monkeypatch):
    """The device's own split, chunk and unbind give parts that it does not know as its own."""
    monkeypatch.setattr(torch.Tensor, "split", parts)
    monkeypatch.setattr(torch.Tensor, "chunk", lambda t, count, dim=0: parts(t, -(-t.shape[dim] // count), dim))
    monkeypatch.setattr(torch.Tensor, "unbind", lambda t, dim=0: tuple(p.squeeze(dim) for p in parts(t, 1, dim)))


@pytest.fixture
def other(device, monkeypatch):
    """A device that is not the CPU."""
    start_lazy()
    with pytest.raises(RuntimeError):
        torch.ones(2, device="lazy") + torch.ones(2)
    mend(monkeypatch)
    device("lazy")


@pytest.mark.parametrize("name", ["cuda:99", "abacus", "meta"])
def test_a_device_that_is_not_there_is_one_line(device, tiny_llm_folder, name):
    device(name)
    with pytest.raises(BadInput, match=f"^CHATREC_DEVICE='{name}' cannot be used: ") as caught:
        load_llm(str(tiny_llm_folder))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("halves", "wanted"), [(True, torch.bfloat16), (False, torch.float32)])
def test_a_cpu_computes_in_the_type_that_is_quicker_there(halves, wanted, tiny_llm_folder, monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_half", lambda: halves)
    llm = load_llm(str(tiny_llm_folder))
    assert llm.embeddings.dtype == wanted
    with devices.half(llm.device):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == wanted
    before = llm.weights_hash()
    llm.model.float()  # numbers that are in bfloat16 are the same numbers in float32
    assert llm.weights_hash() == before
    monkeypatch.setattr(devices, "_cpu_has_half", lambda: not halves)
    assert devices.arithmetic(torch.device("cuda")) == torch.bfloat16


@pytest.mark.parametrize(("bfloat16", "float32"), [(7.0, 1.0), (1.0, 2.0)])
def test_the_quicker_type_is_found_by_trying(bfloat16, float32, monkeypatch):
    ticks = iter([0.0, bfloat16] * 4 + [0.0, float32] * 4)
    monkeypatch.setattr(devices.time, "perf_counter", lambda: next(ticks))
    assert devices._cpu_has_half.__wrapped__() == (bfloat16 < float32)


def test_every_loss_of_phase_one_is_computed_on_the_device(other, small_workspace, tiny_llm_folder, monkeypatch):
    """Forward only: this device's own backward pass takes 0-dimensional float32 for float64."""
    workspace, ran = Workspace(small_workspace), []

    def two_steps(run, step, quiet):
        for number in (0, 1):  # of phase 1, the one that reads text and the one that reads people
            losses, total, _ = step(number)
            ran.extend(losses)
            assert total.device.type == "lazy" and torch.isfinite(total)

    monkeypatch.setattr(Run, "loop", two_steps)
    model = new_model(workspace, str(tiny_llm_folder), queries=8)
    train(model, material(workspace), Recipe(phases=(1,)), quiet=True)
    assert set(ran) == {"ii", "va", "ui", "itc", "itm", "itg"}
    assert {p.device.type for p in model.adapter.parameters()} == {model.table.device.type} == {"lazy"}


@torch.no_grad()
def answers(path):
    model = Workspace(path).model
    records = TaskSampler(model.catalogue, np.array([], int), np.zeros((24, 1), int)).draw("describe", 4)
    person = model.features.person(np.ones(model.features.cf.shape[1]))
    prompts = [describe_prompt(1), ("Person:", person, " Taste:"), ("Item:", model.features.blend(1, 2), " What?")]
    trie = Trie.of([item.name for item in model.catalogue][:3], model.llm)
    numbers = [
        model.like_logits([([1, 2], [3], [4, 5]), ([6], [], [7])]).cpu(),
        model.next_item_scores([1, 2, 3]),
        torch.tensor([score for _, score in sorted(say_titles(model, prompts[0], trie, count=3, beams=8))]),
        torch.stack([model.speech_loss(records, training=False)[0], *(model.embed([model.sequence(p)]).float().mean() for p in prompts)]).cpu(),
    ]  # fmt: skip
    said = [
        *say_all(model, prompts, longest=3),
        str(ILMChatModel(ilm=model, prefix=True, max_tokens=3).invoke("Hi").content),
    ]
    return model, numbers, said


def test_another_device_gives_the_same_answers_and_the_same_files(
    trained_workspace, other, device, tmp_path, monkeypatch
):
    monkeypatch.setattr(devices, "_cpu_has_half", lambda: True)  # both compute in one type, or weights would differ
    path, adapter = tmp_path / "workspace", tmp_path / "adapter"
    shutil.copytree(trained_workspace, path, ignore=shutil.ignore_patterns("soft_tokens*", "index"))
    model, numbers, said = answers(path)
    assert model.llm.device.type == model.table.device.type == "lazy"
    model.adapter.save_pretrained(adapter, {"prefix": model.prefix_values})
    device("cpu")
    plain, expected, wanted = answers(trained_workspace)
    torch.testing.assert_close(answers(path)[0].table, plain.table, rtol=0.05, atol=0.05)
    for found, right in zip(numbers, expected, strict=True):
        torch.testing.assert_close(found, right, rtol=0.05, atol=0.05)
    assert all(said) and len(said) == len(wanted)
    again, before = (load_file(folder / "model.safetensors") for folder in (adapter, trained_workspace / "adapter"))
    assert again.keys() == before.keys() and all(torch.equal(again[name], before[name]) for name in again)
    assert model.llm.weights_hash() == plain.llm.weights_hash()


PROCESS = """
import os, sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from chatrec.ilm import adapter, recipe, training
from chatrec.cli import main

folder, rank = Path(sys.argv.pop(1)), os.environ["RANK"]


def noted(part):
    save = part.save_file
    part.save_file = lambda *given, **named: (folder / f"{part.__name__} {rank}").touch() or save(*given, **named)


def train(model, *given, learn=recipe.train, **named):
    result = learn(model, *given, **named)
    weights = {name: p.detach().clone() for name, p in model.adapter.named_parameters()}
    save_file({**weights, "prefix": model.prefix_values.clone()}, folder / rank, {"seed": str(torch.initial_seed())})
    return result


noted(adapter), noted(training)
recipe.train = train
main()
"""
"""``chatrec``, which also keeps the weights that this process has at the end and notes which modules wrote tensors here."""


def test_two_processes_train_one_model(small_workspace, tiny_llm_folder, tmp_path):
    """Started as ``accelerate launch`` and ``torchrun`` start them: by variables that name each process."""
    shutil.copytree(small_workspace, tmp_path / "workspace")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        PROCESS,
        tmp_path,
        "train",
        "--workspace",
        tmp_path / "workspace",
        "--minutes",
        "0.05",
    ]
    started = []
    for rank in "01":
        names = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2"}
        where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1", "CHATREC_DEVICE": "cpu"}
        more = ["--llm", tiny_llm_folder, "--queries", "8"]
        started.append(
            subprocess.Popen(
                list(map(str, [*command, *more])), env={**os.environ, **names, **where}, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
    try:
        (shown, errors), (silent, others) = (process.communicate(timeout=280) for process in started)
    finally:
        for process in started:
            process.kill()
    assert [process.returncode for process in started] == [0, 0], errors + others
    assert "LLM unchanged: True" in shown and not silent
    one, two = (load_file(tmp_path / rank) for rank in "01")
    assert all(torch.equal(one[name], two[name]) for name in one)
    seeds = [safe_open(tmp_path / rank, "pt").metadata()["seed"] for rank in "01"]
    assert seeds == ["0", "1"], "each draws its own batches"
    assert {path.name for path in tmp_path.glob("chatrec*")} == {"chatrec.ilm.adapter 0", "chatrec.ilm.training 0"}
    saved = load_file(tmp_path / "workspace" / "adapter" / "model.safetensors")
    assert all(torch.equal(saved[name], one[name].bfloat16()) for name in one if name in saved)
