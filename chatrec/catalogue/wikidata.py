"""Films as Wikidata knows them: genres, people, and how critics received them.

Read from the ``movies.db`` that the package bokeh-sampledata carries (asset ``wikidata-films``, CC0-1.0): 17,472 films of
1940 to 2014 that have a score of Rotten Tomatoes. Its columns keep the names of an older table; all values are Wikidata's.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from chatrec.catalogue.items import Catalogue, Item
from chatrec.catalogue.joins import same
from chatrec.errors import BadInput

SCORES = {"rating": "t.Rating", "approval": "t.Meter", "metacritic": "o.Metacritic"}
"""Critics' mean mark (1 to 10), share of favourable reviews (per cent), Metacritic's mark (0 to 100)."""
COUNTS = {"reviews": "t.Reviews", "oscars": "o.Oscars", "gross": "t.BoxOffice"}
"""Reviews, Academy Awards, and dollars earned: read as their logarithms."""


@dataclass(frozen=True)
class Films:
    """Films and their reception.

    Attributes:
        catalogue: of the films, the most reviewed first.
        reception: (films, scores and counts) float64, nan where unknown.
        reviews: how many reviews each film has, by its id.
    """

    catalogue: Catalogue
    reception: np.ndarray
    reviews: dict[str, int]

    def rows_of(self, items: Catalogue) -> np.ndarray:
        """Of each of some items the row of the film that it is, (items,) int64; -1 for none."""
        found = (same(item, self.catalogue, self.reviews) for item in items)
        return np.array([-1 if film is None else self.catalogue.row[film] for film in found], dtype=np.int64)

    def received(self, rows: np.ndarray) -> np.ndarray:
        """Reception of films by row, -1 being none, at unit deviation, with zeros where it is unknown, and what is known.

        Returns:
            (rows, 2 * (scores and counts)) float64.
        """
        known = np.isfinite(self.reception)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, self.reception, 0.0).sum(axis=0) / count
        apart = np.where(known, self.reception - mean, 0.0)
        scaled = apart / np.maximum(np.sqrt((apart**2).sum(axis=0) / count), 1e-9)
        both = np.vstack([np.hstack([scaled, known]), np.zeros(2 * known.shape[1])])  # the last row is for no film
        return both[rows]


def read_films(path: Path) -> Films:
    """Read the table of films.

    Raises:
        BadInput: if the file is no such table.
    """
    columns = ", ".join(f"{column} AS {name}" for name, column in {**SCORES, **COUNTS}.items())
    query = (
        f'SELECT o.imdbID AS id, o.Title AS title, o.Year AS year, o.Genre AS genres, o.Director AS director, o."Cast" AS actors, '
        f"{columns} FROM omdb o JOIN tomatoes t ON o.ID = t.ID WHERE t.Reviews > 0 AND o.Title <> '' ORDER BY t.Reviews DESC, o.ID"
    )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            table = pd.read_sql_query(query, database).drop_duplicates("id")
    except (sqlite3.Error, pd.errors.DatabaseError) as error:
        raise BadInput(f"{path} holds no films of Wikidata ({str(error).splitlines()[-1]})") from error
    counts = np.log1p(table[list(COUNTS)].to_numpy(np.float64))
    return Films(
        Catalogue([_film(row) for row in table.itertuples(index=False)], name="Wikidata"),
        np.hstack([table[list(SCORES)].to_numpy(np.float64), counts]),
        dict(zip(table["id"], table["reviews"].astype(int), strict=True)),
    )


def _film(row: "pd.core.frame._PandasNamedTuple") -> Item:  # type: ignore[name-defined]
    people = {"director": _names(row.director), "actor": _names(row.actors)}
    return Item(item_id=row.id, title=row.title, year=int(row.year), categories=_names(row.genres), people=people)


def _names(listed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))
