"""Who says reasons best: the frozen LLM with its learned prefix, with LoRA instead, or with neither."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from peft import LoraConfig, get_peft_model

from chatrec.dialogue.reasons import check
from chatrec.ilm.generation import say_all
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.phrasing import ReasonFacts
from chatrec.ilm.tasks import Prompt, TaskSampler, reason_prompt
from chatrec.ilm.training import Run, optimizer
from chatrec.workspace import Report, Workspace


def compare_speakers(
    workspace: Workspace, count: int = 60, lora_minutes: float = 0.0, seed: int = 0, report: Report = lambda _: None
) -> dict[str, Any]:
    """Say ``count`` random true reasons in each way and check every sentence against its facts.

    Returns:
        for each speaker the share that passed the check, the share equal to the authored sentence, distinct-2, examples.
    """
    model, catalogue = workspace.model, workspace.catalogue
    tasks = TaskSampler(catalogue, workspace.held_out, workspace.neighbours, seed + 1000)
    rows = np.random.default_rng(seed).permutation(len(catalogue))[:count]
    planned = [tasks.reason(int(row)) for row in rows]
    forms = [number % facts.forms for number, facts in enumerate(planned)]

    def prompts(soft: bool) -> list[Prompt]:
        return [reason_prompt(f, form, catalogue, soft) for f, form in zip(planned, forms, strict=True)]

    said: dict[str, list[str]] = {
        "authored sentences": [f.sentence(form, catalogue.words) for f, form in zip(planned, forms, strict=True)]
    }
    report("the frozen LLM with the learned prefix")
    said["prefix, soft tokens"] = say_all(model, prompts(soft=True))
    said["prefix, no soft tokens"] = say_all(model, prompts(soft=False))
    report("the frozen LLM alone")
    said["frozen LLM alone"] = say_all(model, prompts(soft=True), prefix=False)
    if lora_minutes:
        report(f"LoRA, {lora_minutes:g} minutes of training")
        said["LoRA instead of the prefix"] = _with_lora(model, tasks, prompts(soft=True), lora_minutes, seed)
    plain = said["authored sentences"]
    speakers = {
        name: {
            "passed": float(
                np.mean(
                    [check(text, facts, catalogue.words) is None for text, facts in zip(texts, planned, strict=True)]
                )
            ),
            "exact": float(np.mean([text == right for text, right in zip(texts, plain, strict=True)])),
            "distinct_2": distinct(texts),
            "examples": texts[:10],
            "refused": _refused(texts, planned, workspace),
        }
        for name, texts in said.items()
    }
    return {"reasons": count, "speakers": speakers}


def _refused(texts: Sequence[str], planned: Sequence[ReasonFacts], workspace: Workspace) -> list[str]:
    """Up to ten sentences that did not pass, each with why."""
    found = []
    for text, facts in zip(texts, planned, strict=True):
        why = check(text, facts, workspace.catalogue.words)
        if why:
            found.append(f"{why}: {text[:160]}")
    return found[:10]


def distinct(texts: Sequence[str], size: int = 2) -> float:
    """Distinct-n (Li et al., 2016): different n-grams over all n-grams of the texts."""
    grams = [
        tuple(words[i : i + size]) for text in texts for words in [text.split()] for i in range(len(words) - size + 1)
    ]
    return len(set(grams)) / max(len(grams), 1)


def _with_lora(
    model: ItemLanguageModel, tasks: TaskSampler, prompts: list[Prompt], minutes: float, seed: int
) -> list[str]:
    """Train LoRA on the same reasons for as long as given, speak with it, and take it out again."""
    torch.manual_seed(seed)
    before = model.llm.weights_hash()
    adapted = get_peft_model(
        model.llm.model, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"]), adapter_name="lora"
    )
    try:
        trained = [p for name, p in adapted.named_parameters() if "lora_" in name]
        for parameter in trained:
            parameter.data = parameter.data.float()
        run = Run("lora", {}, optimizer([(trained, 3e-4, 0.0)]), minutes * 60)

        def step(_: int) -> tuple[dict[str, torch.Tensor], torch.Tensor, int]:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss, tokens = model.speech_loss(tasks.draw("reason", 10), training=False, prefix=False)
            return {"reason": loss}, loss, tokens

        run.loop(step, quiet=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return say_all(model, prompts, prefix=False)
    finally:
        adapted.unload()
        assert model.llm.weights_hash() == before, "LoRA must leave the LLM as it was"
