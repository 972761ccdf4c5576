"""The laws of the house: text ends with understanding, and light parts stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import chatrec

ROOT = Path(chatrec.__file__).parent / "dialogue"
PAST_TEXT = [*(ROOT / "tracking").glob("*.py"), *(ROOT / "policy").glob("*.py"), ROOT / "manager.py"]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", PAST_TEXT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_tracker_policy_and_manager_read_no_text(path):
    assert "re" not in set(imported(path))
    assert "reading.text" not in path.read_text("utf-8").replace("reading.text.strip()", "")


@pytest.mark.parametrize("path", sorted((ROOT / "nlu").glob("*.py")), ids=lambda path: path.name)
def test_understanding_knows_nothing_of_what_comes_after_it(path):
    assert not [
        name
        for name in imported(path)
        if name.startswith(("chatrec.dialogue.policy", "chatrec.dialogue.nlg", "chatrec.ranking"))
    ]


def test_events_come_without_heavy_libraries():
    heavy = "{'sklearn', 'torch', 'transformers', 'chromadb'}"
    code = f"import sys, chatrec.dialogue.events; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
