"""Items of one source that are items of another, by title and year; and the ratings that come with them."""

import pandas as pd

from chatrec.catalogue.interactions import interactions_frame
from chatrec.catalogue.items import Catalogue, Item, title_key
from chatrec.catalogue.movielens import Source
from chatrec.errors import BadInput


def with_ratings(source: Source, ratings: Source) -> Source:
    """``source`` with the interactions of ``ratings`` beside its own; the note ``matched`` counts items that got any.

    Items are the same if a title (or other title) agrees after :func:`~chatrec.catalogue.items.title_key` and the years
    are at most one apart; an item without a year takes the most rated item of its title. Items of one title and year
    (a film that a corpus lists twice) all get its ratings.

    Raises:
        BadInput: if ``ratings`` has none, or no item matches.
    """
    if ratings.interactions.empty:
        raise BadInput(f"{ratings.catalogue.name} has no ratings; --ratings-from needs a source with ratings")
    counts = ratings.interactions["item_id"].value_counts().to_dict()
    twins = {item.item_id: twin for item in source.catalogue if (twin := same(item, ratings.catalogue, counts))}
    if not twins:
        raise BadInput(f"no item of {ratings.catalogue.name} has the title and year of an item of the catalogue")
    pairs = pd.DataFrame({"item_id": list(twins), "theirs": list(twins.values())}, dtype="string")
    theirs = ratings.interactions.rename(columns={"item_id": "theirs"}).merge(pairs, on="theirs")
    own = source.interactions
    if len(own):  # people of two sources are different people, whatever their numbers
        theirs["user_id"] = "ratings-" + theirs["user_id"]
    both = pd.concat([own, theirs[list(own.columns)]]) if len(own) else theirs
    matched = int(theirs["item_id"].nunique())
    return Source(source.catalogue, interactions_frame(both), {**source.notes, "matched": matched})


def same(item: Item, others: Catalogue, counts: dict[str, int]) -> str | None:
    """Id of the item of ``others`` that is ``item``, or None; ``counts`` (ratings by id) decides between several.

    Items that are not counted are passed over. When two items are the same, :func:`with_ratings` says.
    """
    found: list[tuple[int, bool, int, str]] = []
    for place, title in enumerate((item.title, *item.aliases)):
        for row in others.by_title.get(title_key(title), []):
            other = others[row]
            apart = abs(item.year - other.year) if item.year and other.year else 0
            if apart <= 1 and other.item_id in counts and (other.year or not item.year):
                own = place == 0 and title_key(other.title) == title_key(item.title)
                found.append((apart, not own, -counts[other.item_id], other.item_id))
    return min(found)[3] if found else None
