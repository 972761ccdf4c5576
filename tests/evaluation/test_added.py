"""Items added after training: read as a workspace with them would read them, and truly new."""

import json

import pytest
import torch

from chatrec.catalogue.items import Item
from chatrec.catalogue.tables import own_tables
from chatrec.errors import BadInput
from chatrec.evaluation.ilm.added import read_added, with_items
from chatrec.evaluation.ranking.cold_start import without_ratings
from chatrec.sources import NEW_FILMS, TEXTS
from chatrec.workspace import Workspace

NEW = Item(item_id="n1", title="Up", year=2009, categories=("Animation",), description="A house with balloons.")


@pytest.fixture(scope="module")
def space(trained_workspace):
    return Workspace(trained_workspace)


def test_a_known_item_added_once_more_has_the_soft_tokens_it_would_have_without_ratings(space):
    model, row = space.model, 3
    again = model.catalogue[row].model_copy(update={"item_id": "again"})
    extended = with_items(model, [again], space)
    unrated = without_ratings(model.features, torch.tensor([row]).numpy())
    with torch.no_grad():
        alone = model.adapter(torch.tensor([row]), unrated)[0]
    assert torch.allclose(extended.table[-1].float(), alone, atol=0.02)
    assert torch.equal(extended.table[:-1], model.table) and len(extended.catalogue) == len(model.catalogue) + 1


def test_only_what_the_catalogue_lacks_is_read_and_the_model_stays_as_it_is(space):
    before = len(space.model.catalogue), len(space.model.features)
    found = read_added(space, [NEW, space.catalogue[0]])
    assert found["items"] == found["after"]["items"] == found["no words of the name"]["items"] == 1
    assert "within" not in found
    assert (len(space.model.catalogue), len(space.model.features)) == before
    with pytest.raises(BadInput, match="already"):
        read_added(space, [space.catalogue[0]])


def test_the_films_that_ship_are_new_and_of_known_genres():
    films = own_tables(NEW_FILMS).catalogue
    records = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    titles = {(record["title"], record["year"]) for record in records}
    assert len(films) == 45 and not titles & {(film.title, film.year) for film in films}
    newest = max(year for _, year in titles if year)
    assert sum(film.year > newest for film in films) == 31
    assert all(film.description and film.people["director"] and film.categories for film in films)
