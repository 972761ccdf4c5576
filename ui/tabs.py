"""What the tabs beside the chat ask the server for: small functions that a browser calls by name, with checked input."""

from collections.abc import Callable
from typing import Any

from .behind import Behind
from .evaluation import Evaluation
from .sent import answered, number, text, texts
from .taste_map import TasteMap


def map_functions(taste: TasteMap) -> list[Callable[..., Any]]:
    """The taste map's."""

    def points(_: object = None) -> dict[str, Any]:
        """The items."""
        return taste.points()

    def layout(data: object = None) -> list[list[float]]:
        """Where they lie in a space."""
        return taste.layout(text(data, "space"))

    def person(data: object = None) -> list[float] | None:
        """Where somebody with these likes and dislikes stands."""
        return taste.person(texts(data, "liked"), texts(data, "disliked"), text(data, "space"))

    return [points, layout, person]


def behind_functions(behind: Behind) -> list[Callable[..., Any]]:
    """Those of the tab behind the words."""

    def read(data: object = None) -> dict[str, Any]:
        """What the language model says of an item."""
        return answered(lambda: behind.read(text(data, "one")))

    def blend(data: object = None) -> dict[str, Any]:
        """What the language model says of an item between two."""
        return answered(lambda: behind.blend(text(data, "one"), text(data, "two"), number(data, "share")))

    def towards(data: object = None) -> dict[str, Any]:
        """What the language model says of an item moved towards a mood."""
        return answered(lambda: behind.towards(text(data, "one"), text(data, "mood"), number(data, "share")))

    def like(data: object = None) -> dict[str, Any]:
        """The language model's Yes as likes are added."""
        return answered(lambda: behind.like(text(data, "one"), texts(data, "liked")))

    def parts(data: object = None) -> list[dict[str, Any]]:
        """What put each item of a slate there."""
        return behind.parts(texts(data, "items"))

    return [read, blend, towards, like, parts]


def evaluation_functions(evaluation: Evaluation) -> list[Callable[..., Any]]:
    """Those of the Evaluation tab."""

    def play(data: object = None) -> dict[str, Any]:
        """Begin to play scenarios."""
        return answered(lambda: evaluation.start(text(data, "file"), int(number(data, "count"))))

    def cancel(_: object = None) -> dict[str, Any]:
        """Stop after the one that is being played."""
        return evaluation.cancel()

    def look(_: object = None) -> dict[str, Any]:
        """How far it is."""
        return evaluation.look()

    def report(_: object = None) -> dict[str, Any]:
        """The last report."""
        return answered(evaluation.report)

    return [play, cancel, look, report]
