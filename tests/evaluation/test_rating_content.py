"""What is known of the benchmark's items beside its events: joined from other sources, nobody's number twice."""

import numpy as np
from small import small_source

from chatrec import assets
from chatrec.catalogue.items import Catalogue, Item
from chatrec.catalogue.wikidata import Films
from chatrec.errors import AssetError
from chatrec.evaluation.rating.content import content_of, joined, with_others

OWN = Catalogue([Item(item_id="x", title="Heat", year=1995), Item(item_id="y", title="Unheard Of", year=2001)])


def test_a_table_of_titles_says_titles_and_years():
    said = []
    made = content_of(OWN, lambda texts: said.extend(texts) or np.eye(2))
    assert said == ["Heat (1995)", "Unheard Of (2001)"]
    assert made.year.tolist() == [1995, 2001]
    assert made.categories.shape == (2, 0)
    assert len(made.others) == 0


def test_items_take_what_a_rated_film_says_and_its_ratings():
    said, source = [], small_source()
    made = joined(OWN, lambda texts: said.extend(texts) or np.eye(2), source)
    assert "bank robbery" in said[0]
    assert said[1] == "Unheard Of (2001)"
    assert made.categories.sum(axis=1).tolist() == [3, 0]
    twin = source.catalogue[source.catalogue.find("Heat (1995)")].item_id
    theirs = source.interactions[source.interactions["item_id"] == twin]
    assert len(made.others) == len(theirs) > 0
    assert (made.others.item == 0).all()
    assert made.others.label.sum() == (theirs["rating"] >= 4).sum()
    assert (made.others.user < 0).all()  # the numbers in the files are not
    assert len(np.unique(made.others.user)) == theirs["user_id"].nunique()


def test_what_critics_said_stands_beside():
    film = Item(item_id="tt1", title="Unheard Of", year=2000, categories=("Western",))
    films = Films(Catalogue([film]), np.array([[8.0, np.nan]]), {"tt1": 12})
    made = joined(OWN, lambda texts: np.eye(2), small_source(), films)
    assert made.reception.tolist() == [[0, 0, 0, 0], [0, 0, 1, 0]]
    assert made.categories.sum(axis=1).tolist() == [3, 1]


def test_without_the_films_of_wikidata_the_rest_goes_on_and_says_so(monkeypatch):
    whole, had = with_others(OWN, lambda texts: np.eye(2))
    assert had == ["MovieLens 100K", "Wikidata"]
    assert whole.reception.any()
    fetched = assets.asset_path

    def unreachable(name, **options):
        if name == "wikidata-films":
            raise AssetError("no network")
        return fetched(name, **options)

    monkeypatch.setattr(assets, "asset_path", unreachable)
    told = []
    part, had = with_others(OWN, lambda texts: np.eye(2), told.append)
    assert had == ["MovieLens 100K"]
    assert told == ["going on without Wikidata's films: no network"]
    assert part.reception.shape == (2, 0)
    assert len(part.others) == len(whole.others) > 0
