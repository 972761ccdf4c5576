"""What the Q-Former attends to: several key tokens an item.

With a single collaborative vector as the only key, the softmax of cross-attention is always 1 and the queries cannot
choose anything. So an item offers its own vector in several projections, its neighbours' vectors, its title and text
as the encoder reads them, and the words of its name as the frozen LLM spells them (:mod:`chatrec.ilm.spelling`). In
training whole kinds of key are dropped at random, so that an item with a text and no ratings (or the reverse) still
works.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from chatrec.ilm.spelling import PLACES, Spelling

KINDS = ("cf", "neighbours", "title", "words", "text")
KEPT = [0, 1, 2, 4]
"""Kinds of which one at least is always kept; a name alone may have no words that the LLM knows."""


@dataclass(frozen=True)
class ItemFeatures:
    """The raw material of all items, row by row.

    Attributes:
        cf: (items, factors) collaborative vectors, scaled to unit variance over the catalogue.
        neighbours: (items, n) rows of the nearest items in the collaborative space.
        title, text: (items, width) vectors of the title and of all that is known, at unit variance.
        spelling: the names in the LLM's tokens.
        table: (words, LLM width) the LLM's embeddings of those tokens, at unit variance.
        rated: (items,) whether the item has a collaborative vector at all.
    """

    cf: Tensor
    neighbours: Tensor
    title: Tensor
    text: Tensor
    spelling: Spelling
    table: Tensor
    rated: Tensor

    def __len__(self) -> int:
        return len(self.cf)

    @classmethod
    def from_arrays(
        cls, cf: np.ndarray, neighbours: np.ndarray, title: np.ndarray, text: np.ndarray, spelling: Spelling
    ) -> "ItemFeatures":
        """Scale and wrap; text vectors are unit vectors, so times the root of their width they have unit variance."""
        rated = np.linalg.norm(cf, axis=1) > 1e-9
        scale = cf[rated].std() if rated.any() else 1.0
        return cls(
            cf=torch.from_numpy(cf / max(float(scale), 1e-6)).float(),
            neighbours=torch.from_numpy(np.ascontiguousarray(neighbours)).long(),
            title=torch.from_numpy(title * np.sqrt(title.shape[1])).float(),
            text=torch.from_numpy(text * np.sqrt(text.shape[1])).float(),
            spelling=spelling,
            table=spelling.table / spelling.table.pow(2).mean().sqrt().clamp(min=1e-6),
            rated=torch.from_numpy(rated),
        )


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
        keep = torch.ones(batch, len(KINDS), dtype=torch.bool)
        keep[:, :2] = features.rated[rows][:, None]
        if self.training and self.drop:
            kept = keep & (torch.rand(batch, len(KINDS)) >= self.drop)
            keep = torch.where(kept[:, KEPT].any(1, keepdim=True), kept, keep)  # something must be left to attend to
        kinds = (own, near, title, words, text)
        mask = keep.repeat_interleave(torch.tensor([kind.shape[1] for kind in kinds]), dim=1)
        first = own.shape[1] + near.shape[1] + 1
        mask[:, first : first + PLACES] &= spelled >= 0
        return self.norm(torch.cat(kinds, dim=1)), mask
