"""Who may use the language model now: there is one set of weights, and several people may wait for their words."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

WAITING = 2
"""Replies that may wait for the model at a time."""
PATIENCE = 5.0
"""Seconds that a reply waits; the cards are on the page by then, and their plain reasons are as true."""


class Floor:
    """Lets one reply after the other use the model; whoever would wait for long does without it.

    Args:
        waiting: how many may wait at a time; whoever comes then is turned away at once.
        patience: seconds after which a reply waits no longer.
    """

    def __init__(self, waiting: int = WAITING, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._places = threading.Semaphore(1 + waiting)
        self._speaking = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Whether the model is this reply's until the end of the block; False where it is busy."""
        place = self._places.acquire(blocking=False)
        mine = place and self._speaking.acquire(timeout=self.patience)
        try:
            yield mine
        finally:
            if mine:
                self._speaking.release()
            if place:
                self._places.release()
