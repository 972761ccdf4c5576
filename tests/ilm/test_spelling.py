"""Names in the LLM's own tokens: what the bridge offers and what soft tokens are drawn to."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chatrec.catalogue.items import Item
from chatrec.ilm.alignment import spelling_accuracy
from chatrec.ilm.llm import load_llm
from chatrec.ilm.spelling import CATEGORIES, PLACES, TITLE_PLACES, YEAR_END, YEAR_PLACES, Spelling

QUERIES = 16


@pytest.fixture(scope="module")
def llm(tiny_llm_folder):
    return load_llm(str(tiny_llm_folder))


def words(llm, spelling, places) -> str:
    """The tokens at some places, decoded: looked up by their embedding, as the LLM would see them."""
    table = llm.embeddings.float()
    tokens = [int((table - spelling.table[place]).abs().sum(1).argmin()) for place in places if place >= 0]
    return llm.tokenizer.decode(tokens)


def test_title_year_and_categories_have_places_of_their_own(llm):
    item = Item(item_id="1", title="The Big Sleep", year=1946, categories=("Film Noir", "Mystery"))
    spelling = Spelling.of([item], llm, QUERIES)
    keys, targets = spelling.keys[0].tolist(), spelling.targets[0].tolist()
    assert words(llm, spelling, keys[:TITLE_PLACES]) == " The Big Sleep"
    assert words(llm, spelling, keys[TITLE_PLACES : TITLE_PLACES + YEAR_PLACES]) == "1946"
    assert [place >= 0 for place in keys[TITLE_PLACES + YEAR_PLACES :]] == [True, True, False, False], "two categories"
    assert targets[0] == -1, "the taste query is free"
    assert words(llm, spelling, targets[1 : -YEAR_END - CATEGORIES]) == " The Big Sleep"
    assert words(llm, spelling, targets[-YEAR_END - CATEGORIES : -CATEGORIES]) == "946"
    assert [words(llm, spelling, [place]).strip()[:1] for place in targets[-CATEGORIES:-1]] == ["F", "M"]
    assert targets[-1] == -1, "no third category"


def test_an_item_without_year_or_categories_leaves_its_places_empty(llm):
    spelling = Spelling.of([Item(item_id="1", title="Quiet")], llm, QUERIES)
    assert set(spelling.keys[0, TITLE_PLACES:].tolist()) == {-1}
    assert set(spelling.targets[0, -YEAR_END - CATEGORIES :].tolist()) == {-1}


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=60), st.none() | st.integers(1, 3000)), max_size=4),
    st.integers(1, 20),
)
def test_any_title_fits(llm, named, queries):
    items = [Item(item_id=str(n), title=title.strip() or "x", year=year) for n, (title, year) in enumerate(named)]
    spelling = Spelling.of(items, llm, queries)
    assert spelling.keys.shape == (len(items), PLACES)
    assert spelling.targets.shape == (len(items), queries)
    assert int(torch.cat([spelling.keys.flatten(), spelling.targets.flatten(), torch.tensor([-1])]).max()) < len(
        spelling.table
    )
    for item, keys in zip(items, spelling.keys.tolist(), strict=True):
        assert words(llm, spelling, keys[:TITLE_PLACES]) == llm.tokenizer.decode(
            llm.tokens(f" {item.title}")[:TITLE_PLACES]
        )


def test_accuracy_counts_the_tokens_that_are_nearest_to_their_word(llm):
    spelling = Spelling.of([Item(item_id="1", title="Heat", year=1995, categories=("Crime",))], llm, QUERIES)
    right = spelling.table[spelling.targets.clamp(min=0)].clone()
    assert spelling_accuracy(right, spelling) == 1.0
    place = int((spelling.targets[0] >= 0).nonzero()[0])
    right[0, place] = -right[0, place]
    assert spelling_accuracy(right, spelling) == pytest.approx(1 - 1 / int((spelling.targets >= 0).sum()))
