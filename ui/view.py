"""A conversation as the page shows it: its turns, how events change them, and their HTML."""

from collections.abc import Iterable
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
from chatrec.dialogue.tracking.store import Conversation

from .cards import Standing, card_html
from .text import hidden, lines, plain

NOTHING_KNOWN = Profile()
LIVE = '<div class="cr-live"></div>'  # by this mark the page knows to offer Stop in place of Send
LONGEST_SHOWN = 20_000  # characters of one message that the page repeats

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


def _tool(key: str, name: str, value: int, label: str, title: str) -> str:
    return (
        f'<button type="button" class="cr-tool" id="{key}" name="{name}" value="{value}" title="{title}">{label}'
        f"{hidden(f': {title.lower()}')}</button>"
    )


def edit_tool(place: int) -> str:
    """What can be done with one's own message."""
    button = _tool(f"cr-edit-{place}", "cr-edit", place, "Edit", "Take it back and write it differently")
    return f'<div class="cr-turn-tools cr-mine">{button}</div>'


def answer_tools(place: int, last: bool) -> str:
    """What can be done with an answer; only the last one can be asked for again or undone."""
    buttons = [_tool(f"cr-copy-{place}", "cr-copy", place, "Copy", "Copy this answer")]
    if last:
        buttons.append(_tool(f"cr-again-{place}", "cr-retry", place, "Answer again", "With what I know by now"))
        buttons.append(_tool(f"cr-back-{place}", "cr-back", place, "Undo", "Take back this message and its answer"))
    return f'<div class="cr-turn-tools">{"".join(buttons)}</div>'


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


# --- a conversation ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """One message and as much of its answer as there is.

    Attributes:
        closing: what is said after the cards.
        number: of the turn in the store; 0 while it is not stored.
        undoable: whether it can be taken back.
    """

    user: str
    text: str = ""
    closing: str = ""
    cards: tuple[Card, ...] = ()
    stage: Literal["thinking", "choosing", "answering", "done", "failed"] = "thinking"
    problem: str = ""
    retry: bool = False
    number: int = 0
    undoable: bool = False

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
        later: ids of items put aside for now.
        compared: items chosen to be compared, at most two.
        undo: what was just taken out of what is known and can be put back, in words.
        missing: titles of an import that the catalogue does not have.
        gone: what was just deleted for good, in words.
        conversations: all there are, the latest first.
    """

    turns: tuple[Turn, ...] = ()
    profile: Profile = NOTHING_KNOWN
    notice: str = ""
    status: str = ""
    later: frozenset[str] = frozenset()
    compared: tuple[ItemRef, ...] = ()
    undo: str = ""
    missing: tuple[str, ...] = ()
    gone: str = ""
    conversations: tuple[Conversation, ...] = ()

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
        case TextPiece(text, closing=True):
            return view.last(closing=turn.closing + text)
        case TextPiece(text):
            return view.last(text=turn.text + text, stage="answering")
        case ReasonReady(card):
            return view.last(cards=tuple(card if old.item_id == card.item_id else old for old in turn.cards))
        case Done(whole):
            return replace(view, status=announcement(whole)).last(**answer_fields(whole), stage="done")
    return view


def answer_fields(whole: Reply) -> dict[str, Any]:
    """The fields of a turn that a whole reply fills. Without cards there is nothing to close after."""
    closing = whole.closing if whole.cards else ""
    return {"text": whole.text.removesuffix(closing).rstrip(), "closing": closing, "cards": whole.cards}


def announcement(whole: Reply) -> str:
    """An answer in one breath, for screen readers."""
    names = f" {', '.join(card.name for card in whole.cards)}." if whole.cards else ""
    return f"{whole.text}{names}"


def messages(view: View, words: Words) -> list[dict[str, str]]:
    """The view as Gradio's chat messages."""
    waiting = {"thinking": "Thinking", "choosing": f"Looking for {words.many}", "answering": "Finding the words"}
    shown: list[dict[str, str]] = []
    standing = Standing(view.profile, view.later, view.compared[0] if len(view.compared) == 1 else None)
    for number, turn in enumerate(view.turns):
        last = number == len(view.turns) - 1
        edit = not view.live and (turn.undoable or turn.stage == "failed")
        shown.append(
            {"role": "user", "content": "\n\n".join((said(turn.user), *([edit_tool(number)] if edit else [])))}
        )
        blocks = [reply(turn.text)] if turn.text.strip() else []
        if turn.live and not blocks:  # the mark stands where the text will be, so that nothing jumps
            blocks.append(thinking(waiting[turn.stage]))
        for place, card in enumerate(turn.cards):
            key = f"cr-{number}-{place}"
            blocks.append(card_html(card, standing=standing, key=key, waiting=turn.live, words=words))
        if turn.closing.strip():
            blocks.append(reply(turn.closing))
        if turn.problem:
            blocks.append(problem(turn.problem, turn.retry and last))
        if turn.stage == "done":
            blocks.append(answer_tools(number, last and turn.undoable))
        if turn.live:
            blocks.append(LIVE)
        if blocks:
            shown.append({"role": "assistant", "content": "\n\n".join(blocks)})
    if view.notice:
        shown.append({"role": "assistant", "content": problem(view.notice)})
    return shown
