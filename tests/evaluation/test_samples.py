"""Samples for people to read: every task, nothing left out, text as data."""

from typer.testing import CliRunner

from chatrec.cli import app
from chatrec.errors import BadInput
from chatrec.evaluation.ilm import samples
from chatrec.evaluation.ilm.language import records_of
from chatrec.evaluation.ilm.samples import write_samples
from chatrec.workspace import Workspace


def test_each_task_has_its_samples_with_what_was_asked_true_and_said(trained_workspace, tmp_path, monkeypatch):
    space = Workspace(trained_workspace)
    monkeypatch.setattr(samples, "say_all", lambda _, prompts: ["<b>*bad*</b>\n# really", *[""] * (len(prompts) - 1)])
    path = tmp_path / "new" / "samples.md"
    assert write_samples(space, path, 2, tasks=("describe", "taste")) == 4
    text = path.read_text(encoding="utf-8")
    assert text.count("## Describe\n") == text.count("## Taste\n") == 1
    assert text.count("*Said:* \\<b\\>\\*bad\\*\\</b\\> \\# really") == text.count("*Said:* (nothing)") == 2
    for record in records_of(space, "describe", 2, 0):
        assert record.target.strip() in text


def test_an_unknown_task_is_one_clear_line(trained_workspace, tmp_path):
    path = str(tmp_path / "s.md")
    done = CliRunner().invoke(app, ["evaluate", "samples", path, "-w", str(trained_workspace), "--task", "sing"])
    assert isinstance(done.exception, BadInput) and "'sing'" in str(done.exception)
