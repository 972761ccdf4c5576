"""Items added after training: known by name and text alone, with no ratings and no neighbours, and never seen by the adapter."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from chatrec.catalogue.items import Catalogue, Item
from chatrec.errors import BadInput
from chatrec.evaluation.ilm.names import shares
from chatrec.ilm.bridge import KINDS, ItemFeatures
from chatrec.ilm.generation import read_items
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.spelling import Spelling
from chatrec.workspace import Workspace


def with_items(model: ItemLanguageModel, items: Sequence[Item], space: Workspace) -> ItemLanguageModel:
    """The model with ``items`` behind those of its catalogue, as a workspace with both would have them; weights are shared."""
    catalogue = Catalogue([*model.catalogue, *items], model.catalogue.words, model.catalogue.name)
    texts = space.encoder.encode([item.name for item in items] + [item.text() for item in items])
    rows = np.arange(len(model.catalogue), len(catalogue))
    own = np.repeat(rows[:, None], space.neighbours.shape[1], axis=1)
    features = ItemFeatures.from_arrays(
        np.pad(space.collab.item_vectors, ((0, len(items)), (0, 0))),
        np.concatenate([space.neighbours, own]),
        np.concatenate([space.vectors["title"], texts[: len(items)]]),
        np.concatenate([space.vectors["text"], texts[len(items) :]]),
        Spelling.of(catalogue, model.llm, model.adapter.config.queries),
    )
    extended = copy.copy(model)
    extended.catalogue, extended.features = catalogue, features
    extended.table = _with_soft_tokens(model, features)
    return extended


def _with_soft_tokens(model: ItemLanguageModel, features: ItemFeatures) -> torch.Tensor:
    """The model's table, and soft tokens of what ``features`` have behind it."""
    new = torch.arange(len(model.catalogue), len(features), device=model.table.device)
    with torch.no_grad():
        return torch.cat([model.table, model.adapter(new, features).to(model.table.dtype)])


def read_added(space: Workspace, items: Sequence[Item]) -> dict[str, Any]:
    """Title, year and categories of new items from their soft tokens alone.

    Args:
        space: with an adapter.
        items: those that the catalogue has already are left out.

    Returns:
        ``items``, and ``title``, ``year`` and ``categories_f1`` over all of them; the same under ``within`` and
        ``after`` for items of years that the catalogue has and for newer ones; under ``no words of the name`` once more
        over all, read without these keys: from the vectors of title and text; ``wrong``: the first that were misread.

    Raises:
        BadInput: where the catalogue has them all.
    """
    model = space.model
    new = [item for item in items if model.catalogue.find(item.title, item.year) is None]
    if not new:
        raise BadInput(f"all {len(items)} items are in the catalogue already; there is nothing to add")
    extended = with_items(model, new, space)
    rows = list(range(len(model.catalogue), len(extended.catalogue)))
    said = read_items(extended, rows)
    newest = max((item.year or 0 for item in model.catalogue), default=0)
    late = [(item.year or 0) > newest for item in new]
    result: dict[str, Any] = {**shares(said, new)}
    for name, kind in (("within", False), ("after", True)):
        chosen = [place for place in range(len(new)) if late[place] == kind]
        if chosen:
            result[name] = shares([said[place] for place in chosen], [new[place] for place in chosen])
    known = extended.features.known.clone()
    known[rows, KINDS.index("words")] = False
    extended.table = _with_soft_tokens(model, replace(extended.features, known=known))
    result["no words of the name"] = shares(read_items(extended, rows), new)
    for block in result.values():
        if isinstance(block, dict):
            block.pop("wrong")
    return result
