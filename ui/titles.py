"""Titles that the box completes as one types, and what stands for a thing that the catalogue has twice."""

import numpy as np

from chatrec.catalogue.items import Catalogue


def once(catalogue: Catalogue, likes: np.ndarray) -> dict[int, list[int]]:
    """Each thing once: the row of its best known entry, the best known thing first, with the rows of all its entries.

    Args:
        catalogue: the items.
        likes: (items,) how many people liked each.
    """
    known = np.argsort(-np.asarray(likes), kind="stable").tolist()
    stands: dict[int, int] = {}
    for row in sorted(
        known, key=lambda row: catalogue[row].year is None
    ):  # an entry without a year joins one that has it
        year = catalogue[row].year
        same = [other for other in catalogue.twins(row) if other in stands and year in (None, catalogue[other].year)]
        stands[row] = stands[same[0]] if same else row
    entries: dict[int, list[int]] = {row: [] for row in known if stands[row] == row}
    for row, head in stands.items():
        entries[head].append(row)
    return entries


def completions(catalogue: Catalogue, likes: np.ndarray) -> list[list[object]]:
    """``[title, year or None]`` of everything, the best known first.

    Args:
        catalogue: the items.
        likes: (items,) how many people liked each.
    """
    return [[catalogue[row].title, catalogue[row].year] for row in once(catalogue, likes)]
