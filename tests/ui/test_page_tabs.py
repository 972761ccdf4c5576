"""The map, the tab behind the words, and what a browser may send to them."""

import json
import shutil

import numpy as np
import pytest
from fakes import FILMS, USER, FakeRecommender
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.catalogue.items import Catalogue, Item
from chatrec.errors import BadInput
from chatrec.recommender import Recommender

pytest.importorskip("gradio")
from chatrec_ui import behind, desk, sent, taste_map, titles


@given(st.integers(0, 40), st.integers(0, 20))
@settings(max_examples=12, deadline=None)
def test_every_item_has_a_place_on_the_map_rated_or_not(rated, unrated):
    random = np.random.default_rng(rated)
    vectors = np.concatenate([random.normal(size=(rated, 6)), np.zeros((unrated, 6))]).astype(np.float32)
    text = random.normal(size=(rated + unrated, 5)).astype(np.float32)
    places = taste_map.project(vectors, text / np.linalg.norm(text, axis=1, keepdims=True))
    assert places.shape == (rated + unrated, 2) and (places >= 0).all() and (places <= 1).all()


def test_the_map_is_kept_and_puts_a_person_among_what_they_like(small_workspace, tmp_path, monkeypatch):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    recommender = Recommender.open(tmp_path / "workspace")
    drawn_map = taste_map.TasteMap(recommender)
    points = drawn_map.points()
    assert sorted(item[0] for item in points["items"]) == sorted([item.item_id] for item in recommender.catalogue)
    json.dumps(points)
    place = dict(zip((item[1] for item in points["items"]), drawn_map.layout("taste"), strict=True))
    assert place["Heat"] == pytest.approx(drawn_map.places[recommender.catalogue.row["2"]].tolist(), abs=1e-4)
    assert len(drawn_map.layout("taste")) == len(points["items"])
    monkeypatch.setattr(taste_map, "project", None)  # a second time it is read, not drawn
    again = taste_map.TasteMap(recommender)
    assert np.array_equal(again.places, drawn_map.places)
    row = recommender.catalogue.row
    noir = again.person(["2", "3", "7", "nope"], ["18"])
    assert noir and again.person([], ["18"]) is None
    dark, light = (
        np.mean([again.places[row[i]] for i in ids], axis=0) for ids in (("2", "3", "4", "7"), ("15", "16", "18", "24"))
    )
    assert np.linalg.norm(noir - dark) < np.linalg.norm(noir - light)


@pytest.mark.parametrize("data", [None, 3, [], {"liked": "a"}, [{"liked": [1, None, "a"]}], {"liked": ["a"]}])
def test_what_a_browser_sends_is_checked(data):
    assert sent.texts(data, "liked") in ([], ["a"])
    assert sent.text(data, "liked") in ("", "a") and sent.number(data, "liked") == 0.0


def test_what_goes_wrong_in_a_tab_is_one_line():
    assert sent.number({"share": float("nan")}, "share") == 0.0 and sent.number([{"share": 0.5}], "share") == 0.5
    unread = behind.Behind(FakeRecommender())
    assert sent.answered(lambda: unread.read("Fargo")) == {
        "problem": "This workspace has no trained adapter, so nothing can be read; `chatrec train` makes one."
    }
    assert sent.answered(lambda: 1 / 0) == {"problem": desk.OOPS}


def test_the_parts_of_a_slate_are_those_it_was_ranked_by(small_workspace, tmp_path):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    recommender = Recommender.open(tmp_path / "workspace")
    tab = behind.Behind(recommender)
    reply = recommender.reply(USER, "I loved Heat and Casino")
    found = tab.parts([card.item_id for card in reply.cards])
    assert [item["name"] for item in found] == [card.name for card in reply.cards]
    for item in found:
        assert sum(value for _, value in item["parts"]) == pytest.approx(item["score"], abs=0.05)
        assert {"people of your taste", "how well known it is"} <= {label for label, _ in item["parts"]}
    assert tab.parts(["1"]) == [] and tab.parts(["nope"]) == []


@pytest.mark.slow
def test_items_are_read_and_blended_from_soft_tokens(trained_workspace, tmp_path):
    shutil.copytree(trained_workspace, tmp_path / "workspace")
    tab = behind.Behind(Recommender.open(tmp_path / "workspace"))
    read = tab.read("Fargo (1996)")
    assert read["name"] == "Fargo (1996)" and ["director", "Joel Coen"] in read["record"]
    assert len(read["words"]) == tab.model.adapter.config.queries and all(read["words"])
    table = tab.model.table
    assert tab.blend("Fargo", "Heat", 0.0)["said"] == read["said"]  # all of the first is the first
    assert tab.blend("Fargo", "Heat", 1.0)["said"] == tab.read("Heat")["said"]
    half = tab.blend("Fargo", "Heat", 0.5)
    assert len(half["near"]) == behind.NEAR and not {"Fargo (1996)", "Heat (1995)"} & set(half["near"])
    assert tab.model.table is table  # nobody else reads the blend
    with pytest.raises(BadInput, match="'Barbie' is not in Small films"):
        tab.read("Barbie")


@given(st.lists(st.integers(0, 50), min_size=3, max_size=3))
def test_titles_to_complete_come_best_known_first(likes):
    made = titles.completions(FakeRecommender().catalogue, np.array(likes))
    order = {card.title: number for card, number in zip(FILMS[:3], likes, strict=True)}
    assert [order[title] for title, _ in made] == sorted(likes, reverse=True)
    assert {(title, year) for title, year in made} == {(card.title, card.year) for card in FILMS[:3]}


@given(st.lists(st.integers(0, 9), min_size=6, max_size=6))
def test_what_the_catalogue_has_twice_stands_once(likes):
    entries = [
        ("The Matrix", None),
        ("The Matrix", 1999),
        ("The Matrix", 1999),
        ("Sabrina", 1954),
        ("Sabrina", 1995),
        ("Heat", None),
    ]
    made = Catalogue(Item(item_id=str(n), title=title, year=year) for n, (title, year) in enumerate(entries))
    things = titles.once(made, np.array(likes))
    assert sorted(sorted(rows) for rows in things.values()) == [[0, 1, 2], [3], [4], [5]]
    assert all(rows[0] == row for row, rows in things.items())
    matrix = next(row for row, rows in things.items() if 0 in rows)
    assert matrix == (1 if likes[1] >= likes[2] else 2)  # with its year, and the better known of the two
    assert [likes[row] for row in things] == sorted((likes[row] for row in things), reverse=True)
