"""Language of the Item-Language Model, task by task: how surprised it is by what is true, and how near to it what it says.

Log-perplexity is the mean cross-entropy of the target's tokens. Semantic consistency is the cosine of the text encoder's
vectors of what was said and of the target (as ELM, arXiv 2310.04475, measures it with another encoder). Tasks whose
targets are item texts are measured on held-out items, whose texts were never a target.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from chatrec.evaluation.reasons import distinct
from chatrec.ilm.generation import say_all
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.tasks import Place, Prompt, Record, TaskSampler, titles_only
from chatrec.workspace import Report, Workspace

TASKS = ("describe", "synopsis", "pitch", "reason")
SAMPLES = 20


def measure_language(
    workspace: Workspace, count: int = 100, seed: int = 0, report: Report = lambda _: None
) -> dict[str, Any]:
    """Measure every task with the right item's soft tokens, and with three baselines in the same prompt.

    Args:
        workspace: with an adapter.
        count: items of a task, at most.
        seed: of the drawing.
        report: told of each task.

    Returns:
        ``log_perplexity``, ``semantic_consistency`` and ``distinct_2`` by task; the same under ``baselines`` for
        ``another_item`` (its soft tokens), ``title_as_text`` (the name in their place) and ``no_item``; ``items`` by
        task; ``samples``: what was said of the first items, unedited, with the target.
    """
    model = workspace.model
    result: dict[str, Any] = {"log_perplexity": {}, "semantic_consistency": {}, "distinct_2": {}, "items": {}}
    baselines: dict[str, dict[str, dict[str, float]]] = {}
    samples: dict[str, list[dict[str, str]]] = {}
    for task in TASKS:
        records = _records(workspace, task, count, seed)
        if not records:
            continue
        report(f"language: {task}, {len(records)} items")
        result["items"][task] = len(records)
        for variant, change in _variants(workspace, seed).items():
            changed = [replace(record, prompt=change(record.prompt)) for record in records]
            said = say_all(model, [record.prompt for record in changed], batch=16)
            figures = {
                "log_perplexity": log_perplexity(model, changed),
                "semantic_consistency": consistency(workspace, said, [record.target for record in records]),
                "distinct_2": distinct(said),
            }
            for name, value in figures.items():
                block = result if variant == "soft_tokens" else baselines.setdefault(variant, {})
                block.setdefault(name, {})[task] = value
            if variant == "soft_tokens":
                samples[task] = [
                    {"target": record.target.strip(), "said": text}
                    for record, text in zip(records[:SAMPLES], said, strict=False)
                ]
    return {**result, "baselines": baselines, "samples": samples}


@torch.no_grad()
def log_perplexity(model: ItemLanguageModel, records: Sequence[Record], batch: int = 16) -> float:
    """Mean cross-entropy, in nats, over all target tokens of the records."""
    total = count = 0.0
    for start in range(0, len(records), batch):
        loss, tokens = model.speech_loss(records[start : start + batch], training=False)
        total, count = total + float(loss) * tokens, count + tokens
    return total / max(count, 1)


def consistency(workspace: Workspace, said: Sequence[str], targets: Sequence[str]) -> float:
    """Mean cosine of the encoder's vectors of what was said and what was wanted."""
    encode = workspace.encoder.encode
    return float((encode(list(said)) * encode([target.strip() for target in targets])).sum(1).mean())


def _records(workspace: Workspace, task: str, count: int, seed: int) -> list[Record]:
    """Records that training never had: held-out items, or (where every item is learned) any."""
    catalogue, held_out = workspace.catalogue, workspace.held_out
    seen = np.setdiff1d(np.arange(len(catalogue)), held_out) if task in ("synopsis", "pitch") else np.array([], int)
    sampler = TaskSampler(catalogue, seen, workspace.neighbours, seed + 2000)
    return sampler.draw(task, min(count, len(sampler.pools[task])))


def _variants(workspace: Workspace, seed: int) -> dict[str, Callable[[Prompt], Prompt]]:
    """Ways to change a prompt, by name."""
    other = np.random.default_rng(seed).permutation(len(workspace.catalogue))
    other = np.where(other == np.arange(len(other)), np.roll(other, 1), other)

    def swapped(prompt: Prompt) -> Prompt:
        return tuple(replace(part, row=int(other[part.row])) if isinstance(part, Place) else part for part in prompt)

    def without(prompt: Prompt) -> Prompt:
        return tuple(part for part in prompt if isinstance(part, str))

    return {
        "soft_tokens": lambda prompt: prompt,
        "another_item": swapped,
        "title_as_text": lambda prompt: titles_only(prompt, workspace.catalogue),
        "no_item": without,
    }
