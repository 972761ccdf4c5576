"""What the adapter costs: the card's figures, the lengths of prompts, and the command."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from chatrec.cli import app
from chatrec.errors import WorkspaceError
from chatrec.evaluation.ilm.cost import first_token, training_of, with_synopses
from chatrec.ilm.tasks import history_prompt, titles_only
from chatrec.workspace import Workspace


def test_the_card_says_what_training_took(trained_workspace):
    phases = training_of(Workspace(trained_workspace))
    assert set(phases) == {"phase 1", "phase 2"}
    assert all(figures["seconds"] > 0 and figures["steps"] > 0 for figures in phases.values())
    second = phases["phase 2"]
    assert second["target_tokens_per_second"] == pytest.approx(second["target_tokens"] / second["seconds"])


def test_a_workspace_without_a_card_is_one_clear_line(trained_workspace, tmp_path):
    shutil.copytree(trained_workspace, tmp_path / "workspace")
    (tmp_path / "workspace" / "adapter" / "README.md").unlink()
    with pytest.raises(WorkspaceError, match="no readable card"):
        training_of(Workspace(tmp_path / "workspace"))


def test_the_text_of_a_history_names_every_item(trained_workspace):
    space = Workspace(trained_workspace)
    prompt = history_prompt([0, 4, 4])
    texts = titles_only(prompt, space.catalogue), with_synopses(prompt, space.catalogue)
    for said in texts:
        assert "".join(said).count(space.catalogue[4].name) == 2
    assert "".join(texts[1]).count(space.catalogue[4].description) == 2


def test_the_first_token_is_the_one_the_llm_would_say(trained_workspace):
    import torch

    model = Workspace(trained_workspace).model
    prompt = titles_only(history_prompt([0, 1]), model.catalogue)
    logits = model.llm.model(torch.tensor([model.sequence(prompt).ids])).logits
    assert first_token(model, prompt) == int(logits[0, -1].argmax())


def test_the_command_prints_lengths_and_ratios(trained_workspace, tmp_path):
    done = CliRunner().invoke(
        app,
        ["evaluate", "cost", "-w", str(trained_workspace), "--rounds", "1", "--json", str(tmp_path / "c.json")],
    )
    assert done.exit_code == 0, done.output
    result = json.loads((tmp_path / "c.json").read_text())
    assert result["size"]["adapter_mb"] > 0
    for length, ways in result["reading"].items():
        soft, titles = ways["soft tokens"], ways["titles"]
        assert soft["tokens_ratio"] == 1 and soft["tokens"] < int(length) + 8  # a taste token an item, and a few words
        assert titles["tokens"] > 3 * int(length)
        assert titles["tokens_ratio"] == pytest.approx(titles["tokens"] / soft["tokens"])
    longest = result["reading"]["100"]["titles and synopses"]
    assert longest["seconds"] is None  # more than the 2,048 tokens that the tiny LLM reads
    assert "more than the LLM reads" in done.output.replace("\n", " ")
