"""A recorded chat is a scenario that the same conversation satisfies."""

import pytest
from rich.console import Console

from chatrec.dialogue.terminal import play
from chatrec.dialogue.tracking.store import Sessions
from chatrec.errors import StorageError
from chatrec.evaluation.dialogue.recording import Recorder
from chatrec.evaluation.dialogue.scenarios import read_scenarios, run_scenarios
from chatrec.recommender import Recommender

LINES = [
    "Hello",
    "I loved Heat and Fargo, what should I watch?",
    "something before 1990",
    'I have seen the first one: « Ünïcode » "quotes" # and : colons',
]


@pytest.fixture
def recommender(small_workspace):
    return Recommender.open(small_workspace, Sessions("sqlite://"))


def test_the_same_conversation_satisfies_what_was_recorded(recommender, tmp_path):
    file = tmp_path / "new" / "evening.yaml"
    play(recommender, LINES, Console(quiet=True), heard=Recorder(file).add)
    (scenario,) = read_scenarios(file)
    assert scenario.id == "evening" and [turn.user for turn in scenario.turns] == LINES
    assert scenario.turns[1].expect.state.liked == ["Heat (1995)", "Fargo (1996)"]
    again = run_scenarios(recommender, [scenario])
    assert again["passed"] == 1, again["failures"]


def test_another_conversation_does_not(recommender, tmp_path):
    file = tmp_path / "evening.yaml"
    play(recommender, LINES[:2], Console(quiet=True), heard=Recorder(file).add)
    file.write_text(
        file.read_text(encoding="utf-8").replace("user: I loved Heat", "user: I hated Heat"), encoding="utf-8"
    )
    assert run_scenarios(recommender, read_scenarios(file))["passed"] == 0


def test_a_file_that_cannot_be_written_is_one_clear_line(recommender, tmp_path):
    (tmp_path / "wall").write_text("a file, not a folder")
    with pytest.raises(StorageError, match="wall"):
        play(recommender, LINES[:1], Console(quiet=True), heard=Recorder(tmp_path / "wall" / "x.yaml").add)
