"""The server's side of a conversation: one desk per person.

An answer is produced by a thread of its own and written to the person's desk; the page only watches the desk. So a
reload in the middle of an answer loses nothing, and a press on a card while an answer streams is not overwritten by
the next piece.
"""

import contextlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, cast

from chatrec.dialogue.events import Done, ItemRef, Profile
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.store import Conversation
from chatrec.errors import BadInput, ChatrecError

from .knobs import in_words
from .panel import entries
from .ratings import verdicts
from .view import Turn, View, advance, answer_fields

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

log = logging.getLogger(__name__)

SORRY = "Sorry, something went wrong here. Your message is kept; please try again."
OOPS = "Sorry, that did not work. Please try again."
LOST = "That answer was cut off. Please try again."
STOPPED = "Stopped."
NOTHING_NEW = "That file holds nothing that I did not know already."
BUSY = "one moment, I am still answering: wait for the end, or press Stop first"
FRAME = 0.05  # seconds between two looks at a desk: smooth to the eye, light on the browser
DESKS = 1000  # people kept in memory; everybody else is read again from the store


def one_line(error: ChatrecError) -> str:
    """An error's message as one sentence."""
    text = " ".join(str(error).split()) or SORRY
    return f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.!?' else '.'}"


class Desk:
    """One person's conversation as this server holds it. Every method may be called from any thread.

    The recommender is never called with the view locked: it may make a call wait until an answer is complete, and the
    answer needs the view.
    """

    def __init__(self, recommender: "Recommender", user_id: str) -> None:
        self.recommender = recommender
        self.user_id = user_id
        self.view = View()
        self._changed = threading.Condition(threading.RLock())
        self._acting = threading.RLock()  # one action after the other: an older profile never replaces a newer one
        self._answering: threading.Thread | None = None  # whose events count
        self._stopped: threading.Thread | None = None  # whose answer must not be stored either
        self._meanwhile: list[Callable[[], Profile]] = []  # what was pressed since the message that is being answered
        self._undo: dict[str, Any] = {}  # fields of the state as they were before the last removal or import
        self._kept = 0  # turns that the store had when the last message was sent

    def change(self, how: Callable[[View], View]) -> None:
        """Put ``how(view)`` in the view's place and wake those who watch."""
        with self._changed:
            self.view = how(self.view)
            self._changed.notify_all()

    def watch(self) -> Iterator[View]:
        """The view now, and again after changes, until no answer is on its way."""
        seen: View | None = None
        while seen is None or seen.live or self.view is not seen:
            with self._changed:
                self._changed.wait_for(lambda old=seen: self.view is not old, timeout=1.0)  # type: ignore[misc]
                latest = self.view
            if latest is not seen:
                seen = latest
                yield latest
            time.sleep(FRAME if latest.live else 0)

    def refresh(self) -> None:
        """Read the conversation from the store; a message that has no stored answer yet stays at the end."""
        with self._act():
            told = self.recommender.transcript(self.user_id)
            profile = self.recommender.profile(self.user_id)
            undoable = self.recommender.undoable(self.user_id)
            turns = tuple(
                Turn(one.user, **answer_fields(one), stage="done", number=one.turn, undoable=one.turn in undoable)
                for one in told
            )

            def reread(view: View) -> View:
                if view.live:
                    return view
                loose = [turn for turn in view.turns[-1:] if turn.stage == "failed" and len(turns) <= self._kept]
                status, past = view.status, self._conversations()
                return View((*turns, *loose), profile, status=status, later=view.later, conversations=past)

            self.change(reread)

    def say(self, text: str) -> bool:
        """Begin to answer a message; False, and nothing happens, while another is being answered."""
        with self._changed:
            if self.view.live:
                return False
            self._meanwhile = []
            self._kept = sum(turn.stage == "done" for turn in self.view.turns)
            self.change(
                lambda view: replace(view, turns=(*view.turns, Turn(text)), notice="", status="", undo="", gone="")
            )
            self._answering = threading.Thread(target=self._answer, args=(text,), name="chatrec-answer", daemon=True)
            self._answering.start()
            return True

    def stop(self) -> None:
        """Break off the answer that is on its way; nothing of it is stored."""
        with self._changed:
            if self.view.live:
                self._stopped, self._answering = self._answering, None
                self.change(
                    lambda view: replace(view, status=STOPPED).last(stage="failed", problem=STOPPED, retry=True)
                )

    def retry(self) -> bool:
        """Send the last message again, with what is known by now."""
        text = self.rewind(len(self.view.turns) - 1)
        return text is not None and self.say(text)

    def rewind(self, place: int) -> str | None:
        """Take back a turn and all that came after it; what was pressed stays. The turn's message, or None."""
        with self._act():
            turns = self.view.turns
            if self.view.live or not 0 <= place < len(turns):
                return None
            numbers = [turn.number for turn in turns[place:] if turn.number]
            if numbers:
                self.recommender.undo(self.user_id, min(numbers))
            profile = self.recommender.profile(self.user_id)
            view = View(turns[:place], profile, status="Taken back.", conversations=self._conversations())
            self.change(lambda old: replace(view, later=old.later))
            return turns[place].user
        return None

    def mark(self, item_id: str, verdict: str) -> None:
        """Give a verdict on an item."""
        used = self.recommender.catalogue.words.used
        said = {"liked": "you like", "disliked": "not for you", "seen": f"already {used}"}
        with self._act():
            profile = self._tell(lambda: self.recommender.feedback(self.user_id, item_id, cast(Any, verdict)))
            name = next((ref.name for ref in getattr(profile, verdict) if ref.item_id == item_id), "")
            self.change(
                lambda view: replace(view, profile=profile, notice="", status=f"{name}: {said[verdict]}", undo="")
            )

    def take_back(self, slot: str, value: str) -> None:
        """Remove one thing that is known."""
        with self._act():
            name = next((n for s, v, n in entries(self.view.profile) if (s, v) == (slot, value)), value)
            with self._undoable(f"Removed: {name}"):
                self._tell(lambda: self.recommender.remove(self.user_id, slot, value))

    def turn_around(self, slot: str, value: str) -> None:
        """Turn one thing that is known into its opposite."""
        with self._act():
            name = next((n for s, v, n in entries(self.view.profile) if (s, v) == (slot, value)), value)
            with self._undoable(f"Moved: {name}"):
                self._tell(lambda: self.recommender.reverse(self.user_id, slot, value))

    def tune(self, knob: str, value: int | None) -> None:
        """Set years, popularity or adventure."""
        with self._act(), self._undoable(f"Set: {in_words(knob, value)}"):
            self._tell(lambda: self.recommender.tune(self.user_id, knob, value))

    def put_back(self) -> None:
        """Undo the last removal, setting or import, if nothing else was said or pressed since."""
        fields, self._undo = self._undo, {}
        if not self.view.undo:
            return
        with self._act():
            profile = self._tell(lambda: self.recommender.change(self.user_id, lambda state: _set(state, fields)))
            self.change(lambda view: replace(view, profile=profile, notice="", status="Undone.", undo="", missing=()))

    def take_in(self, text: str) -> None:
        """Take in ratings from a file; they come before all that was said here."""
        with self._act():
            state = self.recommender.sessions.state(self.user_id)
            new, missing = verdicts(text, self.recommender.catalogue, state)
            counts = ", ".join(f"{len(ids):,} {kind}" for kind, ids in new.items() if ids)
            with self._undoable(f"Taken in: {counts}"):
                self._tell(lambda: self.recommender.change(self.user_id, lambda state: _add(state, new)))
            notice = "" if counts else NOTHING_NEW
            self.change(lambda view: replace(view, missing=missing, notice=notice))

    @contextlib.contextmanager
    def _undoable(self, what: str) -> Iterator[None]:
        """What is changed inside can be undone as long as nothing else happens."""
        before = self.recommender.sessions.state(self.user_id)
        yield
        now = self.recommender.sessions.state(self.user_id)
        self._undo = {name: value for name, value in vars(before).items() if getattr(now, name) != value}
        profile = self.recommender.profile(self.user_id)
        undo = what if self._undo else ""
        self.change(lambda view: replace(view, profile=profile, notice="", status=what, undo=undo, missing=(), gone=""))

    def export(self) -> dict[str, object]:
        """Everything stored about the person that can be read, as plain values."""
        state = self.recommender.sessions.state(self.user_id)
        return {
            "catalogue": self.recommender.catalogue.name,
            "known": self.recommender.profile(self.user_id).as_dict(),
            "state": state.model_dump(),
            "conversation": [asdict(one) for one in self.recommender.transcript(self.user_id)],
        }

    def put_aside(self, item_id: str, aside: bool) -> None:
        """Fold a card away for now, or bring it back."""
        with self._act():
            name = self.recommender.catalogue.by_id(item_id).name
            status = f"{name}: {'put aside' if aside else 'back again'}"
            self.change(
                lambda view: replace(
                    view, later=view.later | {item_id} if aside else view.later - {item_id}, status=status
                )
            )

    def compare(self, item_id: str) -> None:
        """Choose an item to be compared; the same once more lets it go; an empty id ends the comparison."""
        with self._act():
            item = self.recommender.catalogue.by_id(item_id) if item_id else None

            def chosen(view: View) -> View:
                if item is None or len(view.compared) == 2:
                    return replace(view, compared=(), status="")
                ref = ItemRef(item.item_id, item.name)
                pair = () if ref in view.compared else (*view.compared, ref)
                status = f"Choose another to compare with {item.name}" if len(pair) == 1 else ""
                return replace(view, compared=pair, status=status)

            self.change(chosen)

    def _conversations(self) -> tuple[Conversation, ...]:
        return tuple(self.recommender.conversations(self.user_id))

    def new(self) -> None:
        """Begin another conversation; this one is kept."""
        with self._act():
            self._free()
            self._show_another(self.recommender.new_conversation(self.user_id), "A new conversation.")

    def open(self, number: int) -> None:
        """Take up another conversation."""
        with self._act():
            self._free()
            self._show_another(self.recommender.open_conversation(self.user_id, number), "")
            here = next((one.title for one in self.view.conversations if one.current), "")
            self.change(lambda view: replace(view, status=f"Opened: {here}"))
            self.refresh()

    def rename(self, number: int, title: str) -> None:
        """Give a conversation another title."""
        with self._act():
            self.recommender.rename_conversation(self.user_id, number, title)
            self.change(lambda view: replace(view, conversations=self._conversations(), status="Renamed."))

    def delete(self, number: int) -> None:
        """Delete a conversation; if it is this one, begin another."""
        here = next((one.current for one in self.view.conversations if one.number == number), False)
        if here:
            self._break_off()
        with self._act():
            profile = self.recommender.delete_conversation(self.user_id, number)
            if here:
                self._show_another(profile, "The conversation is deleted.")
            else:
                past = self._conversations()
                self.change(lambda view: replace(view, conversations=past, status="The conversation is deleted."))

    def forget(self) -> None:
        """Delete everything stored about the person, and say what it was."""
        self._break_off()
        with self._act():
            what = self.recommender.stored(self.user_id)
            profile = self.recommender.forget(self.user_id)
            gone = f"Deleted for good: {what}. Nothing about you is stored any more."
            self._show_another(profile, gone)
            self.change(lambda view: replace(view, gone=gone, later=frozenset()))

    def _free(self) -> None:
        """Raise ``BadInput`` while an answer is on its way: it belongs to this conversation."""
        if self.view.live:
            raise BadInput(BUSY)

    def _break_off(self) -> None:
        """Stop an answer that is on its way; nothing of it will be stored."""
        with self._changed:  # it sees this at its next event
            working, self._answering = self._answering, None
        if working is not None:
            working.join(timeout=10)  # without holding any lock that it may need to come to its end
        self.change(lambda view: view.last(stage="failed", problem=LOST, retry=True) if view.live else view)

    def _show_another(self, profile: Profile, status: str) -> None:
        """Put another conversation, still without its turns, in the view's place."""
        self._undo = {}
        past = self._conversations()
        self.change(lambda old: View(profile=profile, status=status, later=old.later, conversations=past))

    def _tell(self, what: Callable[[], Profile]) -> Profile:
        """Do it now and, if an answer is on its way, once more when it is complete: the answer stores what was known
        when it began, and a press must neither wait for that nor be lost to it."""
        with self._changed:
            if self.view.live:
                self._meanwhile.append(what)
        return what()

    @contextlib.contextmanager
    def _act(self) -> Iterator[None]:
        """What goes wrong inside becomes a notice on the page."""
        notice = ""
        with self._acting:
            try:
                yield
            except ChatrecError as error:
                notice = one_line(error)
            except Exception:
                log.exception("an action on the page failed")
                notice = OOPS
            if notice:
                self.change(lambda view: replace(view, notice=notice, status=notice))

    def _answer(self, text: str) -> None:
        def write(how: Callable[[View], View]) -> bool:
            with self._changed:
                if mine := self._answering is threading.current_thread():
                    self.change(how)
                return mine

        problem, retry, done = LOST, True, None
        try:
            with contextlib.closing(cast(Any, self.recommender.chat(self.user_id, text))) as events:
                for event in events:
                    if isinstance(event, Done):
                        done = event
                    elif not write(lambda view, event=event: advance(view, event)):  # type: ignore[misc]
                        return
            with self._act():
                for pressed in self._meanwhile:
                    pressed()
                profile = self.recommender.profile(self.user_id)
                past = self._conversations()
                write(lambda view: replace(view, profile=profile, conversations=past))
            if done is None:
                return
            number = done.reply.turn
            shown = write(lambda view: advance(view, done).last(number=number, undoable=True))
            if not shown and self._stopped is threading.current_thread():  # it was stored while it was being stopped
                self.recommender.undo(self.user_id, number)
        except ChatrecError as error:
            problem, retry = one_line(error), not isinstance(error, BadInput)
        except Exception:
            log.exception("an answer failed")
            problem = SORRY
        finally:
            write(lambda view: view.last(stage="failed", problem=problem, retry=retry) if view.live else view)


def _set(state: State, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(state, name, value)


def _add(state: State, verdicts: Mapping[str, Sequence[str]]) -> None:
    """Add items that were judged before all that is known; one's own word here counts more."""
    said = {item_id for kind in verdicts for item_id in getattr(state, kind)}
    for kind, ids in verdicts.items():
        setattr(state, kind, [*(item_id for item_id in ids if item_id not in said), *getattr(state, kind)])


class Desks:
    """The desks of the people seen lately."""

    def __init__(self, recommender: "Recommender") -> None:
        self.recommender = recommender
        self._lock = threading.Lock()
        self._desks: OrderedDict[str, Desk] = OrderedDict()

    def at(self, user_id: str, again: bool = False) -> Desk:
        """A person's desk, read from the store if it is new here or ``again`` is asked for."""
        with self._lock:
            old = self._desks.pop(user_id, None)
            desk = self._desks[user_id] = old or Desk(self.recommender, user_id)
            if len(self._desks) > DESKS:
                del self._desks[next((name for name, other in self._desks.items() if not other.view.live), user_id)]
        if old is None or again:
            desk.refresh()
        return desk
