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

from chatrec.catalogue.interactions import LIKED, later, sequences
from chatrec.evaluation.ilm.reasons import distinct
from chatrec.ilm.bridge import Special
from chatrec.ilm.generation import say_all
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.recipe import material
from chatrec.ilm.tasks import Place, Record, TaskSampler, titles_only
from chatrec.ilm.telling import NAMES, Person, Teller
from chatrec.workspace import Report, Workspace

TASKS = ("describe", "synopsis", "pitch", "reason")
BESIDE = ("another_item", "title_as_text", "no_item", "unseen_words")
"""Baselines: another item's soft tokens, the name in their place, nothing there, and other words than training had."""
Change = Callable[[list[Record]], list[Record]]


def measure_language(
    workspace: Workspace,
    count: int = 100,
    seed: int = 0,
    tasks: Sequence[str] = (*TASKS, *NAMES),
    report: Report = lambda _: None,
    beside: Sequence[str] = BESIDE,
) -> dict[str, Any]:
    """Measure every task with the right item's soft tokens, and with baselines in the same prompt.

    Args:
        workspace: with an adapter.
        count: items of a task, at most.
        seed: of the drawing.
        tasks: of :data:`TASKS` and :data:`~chatrec.ilm.telling.NAMES`.
        report: told of each task.
        beside: of :data:`BESIDE`; unseen words are there for :data:`~chatrec.ilm.telling.NAMES` alone.

    Returns:
        ``log_perplexity``, ``semantic_consistency`` and ``distinct_2`` by task; the same under ``baselines`` for each
        of ``beside``; ``items`` by task.
    """
    model = workspace.model
    result: dict[str, Any] = {"log_perplexity": {}, "semantic_consistency": {}, "distinct_2": {}, "items": {}}
    baselines: dict[str, dict[str, dict[str, float]]] = {}
    for task in tasks:
        records = records_of(workspace, task, count, seed)
        if not records:
            continue
        report(f"language: {task}, {len(records)} items")
        result["items"][task] = len(records)
        changes = _variants(workspace, seed).items()
        variants = {name: change(records) for name, change in changes if name in ("soft_tokens", *beside)}
        if task in NAMES and "unseen_words" in beside:
            variants["unseen_words"] = records_of(workspace, task, count, seed, unseen=True)
        for variant, changed in variants.items():
            said = say_all(model, [record.prompt for record in changed], batch=16)
            figures = {
                "log_perplexity": log_perplexity(model, changed),
                "semantic_consistency": consistency(workspace, said, [record.target for record in changed]),
                "distinct_2": distinct(said),
            }
            for name, value in figures.items():
                block = result if variant == "soft_tokens" else baselines.setdefault(variant, {})
                block.setdefault(name, {})[task] = value
    return {**result, "baselines": baselines}


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


def records_of(workspace: Workspace, task: str, count: int, seed: int, unseen: bool = False) -> list[Record]:
    """Records that training never had: of held-out items, of people's held-out ratings, or (where every item is learned) any."""
    catalogue, held_out = workspace.catalogue, workspace.held_out
    if task in NAMES:
        features = workspace.model.features
        return Teller(catalogue, features, held_out, held_people(workspace), seed + 3000).draw(task, count, unseen)
    seen = np.setdiff1d(np.arange(len(catalogue)), held_out) if task in ("synopsis", "pitch") else np.array([], int)
    sampler = TaskSampler(catalogue, seen, workspace.neighbours, seed + 2000)
    return sampler.draw(task, min(count, len(sampler.pools[task])))


def held_people(workspace: Workspace) -> list[Person]:
    """Each user after all their training ratings, with the held-out ones as what comes after."""
    rows = workspace.catalogue.row
    held = later(workspace.split, rows)
    fold_in, features = material(workspace).fold_in, workspace.model.features
    people = []
    for user, seen in sequences(workspace.split.train, rows).items():
        if user in held:
            vector = fold_in(
                [row for row, rating in seen if rating >= LIKED], [row for row, rating in seen if rating < LIKED]
            )
            people.append(Person(features.person(vector), tuple(seen), tuple(held[user])))
    return people


def _variants(workspace: Workspace, seed: int) -> dict[str, Change]:
    """Ways to change prompts, by name."""
    other = np.random.default_rng(seed).permutation(len(workspace.catalogue))
    other = np.where(other == np.arange(len(other)), np.roll(other, 1), other)

    def swapped(records: list[Record]) -> list[Record]:
        specials = [part for record in records for part in record.prompt if isinstance(part, Special)]
        turn = dict(zip(map(id, specials), [*specials[1:], *specials[:1]], strict=True))

        def swap(part: Any) -> Any:
            if isinstance(part, Place):
                return replace(part, row=int(other[part.row]))
            return turn[id(part)] if isinstance(part, Special) else part

        return [replace(record, prompt=tuple(swap(part) for part in record.prompt)) for record in records]

    def named(records: list[Record]) -> list[Record]:
        return [replace(record, prompt=titles_only(record.prompt, workspace.catalogue)) for record in records]

    def without(records: list[Record]) -> list[Record]:
        return [replace(record, prompt=tuple(p for p in record.prompt if isinstance(p, str))) for record in records]

    return {"soft_tokens": list, "another_item": swapped, "title_as_text": named, "no_item": without}
