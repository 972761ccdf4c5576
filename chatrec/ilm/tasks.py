"""Phase 2 tasks as data: a prompt with places for items, and a target.

A prompt is a sequence of parts: plain strings, and :class:`Place` (or :class:`~chatrec.ilm.bridge.Special`) where soft
tokens go. Strings are tokenised without special tokens, so that no text can become a marker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from chatrec.catalogue.items import Catalogue, Item
from chatrec.ilm.bridge import Special
from chatrec.ilm.phrasing import LinkKind, ReasonFacts, adjective, listed


@dataclass(frozen=True)
class Place:
    """Where an item's soft tokens stand: all of them, or the taste token alone (in histories)."""

    row: int
    taste: bool = False


Prompt = tuple[str | Place | Special, ...]


@dataclass(frozen=True)
class Record:
    """One example: what the model reads, and what it should say."""

    task: str
    prompt: Prompt
    target: str


def describe_prompt(item: int | Special) -> Prompt:
    """Name an item, by its row or as a special, from its soft tokens alone."""
    return ("Item:", item if isinstance(item, Special) else Place(item), " Title and categories:")


def describe_target(item: Item) -> str:
    """Title, year and up to four categories."""
    kinds = f" Categories: {', '.join(item.categories[:4])}." if item.categories else ""
    return f" {item.name}.{kinds}"


def synopsis_prompt(row: int) -> Prompt:
    """Tell what an item is about from its soft tokens alone."""
    return ("Item:", Place(row), " Synopsis:")


def pitch_prompt(row: int) -> Prompt:
    """Say why someone would love an item, from its soft tokens alone."""
    return ("Item:", Place(row), " Why someone would love it:")


def reason_prompt(facts: ReasonFacts, form: int, catalogue: Catalogue, soft: bool = True) -> Prompt:
    """Say a planned reason: the facts as text, the items as names with their taste tokens, and the form to say it in.

    Args:
        facts: the evidence.
        form: which of the authored forms; its pattern is shown with letters in the places of the facts.
        catalogue: of the items.
        soft: whether the taste tokens are given beside the names.
    """
    items = {"A": facts.anchor, "T": facts.item}
    parts: list[str | Place] = []
    for letter, value in facts.values().items():
        item = items.get(letter)
        parts.append(f"{letter}:")
        if item is not None and soft:
            parts.append(Place(catalogue.row[item.item_id], taste=True))
        parts.append(f" {value}\n")
    parts.append(f"Form: {facts.pattern(form, catalogue.words)}\nReason:")
    return tuple(parts)


def history_prompt(rows: Sequence[int]) -> Prompt:
    """A history as taste tokens, in which every place predicts the next item."""
    return ("Watched:", *(Place(row, taste=True) for row in rows))


def taste_prompt(liked: Sequence[int], disliked: Sequence[int]) -> Prompt:
    """What a person likes and dislikes, as taste tokens; :func:`question_parts` follows it."""
    return (
        "Liked:",
        *(Place(row, taste=True) for row in liked),
        " Disliked:",
        *(Place(row, taste=True) for row in disliked),
        " Will they like these?",
    )


def question_parts(row: int) -> Prompt:
    """Will this person like this item? The next word is Yes or No."""
    return (Place(row, taste=True), "?")


def titles_only(prompt: Prompt, catalogue: Catalogue) -> Prompt:
    """The same prompt with each item's name in the place of its soft tokens (the baseline without a Q-Former).

    What has no name, a person or a blend, is told by the names of the items nearest to it.
    """

    def told(part: str | Place | Special) -> str:
        if isinstance(part, str):
            return part
        rows = [part.row] if isinstance(part, Place) else part.near.tolist()
        return "".join(f" {catalogue[row].name}," for row in rows)

    return tuple(told(part) for part in prompt)


class TaskSampler:
    """Draws records for phase 2 from a catalogue.

    Args:
        catalogue: the items.
        held_out: rows whose synopsis and pitch are never targets.
        neighbours: (items, n) rows of the nearest items, for reasons of the kind ``neighbours``.
        seed: of the drawing.
    """

    def __init__(self, catalogue: Catalogue, held_out: np.ndarray, neighbours: np.ndarray, seed: int = 0) -> None:
        self.catalogue = catalogue
        self.neighbours = neighbours
        self.random = np.random.default_rng(seed)
        kept = set(range(len(catalogue))) - set(held_out.tolist())
        self.pools: dict[str, list[int]] = {
            "describe": list(range(len(catalogue))),
            "synopsis": [row for row in sorted(kept) if catalogue[row].description],
            "pitch": [row for row in sorted(kept) if catalogue[row].pitch],
            "reason": list(range(len(catalogue))),
        }
        self._bags: dict[str, list[int]] = {}
        self._by_trait: dict[tuple[str, str], list[int]] = {}
        for row, item in enumerate(catalogue):
            for trait in traits(item):
                self._by_trait.setdefault(trait, []).append(row)

    def draw(self, task: str, count: int) -> list[Record]:
        """``count`` records of a task; every item comes up once before any comes up again."""
        records: list[Record] = []
        while len(records) < count and self.pools[task]:
            bag = self._bags.get(task) or list(self.random.permutation(self.pools[task]))
            row = int(bag.pop())
            self._bags[task] = bag
            item = self.catalogue[row]
            if task == "describe":
                records.append(Record(task, describe_prompt(row), describe_target(item)))
            elif task == "synopsis":
                records.append(Record(task, synopsis_prompt(row), f" {item.description}"))
            elif task == "pitch":
                records.append(Record(task, pitch_prompt(row), f" {item.pitch}"))
            else:
                facts = self.reason(row)
                form = int(self.random.integers(facts.forms))
                prompt = reason_prompt(facts, form, self.catalogue)
                records.append(Record(task, prompt, f" {facts.sentence(form, self.catalogue.words)}"))
        return records

    def reason(self, row: int) -> ReasonFacts:
        """Random but true facts that could recommend an item."""
        item = self.catalogue[row]
        shared = [
            (trait, rows)
            for trait in traits(item)
            if len(rows := self._by_trait[trait]) > 1 and trait[0] in ("director", "person", "category", "theme", "mood", "series")
        ]  # fmt: skip
        options: list[str] = ["neighbours", "liked_by"]
        options += ["shared"] * (4 if shared else 0)
        options += ["wish_category", "portrait"] if item.categories else []
        options += ["wish_person"] if item.all_people else []
        options += ["wish_mood"] if item.moods else []
        options += ["wish_topic"] if item.keywords or item.themes else []
        options += ["wish_years"] if item.year else []
        choice = str(self.random.choice(options))
        if choice == "shared":
            kinds = sorted({trait[0] for trait, _ in shared})
            kind = str(self.random.choice(kinds))
            trait, rows = self._pick([entry for entry in shared if entry[0][0] == kind])
            anchor = self.catalogue[int(self._pick([other for other in rows if other != row]))]
            facts = ReasonFacts(item, trait[0], link_words(trait[0], [trait[1]]), anchor)  # type: ignore[arg-type]
        elif choice == "neighbours":
            anchor = self.catalogue[int(self._pick(list(self.neighbours[row])))]
            facts = ReasonFacts(item, "neighbours", "", anchor)
        elif choice == "liked_by":
            total = int(self.random.integers(5, 500))
            facts = ReasonFacts(item, "liked_by", liked_by=(int(self.random.integers(2, total + 1)), total))
        else:
            words = {
                "wish_category": item.categories,
                "portrait": item.categories,
                "wish_person": item.all_people,
                "wish_mood": item.moods,
                "wish_topic": (*item.keywords, *item.themes),
                "wish_years": (str(item.year),),
            }[choice]
            kind_: LinkKind = choice  # type: ignore[assignment]
            link = "" if choice == "wish_years" else link_words(kind_, [str(self._pick(list(words)))])
            facts = ReasonFacts(item, kind_, link)
        return self._with_detail(facts)

    def _with_detail(self, facts: ReasonFacts) -> ReasonFacts:
        options = details(facts)
        if not options or self.random.random() < 0.3:
            return facts
        kind, detail = self._pick(options)
        return replace(facts, detail_kind=kind, detail=detail)  # type: ignore[arg-type]

    def _pick(self, options: Sequence):  # type: ignore[no-untyped-def, type-arg]
        return options[int(self.random.integers(len(options)))]


def traits(item: Item) -> list[tuple[str, str]]:
    """What two items can have in common, as (link kind, value)."""
    found = [("director", name) for name in item.people.get("director", ())]
    found += [("person", name) for role, names in item.people.items() if role != "director" for name in names]
    found += [("category", name) for name in item.categories]
    found += [("theme", name) for name in item.themes]
    found += [("mood", name) for name in item.moods]
    if item.series:
        found.append(("series", item.series[0]))
    return found


def link_words(kind: str, values: Sequence[str]) -> str:
    """Shared values as the words of a link."""
    if kind in ("category", "wish_category", "portrait"):
        return listed([adjective(value) for value in values])
    return listed(list(values))


def details(facts: ReasonFacts) -> list[tuple[str, str]]:
    """Further facts of the item that the link does not already tell, as (detail kind, words)."""
    item, options = facts.item, []
    directors = item.people.get("director", ())
    if directors and facts.kind != "director" and facts.link not in directors:
        options.append(("director", listed(directors[:2])))
    cast = item.people.get("cast", ())
    if cast and facts.link not in cast:  # the others alone would read as if they were the leads
        options.append(("cast", listed(cast[:2])))
    themes = [theme for theme in item.themes if theme not in facts.link]
    if themes:
        options.append(("theme", themes[0]))
    moods = [mood for mood in item.moods if mood not in facts.link][:2]
    if moods and facts.kind not in ("mood", "wish_mood"):
        options.append(("mood", listed(moods)))
    return options
