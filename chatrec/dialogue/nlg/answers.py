"""Answers about items from their facts, and what is known of the person."""

import re
from collections.abc import Sequence

from chatrec.catalogue.items import Item, Words
from chatrec.catalogue.texts import MOODS
from chatrec.dialogue.events import Profile
from chatrec.dialogue.settings import STEPS
from chatrec.dialogue.tracking.state import CONTENT, State
from chatrec.dialogue.tracking.store import Conversation
from chatrec.ilm.phrasing import adjective, listed

_UNKNOWN = {
    r"\bsoundtrack|\bmusic (?:of|in|for)|\bwho (?:composed|scored)|\bcomposer|\bthe score\b": "who made the music of {}",
    r"\boscars?\b|\bawards?\b|\bnominat|\bwin any\b|\bprizes?\b": "what prizes {} won",
    r"\bfilmed\b|\bshot\b|\blocations?\b": "where {} was filmed",
    r"\bwho wrote\b|\bwriters?\b|\bwritten by\b|\bscreenplay\b|\bscript\b": "who wrote {}",
    r"\bbased on\b|\badapt(?:ed|ation)\b|\btrue story\b": "what {} is based on",
    r"\bnetflix\b|\bstream|\bavailable\b|\bbuy\b|\brent\b|\bdvd\b|\bprime\b|\bwhere can (?:i|we)\b": "where {} can be had",
    r"\bbudget\b|\bbox office\b|\bgross|\bhow much did\b|\bcost\b": "what {} cost or earned",
    r"\bimdb\b|\brotten\b|\bmetacritic\b|\breviews?\b|\bcritics\b": "what critics said of {}",
    r"\bhow long\b|\brunning time\b|\bruntime\b|\bminutes\b|\bpages\b": "how long {} is",
    r"\bhow does it end\b|\bending\b|\bspoil": "how {} ends",
}
"""Questions whose answer no catalogue here has, and how that is said."""

_DEGREES = {
    "violence": {"none": "no violence to speak of", "mild": "a little violence", "strong": "a good deal of violence"},
    "scares": {"none": "no scares to speak of", "mild": "a few mild scares", "strong": "plenty of scares"},
    "sex": {"none": "no sex to speak of", "mild": "a little sex, nothing strong", "strong": "a good deal of sex"},
    "language": {"none": "no strong language to speak of", "mild": "some mild swearing", "strong": "a lot of swearing"},
}


_JOINT = re.compile(r"[?;]+|,?\s+and\s+(?=(?:who|when|what|which|where|how|is|was|does|did|are)\b)", re.IGNORECASE)
"""Where a message goes on to its next question: "who directed it and when was it made?"."""


FIRST_OF = re.compile(
    r"\b(?:which|what)(?: one| film| movie| part)?\b[^.!?]*\b(?:start with|begin with|watch first|see first|read first|comes first|goes first)\b"
    r"|\bwhere (?:do|should|would|to) (?:i |we )?(?:start|begin)\b",
    re.IGNORECASE,
)
"""Which part of a series to begin with."""


def about(item: Item, question: str, words: Words, series: Sequence[Item] = ()) -> str:
    """Answer each question about an item from its facts; say so where a fact is not known.

    Args:
        item: what is asked about.
        question: one or several.
        words: the catalogue's.
        series: the parts of the item's series, the first one first.
    """
    found = [_fact(item, part.casefold(), words, series) for part in _JOINT.split(question) if part.strip()]
    first, *others = dict.fromkeys(answer for answer in found if answer) or [""]
    if first in ("", item.description):  # what it is about is told with what it is
        first = _portrait(item, words)
    return " ".join([first, *(_in_short(item, answer) for answer in others)])


def _in_short(item: Item, answer: str) -> str:
    """An answer that follows another about the same item: "It is from 1996."."""
    answer = re.sub(rf"^(?:{re.escape(item.name)}|{re.escape(item.title)})(?= )", "It", answer)
    return answer.replace(item.name, "it")


def _fact(item: Item, asked: str, words: Words, series: Sequence[Item]) -> str:
    """The answer to one question, or nothing where it asks for no single fact."""
    known = _asked_role(item, asked) or _took_part(item, asked)
    if known:
        return known
    if item.series and FIRST_OF.search(asked):
        return f"Start with {item.name}{by_line(item)}: it is the first of the series here."
    for pattern, what in _UNKNOWN.items():
        if re.search(pattern, asked):
            return f"I don't know {what.format(item.name)}; I know what it is about, who made it, and who likes it."
    directors, cast = item.people.get("director", ()), item.people.get("cast", ())
    if re.search(
        r"\bwho (?:directed|directs|made|(?:is|was) behind the camera)\b|\bwhose (?:film|movie)\b|\bdirector\b|^\W*(?:also )?(?:did|was|is) .*\bdirect(?:ed)?\b",
        asked,
    ):
        return (
            f"{item.name} was directed by {listed(directors)}."
            if directors
            else f"I don't know who directed {item.name}."
        )
    if re.search(
        r"\bwho(?: else)? (?:is|was|stars?|starred|acts?|acted|plays?|played)\b|\bcast\b|\bactors?\b|\bstarring\b|\bwho'?s in\b",
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
            return f"{item.name} has {_DEGREES[kind][degree]}."
    if re.search(r"\b(?:kids?|children|family|year[- ]old)\b", asked):
        strong = [kind for kind, degree in item.content.items() if degree == "strong"]
        if not item.content:
            return f"I don't know whether {item.name} suits children."
        return (
            f"{item.name} has strong {listed(strong)}, so hardly."
            if strong
            else f"{item.name} has nothing strong in it. It is for {item.audience or 'most people'}."
        )
    if re.search(r"\b(?:black and white|in colou?r)\b", asked) and item.description:
        return f"{item.name} is in {'black and white' if item.attributes.get('black and white') else 'colour'}."
    if re.search(r"\bsequels?\b|\bprequels?\b|\bpart of a series\b|\btrilogy\b", asked):
        place = next((number for number, part in enumerate(series) if part.item_id == item.item_id), len(series))
        if place > 0 and "called" in asked and "sequel" in asked:
            return f"That is {item.name}."
        beside = series[:place] if "prequel" in asked else series[place + 1 :]
        if beside:
            where = "before" if "prequel" in asked else "after"
            return f"{listed([part.name for part in beside])} {'comes' if len(beside) == 1 else 'come'} {where} {item.name}."
        return (
            f"{item.name} belongs to a series, {item.series[0]}."
            if item.series
            else f"I know of no series with {item.name}."
        )
    felt = [mood for mood in MOODS if re.search(rf"\b{re.escape(mood)}\b", asked)]
    if re.search(r"^\W*(?:and |so |but )?(?:is|was|how) \w", asked) and felt and item.moods:
        own = [mood for mood in felt if mood in item.moods]
        if own:
            return f"Yes, {item.name} is {listed(own)}."
        return f"I would not call {item.name} {listed(felt)}; what I have down is {listed(item.moods[:3])}."
    if re.search(r"\b(?:any good|worth)\b", asked) and item.pitch:
        return f"{item.name}: {item.pitch}" + (f" On the other hand: {item.caveat}" if item.caveat else "")
    return item.description if re.search(r"\bwhat\b.*\babout\b|\bplot\b", asked) and item.description else ""


def _took_part(item: Item, asked: str) -> str:
    """ "Is Tom Hanks in it?", "did Spielberg direct it?": yes, where the person named is of this item."""
    if not re.match(r"\W*(?:and |so |but |also )?(?:is|isn'?t|was|wasn'?t|did|didn'?t|does|doesn'?t|has)\b", asked):
        return ""
    for role, said in (("director", "{} directed {}"), ("cast", "{} is in {}")):
        for name in item.people.get(role, ()):
            if re.search(rf"\b{re.escape(name.split()[-1].casefold())}\b", asked):
                return f"Yes, {said.format(name, item.name)}."
    return ""


def _asked_role(item: Item, asked: str) -> str:
    """Who had a part in an item, where the question names the part and the catalogue has it ("who wrote it?")."""
    for role, verb in (("author", "wrote"), ("writer", "wrote"), ("composer", "composed"), ("designer", "designed")):
        names = item.people.get(role)
        if names and re.search(rf"\b{role}\b|\bwho {verb}\b|\b{verb} by\b", asked):
            return f"{listed(names)} {verb} {item.name}."
    return ""


def _portrait(item: Item, words: Words) -> str:
    directors, cast = item.people.get("director", ()), item.people.get("cast", ())
    starring = f", with {listed(cast[:3])}" if cast else ""
    parts = [f"{item.name} is {kind_of(item, words)}{f' by {listed(directors)}' if directors else ''}{starring}."]
    parts.append(item.description or f"I have no description of it beyond its {words.categories}.")
    if item.caveat and item.description:
        parts.append(f"A word of warning: {item.caveat}")
    return " ".join(parts)


def kind_of(item: Item, words: Words) -> str:
    """What an item is: "a crime and drama film"."""
    phrase = f"{listed([adjective(kind) for kind in item.categories[:3]])} {words.one}".strip()
    return f"{'an' if phrase[:1] in 'aeiou' else 'a'} {phrase}"


def by_line(item: Item) -> str:
    """Who made it: " by Joel Coen", or nothing."""
    directors = item.people.get("director", ())
    return f" by {listed(directors)}" if directors else ""


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
