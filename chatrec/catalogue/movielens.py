"""MovieLens 100K from the atomic files that RecBole's package carries, and MovieLens tables as GroupLens publishes them."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from chatrec.catalogue.interactions import interactions_frame
from chatrec.catalogue.items import Catalogue, Item, split_title
from chatrec.errors import BadInput


@dataclass(frozen=True)
class Source:
    """A catalogue with its interactions, and what was done to the raw data on the way (``notes``, for people)."""

    catalogue: Catalogue
    interactions: pd.DataFrame
    notes: dict[str, object] = field(default_factory=dict)


def movielens_100k(folder: Path) -> Source:
    """Read ``ml-100k.item`` and ``ml-100k.inter``.

    Of the 1,682 raw items, 18 occur twice under one title and year: the lower id stays and takes the ratings of both
    (where a person rated both, the later rating stands). Titles that recur with another year are remakes and stay
    apart. Item 267 is the publisher's placeholder "unknown", without title, year or genre: it is left out.
    """
    raw = _tab(folder / "ml-100k.item")
    ratings = _tab(folder / "ml-100k.inter").rename(columns={"rating": "rating", "timestamp": "timestamp"})
    items: dict[str, Item] = {}
    canonical: dict[str, str] = {}
    first: dict[tuple[str, int | None], str] = {}
    for row in raw.sort_values("item_id", key=lambda ids: ids.astype(int)).itertuples(index=False):
        if row.movie_title == "unkonwn":  # sic, in the atomic files
            continue
        title, year, aliases = split_title(str(row.movie_title))
        year = int(row.release_year) if str(row.release_year).isdigit() else year
        key = (title, year)
        canonical[row.item_id] = first.setdefault(key, row.item_id)
        if canonical[row.item_id] == row.item_id:
            genres = tuple(_GENRES.get(g, g) for g in str(row.genres).split() if g != "unknown")
            items[row.item_id] = Item(item_id=row.item_id, title=title, year=year, aliases=aliases, categories=genres)
    kept = ratings[ratings["item_id"].isin(canonical)].copy()
    kept["item_id"] = kept["item_id"].map(canonical)
    interactions = interactions_frame(kept.astype({"rating": float, "timestamp": float}))
    notes = {
        "raw_items": len(raw),
        "raw_interactions": len(ratings),
        "merged_items": len(canonical) - len(items),
        "left_out": "item 267 is a placeholder without a title",
    }
    return Source(Catalogue(items.values(), name="MovieLens 100K"), interactions, notes)


def movielens_csv(folder: Path) -> Source:
    """Read ``movies.csv`` and ``ratings.csv`` as in MovieLens latest-small, 25M or 32M."""
    for name in ("movies.csv", "ratings.csv"):
        if not (folder / name).is_file():
            raise BadInput(f"{folder} has no {name}; give the folder of an unpacked MovieLens archive")
    movies = _csv(folder / "movies.csv", {"movieId": "str", "title": "str", "genres": "str"})
    kinds = {"userId": "str", "movieId": "str", "rating": "float32", "timestamp": "int64"}
    ratings = _csv(folder / "ratings.csv", kinds)
    items: dict[str, Item] = {}
    canonical: dict[str, str] = {}
    first: dict[tuple[str, int | None], str] = {}
    for row in movies.itertuples(index=False):
        title, year, aliases = split_title(row.title)
        canonical[row.movieId] = first.setdefault((title, year), row.movieId)
        if canonical[row.movieId] == row.movieId:
            genres = tuple(_GENRES.get(g, g) for g in row.genres.split("|") if g and not g.startswith("("))
            items[row.movieId] = Item(item_id=row.movieId, title=title, year=year, aliases=aliases, categories=genres)
    ratings = ratings.rename(columns={"userId": "user_id", "movieId": "item_id"})
    ratings = ratings[ratings["item_id"].isin(canonical)]
    ratings["item_id"] = ratings["item_id"].map(canonical)
    notes: dict[str, object] = {"raw_items": len(movies), "merged_items": len(canonical) - len(items)}
    return Source(Catalogue(items.values(), name=f"MovieLens ({folder.name})"), interactions_frame(ratings), notes)


_GENRES = {"Children's": "Children", "Film-Noir": "Film Noir"}
"""Genres as people write them."""


def _csv(path: Path, kinds: dict[str, str]) -> pd.DataFrame:
    """Read the columns of ``kinds``; ``BadInput`` for a table that lacks one or holds something else in it."""
    try:
        return pd.read_csv(path, usecols=list(kinds), dtype=kinds, keep_default_na=False)  # type: ignore[arg-type]
    except (ValueError, OSError) as error:
        raise BadInput(f"{path} cannot be read: {str(error).splitlines()[0]}") from error


def _tab(path: Path) -> pd.DataFrame:
    """Read an atomic file: tab-separated, ``name:type`` in the header; ``class`` is what it calls the genres."""
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=3)
    return table.rename(columns=lambda name: name.split(":")[0]).rename(columns={"class": "genres"})
