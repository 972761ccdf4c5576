"""Both phases of training, against one budget of minutes.

Phase 1 aligns the Q-Former with language and with the collaborative space (:mod:`chatrec.ilm.alignment`). Phase 2 trains
Q-Former, projection and prefix through the frozen LLM on many tasks (:mod:`chatrec.ilm.tasks`). The LLM's weights take
no gradient and are hashed before and after.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from chatrec.catalogue.interactions import LIKED
from chatrec.ilm.alignment import (
    TEXT_LOSSES,
    WEIGHTS,
    Alignment,
    positives,
    spelling_accuracy,
    text_views,
    vocabulary_alignment,
)
from chatrec.ilm.devices import processes
from chatrec.ilm.invented import Invented, invent
from chatrec.ilm.model import HISTORY, ItemLanguageModel
from chatrec.ilm.qformer import TextBranch
from chatrec.ilm.tasks import Place, TaskSampler
from chatrec.ilm.telling import NAMES, Person, Teller, draw_people
from chatrec.ilm.training import Run, optimizer

READING, HEAVY = 3, 6
"""In phase 1 every third step reads text, and every sixth runs all losses: text is most of the cost, ITM and ITG most of
that, while spelling every name takes many epochs and is cheap."""
PRETRAINED = 0.3
"""Learning rate of the encoder's own layers in phase 1, as a share of that of the fresh ones."""
GPU_BATCH = 4
"""On a GPU a batch is so many times as large: small ones leave most of it idle. Four keep phase 2 of SmolLM2 135M within
a few gigabytes, by arithmetic: at most 96 sequences, and logits of 4,000 target tokens over 49,152 words."""
Events = dict[str, list[tuple[int, float]]]
"""Each user's (item row, rating), oldest first."""


@dataclass
class Recipe:
    """What to train, and how long.

    Attributes:
        minutes: of both phases together.
        phases: which to run.
        share: of the minutes that phase 1 gets.
        losses: weights of phase 1's losses.
        mix: shares of the phase 2 steps by task.
        invented: made-up names (:mod:`chatrec.ilm.invented`), as a share of the items that are spelled and described.
        batch: examples a step by task, on a CPU; a GPU takes :data:`GPU_BATCH` times as many.
        seed: of everything drawn; one of several processes adds its number.
    """

    minutes: float = 60.0
    phases: tuple[int, ...] = (1, 2)
    share: float = 0.26
    losses: dict[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    mix: dict[str, float] = field(
        default_factory=lambda: {
            "describe": 0.36, "synopsis": 0.05, "pitch": 0.02, "reason": 0.12, "tell": 0.18, "next": 0.12, "like": 0.15,
        }
    )  # fmt: skip
    batch: dict[str, int] = field(
        default_factory=lambda: {"align": 32, "heavy": 12, "describe": 24, "synopsis": 12, "pitch": 16,
            "reason": 10, "tell": 10, "next": 16, "like": 12}
    )  # fmt: skip
    invented: float = 0.25
    align_rate: float = 1e-3
    rate: float = 5e-4
    prefix_rate: float = 1e-2
    seed: int = 0


@dataclass(frozen=True)
class Material:
    """What there is to learn from.

    Attributes:
        events: training interactions.
        neighbours: (items, n) nearest items in the collaborative space.
        held_out: rows whose texts are never targets.
        fold_in: from rows liked and disliked to a person's vector (factors,).
        encoder: folder of the text encoder whose words phase 1 reads.
    """

    events: Events
    neighbours: np.ndarray
    held_out: np.ndarray
    fold_in: Callable[[Sequence[int], Sequence[int]], np.ndarray]
    encoder: Path


def train(
    model: ItemLanguageModel,
    material: Material,
    recipe: Recipe,
    folder: Path | None = None,
    quiet: bool = False,
    extra: Sequence[torch.nn.Parameter] = (),
) -> dict[str, object]:
    """Train the model's adapter and prefix in place; several processes train one model (:mod:`chatrec.ilm.devices`).

    Args:
        model: with an adapter whose Q-Former has a text branch, if phase 1 is asked for.
        material: what to learn from.
        recipe: what and how long.
        folder: for checkpoints and the log; a run that was cut off continues there.
        quiet: no progress bar.
        extra: further weights that phase 2 trains (LoRA's, in a comparison).

    Returns:
        Last losses by objective, seconds and tokens per phase, and the LLM's hash before and after.
    """
    recipe = replace(recipe, seed=recipe.seed + processes().process_index)
    if model.llm.device.type == "cuda":
        recipe = replace(recipe, batch={task: GPU_BATCH * size for task, size in recipe.batch.items()})
    torch.manual_seed(recipe.seed)
    report: dict[str, object] = {"llm_hash_before": model.llm.weights_hash()}
    random = np.random.default_rng(recipe.seed + 4)
    people = draw_people(material.events.values(), material.fold_in, model.features, random)
    invented = invent(model.catalogue, model.features, model.llm, random) if recipe.invented else []
    if 1 in recipe.phases:
        seconds = 60 * recipe.minutes * (recipe.share if 2 in recipe.phases else 1.0)
        report["phase_1"] = _phase_1(model, material, people, invented, recipe, seconds, folder, quiet)
    if 2 in recipe.phases:
        seconds = 60 * recipe.minutes * (1 - recipe.share if 1 in recipe.phases else 1.0)
        report["phase_2"] = _phase_2(model, material, people, invented, recipe, seconds, folder, quiet, extra)
    model.adapter.eval()
    model.table = None
    report["llm_hash_after"] = model.llm.weights_hash()
    return report


def _phase_1(
    model: ItemLanguageModel,
    material: Material,
    people: list[Person],
    invented: list[Invented],
    recipe: Recipe,
    seconds: float,
    folder: Path | None,
    quiet: bool,
) -> dict[str, object]:
    catalogue, adapter = model.catalogue, model.adapter
    alignment = Alignment(adapter, TextBranch(str(material.encoder), adapter.qformer), recipe.losses).train()
    alignment.to(model.llm.device)
    known = [(number, liked) for number, person in enumerate(people) if (liked := person.liked(past=False))]
    features = model.features.with_special([*(p.special for p in people), *(name.special for name in invented)])
    made = len(catalogue) + len(people) + np.arange(len(invented))
    hidden = set(material.held_out.tolist())
    views = [text_views(item, row in hidden) for row, item in enumerate(catalogue)]
    random = np.random.default_rng(recipe.seed + 1)
    reads = any(recipe.losses.get(name) for name in TEXT_LOSSES)
    rows_of = shuffled(len(catalogue), recipe.batch["align"], random)
    named = list(alignment.named_parameters())
    run = Run(
        "phase_1",
        {"alignment": alignment},
        optimizer(
            [
                ([p for name, p in named if not _pretrained(name)], recipe.align_rate, 0.01),
                ([p for name, p in named if _pretrained(name)], recipe.align_rate * PRETRAINED, 0.01),
            ]
        ),
        seconds,
        folder,
    )

    def step(number: int) -> tuple[dict[str, Tensor], Tensor, int]:
        rows = next(rows_of)
        near = positives(material.neighbours, rows, random)
        texts = [str(random.choice(views[row])) for row in rows] if reads and number % READING == 0 else []
        heavy = min(recipe.batch["heavy"], len(rows)) if number % HEAVY == 0 else 0
        met = None
        if known and number % READING == 1:
            drawn = [known[n] for n in random.integers(len(known), size=len(rows))]
            met = (
                model.llm.tensor([len(catalogue) + number for number, _ in drawn]),
                model.llm.tensor([int(random.choice(liked)) for _, liked in drawn]),
            )
        strange = None
        if invented:
            strange = model.llm.tensor(random.choice(made, size=max(1, round(len(rows) * recipe.invented))))
        losses = alignment(model.llm.tensor(rows), model.llm.tensor(near), texts, features, heavy, met, strange)
        return losses, alignment.total(losses), len(rows)

    run.loop(step, quiet)
    adapter.eval()
    accuracy = spelling_accuracy(adapter.table(model.features), model.features.spelling)
    return {**run.means, "seconds": run.spent, "steps": run.steps, "spelling_accuracy": accuracy}


def _phase_2(
    model: ItemLanguageModel,
    material: Material,
    people: list[Person],
    invented: list[Invented],
    recipe: Recipe,
    seconds: float,
    folder: Path | None,
    quiet: bool,
    extra: Sequence[torch.nn.Parameter],
) -> dict[str, object]:
    adapter = model.adapter.train()
    tasks = TaskSampler(model.catalogue, material.held_out, material.neighbours, recipe.seed + 2)
    told = np.setdiff1d(np.arange(len(model.catalogue)), material.held_out)
    teller = Teller(model.catalogue, model.features, told, people, recipe.seed + 5)
    tellings = [name for name in NAMES if teller.draw(name, 1)]
    random = np.random.default_rng(recipe.seed + 3)
    histories = [rows for seen in material.events.values() if len(rows := seen) > 2]
    there = {"next": bool(histories), "like": bool(histories), "tell": bool(tellings)}
    mix = {task: share for task, share in recipe.mix.items() if there.get(task, bool(tasks.pools.get(task)))}
    names, shares = list(mix), np.array(list(mix.values())) / sum(mix.values())
    modules: dict[str, torch.nn.Module] = {"adapter": adapter}
    if model.speaker is not None:
        modules["prefix"] = model.speaker.prompt_encoder
    ranking = {id(parameter) for parameter in adapter.rank.parameters()}
    groups = [
        ([p for p in adapter.parameters() if id(p) not in ranking], recipe.rate, 0.01),
        (list(adapter.rank.parameters()), recipe.align_rate, 0.01),
        (model.prefix_parameters(), recipe.prefix_rate, 0.0),
        (extra, recipe.rate, 0.0),
    ]
    spelling = model.features.spelling
    run = Run("phase_2", modules, optimizer(groups), seconds, folder)

    def step(_: int) -> tuple[dict[str, Tensor], Tensor, int]:
        task = str(random.choice(names, p=shares))
        if task == "next":
            loss, tokens = next_item_loss(model, draw_histories(histories, recipe.batch["next"], random))
        elif task == "like":
            loss, tokens = like_loss(model, draw_questions(histories, recipe.batch["like"], random))
        elif task == "tell":
            loss, tokens = model.speech_loss(teller.draw(str(random.choice(tellings)), recipe.batch["tell"]))
        else:
            made_up = round(recipe.batch[task] * recipe.invented) if task == "describe" and invented else 0
            drawn = tasks.draw(task, recipe.batch[task] - made_up)
            strange = [invented[int(random.integers(len(invented)))].record for _ in range(made_up)]
            loss, tokens = model.speech_loss([*drawn, *strange])
            if task == "describe":  # what phase 1 aligned stays aligned while the LLM learns to read it
                rows = model.llm.tensor([p.row for record in drawn for p in record.prompt if isinstance(p, Place)])
                words = vocabulary_alignment(adapter(rows, model.features), spelling.targets[rows], spelling.table)
                return {task: loss, "words": words}, loss + 0.5 * words, tokens
        return {task: loss}, loss, tokens

    with model.llm.plain_attention():
        run.loop(step, quiet)
    return {**run.means, "seconds": run.spent, "steps": run.steps, "target_tokens": run.tokens}


def _pretrained(name: str) -> bool:
    return "transformer.encoder.layer" in name and "crossattention" not in name


def shuffled(count: int, batch: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Endless batches of rows; each row comes once before any comes again."""
    while True:
        order = random.permutation(count)
        yield from (part for part in np.array_split(order, max(1, count // batch)) if len(part) > 1 or count < 2)


def draw_histories(
    histories: list[list[tuple[int, float]]], count: int, random: np.random.Generator
) -> list[list[int]]:
    """``count`` windows of at most :data:`HISTORY` + 1 items from as many users."""
    drawn = []
    for number in random.integers(len(histories), size=count):
        events = histories[number]
        end = int(random.integers(2, len(events) + 1))
        drawn.append([row for row, _ in events[max(0, end - HISTORY - 1) : end]])
    return drawn


def next_item_loss(model: ItemLanguageModel, windows: list[list[int]]) -> tuple[Tensor, int]:
    """Full softmax over the catalogue at every place of every window; the window's last item is only a target.

    Items already in the window's past are left out of the softmax: nothing is recommended twice.
    """
    logits, number, index = model.next_item_logits([window[:-1] for window in windows], training=True)
    wanted = torch.tensor([windows[n][i + 1] for n, i in zip(number.tolist(), index.tolist(), strict=True)])
    seen = torch.zeros(logits.shape, dtype=torch.bool)  # many small writes: made on the CPU, then moved
    for place, (n, i) in enumerate(zip(number.tolist(), index.tolist(), strict=True)):
        seen[place, windows[n][: i + 1]] = True
    seen[torch.arange(len(wanted)), wanted] = False
    logits = logits.masked_fill(seen.to(logits.device), -1e4)
    loss = functional.cross_entropy(logits, wanted.to(logits.device))
    return loss / np.log(len(model.catalogue) + 1) * 3.0, len(wanted)


Questions = tuple[list[int], list[int], list[int], list[float]]
"""Liked rows, disliked rows, rows asked about, labels."""


def draw_questions(
    histories: list[list[tuple[int, float]]], count: int, random: np.random.Generator, asked: int = 32
) -> list[Questions]:
    """``count`` people cut at a random moment: what they liked and disliked before, and the next ratings as questions."""
    drawn: list[Questions] = []
    for number in random.integers(len(histories), size=count):
        events = histories[number]
        cut = int(random.integers(1, len(events)))
        drawn.append(questions_at(events, cut, asked))
    return drawn


def questions_at(events: list[tuple[int, float]], cut: int, asked: int) -> Questions:
    """The events before ``cut`` as a history, the next ``asked`` as questions."""
    past, future = events[:cut], events[cut : cut + asked]
    liked = [row for row, rating in past if rating >= LIKED][-HISTORY * 2 // 3 :]
    disliked = [row for row, rating in past if rating < LIKED][-HISTORY // 3 :]
    return liked, disliked, [row for row, _ in future], [float(rating >= LIKED) for _, rating in future]


def like_loss(model: ItemLanguageModel, drawn: list[Questions]) -> tuple[Tensor, int]:
    """Binary cross-entropy of the Yes–No logits."""
    logits = model.like_logits([(liked, disliked, asked) for liked, disliked, asked, _ in drawn], training=True)
    labels = model.llm.tensor([label for *_, labels in drawn for label in labels])
    return functional.binary_cross_entropy_with_logits(logits, labels), len(labels)
