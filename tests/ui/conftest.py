"""A browser for the tests of the page."""

import os
import shutil
from pathlib import Path

import pytest


@pytest.fixture
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
