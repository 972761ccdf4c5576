"""Titles said under constraint: beam search in a trie over the catalogue, so that only real items can be produced."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from chatrec.ilm.llm import FrozenLLM
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.tasks import Prompt


@dataclass
class Trie:
    """Token sequences as a tree; a node that ends a name holds the rows that it names."""

    children: dict[int, "Trie"] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, names: Iterable[str], llm: FrozenLLM) -> "Trie":
        """A trie of names, each as it stands after a prompt and closed by a full stop, in order of their rows."""
        root = cls()
        for row, name in enumerate(names):
            node = root
            for token in llm.tokens(f" {name}."):
                node = node.children.setdefault(token, cls())
            node.rows.append(row)
        return root

    def without(self, rows: Collection[int]) -> "Trie":
        """The same without the names of ``rows`` and without beginnings that lead to no other."""
        kept = {token: child.without(rows) for token, child in self.children.items()}
        return Trie(
            {token: child for token, child in kept.items() if child.children or child.rows},
            [row for row in self.rows if row not in rows],
        )


@dataclass(frozen=True)
class _Beam:
    node: Trie
    score: float
    place: int
    token: int


@torch.no_grad()
def say_titles(
    model: ItemLanguageModel, prompt: Prompt, trie: Trie, count: int = 10, beams: int = 20, prefix: bool = True
) -> list[tuple[int, float]]:
    """The items that the LLM names most probably after a prompt.

    Args:
        model: with its prefix on or off by ``prefix``.
        prompt: what to answer with a title.
        trie: of the names that may be said.
        count: items, at most.
        beams: beginnings that are kept at each token.
        prefix: whether the learned prefix speaks.

    Returns:
        (row, log-probability of its whole name), the most probable first; items of one name share its probability.
    """
    found: list[tuple[int, float]] = []
    cache = model.prefix_cache(1) if prefix else None
    output = model.llm.body(inputs_embeds=model.embed([model.sequence(prompt)]), past_key_values=cache, use_cache=True)
    alive = [_Beam(trie, 0.0, 0, -1)]
    while alive:
        scores = _next(model, output.last_hidden_state[:, -1])
        step = [
            _Beam(node, beam.score + float(scores[number, token]), number, token)
            for number, beam in enumerate(alive)
            for token, node in beam.node.children.items()
        ]
        step = sorted(step, key=lambda beam: -beam.score)[:beams]
        found += [(row, beam.score) for beam in step for row in beam.node.rows]
        found = sorted(found, key=lambda pair: -pair[1])[:count]
        worst = found[-1][1] if len(found) == count else -torch.inf
        alive = [beam for beam in step if beam.node.children and beam.score > worst]
        if alive:
            past = output.past_key_values
            past.reorder_cache(model.llm.tensor([beam.place for beam in alive]))
            tokens = model.llm.tensor([[beam.token] for beam in alive])
            embedded = torch.nn.functional.embedding(tokens, model.llm.embeddings)
            output = model.llm.body(inputs_embeds=embedded, past_key_values=past, use_cache=True)
    return found


def _next(model: ItemLanguageModel, states: Tensor) -> Tensor:
    """Log-probabilities of the next token, (beams, vocabulary), on the CPU."""
    return model.llm.model.get_output_embeddings()(states).float().log_softmax(-1).cpu()
