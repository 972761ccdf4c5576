"""Where the model runs: its device, and the processes that train it together.

One process runs on the CPU, or on a GPU where there is one. Several are started by ``accelerate launch`` (one a GPU) or
by ``torchrun`` (on CPUs, too): each draws its own batches, gradients are averaged, and the main process alone writes.
"""

import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache

import torch
from accelerate import PartialState
from accelerate.utils import broadcast, reduce

from chatrec.config import settings
from chatrec.errors import BadInput


def chosen_device() -> torch.device:
    """The settings' device; where they name none, the GPU (CUDA), or the CPU where there is no GPU.

    Raises:
        BadInput: if this machine does not have it.
    """
    name = settings().device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        torch.ones(1, device=name).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).strip().splitlines()[0]
        raise BadInput(f"CHATREC_DEVICE={name!r} cannot be used: {reason}; give cpu, or leave it empty") from error
    return torch.device(name)


def arithmetic(device: torch.device) -> torch.dtype:
    """The type that a model computes in there: bfloat16 on a GPU and on a CPU with instructions for it, else float32.

    Most laptops' CPUs have none and imitate it: two cores with AVX2 alone read 300 tokens in 4.4 s so, and in .63 s in
    float32; with AVX-512 bf16 it is the other way round (see the log).
    """
    return torch.bfloat16 if device.type != "cpu" or _cpu_has_half() else torch.float32


@cache
def _cpu_has_half() -> bool:
    """Whether a product of matrices of an LLM's shape takes less time in bfloat16 than in float32; tried, for there is
    no public list of processors that says so. The difference is severalfold either way, the trial some 50 ms."""

    def seconds(dtype: torch.dtype) -> float:
        left, right = torch.ones(64, 576, dtype=dtype), torch.ones(576, 1536, dtype=dtype)
        took = []
        for _ in range(4):  # the first one warms up
            start = time.perf_counter()
            left @ right
            took.append(time.perf_counter() - start)
        return min(took)

    return seconds(torch.bfloat16) < seconds(torch.float32)


def half(device: torch.device) -> AbstractContextManager:
    """Arithmetic in bfloat16 where that is faster (:func:`arithmetic`); sums and losses stay in float32."""
    if arithmetic(device) != torch.bfloat16 or not torch.amp.is_autocast_available(device.type):
        return nullcontext()
    return torch.autocast(device.type, torch.bfloat16)


@cache
def processes() -> PartialState:
    """This process among those that were launched together; alone it is the main one of one.

    With several GPUs, each process has its own: the first call must come before a model is loaded.
    """
    return PartialState(cpu=chosen_device().type == "cpu")


def summed(*values: float) -> Sequence[float]:
    """Numbers added up over all processes, the same in each."""
    state = processes()
    if state.num_processes == 1:
        return values
    return reduce(torch.tensor(values, dtype=torch.float64, device=state.device), "sum").tolist()


def share_weights(parameters: Iterable[torch.nn.Parameter]) -> None:
    """Every process starts from the main one's weights."""
    for parameter in parameters:
        broadcast(parameter.data)


def average_gradients(parameters: Sequence[torch.nn.Parameter]) -> None:
    """Each gradient becomes its mean over the processes; one that a process does not have counts as zero there.

    Processes call the modules in different ways in a step (each draws its own task), which is why this is no
    DistributedDataParallel around one forward pass. A gradient that no process has stays None.
    """
    state = processes()
    if state.num_processes == 1:
        return
    there = torch.tensor([float(p.grad is not None) for p in parameters], device=state.device)
    parts = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    mean = reduce(torch.cat([there, *(part.flatten() for part in parts)]), "mean")
    there, *gradients = mean.split([len(parameters), *(p.numel() for p in parameters)])
    for parameter, gradient, share in zip(parameters, gradients, there.tolist(), strict=True):
        parameter.grad = gradient.view_as(parameter).to(parameter.dtype) if share else None
