"""What people do on the page, in headless Chromium on the real recommender (real index, no language model)."""

import json
import shutil
from pathlib import Path

import pytest
from visiting import answered, send, serving

pytest.importorskip("gradio")
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-01,Fargo,1996,https://boxd.it/1,5
2024-01-02,Alien,1979,https://boxd.it/2,1
2024-01-03,Barbie,2023,https://boxd.it/3,4
"""


@pytest.fixture(scope="module")
def url(small_workspace, tmp_path_factory):
    from chatrec.recommender import Recommender

    path = tmp_path_factory.mktemp("page") / "workspace"
    shutil.copytree(small_workspace, path)
    recommender = Recommender.open(path)
    recommender.manager  # noqa: B018
    with serving(recommender) as address:
        yield address


def titles(page, turn):
    """Names on the cards of a turn."""
    return page.locator(f"[data-testid=bot]:has([id^=cr-{turn}-]) .cr-card h3").all_inner_texts()


def known(page):
    return [text.removeprefix("Remove ") for text in labels(page, "#cr-panel [name^=cr-remove-]")]


def labels(page, selector):
    return page.locator(selector).evaluate_all("all => all.map(one => one.ariaLabel)")


def test_a_like_changes_the_panel_and_the_next_slate_and_two_browsers_are_two_people(visit, url, shoot):
    one, two = visit(url), visit(url, color_scheme="dark")
    shoot(one, "empty")
    for page in (one, two):
        send(page, "Something romantic, please")
    assert titles(one, 0) == titles(two, 0)
    shoot(one, "cards")
    shoot(two, "cards-dark")
    name = one.locator("#cr-0-0-liked").inner_text().partition(": ")[2]
    one.click("#cr-0-0-liked")
    one.get_by_role("button", name=f"Remove {name}").wait_for()
    assert name not in known(two)
    for page in (one, two):
        send(page, "Something for tonight, any genre")
    assert titles(one, 1) != titles(two, 1)
    shoot(one, "after-a-like")


def test_a_chip_is_removed_a_message_edited_and_a_reload_goes_on(visit, url, shoot):
    page = visit(url)
    send(page, "I loved Heat and Casino, no horror please")
    page.get_by_role("button", name="Remove horror").click()
    page.wait_for_selector("text=Removed: horror")
    assert "Heat (1995)" in known(page) and "horror" not in known(page)
    shoot(page, "chip-removed")
    page.click("[name=cr-restore]")
    page.get_by_role("button", name="Remove horror").wait_for()

    page.click("#cr-edit-0")
    page.wait_for_function("document.querySelector('#cr-box textarea').value.startsWith('I loved Heat')")
    assert page.locator(".cr-said").count() == 0
    send(page, "I loved Toy Story")
    assert "Toy Story (1995)" in known(page) and "Heat (1995)" not in known(page)
    before = titles(page, 0)
    page.reload()
    answered(page, 1)
    assert titles(page, 0) == before and "Toy Story (1995)" in known(page)
    page.trouble.clear()  # the browser may complain of the connection that the reload cut
    send(page, "more")
    assert titles(page, 1) and not set(titles(page, 1)) & set(before)
    shoot(page, "reloaded-and-continued")


def test_ratings_are_imported_and_unknown_titles_listed(visit, url, shoot, tmp_path):
    page = visit(url)
    (tmp_path / "ratings.csv").write_text(LETTERBOXD, encoding="utf-8")
    page.set_input_files("#cr-file", tmp_path / "ratings.csv")
    page.get_by_role("button", name="Remove Fargo (1996)").wait_for()
    assert known(page) == ["Fargo (1996)", "Alien (1979)"]
    page.click("text=1 not in Small films")
    page.wait_for_selector("text=Barbie (2023)")
    shoot(page, "imported")
    with page.expect_download() as saved:
        page.click("[name=cr-export]")
    mine = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert mine["known"]["liked"] == ["Fargo (1996)"]


def test_a_click_on_the_map_asks_about_the_film(visit, url, shoot):
    page = visit(url)
    send(page, "I loved Heat and Casino")
    page.click("[name=cr-tab][value=map]")
    page.wait_for_selector(".cr-kind")
    page.fill("#cr-map-find", "fargo")
    page.press("#cr-map-find", "Enter")  # now it lies in the middle
    page.wait_for_selector("#cr-map-card strong")
    page.focus("#cr-map-canvas")
    page.keyboard.press("Escape")
    page.wait_for_selector("#cr-map-card strong", state="detached")
    middle = page.locator("#cr-map-canvas").bounding_box()
    page.mouse.click(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    page.wait_for_selector("#cr-map-card strong:text('Fargo (1996)')")
    shoot(page, "map")
    page.click("#cr-map-card >> text=Ask about it")
    answered(page, 2)
    assert page.locator(".cr-said").last.inner_text() == "Tell me about Fargo (1996)"


def focus(page):
    """The focused element: id, name, and whether a person can see that it is focused."""
    return page.evaluate(
        """() => {
          const one = document.activeElement, seen = (part) => part && getComputedStyle(part).outlineStyle !== 'none'
            && parseFloat(getComputedStyle(part).outlineWidth) >= 2;
          const ringed = getComputedStyle(one.closest('.input-container') || one).boxShadow !== 'none';
          return [one.id || one.name || one.tagName, seen(one) || seen(one.closest('label')) || ringed];
        }"""
    )


def test_everything_is_done_by_keyboard(visit, url, shoot):
    page = visit(url)
    page.wait_for_function("document.activeElement.matches('#cr-box textarea')")
    page.keyboard.type("Something romantic")
    page.keyboard.press("Enter")
    answered(page, 1)
    passed = []
    for _ in range(60):  # backwards from the box through the cards
        page.keyboard.press("Shift+Tab")
        where, visible = focus(page)
        assert visible, f"no one can see that {where} has the focus"
        passed.append(where)
        if where == "cr-0-0-liked":
            break
    assert passed[-1] == "cr-0-0-liked", passed
    shoot(page, "focus-on-like")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cr-0-0-liked.cr-on")
    assert len(known(page)) == 2  # the like and what was asked for
    page.focus("#cr-0-1-not")
    page.keyboard.press("Enter")
    page.wait_for_selector("details.cr-not[open]")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.wait_for_selector("details.cr-not:not([open])")
    assert focus(page)[0] == "cr-0-1-not"
    page.focus("[name=cr-ask-forget]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cr-forget[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#cr-forget", state="hidden")
    assert len(known(page)) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_every_part_without_scrolling_sideways_and_keeps_still(visit, url, shoot, scheme):
    page = visit(url, 360, 740, color_scheme=scheme, has_touch=True, reduced_motion="reduce")
    shoot(page, "empty")
    page.fill("#cr-box textarea", "Something funny, please")
    page.press("#cr-box textarea", "Enter")
    page.wait_for_selector(".cr-card")
    moving = "document.getAnimations().filter(one => one.playState === 'running').length"
    assert page.evaluate(moving) == 0
    answered(page, 1)
    for tab in page.locator("[name=cr-tab]").all():
        tab.click()
        page.wait_for_timeout(300)
        wide = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(one => one.checkVisibility() && "
            "one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.cr-vh')).map(one => one.outerHTML.slice(0, 90))"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, wide
        small = page.locator("button:visible").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML.slice(0, 90))"
        )
        assert small == [], "too small for a finger (WCAG 2.2, 2.5.8)"
        shoot(page, tab.inner_text())
