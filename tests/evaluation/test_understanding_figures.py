"""What the evaluation of understanding counts, on made-up dialogues in ReDial's form, and on the published ones."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from chatrec.catalogue.dialogues import read_dialogues
from chatrec.cli import app
from chatrec.dialogue.nlu.pipeline import Understanding
from chatrec.errors import BadInput
from chatrec.evaluation.dialogue.understanding import run_understanding

FILMS = {"1": "Heat (1995)", "2": "Fargo  (1996)", "3": "Casino (1995)", "9": "Zardoz (1974)"}


def dialogue(messages, answers):
    """Messages of the seeker (odd places) and the recommender; answers as film: liked."""
    questions = {film: {"suggested": 0, "seen": 1, "liked": liked} for film, liked in answers.items()}
    return {
        "conversation_id": "1", "initiator": 5, "respondent": 6, "movie_mentions": FILMS,
        "initiator_questions": questions or [], "respondent_questions": [],
        "messages": [{"worker": 5 if n % 2 else 6, "text": text} for n, text in enumerate(messages)],
    }  # fmt: skip


@pytest.fixture
def run(catalogue, tmp_path):
    def _run(*dialogues):
        path = tmp_path / "d.jsonl"
        path.write_text("".join(json.dumps(d) + "\n" for d in dialogues))
        return run_understanding(
            Understanding(catalogue, np.ones(len(catalogue))), read_dialogues(path), np.ones(len(catalogue))
        )

    return _run


def test_likes_dislikes_and_titles_are_counted(run):
    report = run(
        dialogue(["Hello", "I loved @1 but I hated @2.", "What else?", "I have seen @9."], {"1": 1, "2": 0, "9": 1})
    )
    assert report["mentions"] == 2 and report["mentions_outside_the_catalogue"] == 1
    assert report["linking_recall"] == 1.0 and report["linking_precision"] == 1.0
    assert report["films"] == 2 and report["liked_f1"] == report["disliked_f1"] == report["accuracy"] == 1.0
    assert report["baselines"]["majority"]["disliked_f1"] == 0.0 and report["baselines"]["majority"]["accuracy"] == 0.5
    assert not report["failures"]


def test_a_title_of_the_recommender_can_be_judged_by_it(run):
    report = run(dialogue(["Have you seen @3?", "Yes, I saw it and I hated it."], {"3": 0}))
    assert report["disliked_f1"] == 1.0 and report["stated"]["disliked_recall"] == 1.0


def test_a_missed_dislike_is_listed_with_what_was_said(run):
    report = run(dialogue(["Have you seen @3?", "My cat walked across the keyboard."], {"3": 0}))
    assert report["disliked_f1"] == 0.0
    (failure,) = report["failures"]
    assert failure["kind"] == "missed dislike" and "keyboard" in failure["text"]


def test_a_link_where_the_corpus_has_no_title_counts_against_precision(run):
    report = run(dialogue(["Hello", "I loved @1 and I loved Casino (1995)"], {"1": 1}))
    assert report["linking_recall"] == 1.0 and report["linking_precision"] == 0.5


def test_what_people_did_not_say_is_no_case(run):
    assert run(dialogue(["Hi", "I watched @1"], {"1": 2}))["films"] == 0


def test_the_command_writes_the_contracts_keys(small_workspace, tmp_path):
    (tmp_path / "d.jsonl").write_text(json.dumps(dialogue(["Hello", "I loved @1"], {"1": 1})))
    arguments = ["evaluate", "understanding", "-w", str(small_workspace), "--dialogues", str(tmp_path / "d.jsonl")]
    result = CliRunner().invoke(app, [*arguments, "--json", str(tmp_path / "r.json")])
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "r.json").read_text())
    assert {"linking_recall", "liked_f1", "disliked_f1", "accuracy", "baselines"} <= set(report)


@pytest.mark.parametrize(
    ("text", "says"), [("", "no dialogues"), ("{", "line 1"), ('{"conversation_id": "1"}', "initiator")]
)
def test_broken_dialogues_are_one_line(tmp_path, text, says):
    (tmp_path / "d.jsonl").write_text(text)
    with pytest.raises(BadInput, match=says):
        read_dialogues(tmp_path / "d.jsonl")


def test_the_published_dialogues_can_be_read(shared_data):
    dialogues = read_dialogues(shared_data / "redial" / "valid_dialogues.jsonl.gz")
    assert len(dialogues) == 700
    said = [dialogue.said(message) for dialogue in dialogues for message in dialogue.messages]
    assert sum(len(places) for _, places in said) > 3000
    assert all(text[start:end] == text[start:end].strip() != "" for text, places in said for start, end, _ in places)
