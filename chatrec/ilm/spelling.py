"""An item's name in the frozen LLM's own tokens: what the bridge offers of it, and what its soft tokens are drawn to.

The name has fixed places: the title first, then the end of the year, so that a query can find the one or the other at
the same place in every item. The century is left to the LLM.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor

from chatrec.catalogue.items import Item
from chatrec.ilm.llm import FrozenLLM

TITLE_PLACES = 16
"""Tokens of a title that are offered; 999 of 1,000 titles of MovieLens 100K have no more."""
YEAR_PLACES = 2
PLACES = TITLE_PLACES + YEAR_PLACES
CATEGORIES = 3
"""Categories that have a soft token of their own."""


@dataclass(frozen=True)
class Spelling:
    """Names as rows of one small table.

    Attributes:
        keys: (items, :data:`PLACES`) rows of ``table``, -1 where a place is empty.
        targets: (items, queries) rows of ``table`` that the soft tokens are drawn to, -1 where a token is free: the
            taste query, then title, year and categories.
        table: (words, width) float32, the LLM's embeddings of all tokens that occur.
    """

    keys: Tensor
    targets: Tensor
    table: Tensor

    @classmethod
    def of(cls, items: Iterable[Item], llm: FrozenLLM, queries: int) -> Self:
        """Spell items for a Q-Former of ``queries`` queries; titles that are too long are cut."""
        spelled = [(_title(item, llm), _year(item, llm), _categories(item, llm)) for item in items]
        tokens = sorted({token for parts in spelled for part in parts for token in part})
        number = {token: place for place, token in enumerate(tokens)}
        room = max(queries - 1 - YEAR_PLACES - CATEGORIES, 0)

        def places(part: list[int], count: int) -> list[int]:
            return [*(number[token] for token in part[:count]), *[-1] * (count - len(part))]

        keys = [[*places(title, TITLE_PLACES), *places(year, YEAR_PLACES)] for title, year, _ in spelled]
        targets = [
            [-1, *places(title, room), *places(year, YEAR_PLACES), *places(kinds, CATEGORIES)][:queries]
            for title, year, kinds in spelled
        ]
        return cls(
            llm.tensor(keys).view(-1, PLACES),
            llm.tensor(targets).view(-1, queries),
            llm.embeddings[llm.tensor(tokens).long()].float(),
        )

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        return replace(self, **{name: part.to(device) for name, part in vars(self).items()})

    def with_nameless(self, count: int) -> Self:
        """The same with ``count`` rows of no name behind it."""
        empty = [part.new_full((count, part.shape[1]), -1) for part in (self.keys, self.targets)]
        return replace(self, keys=torch.cat([self.keys, empty[0]]), targets=torch.cat([self.targets, empty[1]]))


def _title(item: Item, llm: FrozenLLM) -> list[int]:
    return llm.tokens(f" {item.title}")


def _year(item: Item, llm: FrozenLLM) -> list[int]:
    return llm.tokens(str(item.year))[-YEAR_PLACES:] if item.year else []


def _categories(item: Item, llm: FrozenLLM) -> list[int]:
    return [llm.tokens(f" {name}")[0] for name in item.categories[:CATEGORIES]]
