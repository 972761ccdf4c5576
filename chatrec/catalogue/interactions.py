"""Interactions as a typed table, their splits, and the sequences that models learn from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

COLUMNS = {"user_id": "string", "item_id": "string", "rating": "float32", "timestamp": "int64"}
LIKED = 4.0
"""On a five-star scale, what a rating of at least this much means: liked."""


def interactions_frame(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``table`` with exactly the columns and types of :data:`COLUMNS`, oldest first, one row a user and item.

    Where a user rated an item more than once, the last rating stands.
    """
    frame = table.loc[:, list(COLUMNS)].astype(COLUMNS)
    frame = frame.sort_values(["timestamp", "user_id", "item_id"], kind="stable")
    return frame.drop_duplicates(["user_id", "item_id"], keep="last").reset_index(drop=True)


@dataclass(frozen=True)
class Split:
    """Leave-one-out by time: each user's last interaction is ``test``, the one before is ``valid``."""

    train: pd.DataFrame
    valid: pd.DataFrame
    test: pd.DataFrame


def leave_one_out(interactions: pd.DataFrame, minimum: int = 5) -> Split:
    """Split by time; users with fewer than ``minimum`` interactions stay in ``train`` whole."""
    ordered = interactions.sort_values(["user_id", "timestamp", "item_id"], kind="stable")
    from_end = ordered.groupby("user_id").cumcount(ascending=False)
    long_enough = ordered.groupby("user_id")["item_id"].transform("size") >= minimum
    test, valid = long_enough & (from_end == 0), long_enough & (from_end == 1)
    parts = (ordered[~(test | valid)], ordered[valid], ordered[test])
    return Split(*(part.reset_index(drop=True) for part in parts))


def held_out_rows(count: int, share: float = 0.06, seed: int = 11) -> np.ndarray:
    """Rows of the items whose texts are never a training target, so that language can be tested on them (sorted)."""
    chosen = np.random.default_rng(seed).permutation(count)[: round(count * share)]
    return np.sort(chosen)


def rating_matrix(interactions: pd.DataFrame, rows: dict[str, int], users: list[str]) -> csr_matrix:
    """Ratings as a sparse (users, items) matrix; interactions of unknown users or items are left out."""
    user_row = {user: number for number, user in enumerate(users)}
    known = interactions[interactions["item_id"].isin(rows) & interactions["user_id"].isin(user_row)]
    where = (known["user_id"].map(user_row).to_numpy(), known["item_id"].map(rows).to_numpy())
    return csr_matrix((known["rating"].to_numpy(), where), shape=(len(users), len(rows)), dtype=np.float32)


def sequences(interactions: pd.DataFrame, rows: dict[str, int]) -> dict[str, list[tuple[int, float]]]:
    """Each user's ``(item row, rating)`` pairs, oldest first."""
    ordered = interactions.sort_values(["timestamp", "item_id"], kind="stable")
    result: dict[str, list[tuple[int, float]]] = {}
    for user, item, rating in zip(ordered["user_id"], ordered["item_id"], ordered["rating"], strict=True):
        if item in rows:
            result.setdefault(user, []).append((rows[item], float(rating)))
    return result


def later(split: Split, rows: dict[str, int]) -> dict[str, list[tuple[int, float]]]:
    """Each user's validation and test events, oldest first: what no vector has seen."""
    return sequences(pd.concat([split.valid, split.test]), rows)
