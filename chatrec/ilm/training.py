"""What both phases share: time budget, learning rate, progress, checkpoints that survive a cut-off, several processes."""

import json
import math
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from safetensors.torch import load_file, save_file
from torch import nn

from chatrec.errors import WorkspaceError
from chatrec.ilm.devices import average_gradients, processes, share_weights, summed


@dataclass
class Run:
    """One phase of training against a budget of seconds.

    Of several processes each takes its own steps; weights, gradients and the time spent are the same in all, and the main
    one alone shows progress and writes. The means are of its own losses, the tokens are all processes'.

    Args:
        name: of the phase; names its checkpoint and log.
        modules: what is trained, by name.
        optimizer: over their parameters; each group's ``base`` is its peak learning rate.
        seconds: the budget. Time spent before an interruption counts.
        folder: where checkpoint and log go; None for neither.
        every: seconds between checkpoints.
    """

    name: str
    modules: dict[str, nn.Module]
    optimizer: torch.optim.Optimizer
    seconds: float
    folder: Path | None = None
    every: float = 120.0
    spent: float = 0.0
    steps: int = 0
    means: dict[str, float] = field(default_factory=dict)
    tokens: int = 0

    def __post_init__(self) -> None:
        for group in self.optimizer.param_groups:
            group.setdefault("base", group["lr"])
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._resume()
        share_weights(self.parameters)

    @property
    def parameters(self) -> list[nn.Parameter]:
        """What is trained."""
        return [parameter for group in self.optimizer.param_groups for parameter in group["params"]]

    def loop(
        self, step: Callable[[int], tuple[dict[str, torch.Tensor], torch.Tensor, int]], quiet: bool = False
    ) -> None:
        """Call ``step(number)``, numbers ascending, until the budget is spent.

        ``step`` returns the losses by name, their weighted sum, and how many tokens it cost.
        """
        recent: dict[str, list[float]] = defaultdict(list)
        crew = processes()
        number = self.steps
        saved = logged = time.monotonic()
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, disable=quiet or not crew.is_main_process, transient=False) as progress:
            bar = progress.add_task(self.name, total=self.seconds, completed=int(self.spent), note="")
            while self.spent < self.seconds:
                began = time.monotonic()
                self._set_rates()
                losses, total, tokens = step(number)
                number += 1  # a skipped batch is not tried again
                finite, tokens = map(int, summed(bool(torch.isfinite(total)), tokens))
                if finite < crew.num_processes:  # one odd batch is skipped, not learned from
                    self.optimizer.zero_grad(set_to_none=True)
                    self._spend(time.monotonic() - began)
                    continue
                self.optimizer.zero_grad(set_to_none=True)
                total.backward()
                average_gradients(self.parameters)
                nn.utils.clip_grad_norm_(self.parameters, 1.0)
                self.optimizer.step()
                for name, loss in losses.items():
                    recent[name] = [*recent[name][-49:], float(loss.detach())]
                self.means = {name: sum(values) / len(values) for name, values in recent.items()}
                self.steps += 1
                self.tokens += tokens
                now = time.monotonic()
                self._spend(now - began)
                note = " ".join(f"{name} {value:.3f}" for name, value in self.means.items())
                progress.update(bar, completed=min(self.spent, self.seconds), note=note)
                if now - logged > 15:
                    logged = now
                    self._log()
                if self.folder and now - saved > self.every:
                    saved = now
                    self.save()
        self._log()
        if self.folder:
            self.save()

    def _spend(self, seconds: float) -> None:
        """The processes' mean time counts: all stop at the same step, and have the same learning rate."""
        self.spent += summed(seconds)[0] / processes().num_processes

    def _set_rates(self) -> None:
        """Warm up over 40 steps, then a cosine over the budget to a twentieth."""
        warm = min(1.0, (self.steps + 1) / 40)
        fall = max(0.05, 0.5 * (1 + math.cos(math.pi * min(1.0, self.spent / max(self.seconds, 1e-9)))))
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * warm * fall

    def _log(self) -> None:
        if self.folder and processes().is_main_process:
            entry = {
                "phase": self.name,
                "seconds": round(self.spent, 1),
                "steps": self.steps,
                "tokens": self.tokens,
                **self.means,
            }
            with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(entry) + "\n")

    # A checkpoint is weights and Adam's moments in safetensors, and the counters in its header.

    def save(self) -> None:
        """Write the checkpoint, all or nothing."""
        assert self.folder is not None
        if not processes().is_main_process:
            return
        tensors = {
            f"{name}.{key}": value.detach().clone()
            for name, m in self.modules.items()
            for key, value in m.named_parameters()
            if value.requires_grad
        }
        state = self.optimizer.state_dict()["state"]
        tensors |= {
            f"adam.{number}.{key}": value.clone() for number, entry in state.items() for key, value in entry.items()
        }
        counters = {"spent": str(self.spent), "steps": str(self.steps), "tokens": str(self.tokens)}
        temporary = self.folder / f"{self.name}.tmp"
        save_file({key: value.cpu().contiguous() for key, value in tensors.items()}, temporary, metadata=counters)
        os.replace(temporary, self._path)

    @property
    def _path(self) -> Path:
        assert self.folder is not None
        return self.folder / f"{self.name}.safetensors"

    def _resume(self) -> None:
        if not self._path.exists():
            return
        from safetensors import safe_open

        try:
            with safe_open(self._path, framework="pt") as opened:
                counters = opened.metadata()
            tensors = load_file(self._path)
            with torch.no_grad():
                for name, module in self.modules.items():
                    for key, value in module.named_parameters():
                        if value.requires_grad:
                            value.copy_(tensors[f"{name}.{key}"])
        except (KeyError, RuntimeError) as error:
            raise WorkspaceError(
                f"the checkpoint {self._path} is of another model ({error}); delete it or name another folder"
            ) from error
        state = self.optimizer.state_dict()
        entries: dict[int, dict[str, torch.Tensor]] = defaultdict(dict)
        for key, moment in tensors.items():
            if key.startswith("adam."):
                _, number, what = key.split(".")
                entries[int(number)][what] = moment
        self.optimizer.load_state_dict({**state, "state": dict(entries)})
        self.spent, self.steps, self.tokens = float(counters["spent"]), int(counters["steps"]), int(counters["tokens"])


def optimizer(groups: Iterable[tuple[Iterable[nn.Parameter], float, float]]) -> torch.optim.AdamW:
    """AdamW over groups of (parameters, learning rate, weight decay); frozen parameters are left out."""
    made = [
        {"params": [p for p in parameters if p.requires_grad], "lr": rate, "weight_decay": decay}
        for parameters, rate, decay in groups
    ]
    return torch.optim.AdamW([group for group in made if group["params"]], fused=True)
