"""Described items and typed titles, on the small catalogue."""

import json

import numpy as np
import pytest

from chatrec.dialogue.nlu.pipeline import Understanding
from chatrec.errors import BadInput
from chatrec.evaluation.dialogue.described import read_cases, run_described, run_titles
from chatrec.recommender import Recommender


def write(path, lines):
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    return path


def test_a_story_among_side_remarks_is_found_and_an_absent_film_is_not_counted(tmp_path, small_workspace):
    lines = [
        {"text": "My aunt showed me this when I was nine. A weatherman is caught in a time loop in a small town. I had popcorn everywhere! What is it called?", "title": "Groundhog Day", "year": 1993},
        {"text": "what's that film where a pig works on a sheep farm", "title": "Babe", "year": 1995},
        {"text": "what's the one with the wooden puppet whose nose grows?", "title": "Pinocchio", "year": 1940},
    ]  # fmt: skip
    cases, skipped = read_cases(write(tmp_path / "told.jsonl", [*lines, {"title": "no text"}]), "text")
    found = run_described(Recommender.open(small_workspace), cases)
    assert (found["n"], found["absent"], skipped) == (2, 1, 1)
    assert found["hit@1"] == 1.0
    assert found["failures"] == []


def test_titles_as_typed_are_counted(tmp_path, catalogue):
    lines = [
        {"said": "i loved casablanka", "title": "Casablanca", "year": 1942},
        {"said": "have you got Taxi Driver?", "title": "Taxi Driver", "year": 1976},
        {"said": "something funny please", "title": "Heat", "year": 1995},
    ]
    cases, _ = read_cases(write(tmp_path / "typed.jsonl", lines), "said")
    found = run_titles(Understanding(catalogue, np.ones(len(catalogue))), cases)
    assert found["n"] == 3
    assert found["found"] == pytest.approx(2 / 3)
    assert found["wrong"] == 0
    assert [failure["title"] for failure in found["failures"]] == ["Heat (1995)"]


def test_a_file_without_cases_is_refused_in_one_line(tmp_path):
    with pytest.raises(BadInput, match='no line with "text"'):
        read_cases(write(tmp_path / "empty.jsonl", [{"a": 1}]), "text")
    with pytest.raises(BadInput, match="cannot be read"):
        read_cases(tmp_path / "missing.jsonl", "text")
