"""Ratings from a file as verdicts."""

from typing import TYPE_CHECKING

from chatrec.catalogue.imports import match, read_ratings
from chatrec.catalogue.interactions import LIKED

if TYPE_CHECKING:
    from chatrec.catalogue.items import Catalogue
    from chatrec.dialogue.tracking.state import State

DISLIKED = 2.0  # stars; what got as many or fewer was not liked


def verdicts(text: str, catalogue: "Catalogue", state: "State") -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Item ids to add to each list of verdicts, and the titles that the catalogue does not have.

    What got four stars is liked, two and less disliked, the rest is known. What the person has said here counts more.

    Raises:
        BadInput: for what is no export of Letterboxd or IMDb.
    """
    found = match(read_ratings(text), catalogue)
    told = {*state.liked, *state.disliked, *state.seen}
    new: dict[str, list[str]] = {"liked": [], "disliked": [], "seen": []}
    for row, stars in found.rated:
        item_id = catalogue[row].item_id
        if item_id not in told:
            kind = "seen" if stars is None or DISLIKED < stars < LIKED else "liked" if stars >= LIKED else "disliked"
            new[kind].append(item_id)
    return new, found.unmatched
