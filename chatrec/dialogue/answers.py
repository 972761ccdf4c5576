"""Answers about items from their facts, comparisons, and what is known of the person."""

import re
from collections.abc import Sequence

from chatrec.catalogue.items import Item, Words
from chatrec.dialogue.events import Profile
from chatrec.dialogue.knobs import STEPS
from chatrec.dialogue.sessions import Conversation
from chatrec.dialogue.state import State
from chatrec.ilm.phrasing import listed
from chatrec.ilm.tasks import traits

_DEGREES = {"none": "none to speak of", "mild": "some, mild", "strong": "a good deal"}


def about(item: Item, question: str, words: Words) -> str:
    """Answer a question about an item from its facts; say so where a fact is not known."""
    asked = question.casefold()
    directors, cast = item.people.get("director", ()), item.people.get("cast", ())
    if re.search(r"\bwho (?:directed|directs|made|is the director|was the director)\b|\bdirector\b", asked):
        return (
            f"{item.name} was directed by {listed(directors)}."
            if directors
            else f"I don't know who directed {item.name}."
        )
    if re.search(
        r"\bwho (?:is|was|stars?|starred|acts?|acted|plays?|played)\b|\bcast\b|\bactors?\b|\bstarring\b|\bwho'?s in\b",
        asked,
    ):
        return f"{item.name} has {listed(cast)} in the lead." if cast else f"I don't know the cast of {item.name}."
    if re.search(r"\b(?:when|what year|which year|how old)\b", asked):
        return f"{item.title} is from {item.year}." if item.year else f"I don't know the year of {item.name}."
    for kind, pattern in (
        ("violence", r"violen|gor[ye]|blood"),
        ("scares", r"scary|fright|creepy"),
        ("sex", r"\bsex|nud"),
        ("language", r"swear|language|curs"),
    ):
        if re.search(pattern, asked):
            if kind == "language" and re.search(r"\b(?:what|which) language|in (?:english|french|german)", asked):
                return (
                    f"{item.name} is in {item.language}."
                    if item.language
                    else f"I don't know the language of {item.name}."
                )
            degree = item.content.get(kind)
            if degree is None:
                return f"I don't know how much of that there is in {item.name}."
            name = {"violence": "Violence", "scares": "Scares", "sex": "Sex", "language": "Strong language"}[kind]
            return f"{name} in {item.name}: {_DEGREES[degree]}."
    if re.search(r"\b(?:kids?|children|family|year[- ]old)\b", asked):
        strong = [kind for kind, degree in item.content.items() if degree == "strong"]
        if not item.content:
            return f"I don't know whether {item.name} suits children."
        return (
            f"{item.name} has strong {listed(strong)}, so hardly."
            if strong
            else f"{item.name} has nothing strong in it. It is for {item.audience or 'most people'}."
        )
    if re.search(r"\bhow long\b|\brunning time\b|\bruntime\b|\bminutes\b", asked):
        return f"I don't know how long {item.name} is."
    if re.search(r"\b(?:any good|worth)\b", asked) and item.pitch:
        return f"{item.name}: {item.pitch}" + (f" On the other hand: {item.caveat}" if item.caveat else "")
    return _portrait(item, words)


def _portrait(item: Item, words: Words) -> str:
    directors, cast = item.people.get("director", ()), item.people.get("cast", ())
    starring = f", with {listed(cast[:3])}" if cast else ""
    parts = [f"{item.name} is {_kind(item, words)}{f' by {listed(directors)}' if directors else ''}{starring}."]
    parts.append(item.description or f"I have no description of it beyond its {words.categories}.")
    if item.caveat and item.description:
        parts.append(f"A word of warning: {item.caveat}")
    return " ".join(parts)


def _kind(item: Item, words: Words) -> str:
    kinds = [kind.lower() if kind != "Sci-Fi" else "sci-fi" for kind in item.categories[:3]]
    phrase = f"{' / '.join(kinds)} {words.one}" if kinds else words.one
    return f"{'an' if phrase[:1] in 'aeiou' else 'a'} {phrase}"


def compare(one: Item, two: Item, state: State, words: Words) -> str:
    """Two items side by side, on what this person cares about."""
    shared = [value for kind, value in traits(one) if (kind, value) in traits(two) and kind != "category"]
    parts = [f"{one.name} is {_kind(one, words)}{_by(one)}; {two.name} is {_kind(two, words)}{_by(two)}."]
    if shared:
        parts.append(f"They share {listed([str(value) for value in shared[:3]])}.")
    if one.moods and two.moods:
        parts.append(f"{one.title} is {listed(one.moods[:3])}; {two.title} is {listed(two.moods[:3])}.")
    wanted = [name for name in state.genres_wanted if (name in one.categories) != (name in two.categories)]
    if wanted:
        better = one if wanted[0] in one.categories else two
        parts.append(f"Since you asked for {wanted[0].lower()}, {better.title} is the closer fit.")
    return " ".join(parts)


def _by(item: Item) -> str:
    directors = item.people.get("director", ())
    year = ""
    return f" by {listed(directors)}{year}" if directors else ""


def known(state: State, names: dict[str, str], words: Words) -> str:
    """What is known of the person, in sentences.

    Args:
        state: of the person.
        names: item names by id.
        words: the catalogue's.
    """
    parts = []
    for label, ids in (
        ("You like", state.liked),
        ("You don't like", state.disliked),
        (f"You have {words.used}", state.seen),
    ):
        shown = [names[item] for item in ids if item in names]
        if shown:
            more = f" and {len(shown) - 8} more" if len(shown) > 8 else ""
            parts.append(f"{label} {listed(shown[:8]) if not more else ', '.join(shown[:8]) + more}.")
    wants = [*state.genres_wanted, *state.people_wanted, *state.moods_wanted]
    if wants:
        parts.append(f"You are after {listed([w.lower() if w in state.genres_wanted else w for w in wants])}.")
    avoid = [
        *(name.lower() for name in state.genres_unwanted),
        *state.people_unwanted,
        *(f"strong {kind}" for kind in state.limits),
    ]
    if avoid:
        parts.append(f"You would rather avoid {listed(avoid)}.")
    if state.year_min or state.year_max:
        parts.append(f"Years: {span(state.year_min, state.year_max)}.")
    set_by_hand = [STEPS[knob][getattr(state, knob)] for knob in STEPS if getattr(state, knob)]
    if set_by_hand:
        parts.append(f"You have set: {listed(set_by_hand)}.")
    if not parts:
        return f"Nothing yet. Tell me about a {words.one} you love or hate, and I will remember it."
    return " ".join(parts)


def stored(conversations: Sequence[Conversation], profile: Profile, words: Words) -> str:
    """What is stored about a person, counted: "2 conversations with 5 messages, 3 likes and 1 wish"; or "nothing"."""
    told = [*profile.genres_wanted, *profile.moods_wanted, *profile.topics, *profile.people_wanted]
    years = [year for year in (profile.year_min, profile.year_max) if year]
    ruled_out = [*profile.genres_unwanted, *profile.people_unwanted, *profile.limits]
    settings = [knob for knob in STEPS if getattr(profile, knob)]
    parts = [
        counted(len(profile.liked), "like"),
        counted(len(profile.disliked), "dislike"),
        f"{len(profile.seen):,} already {words.used}" if profile.seen else "",
        counted(len(told) + len(years), "wish", "wishes"),
        counted(len(ruled_out), "limit"),
        counted(len(settings), "setting"),
    ]
    if conversations:
        messages = counted(sum(one.messages for one in conversations), "message")
        parts.insert(0, f"{counted(len(conversations), 'conversation')} with {messages}")
    return listed([part for part in parts if part]) or "nothing"


def counted(number: int, one: str, many: str = "") -> str:
    """``3 likes``; nothing for none."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}" if number else ""


def span(first: int | None, last: int | None) -> str:
    """A range of years in words."""
    if first and last:
        return f"{first} to {last}" if first != last else str(first)
    return f"from {first} on" if first else f"up to {last}"
