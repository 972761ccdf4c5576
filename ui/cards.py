"""A recommendation as a card in the conversation (see :mod:`.text` for what shapes its HTML)."""

from chatrec.catalogue.items import Words
from chatrec.dialogue.events import Card, Profile

from .posters import poster
from .text import hidden, lines, listed, plain

VERDICTS = ("liked", "disliked", "seen")


def content_note(content: dict[str, str]) -> str:
    """``Strong violence and language``, or nothing."""
    strong = [name for name, level in content.items() if str(level).casefold() == "strong"]
    return f"Strong {listed(strong)}" if strong else ""


def verdicts(profile: Profile, item_id: str) -> frozenset[str]:
    """Which of a card's buttons are pressed."""
    return frozenset(v for v in VERDICTS if any(ref.item_id == item_id for ref in getattr(profile, v)))


def _buttons(card: Card, pressed: frozenset[str], key: str, words: Words) -> str:
    labels = {"liked": "Like", "disliked": "Not for me", "seen": f"{words.used.capitalize()} it"}
    return "".join(
        f'<button type="button" class="cr-act{" cr-on" if on else ""}" id="{key}-{verdict}" '
        f'name="cr-{"undo" if on else "mark"}-{verdict}" value="{plain(card.item_id)}" '
        f'title="{"Press again to take it back" if on else plain(label)}">{plain(label)}'
        f"{hidden(f': {card.name}, chosen' if on else f': {card.name}')}</button>"
        for verdict, label in labels.items()
        for on in (verdict in pressed,)
    )


def card_html(card: Card, *, pressed: frozenset[str], key: str, waiting: bool, words: Words) -> str:
    """One recommendation.

    Args:
        pressed: the verdicts that this person has given on it.
        key: unique on the page, letters, digits and dashes; the buttons' ids begin with it.
        waiting: whether a reason may still come.
    """
    people = []
    if card.directors:
        people.append(f"By {listed([plain(name) for name in card.directors[:3]])}")
    if card.cast:
        people.append(f"With {', '.join(plain(name) for name in card.cast[:4])}")
    match = ""
    if card.match is not None:
        percent = f"{round(100 * min(max(card.match, 0.0), 1.0))}&#37;"
        hint = "The model's estimate that you will like it"
        match = f'<span class="cr-match" title="{plain(hint)}">{percent} match{hidden(f": {hint.lower()}")}</span>'
    reason = ""
    if card.reason.strip():
        reason = f'<p class="cr-reason">{lines(card.reason)}</p>'
    elif waiting:
        reason = f'<p class="cr-reason cr-wait">{hidden("The reason is on its way.")}<i></i><i></i></p>'
    note = content_note(card.content)
    top = (
        f'<div class="cr-head"><h3>{plain(card.title)}'
        f"{f' <span class=cr-year>{card.year}</span>' if card.year else ''}</h3>{match}</div>",
        f'<p class="cr-genres">{" · ".join(plain(name) for name in card.categories)}</p>' if card.categories else "",
        f'<p class="cr-people">{" · ".join(people)}</p>' if people else "",
    )
    chips = "".join(f"<li>{plain(chip)}</li>" for chip in card.evidence)
    rest = (
        f'<p class="cr-synopsis">{plain(card.synopsis)}</p>' if card.synopsis.strip() else "",
        reason,
        f'<ul class="cr-chips">{chips}</ul>' if chips else "",
        f'<p class="cr-note">{plain(note)}</p>' if note else "",
    )
    return (
        f'<article class="cr-card">{poster(card)}<div class="cr-top">{"".join(top)}</div>'
        f'<div class="cr-rest">{"".join(rest)}</div>'
        f'<div class="cr-acts">{_buttons(card, pressed, key, words)}</div></article>'
    )
