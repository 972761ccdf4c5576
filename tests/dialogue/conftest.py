"""What is understood, on the small catalogue, and a conversation to understand it in."""

import numpy as np
import pytest

from chatrec.dialogue.nlu.pipeline import Understanding
from chatrec.dialogue.tracking.state import State


@pytest.fixture(scope="session")
def understanding(catalogue):
    return Understanding(catalogue, np.arange(len(catalogue), 0, -1))


@pytest.fixture
def after_slate():
    """A conversation in which Groundhog Day, Babe and the older Sabrina were shown last."""
    return State(shown=[["20", "21"], ["18", "24", "15"]], focus=["18"], turn=2, done="shown")
