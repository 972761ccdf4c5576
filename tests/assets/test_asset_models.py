"""A model by asset, local folder or hub id."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from serving import digest, left_in, no_way_out, pinned

from chatrec import assets
from chatrec._fetch import UrlSource
from chatrec.errors import BadInput


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
from chatrec._fetch import HubSource
from chatrec.registry import Asset, AssetFile
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
