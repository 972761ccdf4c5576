"""What scorers share: likes from interactions, the check of rows, one file of tensors and options."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file
from scipy.sparse import csr_matrix

from chatrec.catalogue.interactions import LIKED, sequences
from chatrec.catalogue.items import Catalogue
from chatrec.collab.scorer import History
from chatrec.errors import BadInput, WorkspaceError


def liked_rows(catalogue: Catalogue, interactions: pd.DataFrame) -> list[list[int]]:
    """Each user's liked rows, oldest first; users who like nothing are left out."""
    everyone = sequences(interactions, catalogue.row).values()
    liked = ([row for row, rating in events if rating >= LIKED] for events in everyone)
    return [rows for rows in liked if rows]


def indicator(histories: list[list[int]], items: int) -> csr_matrix:
    """Who likes what, (histories, items), ones and zeros, float32."""
    users = np.repeat(np.arange(len(histories)), [len(history) for history in histories])
    rows = [row for history in histories for row in history]
    return csr_matrix((np.ones(len(rows), dtype=np.float32), (users, rows)), shape=(len(histories), items))


def check_rows(history: History, items: int) -> None:
    """Raise ``BadInput`` for a row outside the catalogue."""
    outside = next((row for row in (*history.liked, *history.disliked) if not 0 <= row < items), None)
    if outside is not None:
        raise BadInput(f"no item has row {outside}; the catalogue has {items} items")


def save_state(path: Path, tensors: dict[str, np.ndarray], options: Mapping[str, float | None]) -> None:
    """Write tensors and a constructor's options to one safetensors file."""
    metadata = {name: "" if value is None else repr(value) for name, value in options.items()}
    save_file({name: np.ascontiguousarray(value) for name, value in tensors.items()}, path, metadata=metadata)


def load_state(path: Path, names: tuple[str, ...]) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read what :func:`save_state` wrote; ``WorkspaceError`` where it, or one of ``names`` in it, is missing or damaged."""
    try:
        with safe_open(path, framework="np") as opened:
            raw = opened.metadata() or {}
            tensors = {name: opened.get_tensor(name) for name in (*opened.keys(), *names)}
        return tensors, {name: float(value) if value else None for name, value in raw.items()}
    except (OSError, ValueError, SafetensorError) as error:
        raise WorkspaceError(f"{path} cannot be read ({error}); fit the scorer again") from error
