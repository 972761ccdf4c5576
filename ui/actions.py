"""What the page does: the handlers behind its box and its buttons."""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import gradio as gr

from chatrec.dialogue.events import Profile
from chatrec.dialogue.settings import KNOBS
from chatrec.dialogue.tracking.state import OPPOSITE

from .behind import Behind
from .cards import VERDICTS
from .comparison import comparison
from .conversations import listing
from .desk import Desk, Desks
from .panel import panel
from .view import View, messages

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

SLOTS = frozenset(field.name for field in fields(Profile))
USER_ID = re.compile(r"[0-9a-f]{32}")
WHOLE = re.compile(r"-?[0-9]{1,9}")

Shown = tuple[Any, ...]  # chat, panel, list, box, who


class Page:
    """The handlers behind the page: generators of values for the chat, the panel, the list, the box and the browser's id."""

    def __init__(self, recommender: "Recommender") -> None:
        self.recommender = recommender
        self.words = recommender.catalogue.words
        self.desks = Desks(recommender)
        self.behind = Behind(recommender)

    def load(self, who: object) -> Iterator[Shown]:
        """Take up where this browser left off, with an id of its own if it has none yet."""
        user_id = known(who)
        yield from self._follow(self.desks.at(user_id, again=True), who=user_id)

    def send(self, who: object, text: object) -> Iterator[Shown]:
        """Answer what stands in the box; an empty line is left alone."""
        user_id, text = known(who), str(text or "")
        desk = self.desks.at(user_id)
        if not text.strip():
            yield self._show(desk.view, who=user_id)
            return
        if not desk.say(text):
            gr.Info("One moment, I am still answering.", duration=4)
            yield self._show(desk.view, who=user_id)
            return
        # The box is emptied once: what is typed while the answer streams must stay.
        yield from self._follow(desk, box="", who=user_id)
        last = desk.view.turns[-1] if desk.view.turns else None
        if last and last.problem and not last.retry:  # a message that has to be put differently: back into the box
            yield self._show(desk.view, box=text)

    def act(self, who: object, event: gr.EventData) -> Iterator[Shown]:
        """Do what a button says. Its name and value come from the browser, so :meth:`do` checks both."""
        data = event._data if isinstance(event._data, dict) else {}
        user_id = known(who)
        desk = self.desks.at(user_id)
        box = self.do(desk, str(data.get("name", "")), str(data.get("value", "")))
        yield from self._follow(desk, box, user_id)

    def export(self, who: object) -> str:
        """The person's own data as JSON text."""
        return json.dumps(self.desks.at(known(who)).export(), ensure_ascii=False, indent=2)

    def trace(self, who: object) -> str:
        """The steps of the person's last turn as JSON text."""
        return json.dumps({"steps": self.behind.trace(known(who)), "at": secrets.token_hex(4)})  # never twice the same

    def do(self, desk: Desk, name: str, value: str) -> str | None:
        """One action by its name; a name that the page does not have does nothing. Text for the box, or None."""
        action, _, detail = name.removeprefix("cr-").partition("-")
        match action:
            case "say" if value.strip():
                desk.say(value)
            case "retry":
                desk.retry()
            case "stop":
                desk.stop()
            case "edit" if value.isdecimal():
                return desk.rewind(int(value[:6]))
            case "back":
                desk.rewind(len(desk.view.turns) - 1)
            case "mark" if detail in VERDICTS:
                desk.mark(value, detail)
            case "undo" if detail in VERDICTS:
                desk.take_back(detail, value)
            case "remove" if detail in SLOTS:
                desk.take_back(detail, value)
            case "restore":
                desk.put_back()
            case "import":
                desk.take_in(value)
            case "later" | "bring":
                desk.put_aside(value, aside=action == "later")
            case "compare" if value:
                desk.compare(value)
            case "uncompare":
                desk.compare("")
            case "turn" if detail in OPPOSITE:
                desk.turn_around(detail, value)
            case "tune" if detail in KNOBS and WHOLE.fullmatch(value):
                desk.tune(detail, int(value))
            case "new":
                desk.new()
            case "open" if WHOLE.fullmatch(value):
                desk.open(int(value))
            case "rename" if WHOLE.fullmatch(detail):
                desk.rename(int(detail), value)
            case "delete" if WHOLE.fullmatch(value):
                desk.delete(int(value))
            case "forget":
                desk.forget()
        return None

    def _follow(self, desk: Desk, box: Any = None, who: str | None = None) -> Iterator[Shown]:
        for view in desk.watch():
            yield self._show(view, box, who)
            box = who = None

    def _show(self, view: View, box: str | None = None, who: str | None = None) -> Shown:
        """Values for the outputs; None leaves the box or the id as it is."""
        return (
            messages(view, self.words),
            self._panel(view),
            listing(view.conversations),
            gr.skip() if box is None else box,
            gr.skip() if who is None else who,
        )

    def _panel(self, view: View) -> str:
        catalogue = self.recommender.catalogue
        known = panel(
            view.profile,
            self.words,
            view.status,
            started=bool(view.turns or view.conversations),
            undo=view.undo,
            missing=view.missing,
            catalogue=catalogue.name,
            gone=view.gone,
            years=catalogue.years,
        )
        return known + self._compared(view)

    def _compared(self, view: View) -> str:
        if len(view.compared) < 2:
            return ""
        one, two = (self.recommender.catalogue.by_id(ref.item_id) for ref in view.compared)
        return comparison(one, two, self.words)


def known(who: object) -> str:
    """The browser's id, or a new one in place of anything else."""
    return who if isinstance(who, str) and USER_ID.fullmatch(who) else secrets.token_hex(16)
