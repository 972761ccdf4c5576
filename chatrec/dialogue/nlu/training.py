"""Training of the tagger: the corpus, varied at every pass, through the encoder with LoRA and its heads.

Variation keeps it from learning which title or name is meant: titles are masked or swapped with others, people and series
swapped, capitals and marks dropped as people drop them.
"""

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from chatrec.assets import resolve_model
from chatrec.dialogue.acts import Attitude, Before, Kind
from chatrec.dialogue.nlu.corpus import Example, Marked, values
from chatrec.dialogue.nlu.tagger import ATTITUDES, INTENTS, KINDS, LONGEST, MASK, WORDS, Heads, save, with_lora

Report = Callable[[str], None]
SWAPPED = (Kind.TITLE, Kind.PERSON, Kind.SERIES)
IGNORED = -100


@dataclass(frozen=True)
class Recipe:
    """What a training run is made of; the card of the tagger says it."""

    encoder: str
    epochs: float = 8
    batch: int = 16
    rate: float = 6e-4
    seed: int = 0
    minutes: float = 60
    """It stops after this time at the latest; the rate falls by epochs or by time, whichever is further."""


def vary(example: Example, pools: dict[Kind, list[str]], chance: random.Random) -> Example:
    """The example as somebody else might have written it."""
    text, spans, done = "", [], 0
    for span in example.spans:
        said = example.text[span.start : span.end]
        text += example.text[done : span.start]
        draw = chance.random()
        if span.kind is Kind.TITLE and draw < 0.5:
            said = MASK
        elif span.kind in SWAPPED and draw < 0.75 and pools.get(span.kind):
            said = chance.choice(pools[span.kind])
        spans.append(replace(span, start=len(text), end=len(text) + len(said)))
        text += said
        done = span.end
    text += example.text[done:]
    return replace(example, text=_retyped(text, chance), spans=tuple(spans))


def _retyped(text: str, chance: random.Random) -> str:
    """Without capitals, or without marks; the length stays, so that spans do."""
    draw = chance.random()
    if draw < 0.25:
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in text).replace(MASK.lower(), MASK)
    if draw < 0.35:
        return re.sub(r"[.,!?;:](?=\s|$)", " ", text)
    return text


@dataclass(frozen=True)
class Batch:
    """Tensors of some messages: (B, T) or (B, T, …); ``attitude`` and ``kind`` are -100 where nothing is to be learned."""

    inputs: dict[str, Tensor]
    kind: Tensor
    attitude: Tensor
    marks: Tensor
    intents: Tensor


def encode(examples: Sequence[Example], tokenizer: Any) -> Batch:
    """The tensors of messages."""
    encoded = tokenizer(
        [WORDS[example.before] for example in examples], [example.text for example in examples],
        truncation="only_second", max_length=LONGEST, padding=True, return_tensors="pt", return_offsets_mapping=True,
    )  # fmt: skip
    offsets = encoded.pop("offset_mapping").tolist()
    shape = encoded["input_ids"].shape
    kind, attitude = torch.full(shape, IGNORED), torch.full(shape, IGNORED)
    marks = torch.zeros((*shape, 2))
    for row, example in enumerate(examples):
        for place, segment in enumerate(encoded.sequence_ids(row)):
            if segment != 1:
                continue
            start, end = offsets[row][place]
            span = next((s for s in example.spans if s.start < end and start < s.end), None)
            kind[row, place] = _label(span, start) if span else 0
            if span:
                attitude[row, place] = ATTITUDES.index(span.attitude)
                marks[row, place] = torch.tensor([float(span.soft), float(span.other)])
    intents = torch.tensor([[float(intent in example.intents) for intent in INTENTS] for example in examples])
    return Batch(dict(encoded), kind, attitude, marks, intents)


def _label(span: Marked, start: int) -> int:
    return 1 + 2 * KINDS.index(span.kind) + (start > span.start)


def loss_of(batch: Batch, encoder: Any, heads: Heads, weak: Tensor | None = None) -> Tensor:
    """The sum of the heads' losses.

    Args:
        weak: (B,) rows of which it is only known whether what is marked was disliked: whoever answers that they liked a film
            may have said no more than that they saw it.
    """
    states = encoder(**batch.inputs).last_hidden_state
    kinds, attitudes, marks, intents = heads(states, batch.inputs["attention_mask"])
    whole = torch.ones(len(batch.kind), dtype=torch.bool) if weak is None else ~weak
    told = batch.attitude != IGNORED
    losses = []
    if whole.any():
        losses.append(
            functional.cross_entropy(kinds[whole].flatten(0, 1), batch.kind[whole].flatten(), ignore_index=IGNORED)
        )
        losses.append(
            functional.binary_cross_entropy_with_logits(intents[whole], batch.intents[whole], reduction="none")
            .sum(-1)
            .mean()
        )
    known, hinted = told & whole[:, None], told & ~whole[:, None]
    if known.any():
        losses.append(functional.cross_entropy(attitudes[known], batch.attitude[known]))
        losses.append(0.5 * functional.binary_cross_entropy_with_logits(marks[known], batch.marks[known]))
    if hinted.any():
        disliked = attitudes[hinted].softmax(-1)[:, ATTITUDES.index(Attitude.DISLIKE)].clamp(1e-4, 1 - 1e-4)
        truth = (batch.attitude[hinted] == ATTITUDES.index(Attitude.DISLIKE)).float()
        losses.append(functional.binary_cross_entropy(disliked, truth))
    return torch.stack(losses).sum()


def batches(examples: Sequence[Example], size: int, chance: random.Random) -> Iterator[list[Example]]:
    """Batches of messages of like length, in random order; a long message counts for several."""
    pool = sorted(examples, key=lambda example: len(example.text) * chance.uniform(0.8, 1.25))
    groups: list[list[Example]] = [[]]
    for example in pool:
        longest = max(len(example.text), 60)
        if len(groups[-1]) >= size or (len(groups[-1]) + 1) * longest > size * 240:
            groups.append([])
        groups[-1].append(example)
    chance.shuffle(groups)
    yield from (group for group in groups if group)


def train(
    examples: Sequence[Example],
    measured: Sequence[Example],
    out: Path,
    recipe: Recipe,
    weak: Sequence[Example] = (),
    report: Report = print,
) -> dict[str, Any]:
    """Train on ``examples``, fit the temperatures on ``measured``, write the tagger to ``out``.

    Args:
        weak: messages of which it is only known whether what is marked was disliked (:func:`loss_of`).

    Returns:
        what the card says: recipe, seconds, loss, temperatures.
    """
    from transformers import AutoTokenizer

    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    folder = resolve_model(recipe.encoder)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    encoder = with_lora(folder)
    heads = Heads(encoder.config.hidden_size)
    pools = {kind: values(examples, kind) for kind in SWAPPED}
    parameters = [p for p in encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": parameters, "lr": recipe.rate}, {"params": heads.parameters(), "lr": 2 * recipe.rate}],
        weight_decay=0.01,
    )
    rates = [group["lr"] for group in optimiser.param_groups]
    weakly = {id(example) for example in weak}
    start, done, mean = time.monotonic(), 0.0, 0.0
    total = len(examples) + len(weak)
    encoder.train()
    heads.train()
    while done < 1:
        for group in batches([*examples, *weak], recipe.batch, chance):
            done = max(done + len(group) / total / recipe.epochs, 0)
            passed = max(done, (time.monotonic() - start) / 60 / recipe.minutes)
            if passed >= 1:
                done = 1.0
                break
            for parameter_group, rate in zip(optimiser.param_groups, rates, strict=True):
                parameter_group["lr"] = rate * min(passed / 0.05, 1) * (1 - passed)
            only = torch.tensor([id(example) in weakly for example in group])
            loss = loss_of(encode([vary(e, pools, chance) for e in group], tokenizer), encoder, heads, only)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*parameters, *heads.parameters()], 1.0)
            optimiser.step()
            mean = 0.98 * mean + 0.02 * loss.item() if mean else loss.item()
        report(f"{min(passed, 1):.0%} of the training, loss {mean:.3f}, {time.monotonic() - start:.0f} s")
    encoder.eval()
    heads.eval()
    heat = temperatures(measured, encoder, heads, tokenizer)
    card: dict[str, Any] = {
        "encoder": recipe.encoder,
        "temperature": heat,
        "recipe": {"epochs": recipe.epochs, "batch": recipe.batch, "rate": recipe.rate, "seed": recipe.seed},
        "examples": len(examples),
        "weak": len(weak),
        "seconds": round(time.monotonic() - start),
        "loss": round(mean, 3),
    }
    save(out, encoder, heads, card)
    return card


@torch.inference_mode()
def temperatures(examples: Sequence[Example], encoder: Any, heads: Heads, tokenizer: Any) -> dict[str, float]:
    """For each head the temperature under which held-out labels are likeliest (a grid from 0.5 to 4)."""
    outputs: dict[str, list[tuple[Tensor, Tensor]]] = {"kinds": [], "attitudes": [], "intents": []}
    chance = random.Random(0)
    for group in batches(examples, 32, chance):
        batch = encode([vary(example, {}, chance) for example in group], tokenizer)
        states = encoder(**batch.inputs).last_hidden_state
        kinds, attitudes, _, intents = heads(states, batch.inputs["attention_mask"])
        own, told = batch.kind != IGNORED, batch.attitude != IGNORED
        outputs["kinds"].append((kinds[own], batch.kind[own]))
        outputs["attitudes"].append((attitudes[told], batch.attitude[told]))
        outputs["intents"].append((intents, batch.intents))
    found = {}
    for name, pairs in outputs.items():
        logits, targets = torch.cat([pair[0] for pair in pairs]), torch.cat([pair[1] for pair in pairs])

        def cost(heat: float, logits: Tensor = logits, targets: Tensor = targets, name: str = name) -> float:
            if name == "intents":
                return float(functional.binary_cross_entropy_with_logits(logits / heat, targets))
            return float(functional.cross_entropy(logits / heat, targets))

        found[name] = round(float(min(np.geomspace(0.5, 4, 43), key=cost)), 3)
    return found


__all__ = ["Attitude", "Before", "Recipe", "train"]
