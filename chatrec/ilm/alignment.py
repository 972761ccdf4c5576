"""Phase 1: the Q-Former learns to read items before any LLM is involved.

Losses after BLIP-2 (arXiv 2301.12597) and ILM (arXiv 2406.02844): item-text contrastive (ITC), item-text matching with
hard negatives (ITM), item-grounded text generation (ITG), item-item contrastive (II), and user-item contrastive (UI), in
which a user is read as a special item. Vocabulary alignment (VA) is this project's own: each soft token is drawn to the
frozen LLM's embedding of one word of the item's name or categories, without a pass through the LLM; it is what lets a
strictly frozen LLM read the tokens out loud later.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from chatrec.catalogue.items import Item
from chatrec.ilm.adapter import Adapter
from chatrec.ilm.bridge import ItemFeatures
from chatrec.ilm.devices import half
from chatrec.ilm.qformer import TextBranch
from chatrec.ilm.spelling import Spelling

WEIGHTS = {"itc": 1.0, "itm": 1.0, "itg": 1.0, "ii": 0.5, "ui": 0.5, "va": 2.0}
"""Weights of the losses."""
TEXT_LOSSES = ("itc", "itm", "itg")
"""Those that read text."""


def item_text_contrastive(queries: Tensor, texts: Tensor, temperature: Tensor | float) -> Tensor:
    """ITC: an item's best-matching query against its text, in both directions, the batch as negatives.

    Args:
        queries: (batch, queries, width) unit vectors.
        texts: (batch, width) unit vectors.
        temperature: of the softmax.
    """
    similarity = torch.einsum("iqd,jd->ijq", queries, texts).amax(-1) / temperature
    target = torch.arange(len(texts), device=texts.device)
    return (functional.cross_entropy(similarity, target) + functional.cross_entropy(similarity.T, target)) / 2


def item_item_contrastive(items: Tensor, others: Tensor, temperature: Tensor | float) -> Tensor:
    """II and UI: an item (or a user) against an item that the same people (or the user) like, the batch as negatives;
    (batch, width) unit vectors each."""
    similarity = items @ others.T / temperature
    return functional.cross_entropy(similarity, torch.arange(len(items), device=items.device))


def vocabulary_alignment(soft: Tensor, targets: Tensor, table: Tensor, temperature: float = 0.05) -> Tensor:
    """VA: which word is each soft token, and how far from its embedding?

    Args:
        soft: (batch, tokens, width) soft tokens.
        targets: (batch, tokens) rows of ``table``, -1 where a token is free.
        table: (words, width) the LLM's embeddings of the words that the catalogue uses.
    """
    chosen = targets >= 0
    if not chosen.any():  # a Q-Former of very few queries spells nothing
        return soft.sum() * 0
    found, wanted = soft[chosen], targets[chosen]
    logits = functional.normalize(found, dim=-1) @ functional.normalize(table, dim=-1).T / temperature
    distance = (found - table[wanted]).pow(2).sum(-1) / table[wanted].pow(2).sum(-1)
    return functional.cross_entropy(logits, wanted) + 0.5 * distance.mean()


def hard_negatives(similarity: Tensor) -> Tensor:
    """For each row another column, drawn with a probability that grows with similarity (as BLIP-2 draws them)."""
    weights = functional.softmax(similarity.detach(), dim=1).clone()
    weights.fill_diagonal_(0)
    return torch.multinomial(weights + 1e-9 * (1 - torch.eye(len(weights), device=weights.device)), 1).squeeze(1)


def spelling_accuracy(soft: Tensor, spelling: Spelling) -> float:
    """Share of soft tokens (items, queries, width) whose nearest word is the one they are drawn to."""
    chosen = spelling.targets >= 0
    if not chosen.any():
        return 0.0
    words = functional.normalize(spelling.table, dim=-1)
    found = functional.normalize(soft[chosen], dim=-1) @ words.T
    return float((found.argmax(-1) == spelling.targets[chosen]).float().mean())


class Alignment(nn.Module):
    """The phase 1 model: adapter, text branch, and the small heads that only phase 1 needs."""

    def __init__(self, adapter: Adapter, text: TextBranch, weights: dict[str, float]) -> None:
        super().__init__()
        width = adapter.qformer.config.hidden_size
        self.adapter, self.text = adapter, text
        self.item_head, self.text_head = nn.Linear(width, 256), nn.Linear(width, 256)
        self.match = nn.Linear(width, 2)
        self.temperature = nn.Parameter(torch.tensor(0.07))
        self.weights = weights

    def forward(
        self,
        rows: Tensor,
        near: Tensor,
        texts: Sequence[str],
        features: ItemFeatures,
        heavy: int,
        people: tuple[Tensor, Tensor] | None = None,
        names: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """The losses of a batch.

        Args:
            rows: (batch,) items.
            near: (batch,) for each an item that the same people like.
            texts: for each a text about it, or none at all: the losses that read no text are several times cheaper.
            features: of the catalogue, and of people and made-up names as specials behind it.
            heavy: how many of the batch take part in ITM and ITG, whose sequences are long.
            people: rows of people (n,) and for each the row of an item they like (n,), for UI.
            names: rows of made-up names (n,), for VA.
        """
        spelled = rows if names is None else torch.cat([rows, names])
        with half(rows.device):
            keys, mask = self.adapter.bridge(spelled, features)
            every = self.adapter.qformer(keys, mask).float()
            near_taste = self.adapter.outputs(near, features, taste_only=True).float()
        outputs = every[: len(rows)]
        temperature = self.temperature.clamp(0.02, 0.5)
        items = functional.normalize(self.item_head(outputs), dim=-1)
        neighbours = functional.normalize(self.item_head(near_taste[:, 0]), dim=-1)
        losses = {
            "ii": item_item_contrastive(items[:, 0], neighbours, temperature),
            "va": vocabulary_alignment(
                self.adapter.to_soft(every), features.spelling.targets[spelled], features.spelling.table
            ),
        }
        if people is not None:
            with half(rows.device):
                both = self.adapter.outputs(torch.cat(people), features, taste_only=True).float()
            mine, liked = functional.normalize(self.item_head(both[:, 0]), dim=-1).chunk(2)
            losses["ui"] = item_item_contrastive(mine, liked, temperature)
        if texts:
            ids, seen = self.text.tokenize(list(texts))
            with half(rows.device):
                alone = self.text.alone(ids, seen).float()
            words = functional.normalize(self.text_head(alone), dim=-1)
            losses["itc"] = item_text_contrastive(items, words, temperature)
        if texts and heavy:
            similarity = torch.einsum("iqd,jd->ijq", items, words).amax(-1) / temperature
            part = slice(0, heavy)
            with half(rows.device):
                losses["itm"] = self._matching(keys, mask, ids, seen, similarity, heavy)
                losses["itg"] = self._generation(keys[part], mask[part], ids[part], seen[part])
        return losses

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        """The weighted sum."""
        return torch.stack([self.weights.get(name, 0.0) * loss for name, loss in losses.items()]).sum()

    def _matching(
        self, keys: Tensor, mask: Tensor, ids: Tensor, seen: Tensor, similarity: Tensor, heavy: int
    ) -> Tensor:
        """ITM: right pairs against hard wrong texts and hard wrong items."""
        own = torch.arange(heavy, device=ids.device)
        wrong_text, wrong_item = hard_negatives(similarity)[:heavy], hard_negatives(similarity.T)[:heavy]
        items, texts = torch.cat([own, own, wrong_item]), torch.cat([own, wrong_text, own])
        logits = self.judge(ids[texts], seen[texts], keys[items], mask[items])
        right = (torch.arange(3 * heavy, device=ids.device) < heavy).long()
        return functional.cross_entropy(logits.float(), right)

    def judge(self, ids: Tensor, seen: Tensor, keys: Tensor, mask: Tensor) -> Tensor:
        """Logits (batch, 2) of no and yes: is this text about this item?"""
        output = self.text.together(ids, seen, keys, mask, causal=False)
        queries = len(self.adapter.qformer.queries)
        words = output[:, min(1, queries - 1) : queries]  # a single query, the taste, has to judge itself
        return self.match(words).mean(1)

    def _generation(self, keys: Tensor, mask: Tensor, ids: Tensor, seen: Tensor) -> Tensor:
        """ITG: each word of the text from the queries and the words before it."""
        output = self.text.together(ids, seen, keys, mask, causal=True)
        states = output[:, len(self.adapter.qformer.queries) : -1]
        scores = states @ self.text.words.weight.T
        return functional.cross_entropy(scores[seen[:, 1:]].float(), ids[:, 1:][seen[:, 1:]])


def text_views(item: Item, held_out: bool) -> list[str]:
    """Texts about an item, one of which is drawn each time; of a held-out item only its bare facts."""
    facts = f"{item.name}. {', '.join(item.categories)}."
    people = " ".join(f"{role}: {', '.join(names)}." for role, names in item.people.items())
    views = [facts, f"{item.name}. {people}"] if people else [facts]
    if not held_out:
        views += [text for text in (item.description, item.pitch) if text]
        if item.themes or item.moods:
            views.append(f"{', '.join(item.categories)}; {', '.join((*item.themes, *item.moods))}")
    return views


def positives(neighbours: np.ndarray, rows: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """For each row one of its nearest items in the collaborative space."""
    return neighbours[rows, random.integers(neighbours.shape[1], size=len(rows))]
