"""What the Q-Former attends to: several key tokens an item.

With a single collaborative vector as the only key, the softmax of cross-attention is always 1 and the queries cannot
choose anything. So an item offers its own vector in several projections, its neighbours' vectors, its title and text
as the encoder reads them, and the words of its name and categories as the frozen LLM spells them
(:mod:`chatrec.ilm.spelling`). In
training whole kinds of key are dropped at random, so that an item with a text and no ratings (or the reverse) still
works.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from chatrec.ilm.spelling import PLACES, Spelling

KINDS = ("cf", "neighbours", "title", "words", "text")
KEPT = [0, 1, 2, 4]
"""Kinds of which one at least is always kept; a name alone may have no words that the LLM knows."""


@dataclass(frozen=True, eq=False)
class Special:
    """What is read like an item and is none: a person by their vector (ILM's user), a blend of two items, or a made-up
    name (:mod:`chatrec.ilm.invented`).

    It stands in a prompt as an item does. A person or a blend has no name, no words and no title; a name has nothing else.

    Attributes:
        vector: (factors,) in the space of the catalogue's collaborative vectors.
        near: (n,) rows of the items nearest to it.
        text: (width,) unit vector of a text, or None where there is none.
        taste: whether the taste token alone stands in the prompt.
        name: keys (:data:`~chatrec.ilm.spelling.PLACES`,) and targets (queries,) of a name, as
            :meth:`~chatrec.ilm.spelling.Spelling.spell` gives them; vector and neighbours are not read then.
    """

    vector: Tensor
    near: Tensor
    text: Tensor | None = None
    taste: bool = False
    name: tuple[Tensor, Tensor] | None = None

    @property
    def known(self) -> list[bool]:
        """Which of :data:`KINDS` it offers."""
        named = self.name is not None
        return [not named, not named, False, named, self.text is not None]


@dataclass(frozen=True)
class ItemFeatures:
    """The raw material of all items, row by row.

    Attributes:
        cf: (items, factors) collaborative vectors, scaled to unit variance over the catalogue.
        neighbours: (items, n) rows of the nearest items in the collaborative space.
        title, text: (items, width) vectors of the title and of all that is known, at unit variance.
        spelling: the names in the LLM's tokens.
        table: (words, LLM width) the LLM's embeddings of those tokens, at unit variance.
        known: (items, kinds) which of :data:`KINDS` the item has at all.
        scale: the standard deviation that the collaborative vectors were divided by.
    """

    cf: Tensor
    neighbours: Tensor
    title: Tensor
    text: Tensor
    spelling: Spelling
    table: Tensor
    known: Tensor
    scale: float

    def __len__(self) -> int:
        return len(self.cf)

    def to(self, device: torch.device) -> "ItemFeatures":
        """The same features on a device."""
        moved: dict[str, Any] = {name: part.to(device) for name, part in vars(self).items() if name != "scale"}
        return replace(self, **moved)

    @classmethod
    def from_arrays(
        cls, cf: np.ndarray, neighbours: np.ndarray, title: np.ndarray, text: np.ndarray, spelling: Spelling
    ) -> "ItemFeatures":
        """Scale and wrap, on the device of the spelling (which is the LLM's).

        Text vectors are unit vectors, so times the root of their width they have unit variance.
        """
        rated = np.linalg.norm(cf, axis=1) > 1e-9
        scale = max(float(cf[rated].std()) if rated.any() else 1.0, 1e-6)
        known = torch.ones(len(cf), len(KINDS), dtype=torch.bool)
        known[:, :2] = torch.from_numpy(rated)[:, None]
        return cls(
            cf=torch.from_numpy(cf / scale).float(),
            neighbours=torch.from_numpy(np.ascontiguousarray(neighbours)).long(),
            title=torch.from_numpy(title * np.sqrt(title.shape[1])).float(),
            text=torch.from_numpy(text * np.sqrt(text.shape[1])).float(),
            spelling=spelling,
            table=spelling.table / spelling.table.pow(2).mean().sqrt().clamp(min=1e-6),
            known=known,
            scale=scale,
        ).to(spelling.table.device)

    def with_special(self, specials: Sequence[Special]) -> "ItemFeatures":
        """The same features with rows for specials behind those of the items."""
        if not specials:
            return self
        count = len(specials)
        vectors = torch.stack([special.vector.float() / self.scale for special in specials])
        near = torch.stack([special.near for special in specials])
        nothing = self.text.new_zeros(count, self.text.shape[1])
        texts = nothing.clone()
        for number, special in enumerate(specials):
            if special.text is not None:
                texts[number] = special.text * self.text.shape[1] ** 0.5
        known = self.known.new_tensor([special.known for special in specials])
        return replace(
            self,
            cf=torch.cat([self.cf, vectors]),
            neighbours=torch.cat([self.neighbours, near]),
            title=torch.cat([self.title, nothing]),
            text=torch.cat([self.text, texts]),
            spelling=self.spelling.with_names([special.name for special in specials]),
            known=torch.cat([self.known, known]),
        )

    def nearest(self, vector: Tensor) -> Tensor:
        """Rows of the items nearest to a collaborative vector (factors,) by cosine, as many as items have neighbours."""
        unit = functional.normalize(self.cf, dim=-1)
        return (unit @ functional.normalize(vector.float(), dim=-1)).topk(self.neighbours.shape[1]).indices

    def person(self, vector: np.ndarray | Tensor, taste: bool = False) -> Special:
        """A person as a special item, from their folded-in vector (factors,)."""
        mine = torch.as_tensor(vector, device=self.cf.device).float()
        return Special(mine, self.nearest(mine), taste=taste)

    def blend(self, one: int, two: int, share: float = 0.5) -> Special:
        """What would stand between two items: vector and text interpolated, ``share`` of it the second's."""
        vector = torch.lerp(self.cf[one], self.cf[two], share) * self.scale
        text = functional.normalize(torch.lerp(self.text[one], self.text[two], share), dim=-1)
        return Special(vector, self.nearest(vector), text)


class Bridge(nn.Module):
    """Project an item's features to key tokens of the Q-Former's width.

    Args:
        factors: size of the collaborative vectors.
        text_width: size of the encoder's vectors.
        llm_width: size of the LLM's embeddings.
        width: size of a key token.
        cf_tokens: into how many tokens the item's own collaborative vector is projected.
        drop: probability with which each kind of key is left out of a training example.
    """

    def __init__(
        self, factors: int, text_width: int, llm_width: int, width: int, cf_tokens: int = 4, drop: float = 0.1
    ) -> None:
        super().__init__()
        self.cf_tokens, self.width, self.drop = cf_tokens, width, drop
        self.cf = nn.Linear(factors, cf_tokens * width)
        self.neighbour = nn.Linear(factors, width)
        self.title = nn.Linear(text_width, width)
        self.word = nn.Linear(llm_width, width)
        self.place = nn.Parameter(torch.randn(PLACES, width) * 0.3)
        self.text = nn.Linear(text_width, width)
        self.kind = nn.Parameter(torch.randn(len(KINDS), width) * 0.1)
        self.norm = nn.LayerNorm(width)

    def forward(self, rows: Tensor, features: ItemFeatures) -> tuple[Tensor, Tensor]:
        """Keys (batch, keys, width) and their mask (batch, keys), True where a key may be attended to.

        Args:
            rows: (batch,) item rows.
            features: of the whole catalogue.
        """
        batch = len(rows)
        neighbours = features.neighbours[rows]
        own = self.cf(features.cf[rows]).view(batch, self.cf_tokens, self.width) + self.kind[0]
        near = self.neighbour(features.cf[neighbours]) + self.kind[1]
        title = (self.title(features.title[rows]) + self.kind[2])[:, None]
        spelled = features.spelling.keys[rows]
        words = self.word(features.table[spelled.clamp(min=0)]) + self.place + self.kind[3]
        text = (self.text(features.text[rows]) + self.kind[4])[:, None]
        keep = features.known[rows]
        if self.training and self.drop:
            kept = keep & (torch.rand(batch, len(KINDS), device=rows.device) >= self.drop)
            keep = torch.where(kept[:, KEPT].any(1, keepdim=True), kept, keep)  # something must be left to attend to
        kinds = (own, near, title, words, text)
        counts = torch.tensor([kind.shape[1] for kind in kinds], device=rows.device)
        mask = keep.repeat_interleave(counts, dim=1)
        first = own.shape[1] + near.shape[1] + 1
        mask[:, first : first + PLACES] &= spelled >= 0
        return self.norm(torch.cat(kinds, dim=1)), mask
