"""The Item-Language Model: a frozen LLM whose item places are filled with soft tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from peft import CartridgeConfig, PeftModel, TaskType, get_peft_model, initialize_kv_prefix_from_text
from torch import Tensor
from torch.nn import functional
from transformers import DynamicCache

from chatrec.catalogue.items import Catalogue
from chatrec.ilm.adapter import Adapter
from chatrec.ilm.bridge import ItemFeatures, Special
from chatrec.ilm.llm import FrozenLLM
from chatrec.ilm.tasks import Place, Prompt, Record, history_prompt, question_parts, taste_prompt

PREFIX_SEED = (
    "You are a helpful guide who writes one short, true sentence that recommends an item. "
    "Copy every name exactly from the facts that are given, and add nothing to them."
)
"""The instruction whose keys and values the learned prefix starts from."""

HISTORY = 30
"""Most recent items of a history that the LLM reads."""


@dataclass(frozen=True)
class Tokens:
    """A tokenised prompt: ids, and where soft tokens stand (position, row or special, query)."""

    ids: list[int]
    soft: Sequence[tuple[int, int | Special, int]]


class ItemLanguageModel:
    """Frozen LLM, adapter and catalogue together.

    Args:
        llm: never changed.
        adapter: makes soft tokens; it is moved to the LLM's device.
        features: of the catalogue's items.
        catalogue: the items.
        prefix: peft's flattened key-value prefix (tokens, layers * 2 * kv width) by which the frozen LLM speaks; None
            for none. It is used for speaking only, never for scoring.
    """

    def __init__(
        self,
        llm: FrozenLLM,
        adapter: Adapter,
        features: ItemFeatures,
        catalogue: Catalogue,
        prefix: Tensor | None = None,
    ) -> None:
        self.llm, self.features, self.catalogue = llm, features, catalogue
        self.adapter = adapter.to(llm.device)
        self.speaker: PeftModel | None = None
        if adapter.config.prefix_tokens:
            self.speaker = self._make_prefix(adapter.config.prefix_tokens, prefix)
        self._table: Tensor | None = None

    def _make_prefix(self, tokens: int, values: Tensor | None) -> PeftModel:
        config = CartridgeConfig(task_type=TaskType.CAUSAL_LM, num_virtual_tokens=tokens, num_frozen_tokens=1)
        speaker = get_peft_model(self.llm.model, config)
        encoder: Any = speaker.prompt_encoder["default"]
        if values is None:
            initialize_kv_prefix_from_text(speaker, self.llm.tokenizer, text=PREFIX_SEED, use_chat_template=False)
        else:
            encoder.load_prompt_embeddings(values)
        encoder.float()
        return speaker

    @property
    def prefix_values(self) -> Tensor | None:
        """The prefix as peft saves it, or None."""
        return None if self.speaker is None else self.speaker.get_prompt_embedding_to_save("default")

    def prefix_parameters(self) -> list[torch.nn.Parameter]:
        """What there is to train in the prefix."""
        if self.speaker is None:
            return []
        return [p for p in self.speaker.prompt_encoder.parameters() if p.requires_grad]

    def prefix_cache(self, batch: int) -> DynamicCache | None:
        """Keys and values of the prefix for a batch, or None where there is none."""
        prompt: Any = None if self.speaker is None else self.speaker.get_prompt(batch)
        return prompt

    # Soft tokens

    @property
    def table(self) -> Tensor:
        """Soft tokens of the whole catalogue, (items, queries, width), as the LLM's embeddings are (type, device); computed
        at first use."""
        if self._table is None:
            self.table = self.adapter.table(self.features)
            assert self._table is not None
        return self._table

    @table.setter
    def table(self, table: Tensor | None) -> None:
        self._table = None if table is None else table.to(self.llm.embeddings)

    # Prompts

    @cached_property
    def start(self) -> list[int]:
        """The token that opens every prompt, where the LLM has one."""
        token = self.llm.tokenizer.bos_token_id
        return [] if token is None else [int(token)]

    def sequence(self, prompt: Prompt, target: Sequence[int] = (), start: bool = True) -> Tokens:
        """Tokenise a prompt and lay out its item places; the target's ids follow."""
        ids = list(self.start) if start else []
        soft: list[tuple[int, int | Special, int]] = []
        for part in prompt:
            if isinstance(part, str):
                ids += self.llm.tokens(part)
                continue
            for query in range(1 if part.taste else self.adapter.config.queries):
                soft.append((len(ids), part.row if isinstance(part, Place) else part, query))
                ids.append(self.llm.end_of_text)
        return Tokens(ids + list(target), soft)

    def embed(self, sequences: Sequence[Tokens], training: bool = False) -> Tensor:
        """Input embeddings (batch, longest, width), padded on the right with the end token.

        Args:
            sequences: tokenised prompts.
            training: compute soft tokens with gradients, instead of looking them up.
        """
        longest = max(len(sequence.ids) for sequence in sequences)
        ids = torch.full((len(sequences), longest), self.llm.end_of_text)
        for number, sequence in enumerate(sequences):
            ids[number, : len(sequence.ids)] = torch.tensor(sequence.ids)
        embedded = functional.embedding(ids.to(self.llm.device), self.llm.embeddings)
        places = [(number, *place) for number, sequence in enumerate(sequences) for place in sequence.soft]
        if not places:
            return embedded
        specials = list({id(what): what for _, _, what, _ in places if isinstance(what, Special)}.values())
        row_of = {id(special): len(self.features) + order for order, special in enumerate(specials)}
        number, position, row, query = self.llm.tensor(
            [(n, p, row_of.get(id(what), what), q) for n, p, what, q in places]
        ).T
        if not training and not specials:
            return embedded.index_put((number, position), self.table[row, query])
        rows, where = torch.unique(row, return_inverse=True)
        with torch.set_grad_enabled(training):
            soft = self.adapter(rows, self.features.with_special(specials), taste_only=bool((query == 0).all()))
        return embedded.index_put((number, position), soft[where, query].to(embedded.dtype))

    # Speaking

    def speech_loss(self, records: Sequence[Record], training: bool = True, prefix: bool = True) -> tuple[Tensor, int]:
        """Mean cross-entropy of the targets, and how many target tokens there were.

        Logits are made at target positions only: the vocabulary is most of the cost of a small LLM.
        """
        targets = [[*self.llm.tokens(record.target), self.llm.end_of_text] for record in records]
        prompts = [self.sequence(record.prompt) for record in records]
        whole = [Tokens(p.ids + t[:-1], p.soft) for p, t in zip(prompts, targets, strict=True)]
        embedded = self.embed(whole, training)
        cache = self.prefix_cache(len(records)) if prefix else None
        hidden = self.llm.body(inputs_embeds=embedded, past_key_values=cache, use_cache=cache is not None)
        where = [
            (number, len(prompt.ids) - 1 + offset)
            for number, (prompt, target) in enumerate(zip(prompts, targets, strict=True))
            for offset in range(len(target))
        ]
        number, position = self.llm.tensor(where).T
        logits = self.llm.model.get_output_embeddings()(hidden.last_hidden_state[number, position]).float()
        wanted = self.llm.tensor([token for target in targets for token in target])
        return functional.cross_entropy(logits, wanted), len(wanted)

    # Scoring

    def next_item_logits(
        self, histories: Sequence[Sequence[int]], training: bool = False
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of all items at every place of every history.

        Returns:
            logits (places, items), and for each place the number of its history and its index in it.
        """
        sequences = [self.sequence(history_prompt(history)) for history in histories]
        hidden = self.llm.body(inputs_embeds=self.embed(sequences, training), use_cache=False).last_hidden_state
        where = [(n, p, i) for n, sequence in enumerate(sequences) for i, (p, _, _) in enumerate(sequence.soft)]
        number, position, index = self.llm.tensor(where).T
        logits = self.adapter.rank(hidden[number, position], self.adapter.rank.items(self.features))
        return logits, number, index

    @torch.no_grad()
    def next_item_scores(self, history: Sequence[int]) -> Tensor:
        """Scores of all items after a history (oldest first), (items,) float32, on the CPU."""
        logits, _, _ = self.next_item_logits([list(history)[-HISTORY:]])
        return logits[-1].cpu()

    def like_logits(
        self,
        people: Sequence[tuple[Sequence[int], Sequence[int], Sequence[int]]],
        training: bool = False,
        prompts: Sequence[tuple[Prompt, Sequence[Prompt]]] | None = None,
    ) -> Tensor:
        """Yes–No logits: will this person like these items?

        One person's questions share the history's computation: they are packed behind it under a tree mask, in which
        each question sees the history and itself.

        Args:
            people: (liked, disliked, items asked about) of each person.
            training: with gradients through the adapter.
            prompts: (history, questions) of each person in other words, for baselines.

        Returns:
            (all questions,) in order of people, then of items.
        """
        asked = prompts or [(taste_prompt(a, b), [question_parts(row) for row in rows]) for a, b, rows in people]
        packed: list[Tokens] = []
        layout: list[tuple[int, list[tuple[int, int]]]] = []
        for history, questions in asked:
            whole = self.sequence(history)
            ids, soft, spans = list(whole.ids), list(whole.soft), []
            for question in questions:
                branch = self.sequence(question, start=False)
                soft += [(len(ids) + position, row, query) for position, row, query in branch.soft]
                spans.append((len(ids), len(ids) + len(branch.ids)))
                ids += branch.ids
            packed.append(Tokens(ids, soft))
            layout.append((len(whole.ids), spans))
        embedded = self.embed(packed, training)
        mask, positions = (part.to(embedded.device) for part in _tree(layout, embedded.shape[1]))
        bias = embedded.new_zeros(mask.shape).masked_fill(~mask, torch.finfo(embedded.dtype).min)
        hidden = self.llm.body(
            inputs_embeds=embedded, attention_mask=bias[:, None], position_ids=positions, use_cache=False
        ).last_hidden_state
        ends = [(number, end - 1) for number, (_, spans) in enumerate(layout) for _, end in spans]
        number, position = self.llm.tensor(ends).T
        scale, offset = self.adapter.answer_scale()
        return (hidden[number, position].float() @ self.yes_minus_no) * scale + offset

    @cached_property
    def yes_minus_no(self) -> Tensor:
        """Difference of the output vectors of " Yes" and " No", (width,)."""
        weights = self.llm.model.get_output_embeddings().weight
        yes, no = (self.llm.tokens(f" {word}")[-1] for word in ("Yes", "No"))
        return (weights[yes] - weights[no]).float()


def _tree(layout: list[tuple[int, list[tuple[int, int]]]], length: int) -> tuple[Tensor, Tensor]:
    """Mask (batch, length, length) and positions (batch, length) of histories with questions behind them.

    Padding sees itself alone, so that no row of the mask is empty.
    """
    mask = torch.zeros(len(layout), length, length, dtype=torch.bool)
    positions = torch.zeros(len(layout), length, dtype=torch.long)
    for number, (base, spans) in enumerate(layout):
        mask[number, :base, :base] = torch.ones(base, base, dtype=torch.bool).tril()
        positions[number, :base] = torch.arange(base)
        for start, end in spans:
            mask[number, start:end, :base] = True
            mask[number, start:end, start:end] = torch.ones(end - start, end - start, dtype=torch.bool).tril()
            positions[number, start:end] = torch.arange(base, base + end - start)
    mask |= torch.eye(length, dtype=torch.bool)
    return mask, positions
