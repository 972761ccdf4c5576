"""What is disliked, and what only sounds so: sentences of the kinds that real seekers wrote."""

import numpy as np
import pytest

from chatrec.dialogue.nlu.understanding import Understanding
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply


@pytest.fixture(scope="module")
def understanding(catalogue):
    return Understanding(catalogue, np.ones(len(catalogue)))


@pytest.fixture
def verdict(understanding, catalogue):
    """The verdict on a title after a message, with some titles shown before."""
    row = {item.title: item.item_id for item in catalogue}

    def _verdict(text: str, title: str, shown: tuple[str, ...] = ()) -> str:
        slate = [row[name] for name in shown]
        state = State(shown=[slate] if slate else [], focus=slate[::-1])
        apply(understanding.read(text, state), state, catalogue)
        return next((kind for kind in ("liked", "disliked", "seen") if row[title] in getattr(state, kind)), "")

    return _verdict


@pytest.mark.parametrize(
    ("text", "title", "shown", "disliked"),
    [
        ("I've seen Heat but not Casino! Thanks", "Casino", (), False),
        ("I did see Heat but not Casino I wouldn't mind seeing it though", "Casino", (), False),
        ("I loved Heat but not Casino", "Casino", (), True),
        ("Casino was ok, but not really my cup of tea Thanks for the suggestions Have a great day", "Casino", (), True),
        ("Casino (1995) seems a little too violent", "Casino", (), True),
        ("it's not a classic crime film like Casino", "Casino", (), False),
        ("I loved Heat and Fargo. But not so much in Casino", "Casino", (), True),
        ("I have seen Fargo and I liked it but not love", "Fargo", (), False),
        ("It's good, but not as good as the first one", "Casino", ("Casino",), False),
        ("Casino wasn't amazing but I watched it", "Casino", (), False),
        ("I haven't, I'm not into subtitles I'll check out Casino though", "Casino", (), False),
        ("As long as it isn't dull and boring I am sure I'll like it", "Fargo", ("Fargo",), False),
        ("I couldn't blame anyone if they did not like it", "Fargo", ("Fargo",), False),
        ("Meh I hated that one, too much romance in the first 2 hours", "Fargo", ("Fargo",), True),
        ("it didn't really enthuse me", "Fargo", ("Fargo",), True),
        ("hate when it glitches sorry", "Fargo", ("Fargo",), False),
        ("That is a great suggestion. Casino was awful!", "Casino", ("Casino",), True),
        ("I like Heat but not the others you mentioned", "Casino", ("Heat", "Casino"), True),
        ("I like Heat but not the others you mentioned", "Heat", ("Heat", "Casino"), False),
        ("looks good but I've heard it's too long", "Casino", ("Casino",), False),
        ("that was the worst of them all", "Heat", ("Heat", "Casino"), False),
    ],
)
def test_dislikes_are_heard_and_not_invented(verdict, text, title, shown, disliked):
    assert (verdict(text, title, shown) == "disliked") == disliked
