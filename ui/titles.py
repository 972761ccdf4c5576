"""Titles that the box completes as one types."""

import numpy as np

from chatrec.catalogue.items import Catalogue


def completions(catalogue: Catalogue, likes: np.ndarray) -> list[list[object]]:
    """``[title, year or None]`` of every item, the best known first.

    Args:
        catalogue: the items.
        likes: (items,) how many people liked each.
    """
    order = np.argsort(-np.asarray(likes), kind="stable")
    return [[catalogue[int(row)].title, catalogue[int(row)].year] for row in order]
