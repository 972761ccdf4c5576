"""Who says reasons best: the frozen LLM with its learned prefix, with LoRA instead, or with neither."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np
import torch

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.nlg.explanations import check
from chatrec.evaluation.ilm.judging import RULES, judge, share
from chatrec.evaluation.ilm.lora import lora
from chatrec.ilm.generation import say_all
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.phrasing import ReasonFacts
from chatrec.ilm.tasks import Prompt, Record, TaskSampler, reason_prompt
from chatrec.ilm.training import Run, optimizer
from chatrec.workspace import Report, Workspace


def compare_speakers(
    workspace: Workspace, count: int = 100, lora_minutes: float = 0.0, seed: int = 0, report: Report = lambda _: None
) -> dict[str, Any]:
    """Say ``count`` random true reasons in each way; judge every sentence blind by :data:`RULES`.

    Every reason has a title or wish of the person's to name. The sentences of all writers are shuffled together, and the
    judge gets each with its facts alone.

    Returns:
        ``rules``; for each speaker the shares judged true, specific, fluent and all three, the share that passed the
        dialogue's own check, the share equal to the authored sentence, mean words, log-perplexity under the frozen LLM
        (nats a token, prompt "Reason:"), distinct-2, examples, what was refused; for LoRA its training steps.
    """
    model, catalogue = workspace.model, workspace.catalogue
    tasks = TaskSampler(catalogue, workspace.held_out, workspace.neighbours, seed + 1000)
    rows = np.random.default_rng(seed).permutation(len(catalogue))
    drawn = (tasks.reason(int(row)) for row in rows)
    planned = list(islice((f for f in drawn if f.kind not in ("liked_by", "portrait")), count))
    forms = [number % facts.forms for number, facts in enumerate(planned)]

    def prompts(soft: bool) -> list[Prompt]:
        return [reason_prompt(f, form, catalogue, soft) for f, form in zip(planned, forms, strict=True)]

    plain = [f.sentence(form, catalogue.words) for f, form in zip(planned, forms, strict=True)]
    said: dict[str, list[str]] = {"plain sentences": plain}
    report("the frozen LLM with the learned prefix")
    said["prefix, ILM tokens"] = say_all(model, prompts(soft=True))
    said["prefix, no ILM tokens"] = say_all(model, prompts(soft=False))
    report("the frozen LLM alone")
    said["frozen LLM alone"] = say_all(model, prompts(soft=True), prefix=False)
    steps = 0
    if lora_minutes:
        report(f"LoRA, {lora_minutes:g} minutes of training")
        said["LoRA instead of the prefix"], steps = _with_lora(model, tasks, prompts(soft=True), lora_minutes, seed)
    report("judging")
    judged = _judged(said, planned, catalogue, seed)
    speakers: dict[str, dict[str, Any]] = {}
    for name, texts in said.items():
        checks = [check(text, facts, catalogue.words) for text, facts in zip(texts, planned, strict=True)]
        records = [Record("reason", ("Reason:",), f" {text}") for text in texts if text.strip()]
        speakers[name] = {
            **share(judged[name]),
            "passed": float(np.mean([problem is None for problem in checks])),
            "exact": float(np.mean([text == right for text, right in zip(texts, plain, strict=True)])),
            "words": float(np.mean([len(text.split()) for text in texts])),
            "log_perplexity": _surprise(model, records),
            "distinct_2": distinct(texts),
            "examples": texts[:10],
            "refused": [f"{problem}: {text[:160]}" for problem, text in zip(checks, texts, strict=True) if problem][
                :10
            ],
        }
    if steps:
        speakers["LoRA instead of the prefix"]["training_steps"] = steps
    return {"reasons": len(planned), "rules": RULES, "speakers": speakers}


def _judged(
    said: dict[str, list[str]], planned: Sequence[ReasonFacts], catalogue: Catalogue, seed: int
) -> dict[str, list[dict[str, bool]]]:
    """Judgements by speaker, made on all sentences shuffled together."""
    entries = [(name, place) for name, texts in said.items() for place in range(len(texts))]
    judged: dict[str, dict[int, dict[str, bool]]] = {name: {} for name in said}
    for number in np.random.default_rng(seed).permutation(len(entries)):
        name, place = entries[int(number)]
        judged[name][place] = judge(said[name][place], planned[place], catalogue)
    return {name: [places[place] for place in sorted(places)] for name, places in judged.items()}


@torch.no_grad()
def _surprise(model: ItemLanguageModel, records: Sequence[Record], batch: int = 16) -> float | None:
    """Mean cross-entropy of texts under the frozen LLM alone, nats a token."""
    total = tokens = 0.0
    for start in range(0, len(records), batch):
        loss, count = model.speech_loss(records[start : start + batch], training=False, prefix=False)
        total, tokens = total + float(loss) * count, tokens + count
    return total / tokens if tokens else None


def distinct(texts: Sequence[str], size: int = 2) -> float:
    """Distinct-n (Li et al., 2016): different n-grams over all n-grams of the texts."""
    grams = [
        tuple(words[i : i + size]) for text in texts for words in [text.split()] for i in range(len(words) - size + 1)
    ]
    return len(set(grams)) / max(len(grams), 1)


def _with_lora(
    model: ItemLanguageModel, tasks: TaskSampler, prompts: list[Prompt], minutes: float, seed: int
) -> tuple[list[str], int]:
    """Train LoRA on the same reasons for as long as given, speak with it, and take it out again; and its steps of ten."""
    torch.manual_seed(seed)
    with lora(model.llm) as trained:
        run = Run("lora", {}, optimizer([(trained, 3e-4, 0.0)]), minutes * 60)

        def step(_: int) -> tuple[dict[str, torch.Tensor], torch.Tensor, int]:
            loss, tokens = model.speech_loss(tasks.draw("reason", 10), training=False, prefix=False)
            return {"reason": loss}, loss, tokens

        run.loop(step, quiet=True)
        return say_all(model, prompts, prefix=False), run.steps
