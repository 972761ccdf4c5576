"""A recommendation as a card in the conversation (see :mod:`.text` for what shapes its HTML)."""

import re
from dataclasses import dataclass

from chatrec.catalogue.items import Words
from chatrec.dialogue.events import Card, ItemRef, Profile

from .posters import poster
from .text import hidden, lines, listed, plain

VERDICTS = ("liked", "disliked", "seen")
MATCH = "How likely you are to like it: of items that scored like this for other people, about this share was liked"


@dataclass(frozen=True)
class Standing:
    """How a person stands to the items on the page.

    Attributes:
        later: ids put aside for now.
        compared: the first item of a comparison, while the second is not chosen.
    """

    profile: Profile = Profile()  # noqa: RUF009  # frozen
    later: frozenset[str] = frozenset()
    compared: ItemRef | None = None

    def verdicts(self, item_id: str) -> frozenset[str]:
        """Which of a card's verdicts are given."""
        return frozenset(v for v in VERDICTS if any(ref.item_id == item_id for ref in getattr(self.profile, v)))


def content_note(content: dict[str, str]) -> str:
    """``Strong violence and language``, or nothing."""
    strong = [name for name, level in content.items() if str(level).casefold() == "strong"]
    return f"Strong {listed(strong)}" if strong else ""


def first_sentence(text: str) -> str:
    """The first sentence of a description: enough for a card."""
    found = re.match(r".{30,}?[.!?][\"'”’)]*(?=\s+[\"'“‘A-Z0-9])", text, re.DOTALL)
    return found[0] if found else text


def _button(key: str, name: str, value: str, label: str, about: str, classes: str = "cr-act", title: str = "") -> str:
    return (
        f'<button type="button" class="{classes}" id="{key}" name="cr-{name}" value="{plain(value)}" '
        f'title="{plain(title or label)}">{plain(label)}{hidden(f": {about}")}</button>'
    )


def _refusal(card: Card, key: str, words: Words) -> str:
    """The menu behind "Not for me": with the reason why, so that the right thing is learned from it."""
    options = [
        ("mark-disliked", card.item_id, "I don't like it"),
        ("mark-seen", card.item_id, f"{words.used.capitalize()} it already"),
        ("later", card.item_id, "Not now"),
        *(("say", f"No {name.lower()}, please", f"Not this kind: {name}") for name in card.categories[:3]),
        *(("say", f"Nothing by {name}, please", f"Not this person: {name}") for name in card.directors[:2]),
        *(("say", f"Nothing with {name}, please", f"Not this person: {name}") for name in card.cast[:2]),
    ]
    buttons = "".join(
        _button(f"{key}-not-{number}", name, value, label, card.name, "cr-option")
        for number, (name, value, label) in enumerate(options)
    )
    return (
        f'<details class="cr-not"><summary class="cr-act" id="{key}-not">Not for me{hidden(f": {card.name}, and why")}'
        f'</summary><div class="cr-menu">{buttons}</div></details>'
    )


def _verdicts(card: Card, given: frozenset[str], key: str, words: Words) -> str:
    labels = {"liked": "Like", "disliked": "Not for me", "seen": f"{words.used.capitalize()} it"}
    found = []
    for verdict, label in labels.items():
        if verdict in given:
            back, chosen = "Press again to take it back", f"{card.name}, chosen"
            found.append(
                _button(f"{key}-{verdict}", f"undo-{verdict}", card.item_id, label, chosen, "cr-act cr-on", back)
            )
        elif verdict == "disliked":
            found.append(_refusal(card, key, words))
        else:
            found.append(_button(f"{key}-{verdict}", f"mark-{verdict}", card.item_id, label, card.name))
    return "".join(found)


def _further(card: Card, key: str, compared: ItemRef | None) -> str:
    label, on = "Compare", ""
    if compared and compared.item_id == card.item_id:
        label, on = "Comparing: choose another", " cr-chosen"
    elif compared:
        label = f"Compare with {compared.name}"
    return "".join(
        (
            _button(
                f"{key}-like", "say", f"Something like {card.name}, please", "More like this", card.name, "cr-more"
            ),
            _button(f"{key}-why", "say", f"Why {card.name}?", "Why?", card.name, "cr-more"),
            _button(f"{key}-compare", "compare", card.item_id, label, card.name, f"cr-more{on}"),
        )
    )


def card_html(card: Card, *, standing: Standing, key: str, waiting: bool, words: Words) -> str:
    """One recommendation.

    Args:
        standing: how this person stands to it.
        key: unique on the page, letters, digits and dashes; the buttons' ids begin with it.
        waiting: whether a reason may still come.
    """
    if card.item_id in standing.later:
        back = _button(f"{key}-back", "bring", card.item_id, "Bring it back", card.name, "cr-small")
        return f'<article class="cr-card cr-aside"><p>{plain(card.name)}, put aside for now</p>{back}</article>'
    people = []
    if card.directors:
        people.append(f"By {listed([plain(name) for name in card.directors[:3]])}")
    if card.cast:
        people.append(f"With {', '.join(plain(name) for name in card.cast[:4])}")
    match = ""
    if card.match is not None:
        percent = f"{round(100 * min(max(card.match, 0.0), 1.0))}&#37;"
        match = (
            f'<button type="button" class="cr-match" id="{key}-match" name="cr-match" value="">{percent} match'
            f'<span class="cr-tip"><span class="cr-vh">: </span>{plain(MATCH)}</span></button>'
        )
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
    synopsis = plain(first_sentence(card.synopsis))
    rest = (
        f'<p class="cr-synopsis" title="{plain(card.synopsis)}">{synopsis}</p>' if synopsis else "",
        reason,
        f'<ul class="cr-chips">{chips}</ul>' if chips else "",
        f'<p class="cr-note">{plain(note)}</p>' if note else "",
    )
    return (
        f'<article class="cr-card">{poster(card.item_id, card.title, card.year, card.categories)}'
        f'<div class="cr-top">{"".join(top)}</div>'
        f'<div class="cr-rest">{"".join(rest)}</div>'
        f'<div class="cr-acts">{_verdicts(card, standing.verdicts(card.item_id), key, words)}'
        f'<div class="cr-further">{_further(card, key, standing.compared)}</div></div></article>'
    )
