"""Simulated people with held-out tastes, five turns each: does what they will love come up, and how soon?

After iEvaLM (arXiv 2305.13112), with people from ratings in place of a large model: a person names films they rated high,
has one or two in mind that they rated high later (held out by time, unknown to every vector), and never says a title of
those. In the **attribute** mode they tell one attribute of what they have in mind each turn; in the **free** mode they
say what else they love, what they have seen, and what it is about.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import track

from chatrec.catalogue.interactions import LIKED, later, sequences
from chatrec.catalogue.items import Catalogue
from chatrec.collab.scorer import History
from chatrec.dialogue.events import Reply
from chatrec.dialogue.tracking.store import Sessions
from chatrec.evaluation.dialogue.lines import attributes, without_names

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

TURNS = 5
CUTS = (1, 5, 10)
MODES = ("attribute", "free")


@dataclass(frozen=True)
class Person:
    """Somebody with ratings: what they say they love, what they rated (row to rating), and what they have in mind."""

    user_id: str
    loved: tuple[int, ...]
    rated: dict[int, float]
    targets: frozenset[int]


def simulate(
    recommender: "Recommender", users: int = 100, seed: int = 0, console: Console | None = None
) -> dict[str, Any]:
    """Let people talk, each in both modes.

    Args:
        recommender: its reasons are said plainly meanwhile; conversations are not stored.
        users: how many people, at most.
        seed: of the drawing.
        console: for the progress bar; None for none.

    Returns:
        ``users``, and for each mode ``success@k`` by turn (a target among the first k of this turn or an earlier one),
        ``recall@1`` and ``recall@10`` of the last turn alone, ``turns_to_success`` (median, at 10), ``repeats`` (share
        of recommendations of something shown or judged before), ``missed``: who
        never met a target, and ``baselines``: popularity and collaborative filtering from the first message, ten further
        items each turn; and both as the chat shows (``_as_shown``), where only as many as its cards give way to others.
    """
    random = np.random.default_rng(seed)
    people = _people(recommender, users, random)
    result: dict[str, Any] = {"users": len(people)}
    manager = recommender.manager
    kept, speaker = manager.sessions, manager.reasoner.model
    manager.sessions, manager.reasoner.model = Sessions("sqlite://"), None
    try:
        for mode in MODES:
            talks = [
                _talk(recommender, person, mode, np.random.default_rng([seed, number]))
                for number, person in enumerate(track(people, mode, console=console, disable=console is None))
            ]
            result[mode] = figures([lists for lists, _, _ in talks], people)
            result[mode]["missed"] = [
                person.user_id
                for (lists, _, _), person in zip(talks, people, strict=True)
                if not any(person.targets & set(turn) for turn in lists)
            ]
            cards = [shown for _, shown, _ in talks]
            result[mode]["repeats"] = sum(repeats for _, _, repeats in talks) / max(sum(map(sum, cards)), 1)
            result[mode]["baselines"] = _baselines(recommender, people, cards)
    finally:
        manager.sessions, manager.reasoner.model = kept, speaker
    return result


def _people(recommender: "Recommender", users: int, random: np.random.Generator) -> list[Person]:
    split, row = recommender.workspace.split, recommender.catalogue.row
    train, held = sequences(split.train, row), later(split, row)
    people = []
    for user in random.permutation(sorted(train)):
        loved = [item for item, rating in train[user] if rating >= LIKED]
        targets = frozenset(item for item, rating in held.get(user, []) if rating >= LIKED)
        if len(loved) >= 4 and targets:
            chosen = tuple(int(item) for item in random.permutation(loved)[:4])
            people.append(Person(str(user), chosen, dict(train[user]), targets))
        if len(people) == users:
            break
    return people


def _talk(
    recommender: "Recommender", person: Person, mode: str, random: np.random.Generator
) -> tuple[list[list[int]], list[int], int]:
    """Ten items a turn (the slate, then what would come next), how many were cards, and repeats among the cards."""
    catalogue, manager = recommender.catalogue, recommender.manager
    user = f"{mode}-{person.user_id}"
    lists: list[list[int]] = []
    known = set(person.loved[:2])
    shown: list[int] = []
    repeats = 0
    say = _attribute_lines if mode == "attribute" else _free_lines
    reply: Reply | None = None
    lines = say(person, catalogue, random)
    next(lines)
    for _ in range(TURNS):
        reply = recommender.reply(user, lines.send(reply))
        slate = [catalogue.row[card.item_id] for card in reply.cards]
        repeats += len(known & set(slate))
        shown.append(len(slate))
        known |= set(slate)
        further = manager.rank(manager.sessions.state(user), max(CUTS) - len(slate))
        lists.append([*slate, *(entry.row for entry in further)])
    return lists, shown, repeats


Lines = Generator[str, Reply | None, None]
"""Lines to say; send each reply in, get the next line. The first is empty."""


def _opening(person: Person, catalogue: Catalogue) -> str:
    first, second = (catalogue[item].name for item in person.loved[:2])
    return f"I loved {first} and {second}. What should I {catalogue.words.use}?"


def _attribute_lines(person: Person, catalogue: Catalogue, random: np.random.Generator) -> Lines:
    """Lines of the attribute mode."""
    target = catalogue[int(random.choice(sorted(person.targets)))]
    told = without_names(attributes(target, catalogue, random), [target])
    yield ""
    yield _opening(person, catalogue)
    while True:
        yield told.pop(0) if told else "More please"


def _free_lines(person: Person, catalogue: Catalogue, random: np.random.Generator) -> Lines:
    """Lines of the free mode."""
    target = catalogue[int(random.choice(sorted(person.targets)))]
    wishes = [*(f"something about {theme}" for theme in target.themes), *(f"{mood} is good" for mood in target.moods)]
    wishes = without_names(wishes, [target])
    extra = list(person.loved[2:])
    yield ""
    reply = yield _opening(person, catalogue)
    while True:
        parts = []
        for card in reply.cards if reply else ():
            rating = person.rated.get(catalogue.row[card.item_id])
            if rating is not None:
                parts.append(f"I have seen {card.name} and {'loved' if rating >= LIKED else 'did not like'} it.")
        if extra:
            parts.append(f"I also loved {catalogue[extra.pop()].name}.")
        if wishes:
            parts.append(f"Maybe {wishes.pop(int(random.integers(len(wishes))))}?")
        reply = yield " ".join(parts[-3:]) or "What else do you have?"


def figures(lists: Sequence[Sequence[Sequence[int]]], people: Sequence[Person]) -> dict[str, Any]:
    """Success by turn and cut, recall of the last turn, and the median turn of success.

    Args:
        lists: for each person, for each turn, rows best first.
        people: the same people.
    """
    figures: dict[str, Any] = {}
    for cut in CUTS:
        hits = np.array(
            [[bool(p.targets & set(turn[:cut])) for turn in turns] for turns, p in zip(lists, people, strict=True)]
        ).reshape(-1, TURNS)
        met = np.maximum.accumulate(hits, axis=1)
        figures[f"success@{cut}"] = [float(value) for value in met.mean(0)] if len(met) else []
        if cut in (1, 10):
            last = [
                len(p.targets & set(turns[-1][:cut])) / len(p.targets) for turns, p in zip(lists, people, strict=True)
            ]
            figures[f"recall@{cut}"] = float(np.mean(last)) if last else 0.0
        if cut == max(CUTS):
            turns = [int(row.argmax()) + 1 for row in met if row.any()]
            figures["turns_to_success"] = float(np.median(turns)) if turns else None
    return figures


def _baselines(recommender: "Recommender", people: Sequence[Person], cards: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Popularity, and collaborative filtering from the first message; ``cards`` of the chat by person and turn."""
    popularity = recommender.workspace.likes[0].astype(float)
    collab = recommender.workspace.collab
    scores = {
        "popularity": lambda person: popularity,
        "collaborative": lambda person: collab.score(History(person.loved[:2])),
    }
    blocks = {}
    for name, score in scores.items():
        orders = []
        for person in people:
            values = np.array(score(person), dtype=float)
            values[list(person.loved[:2])] = -np.inf
            orders.append((-values).argsort(kind="stable").tolist())
        ten = [max(CUTS)] * TURNS
        for ending, moves in (("", [ten] * len(people)), ("_as_shown", cards)):
            starts = [[sum(own[:turn]) for turn in range(TURNS)] for own in moves]
            lists = [
                [order[start : start + max(CUTS)] for start in own] for order, own in zip(orders, starts, strict=True)
            ]
            blocks[f"{name}{ending}"] = figures(lists, people)
    return blocks
