"""Names of items that do not exist, by which the bridge learns to hand on what it is given.

A catalogue of one century, read many times over, can be learned by heart: what an item's categories and century are is
then remembered and not read, and an item that is added later is read wrong. A made-up name has a title put together from
two, any year and any categories; there is nothing to remember it by.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from chatrec.catalogue.items import Catalogue, Item
from chatrec.ilm.bridge import ItemFeatures, Special
from chatrec.ilm.llm import FrozenLLM
from chatrec.ilm.spelling import CATEGORY_PLACES, YEARS
from chatrec.ilm.tasks import Record, describe_prompt, describe_target

INVENTED = 2000
"""Names that one training run makes up."""


@dataclass(frozen=True)
class Invented:
    """A made-up item, and how it stands in a prompt."""

    item: Item
    special: Special

    @property
    def record(self) -> Record:
        """Title, year and categories from soft tokens alone, as of any item."""
        return Record("describe", describe_prompt(self.special), describe_target(self.item))


def invent(
    catalogue: Catalogue, features: ItemFeatures, llm: FrozenLLM, random: np.random.Generator, count: int = INVENTED
) -> list[Invented]:
    """Make up ``count`` names from the titles and the categories of a catalogue.

    An item has a year, or categories, as often as those of the catalogue have.
    """
    titles = [item.title.split() for item in catalogue]
    kinds = sorted({kind for item in catalogue for kind in item.categories})
    dated = sum(item.year is not None for item in catalogue) / max(len(catalogue), 1)
    near = torch.zeros_like(features.neighbours[0])
    made = []
    for number in range(count):
        item = Item(
            item_id=f"invented-{number}",
            title=_title(titles, random),
            year=int(random.choice(YEARS)) if random.random() < dated else None,
            categories=_some(kinds, len(catalogue[int(random.integers(len(catalogue)))].categories), random),
        )
        name = features.spelling.spell(item, llm)
        made.append(Invented(item, Special(torch.zeros_like(features.cf[0]), near, name=name)))
    return made


def _title(titles: Sequence[Sequence[str]], random: np.random.Generator) -> str:
    """The beginning of one title and the end of another."""
    one, two = (titles[int(number)] for number in random.integers(len(titles), size=2))
    return " ".join([*one[: int(random.integers(1, len(one) + 1))], *two[int(random.integers(len(two))) :]])


def _some(kinds: Sequence[str], count: int, random: np.random.Generator) -> tuple[str, ...]:
    count = min(count, CATEGORY_PLACES, len(kinds))
    return tuple(str(kind) for kind in random.choice(kinds, size=count, replace=False)) if count else ()
