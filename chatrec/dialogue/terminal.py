"""Chat in a terminal, and scripts of lines in, replies out."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from chatrec.dialogue.events import Card, Done, ItemsShown, ReasonReady, Reply, TextPiece
from chatrec.errors import BadInput, ChatrecError

if TYPE_CHECKING:
    from chatrec.recommender import Recommender


Heard = Callable[[Reply], None]
"""Told of every whole reply."""


def interactive(recommender: "Recommender", user: str, console: Console, heard: Heard = lambda _: None) -> None:
    """Read lines until the end of input or ``/quit``."""
    console.print(
        f"[dim]{escape(recommender.catalogue.name)}: {len(recommender.catalogue):,} {recommender.catalogue.words.many}. "
        "/quit leaves, /new starts afresh, /list shows your conversations and /open 2 takes one up, "
        "/forget deletes all I know of you.[/]"
    )
    while True:
        try:
            line = input("\nyou> ")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        match line.strip():
            case "":
                continue
            case "/quit" | "/exit":
                return
            case "/new":
                recommender.new_conversation(user)
                console.print("[dim]A new conversation. I still know what you like.[/]")
            case "/list":
                for one in recommender.conversations(user):
                    here = " [dim](this one)[/]" if one.current else ""
                    console.print(f"  {one.number}  {escape(one.title)}{here}", highlight=False)
            case "/forget":
                what = recommender.stored(user)
                recommender.forget(user)
                console.print(f"[dim]Deleted: {escape(what)}. Nothing about you is kept.[/]", highlight=False)
            case text:
                try:
                    if text.startswith("/open "):
                        _resume(recommender, user, text.removeprefix("/open ").strip(), console)
                    else:
                        heard(_show_turn(recommender, user, text, console))
                except ChatrecError as error:
                    console.print(f"[red]{escape(str(error))}[/]", highlight=False)


def _resume(recommender: "Recommender", user: str, number: str, console: Console) -> None:
    """Take up a conversation and show its last turn."""
    if not (number.isascii() and number.isdigit()):
        raise BadInput(f"{number!r} is no number of a conversation; /list shows them")
    recommender.open_conversation(user, int(number))
    last = recommender.transcript(user)[-1]
    console.print(f"[dim]you> {escape(last.user[:500])}[/]", highlight=False)
    console.print(escape(last.text), highlight=False)
    for card in last.cards:
        console.print(_card_line(card), highlight=False)


def _show_turn(recommender: "Recommender", user: str, text: str, console: Console) -> Reply:
    cards: tuple[Card, ...] = ()
    ready: dict[str, Card] = {}
    for event in recommender.chat(user, text):
        if isinstance(event, ItemsShown):
            cards = event.cards
        elif isinstance(event, TextPiece):
            console.print(escape(event.text.strip()), highlight=False)
        elif isinstance(event, ReasonReady):
            ready[event.card.item_id] = event.card
            while cards and cards[0].item_id in ready:  # in the slate's order, as soon as they can be shown
                console.print(_card_line(ready[cards[0].item_id]), highlight=False)
                cards = cards[1:]
        elif isinstance(event, Done):
            return event.reply
    raise AssertionError("a turn ends with Done")


def _card_line(card: Card) -> str:
    kinds = ", ".join(card.categories)
    match = f" · {card.match:.0%} match" if card.match is not None else ""
    return f"  [bold]{escape(card.name)}[/] [dim]{escape(kinds)}{match}[/]\n    {escape(card.reason)}"


def play(
    recommender: "Recommender",
    lines: Sequence[str],
    console: Console,
    user: str = "script",
    heard: Heard = lambda _: None,
) -> list[dict[str, Any]]:
    """Say the lines one after the other and return the replies as ``chatrec chat --json`` gives them."""
    replies = []
    for line in lines:
        console.print(f"\n[bold]you>[/] {escape(line[:500])}", highlight=False)
        reply = recommender.reply(user, line)
        before, after = reply.around
        console.print(escape(before), highlight=False)
        for card in reply.cards:
            console.print(_card_line(card), highlight=False)
        if after:
            console.print(escape(after), highlight=False)
        heard(reply)
        replies.append(as_dict(reply))
    return replies


def as_dict(reply: Reply) -> dict[str, Any]:
    """A reply as data: its whole text with the items, the items, and the state after it."""
    items = [{"item_id": c.item_id, "title": c.title, "year": c.year, "reason": c.reason} for c in reply.cards]
    return {"text": full_text(reply), "items": items, "state": reply.profile.as_dict()}


def full_text(reply: Reply) -> str:
    """The reply as it reads in a terminal: the text, each item with its reason, and what is said after them."""
    before, after = reply.around
    return "\n".join([before, *(f"{card.name}: {card.reason}" for card in reply.cards), *([after] if after else [])])
