"""What simulated people say of something they have in mind, without its name: a line for each thing that is known of it."""

import re
from collections.abc import Iterable

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from chatrec.catalogue.items import Catalogue, Item

WORDS = 3
"""Words of a plot in one line: a hint, far less than the passage that the catalogue keeps."""
_LONG = 4
"""Letters from which a word of a plot tells something."""


def attributes(item: Item, catalogue: Catalogue, random: np.random.Generator, people: bool = False) -> list[str]:
    """One attribute of an item a line; with ``people`` also an actor, the director and the writer."""
    lines = []
    if item.categories:
        lines.append(f"I am in the mood for {random.choice(item.categories).lower()}")
    if people:
        known = {"cast": "Something with {}", "director": "Directed by {}, if you can", "writer": "Written by {}"}
        lines += [known[role].format(random.choice(item.people[role])) for role in known if item.people.get(role)]
    if item.year:
        lines.append(f"Something from the {item.year // 10 * 10}s")
    if item.moods:
        lines.append(f"It should be {random.choice(item.moods)}")
    if item.themes:
        lines.append(f"A {catalogue.words.one} about {random.choice(item.themes)}")
    if item.keywords:
        lines.append(f"Something with {random.choice(item.keywords)} in it")
    return lines


def hints(item: Item, catalogue: Catalogue, random: np.random.Generator) -> list[str]:
    """Descriptions in loose words: some words of the plot a line, out of their order; attributes where there is no plot."""
    words = [word for word in dict.fromkeys(_content(item.description)) if len(word) >= _LONG]
    random.shuffle(words)
    said = [words[start : start + WORDS] for start in range(0, len(words) - WORDS + 1, WORDS)]
    lines = [f"I remember a {catalogue.words.one} with {', '.join(some[:-1])} and {some[-1]}" for some in said]
    return lines or attributes(item, catalogue, random, people=True)


def without_names(lines: Iterable[str], items: Iterable[Item]) -> list[str]:
    """The lines that hold no word of the items' titles."""
    titles = {word for item in items for title in (item.title, *item.aliases) for word in _content(title)}
    return [line for line in lines if not titles & set(_content(line))]


def _content(text: str) -> list[str]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return [word for word in words if word not in ENGLISH_STOP_WORDS]
