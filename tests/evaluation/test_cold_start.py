"""Cold start: new items are really unrated for every model, and the tables say what they should."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from chatrec.catalogue.interactions import held_out_rows
from chatrec.cli import app
from chatrec.evaluation.ranking.cold_start import SHARE, foretell, questions, unrated, without_ratings
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def space(trained_workspace):
    return Workspace(trained_workspace)


@pytest.fixture(scope="module")
def new(space):
    return held_out_rows(len(space.catalogue), SHARE)


def test_new_items_are_asked_for_and_never_told(space, new):
    expected = []
    for _, events in space.interactions.sort_values(["timestamp", "item_id"]).groupby("user_id"):
        rows = [space.catalogue.row[item] for item in events["item_id"]]
        for place in (len(rows) - 2, len(rows) - 1):  # the validation event and the test event
            if rows[place] in new:
                expected.append(([row for row in rows[:place] if row not in new], rows[place]))
    assert expected
    asked = [(question.rows, question.target[0]) for question in questions(space, set(new.tolist()))]
    assert sorted(asked) == sorted(expected)


def test_an_unrated_item_has_no_vector_and_is_nobodys_neighbour(space, new):
    features = space.model.features
    hidden = without_ratings(features, new)
    assert not hidden.cf[new].any() and not hidden.known[new, :2].any()
    others = np.setdiff1d(np.arange(len(features)), new)
    assert torch.equal(hidden.cf[others], features.cf[others])
    near = hidden.neighbours[others].numpy()
    assert not np.isin(near, new).any()
    assert features.known[new, 0].any()  # what was given is left as it was


def test_nothing_of_its_ratings_reaches_a_new_item(space, new):
    """Whatever the ratings of new items made of their vectors, soft tokens and scores are the same without them."""
    model = space.model
    before = model.features, model.table
    with unrated(model, new):
        soft, scores = model.table.clone(), model.next_item_scores([0, 1])
    vectors = model.features.cf.clone()
    vectors[new] = torch.randn(len(new), vectors.shape[1])
    model.features = replace(model.features, cf=vectors)
    try:
        with unrated(model, new):
            assert torch.equal(model.table, soft)
            assert torch.equal(model.next_item_scores([0, 1]), scores)
    finally:
        model.features, model.table = before
    assert model.features is before[0]


def test_vectors_are_foretold_for_new_items_from_rated_ones_alone():
    random = np.random.default_rng(0)
    text, law = random.normal(size=(60, 5)), random.normal(size=(5, 3))
    vectors = text @ law
    vectors[10] = 0.0  # rated by nobody: no example to learn from
    new = np.array([3, 10, 20])
    changed = vectors.copy()
    changed[3] = 99.0
    found = foretell(changed, text, new)
    assert np.allclose(found[new], (text @ law)[new], atol=0.2)
    assert np.array_equal(np.delete(found, new, axis=0), np.delete(vectors, new, axis=0))


def test_the_command_prints_both_tables(trained_workspace, tmp_path):
    done = CliRunner().invoke(
        app, ["evaluate", "cold-start", "-w", str(trained_workspace), "--json", str(tmp_path / "c.json")]
    )
    assert done.exit_code == 0, done.output
    result = json.loads((tmp_path / "c.json").read_text())
    for where in ("among_new", "among_all"):
        assert {"popularity", "text", "ilm"} <= set(result["items"][where])
    assert result["items"]["among_new"]["ilm"]["hr@5"] > 0.5  # five items are new: each is among five
    assert set(result["people"]) == {"1", "3", "10"}
    for block in result["people"].values():
        assert {"popularity", "text", "als", "ilm"} <= set(block["models"])
    assert "10 events" in done.output


def test_without_an_adapter_its_rows_are_left_out(small_workspace, tmp_path):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    done = CliRunner().invoke(
        app, ["evaluate", "cold-start", "-w", str(tmp_path / "workspace"), "--json", str(tmp_path / "c.json")]
    )
    assert done.exit_code == 0, done.output
    assert "no adapter" in done.output
    result = json.loads((tmp_path / "c.json").read_text())
    assert "ilm" not in result["people"]["3"]["models"] and "gain" not in result["items"]
