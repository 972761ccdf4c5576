"""Next items that the frozen LLM says as titles: beam search over the names of what a person does not know yet.

The other models score all items at once; this one speaks, token by token, and is slow, so that it is measured on some people
alone. What it is told is what the adapter learned from: a history as taste tokens (sequential), a person as the one vector
their events fold into (straightforward: P5's direct recommendation, with this vector for the user's id). An event is an event
there too, so that every item of a history counts as liked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.tasks import Place, Prompt
from chatrec.ilm.telling import PAST, TELLINGS
from chatrec.ilm.titles import Trie, say_titles

SAID = "ilm, titles said"
COUNT = 10
"""Titles that are said."""


@dataclass(frozen=True)
class TitleSayer:
    """Says titles for some of the people.

    Attributes:
        model: the ILM.
        fold_in: from rows to a person's vector (factors,).
        people: for how many, drawn at random.
        seed: of the drawing.
    """

    model: ItemLanguageModel
    fold_in: Callable[[Sequence[int]], np.ndarray]
    people: int
    seed: int = 0

    @cached_property
    def _trie(self) -> Trie:
        return Trie.of((item.name for item in self.model.catalogue), self.model.llm)

    def drawn(self, count: int) -> np.ndarray:
        """The chosen ones of ``count`` people."""
        chosen: np.ndarray = np.sort(np.random.default_rng(self.seed).permutation(count)[: self.people])
        return chosen

    def ranks(
        self, protocol: str, histories: Iterable[Sequence[int]], known: Iterable[Sequence[int]], targets: Iterable[int]
    ) -> np.ndarray:
        """Place of each person's target among the titles said for them, (people,); beyond all items where it was not said.

        Args:
            protocol: what is told, ``sequential`` or ``straightforward``.
            histories: rows, oldest first.
            known: rows that are not said.
            targets: the row each chose.
        """
        places = []
        for rows, seen, target in zip(histories, known, targets, strict=True):
            said = [
                row
                for row, _ in say_titles(
                    self.model, self._prompt(protocol, rows), self._trie.without(frozenset(seen)), COUNT
                )
            ]
            places.append(said.index(target) if target in said else len(self.model.catalogue))
        return np.array(places, dtype=float)

    def _prompt(self, protocol: str, rows: Sequence[int]) -> Prompt:
        if protocol == "sequential":
            watched = (Place(row, taste=True) for row in rows[-PAST:])
            return ("Watched:", *watched, TELLINGS["sequential"].asks[0])
        person = self.model.features.person(self.fold_in(rows))
        return ("Person:", person, TELLINGS["direct"].asks[0])
