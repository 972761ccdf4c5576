"""Films of Wikidata: read from the table that is fetched, joined by title and year."""

import sqlite3

import numpy as np
import pytest

from chatrec import assets
from chatrec.catalogue.items import Catalogue, Item
from chatrec.catalogue.wikidata import COUNTS, SCORES, read_films
from chatrec.errors import BadInput

MARKS = [*SCORES, *COUNTS]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "movies.db"
    with sqlite3.connect(path) as database:
        database.execute('CREATE TABLE omdb (ID, imdbID, Title, Year, Genre, Director, "Cast", Metacritic, Oscars)')
        database.execute("CREATE TABLE tomatoes (ID, Rating, Meter, Reviews, BoxOffice)")
        database.executemany(
            "INSERT INTO omdb VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (1, "tt1", "Heat", 1995, "Crime, Drama", "Michael Mann", "Al Pacino, Robert De Niro, Al Pacino", 76, 0),
                (2, "tt2", "Heat", 1995, "", "", "", None, 0),
                (3, "tt3", "Fargo", 1996, "Crime", "Joel Coen, Ethan Coen", "Frances McDormand", None, 2),
                (4, "tt4", "", 1990, "Drama", "", "", None, 0),
            ],
        )
        database.executemany(
            "INSERT INTO tomatoes VALUES (?, ?, ?, ?, ?)",
            [(1, 7.8, 83, 150, 187e6), (2, None, 40, 6, None), (3, 8.8, 94, 101, 60e6), (4, 5.0, 50, 9, None)],
        )
    return path


def test_films_have_genres_people_and_marks(table):
    films = read_films(table)
    heat = films.catalogue.by_id("tt1")
    assert (heat.name, heat.categories) == ("Heat (1995)", ("Crime", "Drama"))
    assert heat.people == {"director": ("Michael Mann",), "actor": ("Al Pacino", "Robert De Niro")}
    marks = dict(zip(MARKS, films.reception[films.catalogue.row["tt1"]], strict=True))
    assert marks["rating"] == 7.8
    assert marks["reviews"] == pytest.approx(np.log(151))
    assert np.isnan(films.reception[films.catalogue.row["tt3"], MARKS.index("metacritic")])
    assert "tt4" not in films.catalogue.row  # a film without a name can be joined to nothing


def test_of_two_of_one_name_and_year_the_more_reviewed_is_meant_and_some_are_none(table):
    films = read_films(table)
    own = Catalogue(
        [
            Item(item_id="a", title="Heat", year=1996),
            Item(item_id="b", title="Heat", year=1986),
            Item(item_id="c", title="Fargo", year=1996),
        ]
    )
    rows = films.rows_of(own)
    assert [films.catalogue[row].item_id if row >= 0 else None for row in rows] == ["tt1", None, "tt3"]
    found = films.received(rows)
    assert found.shape == (3, 2 * len(MARKS))
    assert np.isfinite(found).all()
    assert not found[1].any()
    assert found[2, 0] > found[0, 0]  # the better received
    assert found[2, len(MARKS) + MARKS.index("metacritic")] == 0  # unknown


def test_another_file_is_one_clear_line(tmp_path):
    (tmp_path / "movies.db").write_text("no database")
    with pytest.raises(BadInput, match="holds no films of Wikidata"):
        read_films(tmp_path / "movies.db")
    with pytest.raises(BadInput, match="holds no films of Wikidata"):
        read_films(tmp_path / "missing.db")
    assert not (tmp_path / "missing.db").exists()


def test_the_films_that_are_fetched():
    films = read_films(assets.asset_path("wikidata-films", quiet=True) / "movies.db")
    assert len(films.catalogue) > 17_000
    godfather = films.catalogue[films.catalogue.find("The Godfather (1972)")]
    assert "Francis Ford Coppola" in godfather.people["director"]
    assert np.nanmean(films.reception[:, 0]) == pytest.approx(6, abs=1)
