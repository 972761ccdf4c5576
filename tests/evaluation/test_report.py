"""The report: a page that stands alone, escapes what it shows, and leads from each failure to the whole conversation."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from chatrec.cli import app
from chatrec.dialogue.tracking.store import Sessions
from chatrec.errors import BadInput
from chatrec.evaluation.dialogue.scenarios import Scenario
from chatrec.evaluation.report import charts
from chatrec.evaluation.report.collect import collect, earlier, latency
from chatrec.evaluation.report.page import page
from chatrec.recommender import Recommender

HOSTILE = '<script>alert("x")</script> I loved Heat'
SCRIPTS = [
    Scenario.model_validate({"id": "good", "turns": [{"user": "Hello", "expect": {"asks": True}}]}),
    Scenario.model_validate({"id": "bad & <b>", "turns": [{"user": HOSTILE, "expect": {"recommends": {"max": 0}}}]}),
]


@pytest.fixture(scope="module")
def results(small_workspace):
    return collect(Recommender.open(small_workspace, Sessions("sqlite://")), SCRIPTS, users=3, turns=5)


def test_every_part_is_told_and_nothing_is_fetched(results):
    html = page(results)
    for title in (
        "Scripted conversations",
        "Simulated people",
        "Truth of replies",
        "Waiting",
        "What sways the ranking",
    ):
        assert f">{title}</h2>" in html
    assert not re.search(r"https?:|<script|<link|<img|@import|url\(", html)
    linked = set(re.findall(r'href="?#([\w-]+)', html))
    assert linked <= set(re.findall(r'id="([\w-]+)"', html)) and linked


def test_a_failure_leads_to_its_whole_conversation(results):
    html = page(results)
    anchor = re.search(r"<li>bad &amp; &lt;b&gt;, turn 1.*?<a href=#([\w-]+)>", html)[1]
    talk = re.search(rf'<details id="{anchor}" open>.*?</details>', html, re.DOTALL)[0]
    assert "&lt;script&gt;" in talk and "script: bad &amp; &lt;b&gt;" in talk
    assert results["transcripts"]["script: good"]["failed"] is False


def test_listening_leaves_the_recommender_as_it_was(small_workspace):
    recommender = Recommender.open(small_workspace, Sessions("sqlite://"))
    collect(recommender, SCRIPTS[:1], users=0, turns=0)
    assert "reply" not in vars(recommender) and recommender.transcript("scenario-0") == []


def test_earlier_results_make_the_same_page(results, tmp_path):
    (tmp_path / "report.json").write_text(json.dumps(results), encoding="utf-8")
    assert page(earlier(tmp_path)) == page(json.loads(json.dumps(results)))
    (tmp_path / "report.json").unlink()
    (tmp_path / "bias.json").write_text(json.dumps(results["bias"]), encoding="utf-8")
    made = CliRunner().invoke(app, ["report", "--from", str(tmp_path), "--out", str(tmp_path / "out")])
    assert made.exit_code == 0, made.output
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "What sways the ranking" in html and "Simulated people" not in html


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_results_that_are_none_are_one_clear_line(tmp_path, text):
    with pytest.raises(BadInput, match="holds no results"):
        earlier(tmp_path)
    (tmp_path / "bias.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match=r"bias\.json"):
        earlier(tmp_path)


def test_a_page_that_cannot_be_made_leaves_nothing(tmp_path):
    (tmp_path / "bias.json").write_text('{"users": 3}')
    made = CliRunner().invoke(app, ["report", "--from", str(tmp_path), "--out", str(tmp_path / "out")])
    assert isinstance(made.exception, BadInput) and not (tmp_path / "out").exists()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_curves_stay_inside_their_frame(one, two):
    svg = charts.lines("x", {"<a>": one, "b": two})
    points = [
        float(v) for path in re.findall(r'points="([^"]*)"', svg) for pair in path.split() for v in pair.split(",")
    ]
    xs, ys = points[::2], points[1::2]
    assert all(0 <= x <= charts.WIDTH for x in xs) and all(0 <= y <= charts.HEIGHT for y in ys)
    assert "<a>" not in svg


def test_waiting_is_counted_by_half_a_second():
    found = latency([0.1, 0.4, 0.6, 7.0])
    assert found["counts_by_half_second"][:2] == [2, 1] and sum(found["counts_by_half_second"]) == 4
    assert found["over_6_s"] == 0.25 and found["worst_s"] == 7.0
