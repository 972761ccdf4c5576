"""An item's name and categories in the frozen LLM's own tokens: what the bridge offers of it, and what its soft tokens are
drawn to.

Every part has fixed places: the title first, then the year, then the categories, so that a query can find each at the
same place in every item.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import torch
from torch import Tensor

from chatrec.catalogue.items import Item
from chatrec.ilm.llm import FrozenLLM

TITLE_PLACES, YEAR_PLACES, CATEGORY_PLACES = 16, 4, 4
"""Tokens of a title that are offered (999 of 1,000 titles of MovieLens 100K have no more), tokens of a year, categories."""
PLACES = TITLE_PLACES + YEAR_PLACES + CATEGORY_PLACES
YEAR_END, CATEGORIES = 3, 3
"""Soft tokens that are drawn to the end of the year (by it 1904 and 2004 differ), and to the first categories."""
YEARS = range(1900, 2040)
"""Years whose tokens are always in the table, so that names can be made up."""

Word = tuple[int, ...]
"""One or more tokens that are read as one: their embeddings' mean."""
Spelled = tuple[list[Word], list[Word], list[Word]]
"""The words of title, year and categories."""


@dataclass(frozen=True)
class Spelling:
    """Names as rows of one small table.

    Attributes:
        keys: (items, :data:`PLACES`) rows of ``table``, -1 where a place is empty.
        targets: (items, queries) rows of ``table`` that the soft tokens are drawn to, -1 where a token is free: the
            taste query, then title, year and categories.
        table: (words, width) float32, the LLM's embeddings of all words that occur.
        rows: where in the table a word is.
    """

    keys: Tensor
    targets: Tensor
    table: Tensor
    rows: dict[Word, int]

    @classmethod
    def of(cls, items: Iterable[Item], llm: FrozenLLM, queries: int) -> Self:
        """Spell items for a Q-Former of ``queries`` queries; titles that are too long are cut."""
        spelled = [_words(item, llm) for item in items]
        words = {word for parts in spelled for part in parts for word in part}
        words |= {(token,) for _, _, kinds in spelled for word in kinds for token in word[:1]}
        words |= {(token,) for year in YEARS for token in llm.tokens(str(year))}
        rows = {word: place for place, word in enumerate(sorted(words))}
        table = torch.stack([llm.embeddings[list(word)].float().mean(0) for word in rows])
        both = [_places(parts, rows, queries) for parts in spelled]
        return cls(
            llm.tensor([keys for keys, _ in both]).view(-1, PLACES),
            llm.tensor([targets for _, targets in both]).view(-1, queries),
            table,
            rows,
        )

    def spell(self, item: Item, llm: FrozenLLM) -> tuple[Tensor, Tensor]:
        """Keys (:data:`PLACES`,) and targets (queries,) of a further item; a word that the table lacks leaves its place empty."""
        keys, targets = _places(_words(item, llm), self.rows, self.targets.shape[1])
        return llm.tensor(keys), llm.tensor(targets)

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        moved: dict[str, Any] = {name: part.to(device) for name, part in vars(self).items() if name != "rows"}
        return replace(self, **moved)

    def with_names(self, names: Sequence[tuple[Tensor, Tensor] | None]) -> Self:
        """The same with a row behind it for each of some names, None being none."""
        added = []
        for number, part in enumerate((self.keys, self.targets)):
            empty = part.new_full((part.shape[1],), -1)
            added.append(torch.stack([empty if name is None else name[number] for name in names]))
        return replace(self, keys=torch.cat([self.keys, added[0]]), targets=torch.cat([self.targets, added[1]]))


def _words(item: Item, llm: FrozenLLM) -> Spelled:
    return (
        [(token,) for token in llm.tokens(f" {item.title}")],
        [(token,) for token in llm.tokens(str(item.year))] if item.year else [],
        [tuple(llm.tokens(f" {name}")) for name in item.categories],
    )


def _places(spelled: Spelled, rows: dict[Word, int], queries: int) -> tuple[list[int], list[int]]:
    title, year, kinds = ([rows.get(word, -1) for word in part] for part in spelled)
    firsts = [rows.get(word[:1], -1) for word in spelled[2]]

    def fill(part: list[int], count: int) -> list[int]:
        return [*part[:count], *[-1] * (count - len(part))]

    room = max(queries - 1 - YEAR_END - CATEGORIES, 0)
    keys = [*fill(title, TITLE_PLACES), *fill(year, YEAR_PLACES), *fill(kinds, CATEGORY_PLACES)]
    targets = [-1, *fill(title, room), *fill(year[-YEAR_END:], YEAR_END), *fill(firsts, CATEGORIES)]
    return keys, targets[:queries]
