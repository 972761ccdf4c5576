"""Simulated people talk; an independent checker looks for names that the catalogue does not have.

The checker shares no code with the one inside the dialogue: it reads the finished reply alone. It takes every item that is
shown by id, every "Title (year)" in the text, and every run of capitalised words in a reason, and asks whether the
catalogue, the item's own record, or the sentence's place explains it.
"""

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import track

from chatrec.catalogue.interactions import LIKED, sequences
from chatrec.catalogue.items import Catalogue, Item
from chatrec.dialogue.events import Card, Reply
from chatrec.dialogue.tracking.store import Sessions

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

FEW = 5
"""Ratings that are too few for praise."""
TURNS = 5
"""Turns of one simulated person."""


def run_grounding(
    recommender: "Recommender", turns: int = 200, seed: int = 0, console: Console | None = None
) -> dict[str, Any]:
    """Let simulated people talk for ``turns`` turns and check every reply.

    Returns:
        ``grounded``: share of replies in which every named item is in the catalogue. ``faithful``: share of reasons whose
        every name and number is true of the item or the person. ``plain``: share of reasons said as plain sentences.
        ``repeats``: recommendations of something judged or shown before. ``failures``: what was wrong, in words;
        ``failed_talks``: whose conversation each was in.
    """
    random = np.random.default_rng(seed)
    catalogue = recommender.catalogue
    held = [e for e in sequences(recommender.workspace.interactions, catalogue.row).values() if len(e) > 8]
    recommender = recommender.with_parts(sessions=Sessions("sqlite://"))
    failures: list[str] = []
    talks: list[str] = []
    replies = grounded = reasons = faithful = plain = repeats = shown = 0
    for number in track(range(turns), "turns", console=console, disable=console is None):
        if number % TURNS == 0:
            user = f"simulated-{number}"
            person = held[int(random.integers(len(held)))] if held else []
            known: set[str] = set()
            last: Reply | None = None
        line = _line(number % TURNS, person, catalogue, last, random)
        last = recommender.reply(user, line)
        replies += 1
        wrong = _strangers(last, catalogue)
        grounded += not wrong
        failures += [f"{line!r}: {name!r} is not in the catalogue" for name in wrong]
        talks += [user] * len(wrong)
        again = [card.name for card in last.cards if card.item_id in known]
        repeats += len(again)
        shown += len(last.cards)
        known |= {card.item_id for card in last.cards}
        known |= {
            ref.item_id for slot in (last.profile.liked, last.profile.disliked, last.profile.seen) for ref in slot
        }
        for card in last.cards:
            reasons += 1
            plain += card.spoken_by != "llm"
            false = untrue(card, last, catalogue)
            faithful += not false
            failures += [f"{card.name}: {card.reason!r}: {false}"] if false else []
            talks += [user] if false else []
    return {
        "replies": replies,
        "grounded": grounded / max(replies, 1),
        "reasons": reasons,
        "faithful": faithful / max(reasons, 1),
        "plain": plain / max(reasons, 1),
        "items_shown": shown,
        "repeats": repeats,
        "failures": failures,
        "failed_talks": talks,
    }


def _line(
    place: int, person: list[tuple[int, float]], catalogue: Catalogue, last: Reply | None, random: np.random.Generator
) -> str:
    """What a simulated person says: tastes from real ratings, wishes from the catalogue."""
    liked = [catalogue[row].title for row, rating in person if rating >= LIKED] or ["something good"]
    hated = [catalogue[row].title for row, rating in person if rating < 3] or ["nothing much"]
    kind = str(random.choice(catalogue.category_names)).lower() if catalogue.category_names else "good"
    pick = [str(random.choice(values)) for values in (liked, liked, hated)]
    years = catalogue.years or (1950, 2000)
    options = [
        [
            f"I loved {pick[0]} and {pick[1]}. What should I {catalogue.words.use}?",
            f"I really liked {pick[0]} but {pick[2]} bored me",
            f"Something like {pick[0]}, please",
        ],
        [
            f"Any {kind} {catalogue.words.many}?",
            f"No {kind} please",
            f"Something from before {int(random.integers(years[0] + 10, years[1]))}",
            "Something lighter",
        ],
        [
            "More please",
            "I have seen the first one. Another?",
            "Not the second one, something else",
            "Why the first one?",
        ],
        [
            f"How about {kind}?",
            f"What is {pick[1]} about?",
            "Something darker and older",
            f"I hated {pick[2]}. Something funny?",
        ],
        [
            "More like the last one",
            "Any year, any genre, surprise me",
            "What do you know about me?",
            "Something with a good cast",
        ],
    ]
    if last is not None and not last.cards and place == 2:
        return "Recommend something"
    return str(random.choice(options[place]))


def _strangers(reply: Reply, catalogue: Catalogue) -> list[str]:
    """Items named in a reply that the catalogue does not have."""
    wrong = [
        card.name
        for card in reply.cards
        if card.item_id not in catalogue.row or catalogue.by_id(card.item_id).name != card.name
    ]
    names = {item.name for item in catalogue}
    text = " ".join([reply.text, *(card.reason for card in reply.cards)])
    for found in re.finditer(r"\((1[89]\d\d|20\d\d)\)", text):
        before = text[: found.end()]
        if not any(before.endswith(name) for name in names):
            wrong.append(before[-60:])
    return wrong


def untrue(card: Card, reply: Reply, catalogue: Catalogue) -> str:
    """Why a card's reason is untrue, or nothing.

    What in a reason is explained neither by its item, nor by the person's own items, nor by its place in a sentence.
    """
    item = catalogue.by_id(card.item_id)
    own = [catalogue.by_id(ref.item_id) for ref in (*reply.profile.liked, *reply.profile.seen)]
    own += [catalogue[row] for row in map(catalogue.find, _named(card)) if row is not None]
    used = [other for other in own if other.title in card.reason]
    text = card.reason
    for name in sorted(
        {item.title, *item.all_people, *(o.title for o in used), *((item.series[0],) if item.series else ())},
        key=len,
        reverse=True,
    ):
        text = text.replace(name, f"·{name[-1]}" if name[-1] in ".!?" else "·")  # what ends a name may end a sentence
    names = re.findall(r"(?<![.!?] )(?<!^)\b[A-Z][\w'-]+(?: [A-Z][\w'-]+)*", text)
    wished = " ".join([*reply.profile.topics, *reply.profile.people_wanted, *item.keywords, *item.themes]).casefold()
    names = [name for name in names if name not in ("I",) and name.casefold() not in wished]
    if names:
        return f"names {', '.join(names)}"
    numbers = [n for n in re.findall(r"\d+", text) if n != str(item.year)]
    counts = {chip for chip in card.evidence if chip.startswith("liked by")}
    if (
        numbers
        and not any(all(n in chip for n in numbers) for chip in counts)
        and not any(n in wished for n in numbers)
    ):
        return f"numbers {', '.join(numbers)}"
    return (
        _wrong_role(card.reason, item)
        or _undeserved(card, reply)
        or _wrong_kind(text.casefold(), item, used, catalogue)
    )


def _named(card: Card) -> list[str]:
    """Titles that the person named without a verdict, as the card's own evidence tells."""
    return [chip.removeprefix("you named ") for chip in card.evidence if chip.startswith("you named ")]


def _wrong_role(text: str, item: Item) -> str:
    """A role given to somebody who does not have it ("Al Pacino directs")."""
    for role, pattern in (
        ("director", r"(?:directed by|director is|directors are) (.+?)(?:\.(?:\s|$)|$)|(?:^|\. )([^.]+?) directs?\."),
        ("cast", r"(?:leads are|lead is|[Ii]t stars) (.+?)(?:\.(?:\s|$)|$)|(?:^|\. )([^.]+?) stars?\."),
    ):
        bare = text
        for name in sorted(item.people.get(role, ()), key=len, reverse=True):
            bare = bare.replace(name, "·")
        for found in re.finditer(pattern, bare):
            said = next(filter(None, found.groups()))
            if re.search(r"[A-Z]", said):
                return f"{said} as {role}"
    return ""


def _undeserved(card: Card, reply: Reply) -> str:
    """Praise that the counts do not bear out, or a wish for years that the item does not meet."""
    praised = re.search(r"well liked: (\d+) of (\d+)|safe start: (\d+) of its (\d+)", card.reason)
    if praised:
        liked, rated = (int(number) for number in praised.groups() if number)
        if rated < FEW or liked * 2 < rated:
            return f"praises {liked} of {rated}"
    first, last = reply.profile.year_min or 0, reply.profile.year_max or 9999
    wished = re.search(r"years you (?:gave|asked)|set the years|as you wanted", card.reason)
    return f"calls {card.year} wished for" if wished and not first <= (card.year or 0) <= last else ""


def _wrong_kind(text: str, item: Item, used: list[Item], catalogue: Catalogue) -> str:
    """A category said of the item that it does not have ("a western film")."""
    from chatrec.ilm.phrasing import adjective

    for name in catalogue.category_names:
        words = adjective(name).casefold()
        said = re.search(rf"\b{re.escape(words)} {re.escape(catalogue.words.one)}s?\b", text)
        if said and name not in item.categories:
            return f"is called {said[0]}"
    return ""
