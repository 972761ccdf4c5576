"""A browser for the tests of the page, and what every visit is held to: no error in the console, no other host."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

HERE = {"127.0.0.1", "localhost", None}  # None: data: and blob: addresses


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="the page is driven with Playwright")
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with playwright.sync_playwright() as driver:
        if path is None and not Path(driver.chromium.executable_path).exists():
            pytest.skip("no Chromium: install it, or name one in CHROMIUM")
        args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
        chrome = driver.chromium.launch(executable_path=path, args=args)
        yield chrome
        chrome.close()


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Any]]:
    """Opens an address as somebody new and returns the Playwright page.

    Every request to another host is cut and noted; at the end of the test there must be none, and neither a warning
    nor an error in the console (``page.trouble`` may be cleared after what is known to make one).
    """
    contexts, troubles, strangers = [], [], []

    def open_(url: str, width: int = 1280, height: int = 860, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)

        def guard(route: Any) -> None:
            if urlsplit(route.request.url).hostname in HERE:
                route.continue_()
            else:
                strangers.append(route.request.url)
                route.abort()

        context.route("**/*", guard)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.trouble = []
        troubles.append(page.trouble)
        page.on("console", lambda line: line.type in ("error", "warning") and page.trouble.append(line.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.goto(url)
        page.wait_for_selector(".cr-example, .cr-said")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert strangers == [], "the page asked another host"
    assert not any(troubles), troubles


@pytest.fixture
def shoot(request, tmp_path) -> Callable[[Any, str], None]:
    """Keeps a picture of the page under CHATREC_ARTEFACTS, or else in the test's own folder, to be looked at."""
    folder = Path(os.environ.get("CHATREC_ARTEFACTS") or tmp_path) / request.node.name

    def picture(page: Any, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", animations="disabled")

    return picture
