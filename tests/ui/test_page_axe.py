"""Accessibility by axe-core: no serious or critical violation in any part of the page, light, dark, on a phone."""

import shutil

import pytest
from visiting import send, serving

pytest.importorskip("gradio")
from chatrec_ui.demo import Step, Tour

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations'], selectors: true});
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}"""


@pytest.fixture(scope="module")
def axe():
    from chatrec.assets import asset_path
    from chatrec.errors import ChatrecError

    try:
        return (asset_path("axe-core", quiet=True) / "axe.min.js").read_text(encoding="utf-8")
    except ChatrecError as error:
        pytest.skip(f"axe-core is not here and cannot be fetched: {error}")


@pytest.fixture(scope="module")
def recommender(trained_workspace, tmp_path_factory):
    from chatrec.recommender import Recommender

    path = tmp_path_factory.mktemp("axe") / "workspace"
    shutil.copytree(trained_workspace, path)
    recommender = Recommender.open(path)
    recommender.manager  # noqa: B018
    return recommender


FORMS = {
    "read": {"one": "Fargo"},
    "blend": {"one": "Fargo", "two": "Heat"},
    "towards": {"one": "Fargo"},
    "like": {"one": "Fargo", "like": "Heat"},
}
LOOKS = {
    "light": ({"width": 1280, "height": 860}, "light"),
    "dark": ({"width": 1280, "height": 860}, "dark"),
    "phone": ({"width": 390, "height": 844}, "light"),
}


def checking(page, axe, shoot, wrong):
    """A function that looks at the page as it is, in every look, and adds what is wrong."""
    page.evaluate(axe)

    def check(state):
        for look, (size, scheme) in LOOKS.items():
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function("dark => Boolean(document.querySelector('.dark')) === dark", arg=scheme == "dark")
            wrong.extend(f"{state}, {look}: {one}" for one in page.evaluate(AXE))
            shoot(page, f"{state}-{look}")
        page.set_viewport_size(LOOKS["light"][0])

    return check


def converse(page, check):
    """The chat: empty, with cards and everything unfolded, with its dialogs."""
    check("empty")
    send(page, "I loved Heat and Casino, no horror please")
    page.click("#cr-0-0-liked")
    page.wait_for_selector("#cr-0-0-liked.cr-on")
    page.click("[name=cr-remove-liked] >> nth=0")
    page.wait_for_selector("[name=cr-restore]")
    page.click("#cr-0-1-not")
    page.type("#cr-box textarea", "Toy")
    page.wait_for_selector("#cr-titles li")
    check("cards")
    page.fill("#cr-box textarea", "")
    page.click("#cr-0-0-compare")
    page.wait_for_selector(".cr-chosen")
    page.click("#cr-0-1-compare")
    page.wait_for_selector("#cr-compared[open]")
    check("comparison")
    page.keyboard.press("Escape")
    page.wait_for_selector("#cr-compared", state="detached")
    page.click("[name=cr-ask-forget]")
    page.wait_for_selector("#cr-forget[open]")
    check("forget")
    page.keyboard.press("Escape")
    page.click("#cr-header [name=cr-new]")
    page.wait_for_selector(".cr-example")
    send(page, "A comedy, please")
    page.click("#cr-list-button")
    page.wait_for_selector("#cr-open-1")
    check("conversations")
    page.click("#cr-delete-2")
    page.wait_for_selector("#cr-delete[open]")
    check("delete")
    page.keyboard.press("Escape")
    page.click("#cr-list [name=cr-list]")


def fill(page, tab):
    """A tab with something in it."""
    if tab == "map":
        page.wait_for_selector(".cr-kind")
        page.fill("#cr-map-find", "fargo")
        page.press("#cr-map-find", "Enter")
        page.wait_for_selector("#cr-map-card strong")
    if tab == "words":
        for form, fields in FORMS.items():
            for name, value in fields.items():
                page.fill(f"#cr-{form} [name={name}]", value)
            page.press(f"#cr-{form} [name={name}]", "Enter")
            page.wait_for_function(
                f"document.querySelector('#cr-{form}-out').children.length && !document.querySelector('#cr-{form} button').disabled"
            )
        for fold in page.locator("#cr-words summary").all():
            fold.click()
    if tab == "evaluation":
        page.fill("#cr-play [name=count]", "1")
        page.press("#cr-play [name=count]", "Enter")
        page.wait_for_selector("#cr-play-out table")


def test_no_serious_violation_in_any_part_of_the_page(visit, recommender, axe, shoot):
    wrong = []
    with serving(recommender) as url:
        page = visit(url, reduced_motion="reduce")  # colours change at once
        check = checking(page, axe, shoot, wrong)
        converse(page, check)
        for tab in [one.get_attribute("value") for one in page.locator("[name=cr-tab]").all()]:
            page.click(f"[name=cr-tab][value={tab}]")
            fill(page, tab)
            if tab != "chat":
                check(tab)
        assert wrong == []
        page.evaluate("document.body.append(document.createElement('button'))")
        assert any("button-name" in one for one in page.evaluate(AXE)), "a button without a name must be found"
    tour = Tour(title="A short tour", steps=[Step(title="Say it", caption="It understood Fargo.", say="I loved Fargo")])
    with serving(recommender, tour) as url:
        checking(visit(url, reduced_motion="reduce"), axe, shoot, wrong)("tour")
    assert wrong == []
