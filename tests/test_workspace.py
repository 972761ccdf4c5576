"""A workspace is whole or it is not there: what opening refuses, what building refuses, and what a cut-off leaves."""

import errno
import json
import os
import shutil
import sqlite3
from contextlib import ExitStack, contextmanager

import numpy as np
import pandas as pd
import pytest
from small import small_source

from chatrec import workspace
from chatrec.errors import BadInput, StorageError, WorkspaceError
from chatrec.retrieval.index import Constraints, ItemIndex
from chatrec.workspace import FORMAT, Workspace, build

FILES = ("items.jsonl", "interactions.parquet", "collab.safetensors", "vectors.safetensors", "workspace.json")


@pytest.fixture(scope="module")
def source():
    return small_source()


@pytest.fixture
def copied(small_workspace, tmp_path):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    return tmp_path / "workspace"


def everything(path):
    return {str(p.relative_to(path)): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def manifest(path, **changes):
    raw = json.loads((path / "workspace.json").read_text())
    (path / "workspace.json").write_text(json.dumps(raw | changes))


def test_what_was_built_is_there_when_opened(small_workspace, source):
    space = Workspace(small_workspace)
    assert list(space.catalogue) == list(source.catalogue)
    assert space.catalogue.words == source.catalogue.words
    pd.testing.assert_frame_equal(space.interactions, source.interactions)
    assert (space.manifest.items, space.manifest.users, space.manifest.interactions) == (24, 40, 560)
    for kind in ("title", "text"):
        assert np.allclose(np.linalg.norm(space.vectors[kind], axis=1), 1, atol=1e-3)
    assert not (small_workspace / "adapter").exists()


def test_vectors_and_counts_are_made_from_the_training_part_alone(small_workspace, source):
    space = Workspace(small_workspace)
    liked, rated = space.likes
    assert rated.sum() == len(space.split.train) == 560 - 2 * 40
    assert liked.sum() == (space.split.train["rating"] >= 4).sum()
    train_liked = space.split.train[space.split.train["rating"] >= 4]["item_id"].value_counts()
    assert space.collab.popularity.tolist() == [train_liked.get(item.item_id, 0) for item in source.catalogue]


def test_nothing_but_the_workspace_is_left_beside_it(source, tmp_path):
    build(source, "tests", tmp_path / "deep" / "workspace")
    assert names_in(tmp_path / "deep") == ["workspace"]
    build(source, "tests", tmp_path / "deep" / "workspace")
    assert names_in(tmp_path / "deep") == ["workspace"]


def test_a_missing_workspace_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(WorkspaceError, match=r"no workspace at .*/gone; make one with `chatrec build --out"):
        Workspace(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


def test_a_file_or_another_folder_is_no_workspace(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError, match="no workspace at"):
        Workspace(tmp_path / "file")
    with pytest.raises(WorkspaceError, match=r"is not a workspace \(no workspace\.json\)"):
        Workspace(tmp_path)


@pytest.mark.parametrize("name", FILES[:4])
def test_a_half_built_workspace_names_what_is_missing(copied, name):
    (copied / name).unlink()
    with pytest.raises(WorkspaceError, match=rf"half-built \({name} missing\); build it again"):
        Workspace(copied)


@pytest.mark.parametrize("version", [0, FORMAT + 1, str(FORMAT), None])
def test_another_version_is_refused_with_both_numbers(copied, version):
    manifest(copied, format=version)
    with pytest.raises(WorkspaceError, match=rf"another version \(format {version!r}, this one reads {FORMAT}\)"):
        Workspace(copied)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": 2}', b'{"format": 2, "name": 3}', b"[" * 50]
)
def test_a_damaged_manifest_asks_for_a_new_build(copied, text):
    (copied / "workspace.json").write_bytes(text)
    with pytest.raises(WorkspaceError, match=r"build (the workspace|it) again"):
        Workspace(copied)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("items.jsonl", "catalogue"),
        ("interactions.parquet", "interactions"),
        ("collab.safetensors", "collab"),
        ("vectors.safetensors", "vectors"),
    ],
)
@pytest.mark.parametrize(
    "damage", [lambda data: b"\xffjunk junk", lambda data: data[: len(data) // 2], lambda data: b'{"a": 1}\n']
)
def test_a_damaged_file_is_named_when_it_is_read(copied, name, part, damage):
    (copied / name).write_bytes(damage((copied / name).read_bytes()))
    space = Workspace(copied)
    with pytest.raises(WorkspaceError, match=rf"{name} .*build the workspace again"):
        getattr(space, part)


def test_a_missing_index_does_not_keep_the_workspace_from_opening_but_is_named(copied):
    shutil.rmtree(copied / "index")
    space = Workspace(copied)
    with pytest.raises(WorkspaceError, match="no index"):
        ItemIndex.open(space.path / "index")


def test_a_changed_manifest_is_stored(copied):
    space = Workspace(copied)
    space.manifest.notes["seen"] = 3
    space.write_manifest()
    assert Workspace(copied).manifest.notes["seen"] == 3
    assert not list(copied.glob("*.tmp"))


def test_a_moved_workspace_still_works(copied, tmp_path):
    moved = copied.rename(tmp_path / "elsewhere")
    space = Workspace(moved)
    found = ItemIndex.open(moved / "index").nearest("text", space.vectors["story"][3], Constraints(), 1)
    assert found[0][0] == 3


def test_building_over_a_file_leaves_the_file(source, tmp_path):
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(BadInput, match="is a file; name a directory"):
        build(source, "tests", tmp_path / "notes")
    assert (tmp_path / "notes").read_text() == "mine"


def test_building_into_a_folder_of_other_files_leaves_them(source, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.tex").write_text("mine")
    with pytest.raises(BadInput, match="holds other files and no workspace"):
        build(source, "tests", tmp_path / "thesis")
    assert everything(tmp_path) == {"thesis/chapter1.tex": b"mine"}


def test_building_into_an_empty_folder_is_fine_and_its_steps_are_reported(source, tmp_path):
    (tmp_path / "workspace").mkdir()
    lines = []
    assert len(build(source, "tests", tmp_path / "workspace", report=lines.append).catalogue) == 24
    assert lines == ["writing 24 items and 560 interactions", "collaborative vectors", "text vectors", "index"]


def conversations(path, words):
    with sqlite3.connect(path / "sessions.db") as database:
        database.execute("create table said (words text)")
        database.execute("insert into said values (?)", (words,))
    database.close()


def test_conversations_are_kept_over_a_rebuild_and_the_rest_is_new(source, copied):
    conversations(copied, "I loved Heat")
    (copied / "sessions.db-wal").write_bytes(b"")
    (copied / "adapter").mkdir()
    manifest(copied, name="Old name")
    space = build(source, "tests", copied)
    assert space.manifest.name == "Small films"
    assert not (copied / "adapter").exists()
    assert (copied / "sessions.db-wal").exists()
    with sqlite3.connect(copied / "sessions.db") as database:
        assert database.execute("select words from said").fetchall() == [("I loved Heat",)]
    database.close()


def test_a_workspace_of_another_version_can_be_built_again_and_keeps_its_conversations(source, copied):
    conversations(copied, "hello")
    manifest(copied, format=0)
    assert build(source, "tests", copied).manifest.format == FORMAT
    assert (copied / "sessions.db").stat().st_size > 0


@contextmanager
def full_disk(limit):
    """No file may grow beyond ``limit`` bytes: the writes of every library fail as on a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("limit", [0, 5_000, 9_000, 20_000, 100_000])
def test_a_disk_that_fills_up_is_one_line_and_leaves_nothing(source, tmp_path, limit):
    with (
        full_disk(limit),
        pytest.raises(StorageError, match=r"cannot write .*/workspace: .*name another place") as caught,
    ):
        build(source, "tests", tmp_path / "workspace")
    assert "\n" not in str(caught.value)
    assert everything(tmp_path) == {}
    assert names_in(tmp_path) == []


def test_a_disk_that_fills_up_during_the_index_leaves_nothing(source, tmp_path):
    with ExitStack() as later:

        def report(line):
            if line == "index":
                later.enter_context(full_disk(50_000))

        with pytest.raises(StorageError, match="cannot write the index") as caught:
            build(source, "tests", tmp_path / "workspace", report=report)
    assert "\n" not in str(caught.value)
    assert names_in(tmp_path) == []


def test_a_rebuild_that_fails_leaves_the_old_workspace_as_it_was(source, copied):
    conversations(copied, "hello")
    before = everything(copied)
    with full_disk(20_000), pytest.raises(StorageError):
        build(source, "tests", copied)
    assert everything(copied) == before
    assert names_in(copied.parent) == ["workspace"]


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_a_place_that_cannot_be_written_is_one_line(source, tmp_path, monkeypatch, number):
    def refused(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(workspace.tempfile, "mkdtemp", refused)
    with pytest.raises(
        StorageError, match=rf"cannot write .*/workspace: {os.strerror(number)}; free some space or name another place"
    ):
        build(source, "tests", tmp_path / "workspace")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("failing", [1, 2])
def test_a_move_that_fails_leaves_the_old_workspace_in_its_place(source, copied, monkeypatch, failing):
    conversations(copied, "hello")
    before = everything(copied)
    moves = []
    real = os.replace

    def replace(one, other):
        moves.append((one, other))
        if len(moves) == failing:
            raise OSError(errno.EIO, "Input/output error")
        real(one, other)

    monkeypatch.setattr(workspace.os, "replace", replace)
    with pytest.raises(StorageError, match="Input/output error"):
        build(source, "tests", copied)
    assert everything(copied) == before
    assert names_in(copied.parent) == ["workspace"]


def test_a_manifest_that_cannot_be_stored_leaves_the_old_one(copied):
    space = Workspace(copied)
    before = (copied / "workspace.json").read_bytes()
    space.manifest.notes["long"] = "x" * 5000
    with full_disk(1000), pytest.raises(StorageError, match="cannot write"):
        space.write_manifest()
    assert (copied / "workspace.json").read_bytes() == before


def test_interrupting_a_build_leaves_nothing(source, tmp_path):
    def stop(line):
        if line == "text vectors":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(source, "tests", tmp_path / "workspace", report=stop)
    assert names_in(tmp_path) == []


def test_vectors_made_for_another_catalogue_are_refused(source, small_workspace, tmp_path):
    shorter = type(source)(type(source.catalogue)(source.catalogue[:10]), source.interactions)
    with pytest.raises(WorkspaceError, match="was made for 24 items, not 10"):
        build(shorter, "tests", tmp_path / "workspace", pretrained=small_workspace)
    assert names_in(tmp_path) == []


def test_a_catalogue_without_ratings_talks_from_its_texts(source, tmp_path):
    from chatrec import Recommender
    from chatrec.catalogue.interactions import COLUMNS, interactions_frame
    from chatrec.catalogue.movielens import Source

    unrated = Source(source.catalogue, interactions_frame(pd.DataFrame(columns=list(COLUMNS))))
    build(unrated, "tests", tmp_path / "unrated")
    assert [part.tolist() for part in Workspace(tmp_path / "unrated").likes] == [[0] * len(source.catalogue)] * 2
    recommender = Recommender.open(tmp_path / "unrated")
    reply = recommender.reply("me", "I loved Heat and The Godfather")
    assert reply.cards and not {card.title for card in reply.cards} & {"Heat", "The Godfather"}
    assert "Groundhog Day" in [
        card.title
        for card in recommender.reply("you", "a weatherman lives one day again and again in a small town").cards
    ]
