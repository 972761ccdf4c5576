"""What else the frozen LLM learns to tell from soft tokens: ELM's tasks (arXiv 2310.04475) and P5's families, as data.

Each :class:`Telling` says what stands in its prompt, in which words it asks (the last are kept for evaluation, so that a
task is also measured in words never seen), and where its target comes from: the item texts, or facts of the record and
of the ratings put into a sentence here. Nothing that is told this way is shown as a fact.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch.nn import functional

from chatrec.catalogue.interactions import LIKED
from chatrec.catalogue.items import Catalogue, Item, Words
from chatrec.ilm.bridge import ItemFeatures, Special
from chatrec.ilm.phrasing import adjective, listed
from chatrec.ilm.tasks import Place, Prompt, Record

FUNNY, SAD, SCARY = (
    ("funny", "silly", "witty", "absurd"),
    ("sad", "melancholy", "bittersweet"),
    ("scary", "eerie", "disturbing"),
)
PAST = 20
"""Items of a history that stand in a prompt."""


@dataclass(frozen=True)
class Person:
    """A person cut at a moment: their folded-in vector then, and what they rated before and after it, oldest first."""

    special: Special
    past: tuple[tuple[int, float], ...]
    future: tuple[tuple[int, float], ...]

    def liked(self, past: bool) -> list[int]:
        """Rows liked before the moment, or after it."""
        return [row for row, rating in (self.past if past else self.future) if rating >= LIKED]


@dataclass(frozen=True)
class Telling:
    """One task.

    Attributes:
        of: what its prompt shows: an item, two, a blend of two, a person, a person and an item, a history.
        asks: words to ask in; the last of them is for evaluation alone.
        source: where the target comes from.
        target: composes it; "" where nothing is known. Its arguments are the items (or the person and the items).
    """

    of: Literal["item", "pair", "blend", "person", "rating", "history", "review"]
    asks: tuple[str, ...]
    source: str
    target: Callable[..., str]


def _genre(item: Item, words: Words) -> str:
    kinds = [adjective(kind) for kind in item.categories[:3]]
    return f"{listed(kinds)} {words.one}" if kinds else words.one


def _an(text: str) -> str:
    return f"{'An' if text[:1].lower() in 'aeiou' else 'A'} {text}"


def _long(item: Item, words: Words) -> str:
    people = [f"{role}: {listed(names[:3])}." for role, names in item.people.items() if names]
    themes = f"It is about {listed(item.themes[:3])}." if item.themes else ""
    if not item.description:
        return ""
    return " ".join(part for part in (f"{_an(_genre(item, words))}.", item.description, *people, themes) if part)


def _positive(item: Item, words: Words) -> str:
    return (
        f"{_an(_genre(item, words))} that is {listed(item.moods[:2])}. {item.pitch}"
        if item.pitch and item.moods
        else ""
    )


def _negative(item: Item, words: Words) -> str:
    return f"{_an(_genre(item, words))} with flaws. {item.caveat}" if item.caveat else ""


def _neutral(item: Item, _: Words) -> str:
    return f"For it: {item.pitch} Against it: {item.caveat}" if item.pitch and item.caveat else ""


def _numbered(points: Iterable[str]) -> str:
    return " ".join(f"{number}. {point}" for number, point in enumerate(points, 1))


def _good(item: Item, words: Words) -> str:
    points = [f"It is {mood}." for mood in item.moods[:2]]
    points += [f"{listed(names[:2])} ({role})." for role, names in list(item.people.items())[:2] if names]
    points += [f"It has something to say about {theme}." for theme in item.themes[:2]]
    return _numbered(points[:5]) if len(points) > 3 else ""


def _bad(item: Item, _: Words) -> str:
    """As many as the record gives: the caveat, and what the content notes call strong."""
    strong = [f"Strong {kind}." for kind, degree in item.content.items() if degree == "strong"]
    tone = [
        f"It is {mood}, which not everybody wants."
        for mood in item.moods
        if mood in (*SCARY, *SAD, "slow", "bleak", "violent")
    ]
    return _numbered([item.caveat, *strong, *tone][:5]) if item.caveat else ""


def _audience(item: Item, _: Words) -> str:
    return f"{item.audience[:1].upper()}{item.audience[1:].rstrip('.')}." if item.audience else ""


def _convince(item: Item, words: Words) -> str:
    return f"See it. {item.pitch} It is {listed(item.moods[:2])}." if item.pitch and item.moods else ""


def _dissuade(item: Item, _: Words) -> str:
    strong = [kind for kind, degree in item.content.items() if degree == "strong"]
    return (
        f"Think twice. {item.caveat}" + (f" It has strong {listed(strong)}." if strong else "") if item.caveat else ""
    )


def _improve(item: Item, words: Words) -> str:
    return (
        f"This {words.one} would be better without what people mind: {item.caveat[:1].lower()}{item.caveat[1:]}"
        if item.caveat
        else ""
    )


def _short(item: Item, _: Words) -> str:
    return (
        f"{listed(item.moods[:3]).capitalize()}; for {item.audience.rstrip('.')}."
        if item.moods and item.audience
        else ""
    )


def _similar(one: Item, two: Item, words: Words) -> str:
    parts = []
    for label, first, second in (
        ("{}", one.categories, two.categories),
        ("about {}", one.themes, two.themes),
        ("{} in mood", one.moods, two.moods),
    ):
        if both := [value for value in first if value in second]:
            parts.append(label.format(listed([adjective(v) if label == "{}" else v for v in both[:3]])))
    people = [name for name in one.all_people if name in two.all_people]
    parts += [f"with {listed(people[:2])}"] if people else []
    return f"Both are {', '.join(parts)}." if parts else ""


def _different(one: Item, two: Item, words: Words) -> str:
    def own(item: Item, other: Item) -> str:
        kinds = [adjective(kind) for kind in item.categories if kind not in other.categories][:2]
        moods = [mood for mood in item.moods if mood not in other.moods][:2]
        return listed([*kinds, *moods])

    first, second = own(one, two), own(two, one)
    return f"The first is {first}; the second is {second}." if first and second else ""


def _mixed(one: Item, two: Item, words: Words) -> str:
    kinds = [adjective(kind) for kind in dict.fromkeys((*one.categories[:2], *two.categories[:2]))][:3]
    themes = [*one.themes[:1], *two.themes[:1]]
    moods = [*one.moods[:1], *two.moods[:1]]
    return (
        f"{_an(f'{listed(kinds)} {words.one}')} about {listed(themes)}, {listed(moods)}."
        if themes and kinds and moods
        else ""
    )


def _why_mixed(one: Item, two: Item, words: Words) -> str:
    if not (one.moods and two.moods and one.themes and two.themes):
        return ""
    return f"Someone would like it for being {one.moods[0]} and {two.moods[0]} at once, and for {one.themes[0]} meeting {two.themes[0]}."


def _taste(person: Person, catalogue: Catalogue) -> str:
    items = [catalogue[row] for row in person.liked(past=True)]
    if len(items) < 3:
        return ""
    kinds = [adjective(kind) for kind, _ in Counter(kind for item in items for kind in item.categories).most_common(3)]
    themes = [theme for theme, _ in Counter(theme for item in items for theme in item.themes).most_common(2)]
    about = f" about {listed(themes)}" if themes else ""
    return f"Likes {listed(kinds)} {catalogue.words.many}{about}, such as {listed([item.name for item in items[-2:]])}."


TEXTS, FACTS, RATINGS = "item texts", "facts of the record", "ratings"
TELLINGS: dict[str, Telling] = {
    "long": Telling("item", (" Long description:", " Describe it at length:", " Tell me all about it:"), TEXTS, _long),
    "positive review": Telling("item", (" Positive review:", " A fan writes:", " What would a happy viewer write?"), TEXTS, _positive),
    "negative review": Telling("item", (" Negative review:", " A critic of it writes:", " What would an unhappy viewer write?"), TEXTS, _negative),
    "neutral review": Telling("item", (" Neutral review:", " For and against:", " Weigh it up:"), TEXTS, _neutral),
    "good points": Telling("item", (" Good points:", " Five good things:", " List what is good about it:"), FACTS, _good),
    "bad points": Telling("item", (" Bad points:", " Five bad things:", " List what is bad about it:"), TEXTS, _bad),
    "audience": Telling("item", (" Who would like it:", " It is for:", " Which people is it made for?"), TEXTS, _audience),
    "criticism": Telling("item", (" Criticism:", " What is wrong with it:", " Where does it fail?"), TEXTS, lambda item, _: item.caveat),
    "convince": Telling("item", (" Convince me:", " Why should I see it:", " Talk me into it:"), TEXTS, _convince),
    "dissuade": Telling("item", (" Talk me out of it:", " Why should I not see it:", " Warn me about it:"), TEXTS, _dissuade),
    "improve": Telling("item", (" How to improve it:", " It would be better if:", " What would you change?"), TEXTS, _improve),
    "in short": Telling("review", (" In short:", " Summary of the review:", " Say that in a few words:"), TEXTS, _short),
    "similarities": Telling("pair", (" What they share:", " Similarities:", " How are they alike?"), FACTS, _similar),
    "differences": Telling("pair", (" How they differ:", " Differences:", " What sets them apart?"), FACTS, _different),
    "blend": Telling("blend", (" What it is like:", " Description:", " What kind of thing is this?"), FACTS, _mixed),
    "why a blend": Telling("blend", (" Why someone would like it:", " Its charm:", " What would people see in it?"), FACTS, _why_mixed),
    "taste": Telling("person", (" Taste:", " What they like:", " Describe this person's taste:"), RATINGS, _taste),
    "direct": Telling("person", (" Recommend one:", " Should watch:", " What should they see?"), RATINGS, lambda item: f"{item.name}."),
    "rating": Telling("rating", (" Stars:", " Their rating:", " How many stars will they give?"), RATINGS, str),
    "sequential": Telling("history", (" Next title:", " Then they watched:", " What comes next?"), RATINGS, lambda item: f"{item.name}."),
}  # fmt: skip
TOWARDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "funnier": ((" Like it but funnier:", " A funnier one:", " Something close that is more fun:"), FUNNY),
    "sadder": ((" Like it but sadder:", " A sadder one:", " Something close that is more moving:"), SAD),
    "scarier": ((" Like it but scarier:", " A scarier one:", " Something close with more frights:"), SCARY),
}  # fmt: skip
"""Towards a mood: asks, and moods; the target is the name of the nearest item that has one of them."""
NAMES = (*TELLINGS, *TOWARDS)


class Teller:
    """Draws records of these tasks.

    Args:
        catalogue: the items.
        features: of the items, for what is nearest and for specials.
        rows: items whose texts may be told.
        people: cut at a moment, for the tasks about people.
        seed: of the drawing.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        features: ItemFeatures,
        rows: Sequence[int] | np.ndarray,
        people: Sequence[Person] = (),
        seed: int = 0,
    ) -> None:
        self.catalogue, self.features, self.people = catalogue, features, people
        self.rows = np.array(rows, dtype=int)
        self._told = set(self.rows.tolist())
        self.random = np.random.default_rng(seed)
        self._unit = functional.normalize(features.text[: len(catalogue)], dim=-1)

    def draw(self, name: str, count: int, unseen: bool = False) -> list[Record]:
        """``count`` records of a task; fewer where the catalogue cannot give them.

        Args:
            name: of :data:`NAMES`.
            count: how many.
            unseen: ask in the words kept for evaluation.
        """
        records: list[Record] = []
        for _ in range(6 * count):
            if len(records) == count:
                break
            made = self._towards(name) if name in TOWARDS else self._telling(TELLINGS[name])
            if made and made[1]:
                asks = TOWARDS[name][0] if name in TOWARDS else TELLINGS[name].asks
                seen = asks[
                    int(self.random.integers(len(asks) - 1))
                ]  # drawn in any case: both kinds ask of the same items
                ask = asks[-1] if unseen else seen
                records.append(Record(name, (*made[0], ask), f" {made[1]}"))
        return records

    def _telling(self, telling: Telling) -> tuple[Prompt, str] | None:
        words = self.catalogue.words
        if telling.of in ("person", "rating", "history"):
            return self._of_person(telling) if self.people else None
        if len(self.rows) < (2 if telling.of in ("pair", "blend") else 1):
            return None
        one = int(self.random.choice(self.rows))
        item = self.catalogue[one]
        if telling.of == "item":
            return ("Item:", Place(one)), telling.target(item, words)
        if telling.of == "review":
            return ("Item:", Place(one), f" Review: {item.pitch} {item.caveat}\n"), telling.target(item, words)
        two = self._partner(one)
        target = telling.target(item, self.catalogue[two], words)
        if telling.of == "pair":
            return ("Item:", Place(one), " Item:", Place(two)), target
        return ("Item:", self.features.blend(one, two)), target

    def _of_person(self, telling: Telling) -> tuple[Prompt, str] | None:
        person = self.people[int(self.random.integers(len(self.people)))]
        shown: Prompt = ("Person:", person.special)
        if telling.target is _taste:
            return shown, _taste(person, self.catalogue)
        if telling.of == "rating":
            if not person.future:
                return None
            row, rating = person.future[int(self.random.integers(len(person.future)))]
            return (*shown, " Item:", Place(row)), telling.target(round(rating))
        liked = person.liked(past=False)
        if not liked:
            return None
        if telling.of == "history":
            shown = ("Watched:", *(Place(row, taste=True) for row, _ in person.past[-PAST:]))
        return shown, telling.target(self.catalogue[liked[0]])

    def _towards(self, name: str) -> tuple[Prompt, str] | None:
        moods = TOWARDS[name][1]
        if not len(self.rows):
            return None
        one = int(self.random.choice(self.rows))
        near = next((row for row in self._order(one) if set(moods) & set(self.catalogue[row].moods)), None)
        return None if near is None else (("Item:", Place(one)), f"{self.catalogue[near].name}.")

    def _partner(self, row: int) -> int:
        """Another of the items that may be told, half of the time one of the twenty nearest in text."""
        others = self._order(row)
        return int(self.random.choice(others[:20] if self.random.random() < 0.5 else others))

    def _order(self, row: int) -> list[int]:
        order = (self._unit @ self._unit[row]).argsort(descending=True).tolist()
        return [other for other in order if other != row and other in self._told]


def draw_people(
    events: Iterable[Sequence[tuple[int, float]]],
    fold_in: Callable[[Sequence[int], Sequence[int]], np.ndarray],
    features: ItemFeatures,
    random: np.random.Generator,
) -> list[Person]:
    """Each user once, cut at a random moment after three events, with something after it.

    Args:
        events: each user's (item row, rating), oldest first.
        fold_in: from liked and disliked rows to a vector.
        features: of the items.
        random: draws the moments.
    """
    people = []
    for seen in events:
        if len(seen) < 4:
            continue
        cut = int(random.integers(3, len(seen)))
        past, future = tuple(seen[:cut]), tuple(seen[cut : cut + 30])
        vector = fold_in([r for r, s in past if s >= LIKED], [r for r, s in past if s < LIKED])
        if np.abs(vector).sum() > 0:
            people.append(Person(features.person(torch.from_numpy(vector)), past, future))
    return people
