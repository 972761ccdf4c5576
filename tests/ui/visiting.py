"""What the tests in a browser do again and again: serve a page, send a message, wait for the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def serving(recommender: Any, tour: Any = None) -> Iterator[str]:
    """The page of a recommender on a free port, with a guided tour if there is one; its address."""
    from chatrec_ui import app

    blocks = app.serve(recommender, "127.0.0.1", 0, tour=tour)
    try:
        yield blocks.local_url
    finally:
        blocks.close(verbose=False)


def send(page: Any, text: str) -> None:
    """Type a message, send it, and wait for the whole answer."""
    before = page.locator(".cr-said").count()
    page.fill("#cr-box textarea", text)
    page.press("#cr-box textarea", "Enter")
    answered(page, before + 1)


def answered(page: Any, count: int) -> None:
    """Wait until there are so many messages and the last one is answered whole."""
    page.wait_for_function(
        "count => document.querySelectorAll('.cr-said').length === count && !document.querySelector('.cr-live') "
        "&& document.querySelector('[id^=cr-copy-]')",
        arg=count,
    )
