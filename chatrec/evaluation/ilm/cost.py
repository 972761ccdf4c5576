"""What the adapter costs: its size, its training, and how long the LLM takes to read a history as soft tokens or as text.

Times are medians on this machine as it is now; what can be compared between machines is the ratios, and the lengths.
"""

import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
import torch

from chatrec.catalogue.items import Catalogue
from chatrec.errors import WorkspaceError
from chatrec.ilm.generation import read_items
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.tasks import Place, Prompt, history_prompt, titles_only
from chatrec.workspace import Report, Workspace

T = TypeVar("T")

LENGTHS = (5, 20, 100)
"""Items of a history."""
SPOKEN = 8
"""Items described at once, for the speed of speaking."""


def measure_cost(space: Workspace, rounds: int = 5, seed: int = 0, report: Report = lambda _: None) -> dict[str, Any]:
    """Sizes, training, speaking, and reading.

    Args:
        space: with a trained adapter.
        rounds: how often each reading is timed.
        seed: of the items drawn.
        report: told of each part.

    Returns:
        ``size``, ``training`` (figures of the adapter's card by phase), ``speaking``, and ``reading``: for each length of
        history and each way to write it its ``tokens``, ``seconds`` to the first token of an answer, and both as ratios
        to those of soft tokens; None where the prompt is longer than the LLM can read.
    """
    model = space.model
    weights = (space.adapter_folder / "model.safetensors").stat().st_size
    adapter, llm = (sum(p.numel() for p in part.parameters()) for part in (model.adapter, model.llm.model))
    table = model.table
    result: dict[str, Any] = {
        "size": {
            "adapter_mb": weights / 1e6,
            "adapter_parameters": adapter,
            "llm_parameters": llm,
            "share_of_llm": adapter / llm,
            "soft_tokens_mb": table.numel() * table.element_size() / 1e6,
        },
        "training": training_of(space),
        "threads": torch.get_num_threads(),
    }
    random = np.random.default_rng(seed)
    rows = [int(row) for row in random.integers(len(space.catalogue), size=max(LENGTHS))]
    report("speaking")
    result["speaking"] = _speaking(model, rows[:SPOKEN])
    result["reading"] = {}
    for length in LENGTHS:
        report(f"reading a history of {length}")
        result["reading"][str(length)] = _reading(model, history_prompt(rows[:length]), rounds)
    return result


def training_of(space: Workspace) -> dict[str, dict[str, float]]:
    """What the adapter's card says of each phase; tokens a second where it says how many there were.

    Raises:
        WorkspaceError: if there is no card.
    """
    try:
        card = (space.adapter_folder / "README.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            f"{space.adapter_folder} has no readable card (README.md); train the adapter again"
        ) from error
    phases: dict[str, dict[str, float]] = {}
    for section in re.split(r"^## ", card, flags=re.MULTILINE)[1:]:
        found = re.findall(r"^- (\w+): (-?\d[\d.e+-]*)$", section, flags=re.MULTILINE)
        phases[section.split("\n", 1)[0].strip().lower()] = {name: float(value) for name, value in found}
    for figures in phases.values():
        if figures.get("seconds") and "target_tokens" in figures:
            figures["target_tokens_per_second"] = figures["target_tokens"] / figures["seconds"]
    return phases


def _speaking(model: ItemLanguageModel, rows: list[int]) -> dict[str, float]:
    """Tokens a second of answers that run side by side."""
    seconds, said = _timed(lambda: read_items(model, rows))
    tokens = sum(len(model.llm.tokens(text)) + 1 for text in said)
    return {"answers": len(rows), "tokens": tokens, "tokens_per_second": tokens / seconds}


def _reading(model: ItemLanguageModel, history: Prompt, rounds: int) -> dict[str, dict[str, float | None]]:
    """Each way to write a history: how long it is, and how long until the first token of an answer."""
    ways = {
        "soft tokens": history,
        "titles": titles_only(history, model.catalogue),
        "titles and synopses": with_synopses(history, model.catalogue),
    }
    length = {name: len(model.sequence(prompt).ids) for name, prompt in ways.items()}
    limit = int(getattr(model.llm.model.config, "max_position_embeddings", 2**31))
    times: dict[str, list[float]] = {name: [] for name in ways if length[name] <= limit}
    for _ in range(rounds):  # in turn, so that a busy moment of the machine hits all alike
        for name, seconds in times.items():
            seconds.append(_timed(partial(first_token, model, ways[name]))[0])
    plain = float(np.median(times["soft tokens"]))
    table: dict[str, dict[str, float | None]] = {}
    for name in ways:
        took = float(np.median(times[name])) if name in times else None
        table[name] = {
            "tokens": length[name],
            "tokens_ratio": length[name] / length["soft tokens"],
            "seconds": took,
            "seconds_ratio": None if took is None else took / plain,
        }
    return table


def with_synopses(prompt: Prompt, catalogue: Catalogue) -> Prompt:
    """The same prompt with each item's name and synopsis in the place of its soft tokens."""
    return tuple(
        f" {catalogue[part.row].name}: {catalogue[part.row].description}" if isinstance(part, Place) else part
        for part in prompt
    )


@torch.no_grad()
def first_token(model: ItemLanguageModel, prompt: Prompt) -> int:
    """The token with which the frozen LLM would go on."""
    hidden = model.llm.body(inputs_embeds=model.embed([model.sequence(prompt)]), use_cache=True).last_hidden_state
    return int(model.llm.model.get_output_embeddings()(hidden[:, -1]).argmax(-1))


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done
