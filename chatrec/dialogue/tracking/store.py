"""Stored conversations: one row per person, per conversation and per turn (SQLAlchemy; SQLite by default).

A person is in one conversation at a time: its state stands with the person. A conversation that is left keeps its state
in its own row; taken up again, it gets what stands now (likes, dislikes, what is ruled out) and goes on from there.
Of the conversation that goes on, the states before its last turns are kept too, so that a turn can be taken back.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Boolean, Engine, Float, Integer, String, Text, create_engine, delete, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chatrec.catalogue.items import clean_text
from chatrec.dialogue.events import Reply
from chatrec.dialogue.tracking.state import State
from chatrec.errors import BadInput, StorageError

_REPLY = TypeAdapter(Reply)
USER_ID = 120
"""Longest user id."""
TITLE = 80
"""Longest title of a conversation; one made from a message's first words is shorter."""
FIRST_WORDS = 48
KEPT = 50
"""Turns that can be taken back."""


@dataclass(frozen=True)
class Conversation:
    """One of a person's conversations.

    Attributes:
        number: by which it is opened.
        title: its first words, or the name that the person gave it.
        messages: how many the person wrote.
        current: whether it is the one that goes on with the next message.
    """

    number: int
    title: str
    messages: int
    current: bool


class _Base(DeclarativeBase):
    pass


class _Person(_Base):
    __tablename__ = "people"
    user_id: Mapped[str] = mapped_column(String(USER_ID), primary_key=True)
    conversation: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(Text)


class _Conversation(_Base):
    __tablename__ = "conversations"
    user_id: Mapped[str] = mapped_column(String(USER_ID), primary_key=True)
    conversation: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE))
    renamed: Mapped[bool] = mapped_column(Boolean, default=False)
    changed: Mapped[float] = mapped_column(Float)  # seconds since 1970; 0 where it is not known
    state: Mapped[str] = mapped_column(Text, default="")  # as it was left; empty while it goes on


class _Turn(_Base):
    __tablename__ = "turns"
    user_id: Mapped[str] = mapped_column(String(USER_ID), primary_key=True)
    conversation: Mapped[int] = mapped_column(Integer, primary_key=True)
    turn: Mapped[int] = mapped_column(Integer, primary_key=True)
    reply: Mapped[str] = mapped_column(Text)


class _Before(_Base):
    """A person's state before a turn of the conversation they are in, but for what they set by hand since."""

    __tablename__ = "befores"
    user_id: Mapped[str] = mapped_column(String(USER_ID), primary_key=True)
    turn: Mapped[int] = mapped_column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column(Text)


class Sessions:
    """States and turns by user id.

    Args:
        url: a SQLAlchemy URL; ``sqlite://`` keeps everything in memory.
    """

    def __init__(self, url: str) -> None:
        from sqlalchemy.pool import StaticPool

        self._one_at_a_time: AbstractContextManager[object] = nullcontext()
        memory = url in ("sqlite://", "sqlite:///:memory:")
        if memory:  # one connection for all: transactions must not mix
            self._one_at_a_time = threading.RLock()
        options = {"connect_args": {"check_same_thread": False}, "poolclass": StaticPool} if memory else {}
        try:
            self.engine: Engine = create_engine(url, **options)
            if url.startswith("sqlite") and not memory:
                event.listen(self.engine, "connect", _pragmas)
            _Base.metadata.create_all(self.engine)
            with Session(self.engine) as session, session.begin():
                _list_older(session)
        except (SQLAlchemyError, ImportError) as error:
            raise StorageError(
                f"conversations cannot be stored at {url.rsplit('@', maxsplit=1)[-1]}: {_short(error)}"
            ) from error

    @classmethod
    def in_workspace(cls, path: Path) -> "Sessions":
        """Sessions kept as ``sessions.db`` in a workspace."""
        return cls(f"sqlite:///{path / 'sessions.db'}")

    def state(self, user_id: str) -> State:
        """The person's state; a new one for somebody unknown."""
        with self._session() as session:
            person = session.get(_Person, _checked(user_id))
            return State.model_validate_json(person.state) if person else State()

    def transcript(self, user_id: str) -> list[Reply]:
        """The turns of the present conversation, oldest first."""
        with self._session() as session:
            person = session.get(_Person, _checked(user_id))
            if person is None:
                return []
            turns = select(_Turn).where(_Turn.user_id == user_id, _Turn.conversation == person.conversation)
            return [_REPLY.validate_json(turn.reply) for turn in session.scalars(turns.order_by(_Turn.turn))]

    def save(
        self,
        user_id: str,
        state: State,
        reply: Reply | None = None,
        new_conversation: bool = False,
        before: State | None = None,
    ) -> None:
        """Store the state and, with it, a turn or the start of a new conversation: all or nothing.

        Turns later than the state's were taken back, and are deleted.

        Args:
            user_id: whose.
            state: as it is now.
            reply: of the turn that led to it.
            new_conversation: whether it begins one.
            before: the state before the turn, so that it can be taken back.
        """
        with self._session() as session:
            person = session.get(_Person, _checked(user_id))
            if person is None:
                person = _Person(user_id=user_id, conversation=1, state="")
                session.add(person)
            elif new_conversation:
                self._leave(session, person)
                person.conversation = _free_number(session, person)
            person.state = state.model_dump_json()
            place = {"user_id": user_id, "conversation": person.conversation}
            session.execute(delete(_Turn).filter_by(**place).where(_Turn.turn > state.turn))
            old = (_Before.turn > state.turn) | (_Before.turn <= state.turn - KEPT)
            session.execute(delete(_Before).filter_by(user_id=user_id).where(old))
            if reply is None:
                return
            if before is not None:
                session.merge(_Before(user_id=user_id, turn=reply.turn, state=before.model_dump_json()))
            text = _REPLY.dump_json(TypeAdapter(Reply).validate_python(asdict(reply))).decode()
            session.merge(_Turn(**place, turn=reply.turn, reply=text))
            row = session.get(_Conversation, (user_id, person.conversation)) or _Conversation(**place, title="")
            if not row.title or (reply.turn == 1 and not row.renamed):
                row.title = first_words(reply.user)
            row.changed = time.time()
            session.add(row)

    def change(self, user_id: str, how: Callable[[State], object]) -> State:
        """Change the state by the person's own hand; it stands also where turns are taken back later. The state after it."""
        with self._session() as session:
            person = session.get(_Person, _checked(user_id))
            if person is None:
                person = _Person(user_id=user_id, conversation=1, state=State().model_dump_json())
                session.add(person)
            for earlier in session.scalars(select(_Before).filter_by(user_id=user_id)):
                earlier.state = _changed(earlier.state, how).model_dump_json()
            state = _changed(person.state, how)
            person.state = state.model_dump_json()
            return state

    def undoable(self, user_id: str) -> frozenset[int]:
        """Numbers of the turns that can be taken back."""
        with self._session() as session:
            return frozenset(session.scalars(select(_Before.turn).filter_by(user_id=_checked(user_id))))

    def back_to(self, user_id: str, turn: int) -> State:
        """Take back a turn and all later ones; what was changed by hand since stays. The state after it.

        Raises:
            BadInput: if the state before it is not kept.
        """
        with self._session() as session:
            row = session.get(_Before, (_checked(user_id), turn)) if 0 < turn < 2**31 else None
            if row is None:
                raise BadInput("that was too long ago to be taken back")
            state = State.model_validate_json(row.state)
        self.save(user_id, state)
        return state

    def conversations(self, user_id: str) -> list[Conversation]:
        """The person's conversations in which something was said, the latest first."""
        with self._session() as session:
            person = session.get(_Person, _checked(user_id))
            if person is None:
                return []
            listed = (
                select(_Conversation, func.count())
                .join(
                    _Turn,
                    (_Turn.user_id == _Conversation.user_id) & (_Turn.conversation == _Conversation.conversation),
                )
                .where(_Conversation.user_id == user_id)
                .group_by(_Conversation.user_id, _Conversation.conversation)
                .order_by(_Conversation.changed.desc(), _Conversation.conversation.desc())
            )
            return [
                Conversation(row.conversation, row.title, count, row.conversation == person.conversation)
                for row, count in session.execute(listed)
            ]

    def open(self, user_id: str, number: int) -> State:
        """Take up a conversation where it was left; what the person likes, dislikes and rules out is as it is now.

        Raises:
            BadInput: for a number that the person has no conversation of.
        """
        with self._session() as session:
            person, row = self._found(session, user_id, number)
            state = State.model_validate_json(person.state)
            if number != person.conversation:
                self._leave(session, person)
                state = state.carried_into(State.model_validate_json(row.state) if row.state else State())
                person.conversation, person.state, row.state = number, state.model_dump_json(), ""
            return state

    def rename(self, user_id: str, number: int, title: str) -> None:
        """Give a conversation a title of the person's own.

        Raises:
            BadInput: for a title without a character that can be seen, or an unknown number.
        """
        with self._session() as session:
            row = self._found(session, user_id, number)[1]
            if not (title := clean_text(title, TITLE)):
                raise BadInput("a title needs at least one character; the old one stays")
            row.title, row.renamed = title, True

    def delete(self, user_id: str, number: int) -> State:
        """Delete a conversation; what the person likes, dislikes and rules out stays. The state after it.

        Raises:
            BadInput: for a number that the person has no conversation of.
        """
        with self._session() as session:
            person, row = self._found(session, user_id, number)
            state = State.model_validate_json(person.state)
            session.execute(delete(_Turn).filter_by(user_id=user_id, conversation=number))
            if number == person.conversation:
                state = state.carried_into(State())
                person.state, person.conversation = state.model_dump_json(), _free_number(session, person)
                session.execute(delete(_Before).filter_by(user_id=user_id))
            session.delete(row)
        self._wipe()
        return state

    def forget(self, user_id: str) -> None:
        """Delete everything about a person."""
        with self._session() as session:
            session.execute(delete(_Turn).where(_Turn.user_id == _checked(user_id)))
            session.execute(delete(_Conversation).where(_Conversation.user_id == user_id))
            session.execute(delete(_Before).where(_Before.user_id == user_id))
            session.execute(delete(_Person).where(_Person.user_id == user_id))
        self._wipe()

    def _leave(self, session: Session, person: _Person) -> None:
        """Keep the state of the conversation that the person is in, in its own row; its turns stay as they are: what they
        like may change elsewhere from now on."""
        session.execute(delete(_Before).filter_by(user_id=person.user_id))
        row = session.get(_Conversation, (person.user_id, person.conversation))
        said = select(_Turn.turn).filter_by(user_id=person.user_id, conversation=person.conversation)
        if row is not None and session.scalars(said.limit(1)).first() is None:
            session.delete(row)  # all of it was taken back
        elif row is not None:
            row.state = person.state

    def _found(self, session: Session, user_id: str, number: int) -> tuple[_Person, _Conversation]:
        person = session.get(_Person, _checked(user_id))
        row = session.get(_Conversation, (user_id, number)) if 0 < number < 2**31 else None
        if person is None or row is None:
            raise BadInput(f"there is no conversation {number}; it may have been deleted")
        return person, row

    def _wipe(self) -> None:
        """Take what was deleted out of SQLite's journal too."""
        if self.engine.dialect.name == "sqlite":
            with self._session() as session:
                session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with self._one_at_a_time, Session(self.engine) as session, session.begin():
                yield session
        except ValidationError as error:
            raise StorageError("what was stored about this person is damaged; `forget` starts afresh") from error
        except SQLAlchemyError as error:
            raise StorageError(
                f"the conversation could not be stored: {_short(error)}; what you wrote is not lost, try again"
            ) from error


def _changed(stored: str, how: Callable[[State], object]) -> State:
    state = State.model_validate_json(stored)
    how(state)
    return state


def first_words(text: str) -> str:
    """The beginning of a message, cut between words: the title of its conversation."""
    text = clean_text(text)
    if len(text) <= FIRST_WORDS:
        return text or "…"
    cut = text[:FIRST_WORDS]
    return f"{(cut.rsplit(' ', 1)[0] if ' ' in cut else cut).rstrip(' ,;:.–-')}…"


def _free_number(session: Session, person: _Person) -> int:
    """A number for a new conversation; the person's own, if nothing is kept under it."""
    if session.get(_Conversation, (person.user_id, person.conversation)) is None:
        return person.conversation
    highest = session.scalar(select(func.max(_Conversation.conversation)).filter_by(user_id=person.user_id)) or 0
    return max(highest, person.conversation) + 1


def _list_older(session: Session) -> None:
    """Give conversations of an earlier version, which kept only their turns, a row of their own."""
    kept = (_Conversation.user_id == _Turn.user_id) & (_Conversation.conversation == _Turn.conversation)
    older = select(_Turn.user_id, _Turn.conversation).where(~select(_Conversation).where(kept).exists()).distinct()
    for user_id, number in session.execute(older).all():
        turns = session.scalars(select(_Turn).filter_by(user_id=user_id, conversation=number).order_by(_Turn.turn))
        try:
            told = [_REPLY.validate_json(turn.reply) for turn in turns]
            title, state = first_words(told[0].user), _as_it_was(told).model_dump_json()
        except ValidationError:  # a damaged turn takes nothing else with it
            title, state = "…", ""
        session.add(_Conversation(user_id=user_id, conversation=number, title=title, changed=0.0, state=state))


def _as_it_was(told: list[Reply]) -> State:
    """A conversation's state, as far as its turns tell it."""
    known, shown = told[-1].profile, [[card.item_id for card in one.cards] for one in told if one.cards]
    return State(
        genres_wanted=list(known.genres_wanted),
        people_wanted=list(known.people_wanted),
        moods_wanted=list(known.moods_wanted),
        topics=list(known.topics),
        year_min=known.year_min,
        year_max=known.year_max,
        shown=shown,
        focus=shown[-1][:1] if shown else [],
        turn=told[-1].turn,
    )


def _checked(user_id: str) -> str:
    if not user_id or len(user_id) > USER_ID or not user_id.isprintable():
        raise BadInput(f"user id {user_id[:40]!r} cannot be used: give 1 to {USER_ID} printable characters")
    return user_id


def _short(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _pragmas(connection, _record) -> None:  # type: ignore[no-untyped-def]
    """Wait for another writer instead of failing at once; keep a journal that survives a cut-off; leave nothing deleted."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
