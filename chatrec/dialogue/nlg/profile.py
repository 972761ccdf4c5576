"""What is known and kept of a person, and what there is to choose from, in sentences."""

from collections.abc import Sequence

from chatrec.catalogue.items import Catalogue, Words
from chatrec.dialogue.events import Profile
from chatrec.dialogue.settings import STEPS
from chatrec.dialogue.tracking.state import CONTENT, State
from chatrec.dialogue.tracking.store import Conversation
from chatrec.ilm.phrasing import adjective, listed

MOST_NAMED = 8


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
        ("Kept for later:", state.saved),
        ("Never to be shown:", state.blocked),
    ):
        shown = [names[item] for item in ids if item in names]
        if shown:
            more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
            parts.append(f"{label} {listed(shown[:MOST_NAMED]) if not more else ', '.join(shown[:MOST_NAMED]) + more}.")
    wants = [
        *(adjective(name) for name in state.genres_wanted),
        *state.moods_wanted,
        *(["black and white"] if state.black_and_white else ["colour"] if state.black_and_white is False else []),
    ]
    if wants or state.people_wanted or state.language:
        kinds = f"{listed(wants)} {words.many}".strip()
        people = f" with {listed(state.people_wanted)}" if state.people_wanted else ""
        parts.append(f"You are after {kinds}{people}{f' in {state.language}' if state.language else ''}.")
    if state.topics:
        parts.append(f"You described: {'; '.join(state.topics[-2:])}.")
    avoid = [
        *(name.lower() for name in state.genres_unwanted),
        *state.people_unwanted,
        *(f"strong {kind}" if kind in CONTENT else kind for kind in state.limits),
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


def kept(state: State, names: dict[str, str], words: Words) -> str:
    """What is kept for later, and what is never shown."""
    saved, blocked = ([names[i] for i in ids if i in names] for ids in (state.saved, state.blocked))
    parts = (
        [f"Kept for later: {listed(saved)}."]
        if saved
        else [f'Nothing is kept for later yet. Say "save" and a title to keep a {words.one}.']
    )
    if blocked:
        parts.append(f"Never shown: {listed(blocked)}.")
    return " ".join(parts)


def counted_out(catalogue: Catalogue) -> str:
    """How much there is to choose from."""
    words, years = catalogue.words, catalogue.years
    span_of = f", from {years[0]} to {years[1]}" if years else ""
    kinds = f" They are of {len(catalogue.category_names)} {words.categories}." if catalogue.category_names else ""
    return f"I have {len(catalogue):,} {words.many}{span_of}.{kinds}"
