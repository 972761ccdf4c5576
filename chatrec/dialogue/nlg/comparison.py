"""Two items compared on what a person cares about."""

from chatrec.catalogue.items import Catalogue, Item
from chatrec.dialogue.nlg.answers import by_line, kind_of
from chatrec.dialogue.tracking.state import State
from chatrec.ilm.phrasing import adjective, listed
from chatrec.ilm.tasks import traits


def compare(one: Item, two: Item, state: State, catalogue: Catalogue, by_age: bool = False) -> str:
    """Two items side by side: what they are, what they share, and which is nearer to what this person said."""
    words = catalogue.words
    parts = [f"{one.name} is {kind_of(one, words)}{by_line(one)}; {two.name} is {kind_of(two, words)}{by_line(two)}."]
    if by_age and one.year and two.year:
        old, new = sorted((one, two), key=lambda item: item.year or 0)
        return f"{old.name} is older than {new.name}." if old.year != new.year else f"Both are from {old.year}."
    common = set(traits(one)) & set(traits(two))
    people = [value for kind, value in traits(one) if (kind, value) in common and kind in ("director", "person")]
    moods = [value for kind, value in traits(one) if (kind, value) in common and kind == "mood"]
    if people:
        parts.append(f"Both have {listed(list(dict.fromkeys(people))[:2])}.")
    if moods:
        parts.append(f"Both are {listed(moods[:2])}.")
    own = [[mood for mood in item.moods if mood not in moods][:2] for item in (one, two)]
    if all(own):
        parts.append(f"{one.title} is more {listed(own[0])}, {two.title} more {listed(own[1])}.")
    first, second = (_fits(item, state, catalogue) for item in (one, two))
    for item, (_, why) in ((one, first), (two, second)):
        if why:
            parts.append(f"For you, {item.title} {listed(why[:2])}.")
    if first[0] != second[0]:
        parts.append(
            f"So from what you told me, {(one if first[0] > second[0] else two).title} is nearer to your taste."
        )
    elif state.liked:
        parts.append("What you told me so far does not decide between them.")
    else:
        parts.append(f"Tell me a {words.one} you like, and I can say which is nearer to your taste.")
    return " ".join(parts)


def _fits(item: Item, state: State, catalogue: Catalogue) -> tuple[float, list[str]]:
    """How well an item fits what a person said, and in which ways, in words that follow its title."""
    score, why = 0.0, []

    def count(weight: float, clause: str) -> None:
        nonlocal score
        score += weight
        why.append(clause)

    if item.item_id in state.disliked:
        count(-3, "is one that you did not like")
    elif item.item_id in state.liked:
        count(3, "is one that you like already")
    elif item.item_id in state.seen:
        count(0, f"is one that you have {catalogue.words.used}")
    for wanted, unwanted, values, called in (
        (state.genres_wanted, state.genres_unwanted, item.categories, adjective),
        (state.people_wanted, state.people_unwanted, item.all_people, str),
        (state.moods_wanted, [], item.moods, "{} mood".format),
    ):
        for sign, names, verb in ((2, wanted, "has"), (-3, unwanted, "also has")):
            hits = [name for name in names if name in values]
            if hits:
                end = "that you asked for" if sign > 0 else "that you would rather avoid"
                count(sign, f"{verb} the {listed([called(name) for name in hits])} {end}")
    strong = [kind for kind in state.limits if item.content.get(kind) == "strong"]
    if strong:
        count(-3, f"has the strong {listed(strong)} that you would rather avoid")
    best: tuple[float, str] = (0.0, "")
    for item_id in state.liked[-12:]:
        if item_id == item.item_id or item_id not in catalogue.row:
            continue
        liked = catalogue.by_id(item_id)
        shared = [trait for trait in traits(liked) if trait in traits(item)]
        weights = {"director": 2.0, "series": 2.0, "person": 1.5, "theme": 1.5, "mood": 0.6, "category": 0.4}
        total = sum(weights[kind] for kind, _ in shared)
        if total > best[0]:
            kind, value = max(shared, key=lambda trait: weights[trait[0]])
            kinds = {"category": f"the {adjective(value)} side", "mood": f"the {value} mood"}
            best = (total, f"shares {kinds.get(kind, value)} with {liked.title}")
    if best[1]:
        count(min(best[0], 4.0) / 2, best[1])
    return score, why
