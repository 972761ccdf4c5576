"""The tabs on a real recommender: the trace of a turn, moods and the model's Yes, evaluation, what About says."""

import shutil
import threading
import time

import numpy as np
import pytest
import torch

from chatrec.errors import BadInput
from chatrec.evaluation.dialogue.scenarios import Scenario
from chatrec.recommender import Recommender
from chatrec.trace import Step, Trace

pytest.importorskip("gradio")
from chatrec_ui import about, behind, evaluation, sent, taste_map, trace

ANNA, BEN = "a" * 32, "b" * 32


@pytest.fixture
def recommender(small_workspace, tmp_path):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    return Recommender.open(tmp_path / "workspace")


def test_a_turn_is_traced_step_by_step_for_each_person_alone(recommender):
    recommender.reply(ANNA, "I loved Heat")
    assert recommender.manager.recorder is None  # nothing is kept until somebody looks
    tab = behind.Behind(recommender)
    recommender.reply(ANNA, "I loved Fargo, something before 1980?")
    steps = {name: (found, time, inside) for name, found, time, inside in tab.trace(ANNA)}
    assert list(steps)[:3] == ["Understood", "Decided", "Chose the slate"]
    assert "liked: Fargo (1996)" in steps["Understood"][0] and "year max: 1979" in steps["Understood"][0]
    assert steps["Decided"][0] == "recommend"
    assert steps["Worded and checked"][0].endswith("as a plain sentence")
    inner = [steps[name][1] for name in ("Scored the catalogue", "Retrieved", "Ranked")]
    assert all(steps[name][2] for name in ("Scored the catalogue", "Retrieved", "Ranked")) and not steps["Decided"][2]
    assert sum(inner) <= steps["Chose the slate"][1] + 0.5 and all(time >= 0 for _, time, _ in steps.values())
    assert tab.trace(BEN) == []
    recommender.reply(ANNA, "Why the first one?")
    assert "Chose the slate" not in {step[0] for step in tab.trace(ANNA)}
    recommender.forget(ANNA)
    assert tab.trace(ANNA) == []


def test_a_reply_that_did_not_wait_for_the_model_says_so_in_its_trace(catalogue):
    steps = [Step("worded and checked", found={"said": [("plain", 0)] * 3, "busy": busy}) for busy in (True, False)]
    found = [found for _, found, _, _ in trace.told(Trace(steps=steps), catalogue, {})]
    assert found == ["said plainly: the model was busy", "3 as a plain sentence"]


@pytest.mark.slow
def test_an_item_is_moved_towards_a_mood_and_asked_about(trained_workspace, tmp_path, monkeypatch):
    shutil.copytree(trained_workspace, tmp_path / "workspace")
    tab = behind.Behind(Recommender.open(tmp_path / "workspace"))
    assert tab.moods == []  # no mood has ten of the 24 films
    assert tab.towards("Fargo", "dark", 0.0)["said"] == tab.read("Fargo")["said"]
    moved = tab.towards("Babe", "dark", 1.0)
    assert len(moved["near"]) == behind.NEAR and not any(name.startswith("Babe (") for name in moved["near"])
    with pytest.raises(BadInput, match="has the mood 'gloomy'"):
        tab.towards("Babe", "gloomy", 0.5)
    put, answer = [], tab.model.like_logits
    monkeypatch.setattr(tab.model, "like_logits", lambda people: (put.extend(people), answer(people))[1])
    asked = tab.like("Heat", ["Casino", "Babe"])
    heat, casino, babe = (tab.catalogue.row[item_id] for item_id in ("2", "3", "24"))
    assert put == [((casino,), (), (heat,)), ((casino, babe), (), (heat,))]
    assert [name for name, _ in asked["steps"]] == ["Casino (1995)", "Babe (1995)"]
    shares = [share for _, share in asked["steps"]]
    assert shares == pytest.approx(torch.sigmoid(answer(put)).tolist(), abs=0.01)
    assert tab.like("Heat", [])["steps"] == []
    alone = tab.like("Heat", ["Casino"])["steps"][0][1]
    assert alone == pytest.approx(shares[0], abs=0.01)  # each likes-so-far on its own; bf16 rounds a batch differently
    drawn = taste_map.TasteMap(tab.recommender)
    assert set(drawn.points()["spaces"]) == {"taste", "words"}
    words = np.array(drawn.layout("words"))
    assert words.shape == (24, 2) and not np.allclose(words, drawn.layout("taste"))
    assert drawn.layout("no such space") == drawn.layout("taste")
    assert drawn.person(["2", "3"], [], "words") and drawn.person([], ["2"], "words") is None


def scenario(name):
    line = {"user": "I loved Heat", "expect": {"recommends": {"min": 1}, "state": {"liked": ["Heat (1995)"]}}}
    wrong = {"user": "Something before 1980", "expect": {"all": {"year_max": 1900}}}
    return Scenario.model_validate({"id": name, "turns": [line, wrong]})


def finished(tab):
    for _ in range(600):
        if not tab.look()["running"]:
            return tab.look()
        time.sleep(0.05)
    raise AssertionError("the run does not end")


def test_scenarios_are_played_live_cancelled_and_leave_nothing_behind(recommender, monkeypatch):
    tab = evaluation.Evaluation(recommender)
    monkeypatch.setattr(evaluation, "read_scenarios", lambda _: [scenario(f"s{n}") for n in range(3)])
    tab.start("films", 2)
    found = finished(tab)
    assert (found["done"], found["total"], found["summary"]["passed"]) == (2, 2, 0)
    assert found["summary"]["checks"] == 6 and found["summary"]["checks_passed"] == 4
    assert found["rows"][0]["id"] == "s0" and found["rows"][0]["failed"][0].startswith("turn 2: all")
    assert recommender.transcript("scenario-0") == []

    gate = threading.Event()
    play = evaluation.play_scenario
    monkeypatch.setattr(evaluation, "play_scenario", lambda *a: (gate.wait(30), play(*a))[1])
    tab.start("films", 3)
    assert tab.start("people", 1)["total"] == 3  # one run at a time
    tab.cancel()
    gate.set()
    found = finished(tab)
    assert found["cancelled"] and found["done"] < 3
    for name, count in (("../../etc/passwd", 1), ("films", 0)):
        with pytest.raises(BadInput):
            tab.start(name, count)
    assert sent.answered(tab.report)["problem"].startswith("There is no report in this workspace W yet; chatrec report")
    (recommender.workspace.path / "report").mkdir()
    (recommender.workspace.path / "report" / "index.html").write_text("<h1>Figures</h1>", encoding="utf-8")
    assert tab.report()["html"] == "<h1>Figures</h1>"


def test_about_speaks_from_the_files_and_shows_no_markup_of_theirs(recommender):
    told = about.sections(recommender)
    assert "| Films | 24 |" in told["The catalogue"] and "Small films" in told["The catalogue"]
    assert "no trained adapter" in told["Model card, figures and limits"]
    assert "tables of your own" in told["Data and licences"] and "`recommend`" in told["For programs"]
    folder = recommender.workspace.adapter_folder
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text(
        "# Card\n<script>x</script> ![spy](http://evil/x.png)\n\nAUC .712", encoding="utf-8"
    )
    card = about.model_card(recommender)
    assert "AUC .712" in card and "<script" not in card and "![" not in card.replace("!\\[", "")
    recommender.workspace.manifest.name = "A | <img src=x>"
    assert "<img" not in about.catalogue(recommender) and "A \\| " in about.catalogue(recommender)
