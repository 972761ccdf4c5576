"""Nothing wrong is taken, nothing half is left: refusals, archives, damage, full disks, progress."""

import io
import re
import stat
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from serving import BODY, digest, left_in, pinned, zipped

from chatrec import _bars, _fetch, assets
from chatrec._fetch import UrlSource
from chatrec.errors import AssetError, StorageError
from chatrec.registry import AssetFile


class TestRefusal:
    def test_wrong_hash_names_both_and_leaves_nothing(self, register, server, cache):
        server.files["/x"] = b"not what was published"
        name = register(pinned("x", b"what was published ..."), sources=[UrlSource(f"{server.url}/x")])
        with pytest.raises(AssetError) as caught:
            assets.fetch(name, quiet=True)
        said = str(caught.value)
        assert digest(b"not what was published") in said and digest(b"what was published ...") in said
        assert "x: SHA-256" in said and "removed" in said and "try again" in said
        assert left_in(cache) == []

    def test_the_next_source_is_tried(self, register, server):
        server.files |= {"/bad": b"bad", "/good": b"good"}
        sources = [UrlSource(f"{server.url}/{name}") for name in ("gone", "bad", "good")]
        name = register(pinned("x", b"good"), sources=sources)
        assert (assets.fetch(name, quiet=True) / "x").read_bytes() == b"good"
        assert [asked[1] for asked in server.asked] == ["/gone", "/bad", "/good"]

    def test_old_files_stay_if_a_new_one_is_wrong(self, register, server):
        members = {"a": "a", "b": "b"}
        sources = [UrlSource(f"{server.url}/z.zip", members)]
        server.files["/z.zip"] = zipped({"a": b"old a", "b": b"old b"})
        name = register(pinned("a", b"old a"), pinned("b", b"old b"), sources=sources)
        folder = assets.fetch(name, quiet=True)
        server.files["/z.zip"] = zipped({"a": b"new a", "b": b"broken"})
        register(pinned("a", b"new a"), pinned("b", b"new b"), sources=sources)
        with pytest.raises(AssetError, match="b: SHA-256"):
            assets.fetch(name, quiet=True)
        assert (folder / "a").read_bytes() == b"old a" and (folder / "b").read_bytes() == b"old b"

    def test_old_files_stay_if_the_source_is_gone(self, plain, server):
        folder = assets.fetch(plain, quiet=True)
        server.files.clear()
        with pytest.raises(AssetError):
            assets.fetch(plain, force=True, quiet=True)
        assert (folder / "model.bin").read_bytes() == BODY


class TestArchive:
    def test_members_from_a_zip(self, register, server, cache):
        server.files["/z.zip"] = zipped({"top/a.csv": b"1,2", "top/deep/b.csv": b"3", "other": b"unwanted"})
        members = {"top/a.csv": "a.csv", "top/deep/b.csv": "sub/b.csv"}
        name = register(
            pinned("a.csv", b"1,2"), pinned("sub/b.csv", b"3"), sources=[UrlSource(f"{server.url}/z.zip", members)]
        )
        folder = assets.fetch(name, quiet=True)
        assert sorted(left_in(cache)) == [folder / "a.csv", folder / "sub/b.csv"]

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            (b"<html>Sign in</html>", "not a sound zip"),
            (zipped({"else": b""}), "'a'"),
            (zipped({"a": BODY})[:-40], "zip"),
        ],
    )
    def test_damaged_or_incomplete(self, register, server, cache, data, expected):
        server.files["/z.zip"] = data
        name = register(AssetFile("a"), sources=[UrlSource(f"{server.url}/z.zip", {"a": "a"})])
        with pytest.raises(AssetError, match=expected):
            assets.fetch(name, quiet=True)
        assert left_in(cache) == []

    def test_a_damaged_member(self, tmp_path):
        archive = tmp_path / "z.zip"
        data = bytearray(zipped({"a": BODY}))
        data[200] ^= 0xFF
        archive.write_bytes(data)
        with pytest.raises(AssetError, match="not a sound zip"):
            _fetch.unpack(archive, {"a": "a"}, tmp_path / "out")

    @given(st.dictionaries(st.integers(0, 230), st.integers(0, 255), min_size=1, max_size=4), st.integers(1, 231))
    @settings(max_examples=100, deadline=None)
    def test_any_damage_is_told_as_such(self, changes, length):
        with tempfile.TemporaryDirectory() as top:
            archive = Path(top, "z.zip")
            data = bytearray(zipped({"a": b"text" * 9, "b/c": b"more"}))
            for at, value in changes.items():
                data[at % len(data)] = value
            archive.write_bytes(data[:length] if length % 7 == 0 else data)
            try:
                _fetch.unpack(archive, {"a": "a"}, Path(top, "out"))
            except AssetError:
                return
            assert Path(top, "out", "a").read_bytes() == b"text" * 9

    @pytest.mark.parametrize("asked", ["link", "fine"])
    def test_links_are_refused(self, tmp_path, asked):
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive = tmp_path / "z.zip"
        with zipfile.ZipFile(archive, "w") as opened:
            opened.writestr(link, "/etc/passwd")
            opened.writestr("fine", "text")
        with pytest.raises(AssetError, match=r"'link'.*refused"):
            _fetch.unpack(archive, {asked: "a"}, tmp_path / "out")

    @given(
        st.one_of(
            st.lists(
                st.sampled_from(["..", ".", "...", ".. ", "", "a", "b c", "C:", "\\", "a\\..", "~"]), min_size=1
            ).map("/".join),
            st.text("./\\:C a\0", min_size=1, max_size=12),
        ),
        st.booleans(),
    )
    @example("../x", True)
    @example("a/../../x", False)
    @example("<top>/x", True)
    @example("..\\x", False)
    @example("C:x", True)
    @example("good\0", False)
    @settings(max_examples=100, deadline=None)
    def test_no_name_leads_out(self, name, asked):
        """Whatever an archive's member is called: refused, or written below the folder."""
        with tempfile.TemporaryDirectory() as top:
            name = name.replace("<top>", top)
            folder, archive = Path(top, "deep", "er", "out"), Path(top, "z.zip")
            folder.mkdir(parents=True)
            with zipfile.ZipFile(archive, "w") as opened:
                opened.writestr("fine", "text")
                entry = zipfile.ZipInfo("placeholder")
                entry.filename = name  # set afterwards: the constructor would tidy it
                opened.writestr(entry, "evil")
            windows, posix = PureWindowsPath(name), PurePosixPath(name)
            leads_out = ".." in windows.parts + posix.parts or windows.drive or windows.root or posix.is_absolute()
            members = {name: name} if asked else {"fine": "fine"}
            if leads_out or "\\" in name or "\0" in name:
                with pytest.raises(AssetError, match="refused"):
                    _fetch.unpack(archive, members, folder)
            else:
                with suppress(AssetError):  # "a/." is no file; dots and blanks alone are no name
                    _fetch.unpack(archive, members, folder)
            outside = [p for p in Path(top).rglob("*") if p.is_file() and p != archive and not p.is_relative_to(folder)]
            assert outside == []

    @given(st.from_regex(r"[a-zé_-]{1,9}( ?[a-z.]{1,5}[a-z0-9])?(/[.]?[a-z]{1,9}){0,3}", fullmatch=True))
    @settings(max_examples=60, deadline=None)
    def test_ordinary_names_are_taken(self, name):
        with tempfile.TemporaryDirectory() as top:
            archive, folder = Path(top, "z.zip"), Path(top, "out")
            archive.write_bytes(zipped({name: b"text"}))
            _fetch.unpack(archive, {name: name}, folder)
            assert folder.joinpath(name).read_bytes() == b"text"

    @pytest.mark.parametrize("target", ["../x", "/x", "a\\b", "C:x"])
    def test_no_target_leads_out(self, tmp_path, target):
        archive = tmp_path / "z.zip"
        archive.write_bytes(zipped({"a": b"1"}))
        with pytest.raises(AssetError, match="refused"):
            _fetch.unpack(archive, {"a": target}, tmp_path / "out")


class TestVerify:
    def test_damage_of_the_same_size(self, plain, server):
        file = assets.asset_path(plain, quiet=True) / "model.bin"
        file.write_bytes(b"\xff" + BODY[1:])
        assert assets.asset_path(plain, quiet=True) == file.parent and len(server.asked) == 1  # sizes only: fast
        (problem,) = assets.verify(plain)
        assert problem.startswith("model.bin: SHA-256 is ") and digest(BODY) in problem
        assets.fetch(plain, quiet=True)
        assert file.read_bytes() == BODY and assets.verify(plain) == []

    def test_damage_of_another_size_is_mended_on_use(self, plain):
        file = assets.asset_path(plain, quiet=True) / "model.bin"
        file.write_bytes(BODY[:-1])
        assert (assets.asset_path(plain, quiet=True) / "model.bin").read_bytes() == BODY

    def test_status(self, plain, server):
        def row():
            (found,) = [row for row in assets.status() if row.name == plain]
            return found

        assert row().state == "missing" and row().size == len(BODY) and row().licence == "CC0-1.0" and row().pinned
        assert row().source == f"{server.url}/model.bin"
        assert assets.verify(plain) == ["model.bin: missing"]
        file = assets.asset_path(plain, quiet=True) / "model.bin"
        assert row().state == "present"
        file.write_bytes(b"short")
        assert row().state == "damaged"
        file.unlink()
        file.mkdir()
        assert row().state == "damaged"

    def test_what_is_not_pinned_is_noted_when_fetched(self, register, server):
        server.files["/t.zip"] = zipped({"t.csv": b"first,version"})
        name = register(AssetFile("t.csv"), sources=[UrlSource(f"{server.url}/t.zip", {"t.csv": "t.csv"})])
        row = {row.name: row for row in assets.status()}[name]
        assert (row.state, row.size, row.pinned) == ("missing", None, False)
        file = assets.fetch(name, quiet=True) / "t.csv"
        row = {row.name: row for row in assets.status()}[name]
        assert (row.state, row.size) == ("present", 13) and assets.verify(name) == []
        file.write_bytes(b"first_version")
        assert digest(b"first,version") in assets.verify(name)[0]
        server.files["/t.zip"] = zipped({"t.csv": b"second, longer version"})
        assets.fetch(name, force=True, quiet=True)
        assert file.read_bytes() == b"second, longer version" and assets.verify(name) == []


class TestStorage:
    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_full_disk(self, plain, cache):
        folder = cache / "downloads" / plain
        folder.mkdir(parents=True)
        url = assets.ASSETS[plain].sources[0].url
        (folder / f"{digest(url.encode())[:16]}.part").symlink_to("/dev/full")
        with pytest.raises(StorageError, match=rf"{cache}.*No space left.*free some space.*CHATREC_CACHE") as caught:
            assets.fetch(plain, quiet=True)
        assert "\n" not in str(caught.value)

    def test_full_disk_while_unpacking(self, register, server, monkeypatch, cache):
        def full(*args):
            raise OSError(28, "No space left on device")

        server.files["/z.zip"] = zipped({"a": b"1"})
        name = register(pinned("a", b"1"), sources=[UrlSource(f"{server.url}/z.zip", {"a": "a"})])
        monkeypatch.setattr(_fetch.shutil, "copyfileobj", full)
        with pytest.raises(StorageError, match="No space left"):
            assets.fetch(name, quiet=True)
        assert left_in(cache) == []

    def test_read_only_cache(self, plain, monkeypatch):
        def read_only(self, *args, **kwargs):
            raise OSError(30, "Read-only file system", str(self))

        monkeypatch.setattr(Path, "mkdir", read_only)
        with pytest.raises(StorageError, match="Read-only file system"):
            assets.asset_path(plain, quiet=True)

    def test_a_filled_cache_needs_no_writing(self, plain, monkeypatch):
        folder = assets.asset_path(plain, quiet=True)
        monkeypatch.setattr(assets.filelock, "FileLock", None)
        monkeypatch.setattr(Path, "mkdir", None)
        assert assets.asset_path(plain) == folder and assets.fetch(plain) == folder

    def test_the_cache_is_a_file(self, plain, cache):
        cache.write_text("in the way")
        with pytest.raises(StorageError, match=str(cache)):
            assets.asset_path(plain, quiet=True)


class TestProgress:
    def test_plain_line_or_silence(self, plain, capsys):
        assets.fetch(plain)
        told = capsys.readouterr()
        assert told.out == "" and re.fullmatch(r"Fetching thing from http://127\.0\.0\.1:\d+/model\.bin\n", told.err)
        assets.fetch(plain, force=True, quiet=True)
        assert capsys.readouterr() == ("", "")

    def test_bar_on_a_terminal(self, plain, capsys, monkeypatch):
        terminal = _bars.Console(file=io.StringIO(), force_terminal=True, width=120)
        monkeypatch.setattr(_bars, "_console", lambda: terminal)
        assets.fetch(plain, quiet=True)
        assert terminal.file.getvalue() == ""
        assets.fetch(plain, force=True)
        assert "Fetching thing from" in terminal.file.getvalue() and "1.0/1.0 MB" in terminal.file.getvalue()
