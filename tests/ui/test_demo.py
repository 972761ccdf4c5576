"""The guided tour: its script, and how it plays, waits, lets go and goes on in a browser."""

import shutil
from urllib.parse import urlsplit

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.errors import BadInput
from chatrec.recommender import Recommender

pytest.importorskip("gradio")
from chatrec_ui import app, demo

TOUR = demo.Tour.model_validate(
    {
        "title": "A short tour",
        "welcome": "All of it is real.",
        "titles": ["Fargo (1996)"],
        "steps": [
            {"title": "Say it", "say": "I loved Fargo", "look": "panel", "caption": "It understood Fargo."},
            {"title": "Read it", "reads": True, "tab": "words", "caption": "Only with an adapter."},
            {"title": "Press it", "press": "liked", "card": 2, "caption": "The second card is liked."},
            {"title": "The end", "caption": "Your turn."},
        ],
    }
)


@pytest.fixture
def recommender(small_workspace, tmp_path):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    return Recommender.open(tmp_path / "workspace")


def test_the_script_that_ships_is_whole_and_says_something_at_each_step():
    tour = demo.read_tour()
    assert len(tour.steps) >= 10 and all(step.notes and step.look for step in tour.steps)
    assert all(demo.LEAST <= step.seconds < 30 for step in tour.steps)
    lines = " ".join([*(step.say for step in tour.steps), *(str(step.form) for step in tour.steps)])
    assert all(title.split(" (")[0] in lines for title in tour.titles)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x", "steps"),
        ("title: x\nsteps: []", "steps"),
        (
            "title: x\nsteps: [{title: a, caption: b, say: c, press: liked}]",
            "steps.1: Value error, a step does one thing",
        ),
        ("title: x\nsteps: [{title: a, caption: b, look: '<b>'}]", "look '<b>' is not known"),
        ("title: x\nsteps: [{title: a, caption: b, colour: red}]", "steps.1.colour"),
        ("title: [", "not valid YAML"),
    ],
)
def test_a_script_that_is_wrong_is_refused_in_one_line(tmp_path, text, said):
    path = tmp_path / "tour.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        demo.read_tour(path)
    assert said in str(caught.value) and str(path) in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(BadInput, match="cannot be read"):
        demo.read_tour(tmp_path / "nowhere.yaml")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "steps", "caption", "say", "look", "form", "card"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
@settings(max_examples=40)
def test_any_yaml_is_a_tour_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any-tour.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    try:
        assert demo.read_tour(path).steps
    except BadInput as error:
        assert "\n" not in str(error)


def test_a_tour_fits_its_catalogue_or_says_what_is_missing(recommender):
    fitted = demo.fitting(TOUR, recommender)
    assert [step["title"] for step in fitted["steps"]] == ["Say it", "Press it", "The end"]
    assert fitted["steps"][0]["look"] == demo.LOOKS["panel"] and "notes" not in fitted["steps"][0]
    with pytest.raises(BadInput, match="'Pulp Fiction \\(1994\\)', which is not in Small films"):
        demo.fitting(demo.read_tour(), recommender)


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_the_tour_plays_waits_and_is_taken_over(recommender, browser):
    blocks = app.serve(recommender, "127.0.0.1", 0, tour=TOUR)
    try:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(60_000)
        trouble, hosts = [], set()
        page.on("console", lambda line: line.type in ("error", "warning") and trouble.append(line.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.goto(blocks.local_url)
        page.wait_for_selector("#cr-demo:not([hidden])")
        assert "All of it is real." in page.inner_text("#cr-demo")
        page.keyboard.press("Enter")  # the button has the focus
        page.wait_for_function("document.querySelector('#cr-demo-caption').textContent == 'It understood Fargo.'")
        page.click("[name=cr-demo-play]")  # paused: the caption stays beyond its time
        assert page.inner_text(".cr-said") == "I loved Fargo" and page.inner_text("[name=cr-demo-play]") == "Go on"
        page.wait_for_selector("#cr-panel.cr-lit")
        page.wait_for_timeout(demo.LEAST * 1000 + 500)
        assert page.inner_text("#cr-demo-caption") == "It understood Fargo."
        liked = page.locator(".cr-card").nth(1).locator("h3").inner_text()
        page.click("[name=cr-demo-next]")  # one step, and it waits again
        page.wait_for_function("document.querySelector('#cr-demo-caption').textContent.startsWith('The second card')")
        assert liked.split()[0] in page.inner_text("#cr-panel")

        page.click("#cr-box textarea")  # a click of the person: the tour lets go
        assert page.inner_text("#cr-demo-title") == "Over to you"
        page.fill("#cr-box textarea", "Something before 1980")
        page.press("#cr-box textarea", "Enter")
        page.wait_for_function("document.querySelectorAll('.cr-said').length == 2")
        page.wait_for_function("!document.querySelector('#cr-chat .cr-live')")
        assert "Fargo (1996)" in page.inner_text("#cr-panel") and "up to 1979" in page.inner_text("#cr-panel")

        page.click("[name=cr-demo-play]")  # and goes on where it was
        page.wait_for_function("document.querySelector('#cr-demo-title').textContent == 'The end'")
        page.click("[name=cr-demo-next]")
        page.wait_for_function("document.querySelector('[name=cr-demo-play]').textContent == 'Start again'")
        page.click("[name=cr-demo-stop]")
        assert not page.is_visible("#cr-demo")
        assert not trouble and hosts <= {"127.0.0.1", None}
    finally:
        blocks.close(verbose=False)
