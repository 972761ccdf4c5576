"""Reasons that are true: evidence first, then the language model's sentence, then the check.

A sentence passes only if every word of it is either a word of the authored phrasing or stands in the facts, it names
the person's own title whole, and it carries the link. Otherwise a second try in another form, then the plain sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from chatrec.catalogue.items import Catalogue, Item, Words
from chatrec.catalogue.subjects import stem
from chatrec.dialogue.tracking.state import State
from chatrec.ilm.generation import speak
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.phrasing import DETAILS, LINKS, PRAISED, LinkKind, ReasonFacts
from chatrec.ilm.tasks import details, link_words, reason_prompt, traits

LONGEST = 30
"""Words of a reason, at most; where they would be more, the further fact is left out."""
STRENGTH: dict[str, float] = {"director": 3.0, "series": 3.2, "person": 2.2, "theme": 2.4, "mood": 1.2, "category": 1.0}
"""How much a shared trait says; rarer values of a trait count more."""


@dataclass(frozen=True)
class Said:
    """A reason as it is shown.

    Attributes:
        spoken_by: ``llm`` or ``plain``.
        tries: the model's attempts.
        form: the pattern it is worded in.
    """

    facts: ReasonFacts
    text: str
    spoken_by: str
    tries: int
    form: str = ""


class Reasoner:
    """Plans, says and checks reasons.

    Args:
        catalogue: the items.
        likes: for each row, how many people liked it and how many rated it.
        neighbours: for each row the rows of its nearest items in the collaborative space.
        model: that says them; None for plain sentences only.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        likes: tuple[np.ndarray, np.ndarray],
        neighbours: np.ndarray,
        model: ItemLanguageModel | None,
    ) -> None:
        self.catalogue, self.likes, self.neighbours, self.model = catalogue, likes, neighbours, model
        self.frequency: dict[tuple[str, str], int] = {}
        for item in catalogue:
            for trait in traits(item):
                self.frequency[trait] = self.frequency.get(trait, 0) + 1

    # Planning

    def plan(self, rows: Sequence[int], state: State, near: Sequence[int] = ()) -> list[ReasonFacts]:
        """The evidence for each item of a slate; links repeat as little as possible.

        Args:
            rows: the slate.
            state: of the person.
            near: rows that the slate was asked to be close to, liked or not.
        """
        used: dict[tuple[str, str, str], int] = {}
        planned: list[ReasonFacts] = []
        for row in rows:
            options = self._options(row, state, near)

            def worth(option: tuple[float, ReasonFacts]) -> float:
                score, facts = option
                anchor = facts.anchor.item_id if facts.anchor else ""
                repeats = used.get(("", facts.kind, ""), 0) * 0.8 + used.get((anchor, facts.kind, facts.link), 0) * 2.0
                return score - repeats - (0.3 * used.get((anchor, "", ""), 0) if anchor else 0.0)

            facts = max(options, key=worth)[1]
            anchor = facts.anchor.item_id if facts.anchor else ""
            for key in ((anchor, facts.kind, facts.link), ("", facts.kind, ""), (anchor, "", "")):
                used[key] = used.get(key, 0) + 1
            planned.append(self._detailed(facts, len(planned)))
        return planned

    def evidence_of(self, row: int, state: State, count: int = 2) -> list[ReasonFacts]:
        """The best pieces of evidence for one item, each of another kind, best first."""
        found: dict[str, ReasonFacts] = {}
        for _, facts in sorted(self._options(row, state), key=lambda option: -option[0]):
            if facts.kind not in found and not (found and facts.kind in ("liked_by", "portrait")):
                found[facts.kind] = facts
        return list(found.values())[:count]

    def _options(self, row: int, state: State, near: Sequence[int] = ()) -> list[tuple[float, ReasonFacts]]:
        item = self.catalogue[row]
        liked, rated = int(self.likes[0][row]), int(self.likes[1][row])
        praised = rated >= PRAISED[0] and liked >= PRAISED[1] * rated
        options: list[tuple[float, ReasonFacts]] = [
            (0.2 if praised else -1.0 if rated else -9.0, ReasonFacts(item, "liked_by", liked_by=(liked, rated)))
        ]
        if item.categories:
            options.append((-0.3, ReasonFacts(item, "portrait", link_words("portrait", item.categories[:1]))))
        wished: list[tuple[LinkKind, Sequence[str], Sequence[str]]] = [
            ("wish_category", state.genres_wanted, item.categories),
            ("wish_person", state.people_wanted, item.all_people),
            ("wish_mood", state.moods_wanted, item.moods),
        ]
        for kind, wanted, own in wished:
            both = [value for value in wanted if value in own]
            if both:
                options.append(
                    (1.6 if kind != "wish_person" else 3.0, ReasonFacts(item, kind, link_words(kind, both[:2])))
                )
        topic = _topic_link(item, state.topics)
        if topic:
            options.append((3.2, ReasonFacts(item, "wish_topic", topic)))
        if (state.year_min or state.year_max) and (state.year_min or 0) <= (item.year or 0) <= (state.year_max or 9999):
            options.append((0.9, ReasonFacts(item, "wish_years")))
        named = [self.catalogue[other].item_id for other in near]
        for back, item_id in enumerate(dict.fromkeys([*named, *reversed(state.liked[-12:])])):
            if item_id not in self.catalogue.row or item_id == item.item_id:  # nothing is recommended by itself
                continue
            anchor, likes = self.catalogue.by_id(item_id), item_id in state.liked
            shared = [trait for trait in traits(item) if trait in set(traits(anchor))]
            fresh = 0.5 / (1 + back) + (1.5 if item_id in named else 0.0)
            for kind in ("director", "series", "person", "theme", "mood", "category"):
                values = [value for name, value in shared if name == kind]
                if not values:
                    continue
                rare = min(self.frequency[kind, value] for value in values)
                score = (
                    STRENGTH[kind]
                    + fresh
                    + 1.5 / rare
                    + (0.25 * min(len(values), 3) if kind in ("category", "mood") else 0)
                )
                count = 2 if kind in ("category", "mood") else 1
                facts = ReasonFacts(item, kind, link_words(kind, values[:count]), anchor, likes_anchor=likes)
                options.append((score, facts))
            if row in self.neighbours[self.catalogue.row[item_id]]:
                options.append((2.0 + fresh, ReasonFacts(item, "neighbours", "", anchor, likes_anchor=likes)))
        return options

    def _detailed(self, facts: ReasonFacts, place: int) -> ReasonFacts:
        """Add one more fact, a different kind at each place of the slate, where the sentence stays short."""
        options = details(facts)
        for number in range(len(options)):
            kind, detail = options[(place + number) % len(options)]
            longer = replace(facts, detail_kind=kind, detail=detail)  # type: ignore[arg-type]
            if all(len(text.split()) <= LONGEST for text in longer.sentences(self.catalogue.words)):
                return longer
        return facts

    # Saying

    def say(
        self, planned: Sequence[ReasonFacts], turn: int, recent: Sequence[str] = (), plainly: bool = False
    ) -> Iterator[tuple[int, Said]]:
        """Reasons as they are ready, as (place in the slate, reason).

        Args:
            planned: the evidence.
            turn: number of the turn; neighbouring turns use different forms.
            recent: patterns of the reasons said last, to be avoided.
            plainly: without asking the model.
        """
        forms = self.forms(planned, turn, recent)
        waiting = dict(enumerate(planned))
        words = self.catalogue.words
        attempts = 0 if plainly or self.model is None else 2
        for attempt in range(attempts):
            places = sorted(waiting)
            shift = 3 * attempt
            prompts = [reason_prompt(waiting[place], forms[place] + shift, self.catalogue) for place in places]
            for number, text in speak(self.model, prompts) if prompts else ():  # type: ignore[arg-type]
                place = places[number]
                if check(text, waiting[place], words) is None:
                    pattern = waiting[place].links[(forms[place] + shift) % waiting[place].forms]
                    yield place, Said(waiting.pop(place), text, "llm", attempt + 1, pattern)
        for place, facts in waiting.items():
            yield place, Said(facts, facts.sentence(forms[place], words), "plain", attempts, facts.links[forms[place]])

    @staticmethod
    def forms(planned: Sequence[ReasonFacts], turn: int, recent: Sequence[str] = ()) -> list[int]:
        """A form for each reason: unlike its neighbours in the slate, how they begin included, and unlike recent ones."""
        chosen: list[int] = []
        used: list[str] = []
        for place, facts in enumerate(planned):
            patterns = facts.links
            begins = {_beginning(pattern) for pattern in used}

            def cost(form: int, start: int = 7 * turn + 11 * place, patterns: tuple[str, ...] = patterns) -> float:
                pattern = patterns[form]
                worn = 4 * (pattern in used) + 2 * (_beginning(pattern) in begins)  # noqa: B023  # called at once
                late = max((1 + back for back, old in enumerate(recent) if old == pattern), default=0)
                return worn + 3 * late / max(len(recent), 1) + 0.01 * ((form - start) % len(patterns))

            chosen.append(min(range(len(patterns)), key=cost))
            used.append(patterns[chosen[-1]])
        return chosen


def _beginning(pattern: str) -> str:
    """What a sentence of a pattern begins with: its first two words."""
    return " ".join(pattern.split()[:2])


def check(text: str, facts: ReasonFacts, words: Words) -> str | None:
    """Why a sentence may not be shown, or None if it is true of the facts.

    The rule is strict because the model is small: letter for letter, the sentence must be one
    of the ways in which these very facts may be said. A name changed, swapped or cut, a word added: refused.

    Args:
        text: what the language model said.
        facts: what it was given.
        words: the catalogue's.
    """
    if not text or len(text.split()) > LONGEST:
        return "empty or too long"
    if facts.anchor and facts.anchor.title == facts.item.title:
        return "two items of one title cannot be told apart in a sentence"
    if " ".join(text.split()) in facts.sentences(words):
        return None
    known = {word for value in facts.values().values() for word in _words(value)} | _phrasing(
        facts.kind, facts.detail_kind
    )
    strange = [word for word in _words(text) if word not in known | {*_words(words.one), *_words(words.many)}]
    if strange:
        return f"words from nowhere: {', '.join(strange)}"
    missing = [
        value for value in (facts.anchor.title if facts.anchor else "", facts.link) if value and value not in text
    ]
    return f"not named whole: {', '.join(missing)}" if missing else "names or numbers in each other's places"


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W_]+(?:['’\-][^\W_]+)*", text)]


@cache
def _phrasing(kind: LinkKind, detail: str) -> frozenset[str]:
    """Words of the authored sentences of a kind, placeholders apart."""
    patterns = [*LINKS[kind], *DETAILS[detail]]  # type: ignore[index]
    extra = {"stars", "lead"} if detail == "cast" else set()  # as they stand for one name
    return (
        frozenset(word for pattern in patterns for word in _words(re.sub(r"\{\w+\}", " ", pattern)))
        | {"a", "an"}
        | extra
    )


def _topic_link(item: Item, topics: Sequence[str]) -> str:
    """A keyword or theme of the item that the person's own words contain."""
    said = {word for topic in topics for word in _words(topic) if len(word) > 3}
    scored = [
        (sum(stem(word) in {stem(s) for s in said} for word in _words(phrase)), phrase)
        for phrase in (*item.keywords, *item.themes)
    ]
    best = max(scored, default=(0, ""), key=lambda pair: (pair[0], -len(pair[1])))
    return best[1] if best[0] else ""


def evidence(facts: ReasonFacts, words: Words) -> tuple[str, ...]:
    """The evidence as short chips."""
    chips: list[str] = []
    if facts.anchor:
        chips.append(f"you {'liked' if facts.likes_anchor else 'named'} {facts.anchor.title}")
    match facts.kind:
        case "director":
            chips.append(f"directed by {facts.link}")
        case "person":
            chips.append(f"with {facts.link}")
        case "series":
            chips.append(f"series: {facts.link}")
        case "neighbours":
            chips.append("liked by the same people")
        case "liked_by":
            chips.append(f"liked by {facts.liked_by[0]} of {facts.liked_by[1]}")
        case "wish_years":
            chips.append(f"from {facts.item.year}")
        case "wish_category" | "wish_person" | "wish_mood" | "wish_topic":
            chips.append(f"you asked for {facts.link}")
        case _:
            chips.append(facts.link)
    if facts.detail_kind in ("director", "cast"):
        chips.append(f"{'directed by' if facts.detail_kind == 'director' else 'with'} {facts.detail}")
    elif facts.detail:
        chips.append(facts.detail)
    return tuple(chips)
