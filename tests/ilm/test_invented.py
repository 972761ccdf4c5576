"""Made-up names: what they are made of, what the bridge may see of them, and that nothing of them is remembered."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from chatrec.catalogue.items import Catalogue, Item
from chatrec.ilm.alignment import spelling_accuracy, vocabulary_alignment
from chatrec.ilm.bridge import KINDS
from chatrec.ilm.invented import invent
from chatrec.ilm.recipe import new_model
from chatrec.ilm.spelling import CATEGORY_PLACES, YEARS, Spelling
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def model(small_workspace, tiny_llm_folder):
    return new_model(Workspace(small_workspace), str(tiny_llm_folder), queries=12, prefix_tokens=0)


def draw(model, count=60, seed=0):
    return invent(model.catalogue, model.features, model.llm, np.random.default_rng(seed), count)


def test_names_are_put_together_from_the_catalogue_and_say_what_they_are(model):
    words = {word for item in model.catalogue for word in item.title.split()}
    kinds = {kind for item in model.catalogue for kind in item.categories}
    made = draw(model)
    for one in made:
        assert set(one.item.title.split()) <= words and set(one.item.categories) <= kinds
        assert one.item.year in YEARS
        assert one.record.target.startswith(f" {one.item.name}.") and one.special in one.record.prompt
    assert len({one.item.name for one in made}) > 50, "there is nothing to remember"
    assert {(one.item.year or 0) // 100 for one in made} == {19, 20}, "one century is no rule"


def test_a_name_is_all_that_the_bridge_sees_of_it(model):
    made = draw(model, 4)
    features = model.features.with_special([one.special for one in made])
    rows = torch.arange(4) + len(model.features)
    offered = {kind for kind, known in zip(KINDS, features.known[rows[0]].tolist(), strict=True) if known}
    assert offered == {"words"}
    for row, one in zip(rows.tolist(), made, strict=True):
        again = Spelling.of([*model.catalogue, one.item], model.llm, 12)
        mine, true = features.spelling, again
        for got, wanted in ((mine.keys[row], true.keys[-1]), (mine.targets[row], true.targets[-1])):
            assert (got >= 0).tolist() == (wanted >= 0).tolist()
            torch.testing.assert_close(mine.table[got[got >= 0]], true.table[wanted[wanted >= 0]])
    with torch.no_grad():
        keys, mask = model.adapter.train().bridge(rows, features)
    assert mask.any(1).all(), "a name is never dropped where there is nothing else"
    assert keys.isfinite().all()


def test_a_catalogue_without_years_or_categories_has_names_without_them(small_workspace, tiny_llm_folder):
    model = new_model(Workspace(small_workspace), str(tiny_llm_folder), queries=12, prefix_tokens=0)
    model.catalogue = Catalogue([Item(item_id=str(n), title=title) for n, title in enumerate(("Quiet", "A Long Way"))])
    for one in draw(model):
        assert one.item.year is None and one.item.categories == ()
        assert "Categories" not in one.record.target


@pytest.mark.slow
def test_categories_are_read_and_not_remembered(model):
    """What is learned from made-up names holds for an item's categories whatever they are."""
    torch.manual_seed(0)
    made = draw(model, 200)
    features = model.features.with_special([one.special for one in made])
    rows = torch.arange(len(made)) + len(model.features)
    learned, unseen = rows[:160], rows[160:]
    spelling = features.spelling
    last = replace(spelling, targets=torch.where(torch.arange(12) >= 12 - 3, spelling.targets, -1))

    def right() -> float:
        model.adapter.eval()
        with torch.no_grad():
            return spelling_accuracy(model.adapter(unseen, features), replace(last, targets=last.targets[unseen]))

    before = right()
    optimizer = torch.optim.AdamW(model.adapter.parameters(), lr=1e-3)
    for step in range(80):
        model.adapter.train()
        part = learned[torch.randint(len(learned), (24,), generator=torch.Generator().manual_seed(step))]
        loss = vocabulary_alignment(model.adapter(part, features), last.targets[part], last.table)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert right() > before + 0.5


def test_no_more_categories_than_there_are_places(model):
    assert max(len(one.item.categories) for one in draw(model, 300)) <= CATEGORY_PLACES
