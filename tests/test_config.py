"""Settings: the environment before ``chatrec.toml``, that before the defaults; a bad value is one clear line."""

import os
from pathlib import Path

import pytest

from chatrec.config import settings
from chatrec.errors import BadInput


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """An empty working folder, no variables, nothing remembered."""
    for name in os.environ:
        if name.startswith("CHATREC_") and name != "CHATREC_CACHE":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_without_anything_the_defaults_hold():
    got = settings()
    assert (got.workspace, got.llm, got.encoder) == (None, "smollm2-135m-instruct", "all-minilm-l6-v2")
    assert (got.database, got.chroma_host, got.device, got.threads) == ("", "", "", 0)


def test_the_environment_sets_each_of_them(monkeypatch):
    values = {
        "WORKSPACE": "/srv/films",
        "LLM": "other",
        "ENCODER": "mine",
        "DATABASE": "sqlite://",
        "CHROMA_HOST": "db:8000",
        "DEVICE": "cuda:1",
        "THREADS": "3",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"CHATREC_{name}", value)
    got = settings()
    assert got.workspace == Path("/srv/films")
    assert (got.device, got.threads) == ("cuda:1", 3)
    assert (got.llm, got.encoder, got.database, got.chroma_host) == ("other", "mine", "sqlite://", "db:8000")


def test_the_file_sets_them_and_the_environment_goes_first(fresh, monkeypatch):
    (fresh / "chatrec.toml").write_text('llm = "from the file"\nthreads = 2\nworkspace = "films"\n')
    monkeypatch.setenv("CHATREC_THREADS", "4")
    got = settings()
    assert (got.llm, got.threads, got.workspace) == ("from the file", 4, Path("films"))


def test_what_is_not_a_setting_is_let_be(fresh, monkeypatch):
    (fresh / "chatrec.toml").write_text('colour = "blue"\n')
    monkeypatch.setenv("CHATREC_SOMETHING_ELSE", "1")
    assert settings().threads == 0


@pytest.mark.parametrize("value", ["many", "", "2.5"])
def test_a_bad_value_in_the_environment_is_one_line_with_name_and_value(monkeypatch, value):
    monkeypatch.setenv("CHATREC_THREADS", value)
    with pytest.raises(BadInput, match=rf"^CHATREC_THREADS='{value}' cannot be used: .*integer") as caught:
        settings()
    assert "\n" not in str(caught.value)


def test_a_bad_value_in_the_file_is_one_line_with_name_and_value(fresh):
    (fresh / "chatrec.toml").write_text("llm = 3\n")
    with pytest.raises(BadInput, match=r"CHATREC_LLM=3 cannot be used: .*string") as caught:
        settings()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", [b"threads = \n", b"\xff\xfe", b"llm"])
def test_a_file_that_is_not_toml_is_one_line(fresh, text):
    (fresh / "chatrec.toml").write_bytes(text)
    with pytest.raises(BadInput, match=r"chatrec\.toml is not valid TOML") as caught:
        settings()
    assert "\n" not in str(caught.value)
