"""The HTML of the tab behind the words; the browser's script fills it."""

from collections.abc import Sequence

from .text import plain


def _title(name: str, label: str, hint: str = "a title") -> str:
    return (
        f'<label>{label} <input type="search" name="{name}" list="cr-all-titles" required autocomplete="off" '
        f'placeholder="{hint}"></label>'
    )


def _share(label: str) -> str:
    return (
        f'<label class="cr-share"><span>{label}</span><input type="range" name="share" min="0" max="100" value="50" '
        'step="5"></label>'
    )


def _asking(name: str, head: str, why: str, fields: str, button: str) -> str:
    """A question with its form, and the place of its answer."""
    return (
        f'<section><h2>{head}</h2><p class="cr-soft">{why}</p><form id="cr-{name}" class="cr-ask">{fields}'
        f'<button class="cr-quiet">{button}</button></form><div id="cr-{name}-out" aria-live="polite"></div></section>'
    )


def skeleton(many: str, one: str, ready: bool, moods: Sequence[str] = ()) -> str:
    """The tab's HTML.

    Args:
        many, one: what the catalogue's things are called.
        ready: whether there is a trained adapter.
        moods: that an item can be moved towards.
    """
    many, one = plain(many), plain(one)
    reading = (
        f'<section><p class="cr-soft">There is no trained adapter here yet, so the language model cannot read these {many}. '
        "The command <code>chatrec train</code> makes one.</p></section>"
    )
    if ready:
        reading = _asking(
            "read",
            "What the language model reads",
            f"No title and no text is in the prompt, only a few learned vectors that stand for the {one}: its soft tokens. "
            "This is what the model says they are.",
            _title("one", "Read"),
            "Read it",
        )
        reading += _asking(
            "blend",
            f"A {one} that does not exist",
            f"Two {many} mixed, token by token, and read like a real one.",
            _title("one", "From", "one title") + _share("Share of the second") + _title("two", "to", "another"),
            "Blend them",
        )
        if moods:
            options = "".join(f"<option>{plain(mood)}</option>" for mood in moods)
            reading += _asking(
                "towards",
                "Funnier, sadder, scarier",
                f"The soft tokens of a {one} moved in a straight line towards the mean of all {many} of a mood. The model has "
                "not learned to do this; it is a look at how its space is laid out.",
                _title("one", "Move")
                + f'<label>towards <select name="mood">{options}</select></label>'
                + _share("How far"),
                "Move it",
            )
        reading += _asking(
            "like",
            "Yes or no?",
            f"Will somebody like this {one}? The model answers Yes or No after the likes it is told, as soft tokens. Add one "
            "more and see its Yes move; the bar is the probability of Yes.",
            _title("one", "Will they like") + _title("like", "if they like", "a title"),
            "Add the like",
        )
    return (
        f'<datalist id="cr-all-titles"></datalist>{reading}<section><h2>Why these {many}</h2><p class="cr-soft">Each part '
        "of the score, against the other candidates: to the right speaks for it, to the left against it.</p>"
        f'<div id="cr-parts">Ask for {many} in the chat, and the parts of their scores stand here.</div></section>'
        '<section><h2>The last turn, step by step</h2><p class="cr-soft">What was understood, decided, retrieved, ranked and '
        'checked for your last message, with times measured while it happened.</p><div id="cr-trace">Say something in the '
        "chat, and its steps stand here.</div></section>"
    )
