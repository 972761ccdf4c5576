"""Shared parts: a small catalogue, a workspace built from it, and a tiny randomly initialised LLM of SmolLM2's architecture."""

import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import pytest
import torch
from hypothesis import settings
from small import small_source

from chatrec.catalogue.items import Catalogue

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The small catalogue."""
    return small_source().catalogue


@pytest.fixture(scope="session")
def small_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the small catalogue, without an adapter. Treat it as read-only; copy it to change it."""
    from chatrec import workspace

    path = tmp_path_factory.mktemp("small") / "workspace"
    workspace.build(small_source(), "tests", path)
    return path


@pytest.fixture(scope="session")
def tiny_llm_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of two layers with random weights and SmolLM2's own tokenizer, saved as a local model folder."""
    from transformers import LlamaConfig, LlamaForCausalLM

    from chatrec.ilm.llm import load_llm

    torch.manual_seed(0)
    tokenizer = load_llm("smollm2-135m-instruct").tokenizer
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        bos_token_id=1,
        eos_token_id=2,
        tie_word_embeddings=True,
    )
    folder = tmp_path_factory.mktemp("llm") / "tiny"
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def trained_workspace(small_workspace: Path, tiny_llm_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small workspace with an adapter trained for seconds around the tiny LLM: real code, random eloquence."""
    import shutil

    from chatrec.ilm.recipe import train_workspace
    from chatrec.workspace import Workspace

    path = tmp_path_factory.mktemp("trained") / "workspace"
    shutil.copytree(small_workspace, path)
    train_workspace(Workspace(path), (1, 2), 0.1, str(tiny_llm_folder), 8, 0, True, "tests")
    return path


@pytest.fixture
def shared_data() -> Path:
    """The folder of reference data; tests that need it skip where it is absent."""
    folder = os.environ.get("CHATREC_SHARED_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("reference data are not here (set CHATREC_SHARED_DATA)")
    return Path(folder)
