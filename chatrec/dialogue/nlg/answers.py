"""Answers about items from their facts, slot by slot; where a fact is not known, that is said."""

import re
from collections.abc import Callable, Sequence

from chatrec.catalogue.items import Item, Words
from chatrec.catalogue.texts import MOODS
from chatrec.dialogue.acts import Intent
from chatrec.dialogue.nlu.lexicon import CONTENT_WORDS
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.nlu.values import unmet
from chatrec.ilm.phrasing import adjective, listed

MAKERS = {"director": "directed", "author": "wrote", "writer": "wrote", "composer": "composed", "designer": "designed"}
"""Roles of those who make an item, and what they did."""
_DEGREES = {
    "violence": {"none": "no violence to speak of", "mild": "a little violence", "strong": "a good deal of violence"},
    "scares": {"none": "no scares to speak of", "mild": "a few mild scares", "strong": "plenty of scares"},
    "sex": {"none": "no sex to speak of", "mild": "a little sex, nothing strong", "strong": "a good deal of sex"},
    "language": {"none": "no strong language to speak of", "mild": "some mild swearing", "strong": "a lot of swearing"},
}


def about(item: Item, asked: Reading, words: Words, series: Sequence[Item] = ()) -> str:
    """Answer each question about an item from its facts.

    Args:
        item: what is asked about.
        asked: the message: which slots it requests, whom and what it asks after.
        words: the catalogue's.
        series: the parts of the item's series, the first one first.
    """
    found = [_took_part(item, name) for name in asked.people_asked]
    found += [_has(item, value) for value in asked.values_asked]
    specific = [answer for answer in found if answer]
    for intent in asked.requested:
        if intent in _ANSWERS and not (specific and intent in _OF_A_VALUE):
            found.append(_ANSWERS[intent](item, asked, words))
        elif intent is Intent.ASK_SERIES:
            found.append(_series(item, asked, series))
    first, *others = dict.fromkeys(answer for answer in found if answer) or [""]
    if first in ("", item.description):  # what it is about is told with what it is
        first = _portrait(item, words)
    return " ".join([first, *(_in_short(item, answer) for answer in others)])


def _in_short(item: Item, answer: str) -> str:
    """An answer that follows another about the same item: "It is from 1996."."""
    answer = re.sub(rf"^(?:{re.escape(item.name)}|{re.escape(item.title)})(?= )", "It", answer)
    return answer.replace(item.name, "it")


def _maker(item: Item, asked: Reading, words: Words) -> str:
    for role, did in MAKERS.items():
        if names := item.people.get(role):
            return (
                f"{item.name} was directed by {listed(names)}."
                if role == "director"
                else f"{listed(names)} {did} {item.name}."
            )
    return f"I don't know who made {item.name}."


def _cast(item: Item, asked: Reading, words: Words) -> str:
    cast = item.people.get("cast", ())
    return f"{item.name} has {listed(cast)} in the lead." if cast else f"I don't know the cast of {item.name}."


def _year(item: Item, asked: Reading, words: Words) -> str:
    return f"{item.title} is from {item.year}." if item.year else f"I don't know the year of {item.name}."


def _plot(item: Item, asked: Reading, words: Words) -> str:
    return item.description


def _genre(item: Item, asked: Reading, words: Words) -> str:
    return (
        f"{item.name} is {kind_of(item, words)}."
        if item.categories
        else f"I don't know what kind of {words.one} {item.name} is."
    )


def _language(item: Item, asked: Reading, words: Words) -> str:
    return f"{item.name} is in {item.language}." if item.language else f"I don't know the language of {item.name}."


def _content(item: Item, asked: Reading, words: Words) -> str:
    if not item.content:
        return f"I don't know whether {item.name} suits children."
    strong = [kind for kind, degree in item.content.items() if degree == "strong"]
    if strong:
        return f"{item.name} has strong {listed(strong)}, so hardly for children."
    return f"{item.name} has nothing strong in it. It is for {item.audience or 'most people'}."


def _quality(item: Item, asked: Reading, words: Words) -> str:
    if not item.pitch:
        return f"I don't know how good {item.name} is; I know what it is about and who made it."
    return f"{item.name}: {item.pitch}" + (f" On the other hand: {item.caveat}" if item.caveat else "")


def _not_known(item: Item, asked: Reading, words: Words) -> str:
    return f"I don't know that of {item.name}; I know what it is about, who made it, and who likes it."


def _length(item: Item, asked: Reading, words: Words) -> str:
    return f"I don't know how long {item.name} is; I know what it is about, who made it, and who likes it."


_OF_A_VALUE = (Intent.ASK_CONTENT, Intent.ASK_GENRE, Intent.ASK_QUALITY)
"""What is asked after a word for a degree, a category or a mood, and so answered with it."""
_ANSWERS: dict[Intent, Callable[[Item, Reading, Words], str]] = {
    Intent.ASK_DIRECTOR: _maker,
    Intent.ASK_CAST: _cast,
    Intent.ASK_YEAR: _year,
    Intent.ASK_PLOT: _plot,
    Intent.ASK_GENRE: _genre,
    Intent.ASK_LANGUAGE: _language,
    Intent.ASK_CONTENT: _content,
    Intent.ASK_QUALITY: _quality,
    Intent.ASK_LENGTH: _length,
    Intent.ASK_OTHER: _not_known,
}


def _series(item: Item, asked: Reading, series: Sequence[Item]) -> str:
    if not item.series:
        return f"I know of no series with {item.name}."
    if asked.series_asked == "first" and series:
        return f"Start with {series[0].name}{by_line(series[0])}: it is the first of the series here."
    place = next((number for number, part in enumerate(series) if part.item_id == item.item_id), len(series))
    back = asked.series_asked == "prequel"
    beside = series[:place] if back else series[place + 1 :]
    if beside:
        verb = "comes" if len(beside) == 1 else "come"
        return f"{listed([part.name for part in beside])} {verb} {'before' if back else 'after'} {item.name}."
    return f"{item.name} belongs to a series, {item.series[0]}; I have no part {'before' if back else 'after'} it."


def _took_part(item: Item, name: str) -> str:
    """ "Is Tom Hanks in it?", "did Spielberg direct it?"."""
    for role, names in item.people.items():
        if name in names:
            return (
                f"Yes, {name} is in {item.name}."
                if role == "cast"
                else f"Yes, {name} {MAKERS.get(role, 'made')} {item.name}."
            )
    return f"Not that I know: I have {listed(item.all_people[:4])} down for {item.name}." if item.all_people else ""


def _has(item: Item, asked: str) -> str:
    """Whether an item has what is asked after: a degree of content, a category, a mood, a language, a shade."""
    for kind, names in CONTENT_WORDS.items():
        if any(re.search(rf"\b{re.escape(name)}\b", asked) for name in names):
            degree = item.content.get(kind)
            known = f"{item.name} has {_DEGREES[kind][degree]}." if degree else ""
            return known or f"I don't know how much of that there is in {item.name}."
    if missing := unmet(asked):
        return f"I don't know {_of_one(missing[0].name, item)}; I know what it is about and who made it."
    if re.search(r"\bblack\b|\bcolou?r\b", asked) and item.description:
        return f"{item.name} is in {'black and white' if item.attributes.get('black and white') else 'colour'}."
    own = [mood for mood in MOODS if re.search(rf"\b{re.escape(mood)}\b", asked)]
    if own and item.moods:
        fits = [mood for mood in own if mood in item.moods]
        if fits:
            return f"Yes, {item.name} is {listed(fits)}."
        return f"I would not call {item.name} {listed(own)}; what I have down is {listed(item.moods[:3])}."
    return ""


def _of_one(fact: str, item: Item) -> str:
    """A fact about many, said of one: "how long {many} are" is "how long Heat (1995) is"."""
    if "{many}" not in fact:
        return fact
    return re.sub(r"\bhave\b", "has", re.sub(r"\bare\b", "is", fact)).format(many=item.name)


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
