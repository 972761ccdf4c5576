"""What is known of the benchmark's items beside its own events: from their names alone, or from other sources as well.

CoLLM's files name the films and say no more. Published systems bring what their language model has read of them; here it is
what this project can bring without a network: item texts and other people's ratings of MovieLens 100K (943 accounts of 1997
and 1998; MovieLens-1M holds people who joined in 2000), and from Wikidata genres and what critics thought, as of 2026.
"""

from collections.abc import Callable, Sequence

import numpy as np

from chatrec.catalogue.interactions import LIKED
from chatrec.catalogue.items import Catalogue, Item
from chatrec.catalogue.joins import same
from chatrec.catalogue.movielens import Source
from chatrec.catalogue.wikidata import Films
from chatrec.errors import AssetError
from chatrec.evaluation.rating.models import Content, Events
from chatrec.sources import ML_100K, read_source, wikidata_films

Encode = Callable[[list[str]], np.ndarray]


def content_of(catalogue: Catalogue, encode: Encode) -> Content:
    """What a table of items says of itself."""
    items = catalogue.items
    return Content(encode([_summary(item) for item in items]), _years(items), _categories([[item] for item in items]))


def with_others(
    catalogue: Catalogue, encode: Encode, report: Callable[[str], None] = lambda _: None
) -> tuple[Content, list[str]]:
    """The same with what MovieLens 100K and Wikidata know, and the names of those that could be had.

    Both are fetched on first use; a machine that cannot reach Wikidata's films goes on without them, and is told so.

    Raises:
        AssetError: if MovieLens 100K cannot be had.
    """
    rated, films, names = read_source(ML_100K), None, ["MovieLens 100K"]
    try:
        films = wikidata_films()
        names.append("Wikidata")
    except AssetError as error:
        report(f"going on without Wikidata's films: {error}")
    return joined(catalogue, encode, rated, films), names


def joined(catalogue: Catalogue, encode: Encode, rated: Source, films: Films | None = None) -> Content:
    """What a table of items says, what their like says in other sources, and who liked them there.

    Args:
        catalogue: the items.
        encode: texts to (texts, width) unit vectors.
        rated: another source's items, with texts, and its ratings.
        films: of Wikidata, where they are at hand.
    """
    counts = rated.interactions["item_id"].value_counts().to_dict()
    twins = [same(item, rated.catalogue, counts) for item in catalogue]
    versions = [[item] for item in catalogue]
    for records, twin in zip(versions, twins, strict=True):
        records.extend([rated.catalogue.by_id(twin)] if twin else [])
    reception = np.zeros((len(catalogue), 0))
    if films is not None:
        rows = films.rows_of(catalogue)
        reception = films.received(rows)
        for records, row in zip(versions, rows, strict=True):
            records.extend([films.catalogue[row]] if row >= 0 else [])
    return Content(
        encode([_summary(records[min(1, len(records) - 1)]) for records in versions]),  # another source's says more
        _years(catalogue.items),
        _categories(versions),
        reception,
        _events(rated, {twin: row for row, twin in enumerate(twins) if twin}),
    )


def _events(rated: Source, rows: dict[str, int]) -> Events:
    """A source's ratings of known items, ``rows`` by the source's ids. Its people get numbers from -1 downwards."""
    ratings = rated.interactions[rated.interactions["item_id"].isin(list(rows))]
    people = np.unique(ratings["user_id"].to_numpy(str), return_inverse=True)[1]
    return Events(
        -1 - people.astype(np.int64),
        ratings["item_id"].map(rows).to_numpy(np.int64),
        (ratings["rating"] >= LIKED).to_numpy(np.float64),
        ratings["timestamp"].to_numpy(np.float64),
    )


def _years(items: Sequence[Item]) -> np.ndarray:
    return np.array([item.year or 0 for item in items], dtype=float)


def _categories(versions: list[list[Item]]) -> np.ndarray:
    """Zeros and ones, (items, kinds): the categories that any of an item's records names."""
    kinds = sorted({kind for records in versions for item in records for kind in item.categories})
    has = [[any(kind in item.categories for item in records) for kind in kinds] for records in versions]
    return np.array(has, dtype=float).reshape(len(versions), len(kinds))


def _summary(item: Item) -> str:
    parts = (item.name, ", ".join(item.categories), ", ".join((*item.themes, *item.keywords)))
    return ". ".join(part for part in parts if part)
