"""The page in headless Chromium."""

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fakes import FILMS, HOSTILE, FakeRecommender

pytest.importorskip("gradio")
from chatrec_ui import app


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_the_page_in_a_browser(browser):
    hostile = replace(
        FILMS[3],
        title=HOSTILE,
        name=HOSTILE,
        synopsis=HOSTILE,
        item_id=HOSTILE,
        categories=(HOSTILE,),
        evidence=(HOSTILE,),
    )
    fake = FakeRecommender((*FILMS[:2], hostile), pause=0.15)
    blocks = app.serve(fake, "127.0.0.1", 0)
    try:
        context = browser.new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(30_000)
        trouble, hosts = [], set()
        page.on(
            "console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.goto(blocks.local_url)

        tabs = page.locator(".cr-tabs")  # all of them are seen on a phone
        assert tabs.evaluate("line => line.scrollWidth <= line.clientWidth && line.clientHeight < 60")
        assert tabs.inner_text().split() == ["Chat", "Map", "Words", "Evaluation", "About"]

        # send, and see the message and the mark at once, the skeleton of the cards, then the words
        page.wait_for_selector("text=Nothing yet")
        page.wait_for_selector(".cr-example")
        page.fill("#cr-box textarea", f"I loved Heat, no horror, {HOSTILE}\n\n# *not markdown* $$x$$")
        page.press("#cr-box textarea", "Enter")
        page.wait_for_selector(".cr-thinking")
        assert page.input_value("#cr-box textarea") == ""
        page.wait_for_selector(".cr-wait")
        page.wait_for_function(
            "document.querySelectorAll('.cr-reason').length == 3 && !document.querySelector('.cr-wait')"
        )
        told = page.inner_text(".cr-said")
        assert HOSTILE in told and "# *not markdown* $$x$$" in told
        assert page.inner_text(".cr-card:nth-of-type(3) h3").startswith(HOSTILE)
        assert page.get_by_role("button", name="Remove horror").is_visible()

        # a card's button, by keyboard: the panel changes and the keyboard keeps its place
        page.focus("#cr-0-0-liked")
        page.keyboard.press("Enter")
        page.wait_for_selector("#cr-0-0-liked.cr-on")
        page.wait_for_function("document.activeElement.id == 'cr-0-0-liked'")
        page.get_by_role("button", name="Remove Fargo (1996)").wait_for()
        page.click("#cr-0-2-seen")  # a hostile item id goes to the server and back as it is
        page.wait_for_selector("#cr-0-2-seen.cr-on")
        assert [ref.item_id for _, (known, _) in fake.store.items() for ref in known.seen] == [HOSTILE]
        page.get_by_role("button", name="Remove Fargo (1996)").click()
        page.wait_for_selector("#cr-0-0-liked:not(.cr-on)")

        # a reload loses nothing: neither a draft nor an answer that is on its way; another browser is another person
        page.fill("#cr-box textarea", "more")
        page.press("#cr-box textarea", "Enter")
        page.wait_for_selector("#cr-1-0-liked")
        page.type("#cr-box textarea", "and then")
        assert trouble == []
        page.reload()
        page.wait_for_function(
            "document.querySelectorAll('.cr-reason').length == 6 && !document.querySelector('.cr-wait')"
        )
        trouble.clear()  # the browser may complain of the stream that the reload cut
        assert page.locator(".cr-said").count() == 2 and page.locator("#cr-0-2-seen.cr-on").count() == 1
        page.wait_for_function("document.querySelector('#cr-box textarea').value == 'and then'")
        other = browser.new_context().new_page()
        other.goto(blocks.local_url)
        other.wait_for_selector(".cr-example")
        assert other.locator(".cr-said").count() == 0

        # one's own data, as a file
        with page.expect_download() as saved:
            page.click("[name=cr-export]")
        assert json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))["conversation"]

        # undo and edit; a title completes by keyboard; stop
        page.click("#cr-back-1")
        page.wait_for_function("document.querySelectorAll('.cr-said').length == 1")
        page.click("#cr-edit-0")
        page.wait_for_function("document.querySelector('#cr-box textarea').value.startsWith('I loved Heat')")
        page.fill("#cr-box textarea", "")
        page.type("#cr-box textarea", "!slow I loved the big le")
        page.wait_for_selector("#cr-titles li")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.input_value("#cr-box textarea") == "!slow I loved The Big Lebowski"
        page.keyboard.press("Enter")
        page.wait_for_selector(".cr-busy .stop-button")
        page.wait_for_selector(".cr-card")
        page.keyboard.press("Escape")
        page.wait_for_selector("text=Stopped.")
        page.wait_for_selector("#cr-talk:not(.cr-busy) .submit-button")
        fake.go_on.set()

        # the map: a title is found, and asking about it leads back to the conversation; the third tab without an adapter
        page.click("[name=cr-tab][value=map]")
        page.wait_for_selector(".cr-kind")
        page.fill("#cr-map-find", "fargo")
        page.press("#cr-map-find", "Enter")
        page.focus("#cr-map-canvas")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Tell me about Fargo (1996)")
        page.wait_for_selector("#cr-copy-1")
        page.click("[name=cr-tab][value=words]")
        page.wait_for_selector("text=There is no trained adapter here yet")
        page.click("[name=cr-tab][value=chat]")

        # a new conversation keeps the panel; forgetting asks first
        page.click("#cr-header [name=cr-new]")
        page.wait_for_selector(".cr-example")
        assert page.locator("[name=cr-remove-seen]").count() == 1
        page.click("[name=cr-ask-forget]")
        page.wait_for_selector("#cr-forget[open]")
        page.keyboard.press("Escape")
        page.wait_for_selector("#cr-forget", state="hidden")
        assert page.locator("[name=cr-remove-seen]").count() == 1
        page.click("[name=cr-ask-forget]")
        page.click("#cr-forget [name=cr-forget]")
        page.wait_for_selector("text=Nothing yet")

        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert trouble == []
        assert hosts <= {"127.0.0.1", None}
    finally:
        blocks.close(verbose=False)
