"""The notebooks run from top to bottom, on a small workspace."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks():
    assert {path.stem for path in NOTEBOOKS} >= {"quickstart", "what_the_llm_reads", "a_new_catalogue", "ablations"}


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, trained_workspace, monkeypatch, tmp_path):
    monkeypatch.setenv("CHATREC_WORKSPACE", str(trained_workspace))
    assert run(path, tmp_path)  # without the JSON of the ablations, which it says plainly


@pytest.mark.slow
def test_the_notebook_of_the_ablations_shows_what_was_measured_and_says_what_is_not(tmp_path):
    path = next(path for path in NOTEBOOKS if path.stem == "ablations")
    assert "There is no ablations.json" in run(path, tmp_path)
    cell = {"mean": 0.5, "deviation": 0.125}
    row = {"title": cell, "spelling": cell, "ndcg@10": cell, "log_perplexity": cell}
    table = {"ILM": row, "1 query token": row, "titles as text": {"log_perplexity": cell}}
    done = {"minutes": 3, "catalogue": "films", "measured": {}, "runs": {}, "table": table}
    (tmp_path / "ablations.json").write_text(json.dumps({**done, "published_order": {"title": False}}))
    shown = run(path, tmp_path)
    assert shown.count("<svg") == 5 and "1 query token: 0.500 ± 0.125" in shown and "another order" in shown


def run(path, folder):
    """What a notebook shows when it runs in a folder."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not any(output.output_type == "error" for output in shown)
    return "\n".join(output.get("text") or str(output.get("data")) for output in shown)
