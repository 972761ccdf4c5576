"""The ranking table: sequence files, the split, ranks, intervals, and the command."""

import json
import sys
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small_source
from typer.testing import CliRunner

from chatrec.catalogue.interactions import interactions_frame
from chatrec.catalogue.items import Catalogue, Item
from chatrec.cli import app
from chatrec.collab.sasrec import SASRec
from chatrec.collab.scorer import History
from chatrec.errors import BadInput
from chatrec.evaluation.ranking.leave_one_out import (
    compare,
    compare_ranking,
    figures,
    protocols,
    rank_of,
    read_sequences,
)
from chatrec.evaluation.ranking.models import ilm_scores
from chatrec.evaluation.ranking.recbole_sasrec import recbole_sasrec
from chatrec.evaluation.ranking.titles import TitleSayer
from chatrec.workspace import Workspace


@pytest.fixture(scope="module")
def source():
    return small_source()


def test_what_is_asked_is_never_told_and_never_learned_from(source):
    events = source.interactions.sort_values(["user_id", "timestamp"]).groupby("user_id")["item_id"].apply(list)
    rows = [[source.catalogue.row[item] for item in items] for items in events]
    for protocol, (valid, test) in protocols(source.catalogue, source.interactions).items():
        assert test.targets == [items[-1] for items in rows]
        assert valid.targets == [items[-2] for items in rows]
        for ask in (valid, test):
            pairs = set(zip(ask.fit["user_id"], ask.fit["item_id"].map(source.catalogue.row), strict=True))
            people = list(events.index)
            for person, told, known, target in zip(people, ask.histories, ask.known, ask.targets, strict=True):
                assert target not in told
                assert target not in known
                assert set(told) <= set(known)
                assert (person, target) not in pairs
        gap = 1 if protocol == "sequential" else 2
        assert [len(told) for told in test.histories] == [len(items) - gap for items in rows]
        assert all(told == items[:-gap] for told, items in zip(test.histories, rows, strict=True))


def test_ranks_are_counted_among_unknown_items():
    scores = np.array([[9.0, 3.0, 5.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    assert rank_of(scores, [[0], []], [1, 2]).tolist() == [1.0, 1.5]


def test_the_figures_are_those_of_one_relevant_item():
    found = figures(np.array([0.0, 2.0, 7.0, 50.0]))
    assert found["hr@5"] == 0.5
    assert found["hr@10"] == 0.75
    assert found["ndcg@5"] == pytest.approx((1 + 1 / np.log2(4)) / 4)
    assert found["ndcg@10"] == pytest.approx((1 + 1 / np.log2(4) + 1 / np.log2(9)) / 4)


def test_the_interval_holds_the_gain_and_is_empty_where_nothing_differs():
    random = np.random.default_rng(0)
    old = random.integers(0, 20, 400).astype(float)
    same, better = compare(old, old, "old"), compare(old, np.maximum(old - 2, 0), "old")
    assert (same["gain"], same["low"], same["high"]) == (0.0, 0.0, 0.0)
    assert 0 < better["low"] < better["gain"] < better["high"]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.text("abc123", min_size=1, max_size=4),
            st.lists(st.text("xyz789", min_size=1, max_size=3), min_size=1, max_size=9, unique=True),
        ),
        min_size=1,
        max_size=6,
        unique_by=lambda line: line[0],
    )
)
def test_a_sequence_file_is_read_as_it_was_written(tmp_path_factory, people):
    path = tmp_path_factory.mktemp("sequences") / "file.txt"
    path.write_text("".join(f"{user} {' '.join(items)}\n" for user, items in people), encoding="utf-8")
    catalogue, events = read_sequences(path)
    read = {user: part.sort_values("timestamp")["item_id"].tolist() for user, part in events.groupby("user_id")}
    assert read == dict(people)
    assert set(catalogue.row) == {item for _, items in people for item in items}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no sequences"),
        (b"1 2 3\n7\n", "line 2: user '7' has no items"),
        (b"1 2 3\n1 4\n", "line 2: user '1' was already on line 1"),
        (b"\xff\xfe\x00", "cannot be read as text"),
        (b"1 2 3\n", "nobody has the 5 events"),
    ],
)
def test_a_file_that_is_no_use_is_one_clear_line(tmp_path, content, message):
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        compare_ranking(*read_sequences(path))


def test_the_command_writes_every_figure_of_every_model(tmp_path, monkeypatch):
    monkeypatch.setattr("chatrec.evaluation.ranking.models.SASRec", partial(SASRec, steps=40))  # the data are small too
    path = tmp_path / "file.txt"
    random = np.random.default_rng(1)  # people walk round a ring of items: what follows is what comes next
    starts = random.integers(0, 30, 60)
    path.write_text(
        "".join(f"u{n} {' '.join(str((start + k) % 30) for k in range(9))}\n" for n, start in enumerate(starts))
    )
    done = CliRunner().invoke(
        app, ["evaluate", "ranking", "--sequences", str(path), "--json", str(tmp_path / "r.json")]
    )
    assert done.exit_code == 0, done.output
    result = json.loads((tmp_path / "r.json").read_text())
    for protocol in ("sequential", "straightforward"):
        models = result[protocol]["models"]
        for name in ("popularity", "itemknn", "userknn", "rp3beta", "ease", "als", "bpr", "sasrec", "fused"):
            assert set(models[name]) == {"hr@5", "hr@10", "ndcg@5", "ndcg@10"}
    sequential = result["sequential"]["models"]
    assert sequential["fused"]["hr@5"] > 0.9  # the walk is there to be found
    assert sequential["popularity"]["hr@5"] < 0.5


def test_either_a_workspace_or_a_file(tmp_path):
    done = CliRunner().invoke(app, ["evaluate", "ranking", "--sequences", "a", "--workspace", "b"])
    assert isinstance(done.exception, BadInput)


@pytest.mark.slow
def test_the_ilm_ranks_in_batches_as_it_does_alone(trained_workspace):
    workspace = Workspace(trained_workspace)
    histories = [[3, 1], [5], [2, 4, 6, 8], *([[7, n] for n in range(8, 24)])]
    together = ilm_scores(workspace.model, histories)
    for number in (0, 1, 2, 17):
        alone = workspace.model.next_item_scores(histories[number]).numpy()
        assert np.allclose(together[number], alone, atol=0.05 * np.abs(alone).max())


@pytest.mark.slow
def test_titles_are_said_of_what_a_person_does_not_know(trained_workspace):
    workspace = Workspace(trained_workspace)
    sayer = TitleSayer(workspace.model, lambda rows: workspace.collab.fold_in(History(tuple(rows))), people=3)
    assert len(set(sayer.drawn(40))) == 3 and len(sayer.drawn(2)) == 2
    told, targets = [3, 1, 7], range(len(workspace.catalogue))
    for protocol in ("sequential", "straightforward"):
        ranks = sayer.ranks(protocol, [told] * len(targets), [told] * len(targets), targets)
        assert sorted(ranks[ranks < 10]) == list(range(10))
        assert (ranks[told] >= 10).all()


def test_titles_need_an_adapter(small_workspace):
    done = CliRunner().invoke(app, ["evaluate", "ranking", "--workspace", str(small_workspace), "--titles", "2"])
    assert isinstance(done.exception, BadInput) and "--titles needs an adapter" in str(done.exception)


def test_recbole_is_asked_for_by_name_and_missed_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "recbole", None)
    path = tmp_path / "file.txt"
    path.write_text("".join(f"u{user} 1 2 3 4 5 6\n" for user in range(5)))
    done = CliRunner().invoke(app, ["evaluate", "ranking", "--sequences", str(path), "--recbole", "1"])
    assert done.exit_code == 1
    assert isinstance(done.exception, BadInput)
    assert "chatrec[peers]" in str(done.exception)


def test_recboles_network_learns_what_comes_next():
    pytest.importorskip("recbole", reason="RecBole is an optional extra")
    catalogue = Catalogue(Item(item_id=str(row), title=str(row)) for row in range(12))
    events = [(f"u{user}", str((user + step) % 12), 5.0, step) for user in range(48) for step in range(7)]
    frame = interactions_frame(pd.DataFrame(events, columns=["user_id", "item_id", "rating", "timestamp"]))
    scores = recbole_sasrec(catalogue, 60, frame)([[row, (row + 1) % 12] for row in range(12)])
    assert scores.shape == (12, 12)
    assert np.mean(scores.argmax(axis=1) == (np.arange(12) + 2) % 12) > 0.8
