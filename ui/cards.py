"""What the page shows, and its HTML: the conversation with its cards, the panel of what is known.

Everything that comes from a catalogue or a person passes through :func:`plain` or :func:`lines`; nothing else may.
The chat's text goes through Gradio's Markdown and sanitiser, which shapes three habits here:

- each block is one line that begins with a block-level tag, so that Markdown leaves it as it is; blocks are joined by
  blank lines, so that a change re-draws only the block it is in;
- the sanitiser keeps ``class``, ``title``, ``name``, ``value``, ``id`` and ``style``, but no ``aria-*`` or ``data-*``:
  names for screen readers stand in visually hidden text (class ``cr-vh``);
- buttons say what they do by ``name`` and to what by ``value``; one listener on the page passes both to the server.
"""

import html
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from chatrec.catalogue.items import Words
from chatrec.dialogue.events import (
    Card,
    Done,
    Event,
    ItemRef,
    ItemsShown,
    Profile,
    ReasonReady,
    Reply,
    StateChanged,
    TextPiece,
)

NOTHING_KNOWN = Profile()
VERDICTS = ("liked", "disliked", "seen")
SHOWN_AT_ONCE = 12  # entries of a group in the panel before the rest folds away
LONGEST_SHOWN = 20_000  # characters of one message that the page repeats

_HUES = {
    "action": 14, "adventure": 32, "animation": 188, "children": 46, "children's": 46, "comedy": 38, "crime": 350,
    "documentary": 158, "drama": 218, "family": 46, "fantasy": 276, "film-noir": 246, "horror": 2, "musical": 312,
    "music": 312, "mystery": 258, "romance": 336, "sci-fi": 200, "science fiction": 200, "thriller": 230, "war": 88,
    "western": 24,
}  # fmt: skip
_SMALL_WORDS = frozenset(
    (
        "a",
        "an",
        "and",
        "das",
        "de",
        "der",
        "die",
        "el",
        "il",
        "in",
        "la",
        "le",
        "les",
        "of",
        "on",
        "or",
        "the",
        "to",
        "un",
    )
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _scrub(text: str) -> str:
    """Escaped text without control characters, text-direction overrides and lone surrogates (JSON has none)."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    # "%" too: Gradio's Markdown uses %%%LATEX_BLOCK_n%%% as its own placeholder.
    return html.escape(_CONTROL.sub(" ", text)).replace("%", "&#37;")


def plain(text: str) -> str:
    """Text as one escaped line, safe between tags and inside a quoted attribute."""
    return " ".join(_scrub(text).split())


def lines(text: str) -> str:
    """Text of several lines, escaped, on one source line: line ends become ``<br>``."""
    text = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text.strip())
    return "<br>".join(line.rstrip() for line in _scrub(text).split("\n"))


def listed(names: Sequence[str]) -> str:
    """``a, b and c``."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _checksum(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace"))


def _hidden(text: str) -> str:
    return f'<span class="cr-vh">{plain(text)}</span>'


# --- what is said --------------------------------------------------------------------------------------------------


def said(text: str) -> str:
    """A person's message."""
    cut = f"{text[:LONGEST_SHOWN]}…" if len(text) > LONGEST_SHOWN else text
    long = ' cr-long" tabindex="0' if len(cut) > 1500 else ""
    return f'<div class="cr-said{long}">{lines(cut)}</div>'


def thinking(what: str) -> str:
    """The mark that an answer is on its way."""
    dots = '<span class="cr-dots"><i></i><i></i><i></i></span>'
    return f'<div class="cr-thinking">{dots}{plain(what)}</div>'


def reply(text: str) -> str:
    """The reply's own words."""
    return f'<div class="cr-reply">{lines(text)}</div>'


def problem(text: str, retry: bool = False) -> str:
    """One friendly line about what went wrong, with a way to try again where that can help."""
    again = '<button type="button" class="cr-small" name="cr-retry" value="">Try again</button>' if retry else ""
    return f'<div class="cr-problem"><span>{plain(text)}</span>{again}</div>'


def welcome(examples: Iterable[str], words: Words) -> str:
    """What an empty conversation shows."""
    prompts = "".join(
        f'<button type="button" class="cr-example" name="cr-say" value="{plain(text)}">{plain(text)}</button>'
        for text in examples
    )
    return "\n\n".join(
        (
            f'<h2 class="cr-welcome">What would you like to {plain(words.use)}?</h2>',
            f'<p class="cr-welcome-line">Name {plain(words.many)} you loved, a mood, a decade, or what you have had '
            "enough of. The more you say, the better it fits.</p>",
            f'<div class="cr-examples">{prompts}</div>',
        )
    )


# --- cards ---------------------------------------------------------------------------------------------------------


def initials(title: str) -> str:
    """Up to four letters or digits that stand for a title; only characters that are safe inside a CSS string."""
    words = [word for word in re.split(r"[^\w]+|_", title) if word and all(c.isalnum() for c in word)]
    strong = [word for word in words if word.casefold() not in _SMALL_WORDS] or words
    if not strong:
        return "·"
    if strong[0].isdecimal():
        return strong[0][:4]
    return f"{strong[0][0]}{strong[1][0]}".upper()[:3] if len(strong) > 1 else strong[0][:2].capitalize()


def hue(category: str) -> int:
    """A category's place on the colour wheel, the same every time."""
    name = category.casefold().strip()
    return _HUES.get(name, _checksum(name) % 360)


def poster(card: Card) -> str:
    """A small typographic tile: colours from the first categories, the slant from the title, the title's initials."""
    hues = [hue(name) for name in card.categories[:2]] or [hue(card.title)]
    slant = 120 + _checksum(card.item_id) % 80
    style = f"--cr-a:{hues[0]};--cr-b:{hues[-1]};--cr-r:{slant}deg;--cr-t:'{initials(card.title)}'"
    return f'<div class="cr-poster" style="{style}"></div>'


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
        f"{_hidden(f': {card.name}, chosen' if on else f': {card.name}')}</button>"
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
        match = f'<span class="cr-match" title="{plain(hint)}">{percent} match{_hidden(f": {hint.lower()}")}</span>'
    reason = ""
    if card.reason.strip():
        reason = f'<p class="cr-reason">{lines(card.reason)}</p>'
    elif waiting:
        reason = f'<p class="cr-reason cr-wait">{_hidden("The reason is on its way.")}<i></i><i></i></p>'
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


# --- a conversation ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """One message and as much of its answer as there is."""

    user: str
    text: str = ""
    cards: tuple[Card, ...] = ()
    stage: Literal["thinking", "choosing", "answering", "done", "failed"] = "thinking"
    problem: str = ""
    retry: bool = False

    @property
    def live(self) -> bool:
        """Whether more of the answer may come."""
        return self.stage not in ("done", "failed")


@dataclass(frozen=True)
class View:
    """All that one person's page shows.

    Attributes:
        notice: a line about an action that went wrong, under the conversation.
        status: what just happened, for screen readers.
    """

    turns: tuple[Turn, ...] = ()
    profile: Profile = NOTHING_KNOWN
    notice: str = ""
    status: str = ""

    @property
    def live(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self.turns) and self.turns[-1].live

    def last(self, **changes: Any) -> "View":
        """This view with its last turn changed."""
        return replace(self, turns=(*self.turns[:-1], replace(self.turns[-1], **changes)))


def advance(view: View, event: Event) -> View:
    """The view after an event of the turn that is being answered."""
    if not view.live:
        return view
    turn = view.turns[-1]
    match event:
        case StateChanged(profile):
            return replace(view, profile=profile).last(stage="choosing")
        case ItemsShown(slate):
            return view.last(cards=slate, stage="answering")
        case TextPiece(text):
            return view.last(text=turn.text + text, stage="answering")
        case ReasonReady(card):
            return view.last(cards=tuple(card if old.item_id == card.item_id else old for old in turn.cards))
        case Done(whole):
            return replace(view, status=announcement(whole)).last(text=whole.text, cards=whole.cards, stage="done")
    return view


def announcement(whole: Reply) -> str:
    """An answer in one breath, for screen readers."""
    names = f" {', '.join(card.name for card in whole.cards)}." if whole.cards else ""
    return f"{whole.text}{names}"


def messages(view: View, words: Words) -> list[dict[str, str]]:
    """The view as Gradio's chat messages."""
    waiting = {"thinking": "Thinking", "choosing": f"Looking for {words.many}", "answering": "Finding the words"}
    shown: list[dict[str, str]] = []
    for number, turn in enumerate(view.turns):
        shown.append({"role": "user", "content": said(turn.user)})
        blocks = [reply(turn.text)] if turn.text.strip() else []
        if turn.live and not blocks:  # the mark stands where the text will be, so that nothing jumps
            blocks.append(thinking(waiting[turn.stage]))
        for place, card in enumerate(turn.cards):
            pressed = verdicts(view.profile, card.item_id)
            key = f"cr-{number}-{place}"
            blocks.append(card_html(card, pressed=pressed, key=key, waiting=turn.live, words=words))
        if turn.problem:
            blocks.append(problem(turn.problem, turn.retry and number == len(view.turns) - 1))
        if blocks:
            shown.append({"role": "assistant", "content": "\n\n".join(blocks)})
    if view.notice:
        shown.append({"role": "assistant", "content": problem(view.notice)})
    return shown


# --- the panel -----------------------------------------------------------------------------------------------------


def _entry(slot: str, value: str, name: str) -> str:
    key = f"cr-known-{slot}-{_checksum(value):x}"
    cross = '<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path d="M2.5 2.5l7 7m0-7l-7 7"/></svg>'
    return (
        f'<li class="cr-entry"><span>{plain(name)}</span><button type="button" id="{key}" name="cr-remove-{slot}" '
        f'value="{plain(value)}" aria-label="Remove {plain(name)}" title="Remove">{cross}</button></li>'
    )


def entries(profile: Profile) -> list[tuple[str, str, str]]:
    """Every single thing known, as slot, value and name: what the panel shows and what can be taken back."""
    found: list[tuple[str, str, str]] = []
    for slot in ("liked", "disliked", "seen"):
        refs: tuple[ItemRef, ...] = getattr(profile, slot)
        found += [(slot, ref.item_id, ref.name) for ref in refs]
    for slot in ("genres_wanted", "moods_wanted", "topics", "people_wanted"):
        found += [(slot, name, name) for name in getattr(profile, slot)]
    if profile.year_min is not None:
        found.append(("year_min", "", f"from {profile.year_min}"))
    if profile.year_max is not None:
        found.append(("year_max", "", f"up to {profile.year_max}"))
    for slot in ("genres_unwanted", "people_unwanted", "limits"):
        found += [(slot, name, name) for name in getattr(profile, slot)]
    return found


def panel(profile: Profile, words: Words, status: str = "", started: bool = False) -> str:
    """What is known about a person, each entry with a button that removes it.

    Args:
        status: what just happened, for screen readers.
        started: whether there is a conversation, and so something to forget even if nothing was understood of it.
    """
    groups = (
        ("You like", ("liked",)),
        ("Not for you", ("disliked",)),
        (f"Already {words.used}", ("seen",)),
        ("In the mood for", ("genres_wanted", "moods_wanted", "topics")),
        ("People", ("people_wanted",)),
        ("Years", ("year_min", "year_max")),
        ("Leaving out", ("genres_unwanted", "people_unwanted", "limits")),
    )
    known = entries(profile)
    parts = [
        f'<p class="cr-vh" role="status">{plain(status)}</p>',
        '<h2 id="cr-known" tabindex="-1">What I know about you</h2>',
    ]
    for label, slots in groups:
        rows = [_entry(*entry) for entry in known if entry[0] in slots]
        if not rows:
            continue
        some, rest = "".join(rows[:SHOWN_AT_ONCE]), "".join(rows[SHOWN_AT_ONCE:])
        fold = f"<details><summary>{len(rows) - SHOWN_AT_ONCE} more</summary><ul>{rest}</ul></details>" if rest else ""
        parts.append(f'<section class="cr-group"><h3>{plain(label)}</h3><ul>{some}</ul>{fold}</section>')
    if not known:
        parts.append(
            f'<p class="cr-nothing">Nothing yet. Name {plain(words.many)} you love, or press Like on a card: it '
            "appears here, and you can take it back at any time.</p>"
        )
    if known or started:
        parts.append('<button type="button" class="cr-quiet" name="cr-ask-forget" value="">Forget me</button>')
    return "".join(parts)


# --- around them ---------------------------------------------------------------------------------------------------


def header(words: Words) -> str:
    """The line above everything."""
    return (
        f'<div class="cr-brand"><h1>chatrec</h1><p>Good {plain(words.many)}, and why they suit you</p></div>'
        '<div class="cr-tools">'
        '<button type="button" class="cr-quiet cr-narrow" name="cr-show-known" value="">About you</button>'
        '<button type="button" class="cr-quiet" name="cr-new" value="">New conversation</button></div>'
    )


def footer(catalogue_name: str, count: int, words: Words) -> str:
    """The line under everything."""
    return (
        f"<p>Runs on this machine. Recommends only what is in {plain(catalogue_name)}: "
        f"{count:,} {plain(words.one if count == 1 else words.many)}.</p>"
    )


FORGET_DIALOG = (
    '<dialog id="cr-forget" aria-labelledby="cr-forget-title">'
    '<h2 id="cr-forget-title">Forget everything about you?</h2>'
    "<p>Your likes, dislikes, wishes and this conversation are deleted from this machine. This cannot be undone.</p>"
    '<div class="cr-choices"><button type="button" class="cr-quiet" name="cr-keep" value="" autofocus>Keep it</button>'
    '<button type="button" class="cr-firm" name="cr-forget" value="">Forget me</button></div></dialog>'
)
