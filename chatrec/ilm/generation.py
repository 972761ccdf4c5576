"""Speaking: batched greedy decoding behind the learned prefix, finished sentences handed over as they end."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.tasks import Prompt, describe_prompt

LONGEST = 64
"""Tokens of one answer."""


@torch.no_grad()
def speak(
    model: ItemLanguageModel,
    prompts: Sequence[Prompt],
    longest: int = LONGEST,
    prefix: bool = True,
    soft: Tensor | None = None,
) -> Iterator[tuple[int, str]]:
    """Answer all prompts in one batch; yield (number of the prompt, answer) as each ends.

    Args:
        model: with its prefix switched on or off by ``prefix``.
        prompts: what to answer.
        longest: tokens of an answer, at most.
        prefix: whether the learned prefix speaks.
        soft: (items, queries, width) soft tokens to use in place of the catalogue's own (for blends and experiments).
    """
    if not prompts:
        return
    end = model.llm.end_of_text
    for number, tokens in enumerate(_decode(model, prompts, longest, prefix, soft)):
        if number == len(prompts):
            break
        place, ids = tokens
        yield place, str(model.llm.tokenizer.decode([i for i in ids if i != end], skip_special_tokens=True)).strip()


def _decode(
    model: ItemLanguageModel, prompts: Sequence[Prompt], longest: int, prefix: bool, soft: Tensor | None
) -> Iterator[tuple[int, list[int]]]:
    own = model.table
    if soft is not None:
        model.table = soft
    try:
        embedded = [model.embed([model.sequence(prompt)])[0] for prompt in prompts]
    finally:
        model.table = own
    batch, width = len(prompts), embedded[0].shape[1]
    size = max(len(e) for e in embedded)
    inputs = embedded[0].new_zeros(batch, size, width)
    mask = torch.zeros(batch, size, dtype=torch.long, device=inputs.device)
    for number, e in enumerate(embedded):  # padded on the left, so that all answers start at one place
        inputs[number, size - len(e) :] = e
        mask[number, size - len(e) :] = 1
    cache = model.prefix_cache(batch) if prefix else None
    ahead = cache.get_seq_length() if cache is not None else 0
    mask = torch.cat([mask.new_ones(batch, ahead), mask], dim=1)
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    output = model.llm.body(
        inputs_embeds=inputs,
        attention_mask=mask,
        position_ids=positions[:, ahead:],
        past_key_values=cache,
        use_cache=True,
    )
    head, end = model.llm.model.get_output_embeddings(), model.llm.end_of_text
    answers: list[list[int]] = [[] for _ in prompts]
    going = set(range(batch))
    position = positions[:, -1:]
    for _ in range(longest):
        chosen = head(output.last_hidden_state[:, -1]).argmax(-1)
        tokens = chosen.tolist()
        for number in sorted(going):
            token = tokens[number]
            if token == end:
                going.discard(number)
                yield number, answers[number]
            else:
                answers[number].append(token)
        if not going:
            return
        mask = torch.cat([mask, mask.new_ones(batch, 1)], dim=1)
        position = position + 1
        output = model.llm.body(
            inputs_embeds=torch.nn.functional.embedding(chosen[:, None], model.llm.embeddings),
            attention_mask=mask,
            position_ids=position,
            past_key_values=output.past_key_values,
            use_cache=True,
        )
    for number in sorted(going):
        yield number, answers[number]


def say_all(model: ItemLanguageModel, prompts: Sequence[Prompt], batch: int = 32, **options: object) -> list[str]:
    """All answers in order."""
    answers = [""] * len(prompts)
    for start in range(0, len(prompts), batch):
        for number, text in speak(model, prompts[start : start + batch], **options):  # type: ignore[arg-type]
            answers[start + number] = text
    return answers


def read_items(model: ItemLanguageModel, rows: Sequence[int], soft: Tensor | None = None) -> list[str]:
    """What the frozen LLM says of items from their soft tokens alone: title, year and categories."""
    return say_all(model, [describe_prompt(row) for row in rows], longest=48, soft=soft)
