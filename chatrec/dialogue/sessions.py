"""Stored conversations: one row per person, one row per turn, written in one transaction (SQLAlchemy; SQLite by default)."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine, Integer, String, Text, create_engine, delete, event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chatrec.dialogue.events import Reply
from chatrec.dialogue.state import State
from chatrec.errors import BadInput, StorageError

_REPLY = TypeAdapter(Reply)
USER_ID = 120
"""Longest user id."""


class _Base(DeclarativeBase):
    pass


class _Person(_Base):
    __tablename__ = "people"
    user_id: Mapped[str] = mapped_column(String(USER_ID), primary_key=True)
    conversation: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(Text)


class _Turn(_Base):
    __tablename__ = "turns"
    user_id: Mapped[str] = mapped_column(String(USER_ID), primary_key=True)
    conversation: Mapped[int] = mapped_column(Integer, primary_key=True)
    turn: Mapped[int] = mapped_column(Integer, primary_key=True)
    reply: Mapped[str] = mapped_column(Text)


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

    def save(self, user_id: str, state: State, reply: Reply | None = None, new_conversation: bool = False) -> None:
        """Store the state and, with it, a turn or the start of a new conversation: all or nothing."""
        with self._session() as session:
            person = session.get(_Person, _checked(user_id))
            if person is None:
                person = _Person(user_id=user_id, conversation=1, state="")
                session.add(person)
            elif new_conversation:
                person.conversation += 1
            person.state = state.model_dump_json()
            if reply is not None:
                text = _REPLY.dump_json(TypeAdapter(Reply).validate_python(asdict(reply))).decode()
                session.merge(_Turn(user_id=user_id, conversation=person.conversation, turn=reply.turn, reply=text))

    def forget(self, user_id: str) -> None:
        """Delete everything about a person."""
        with self._session() as session:
            session.execute(delete(_Turn).where(_Turn.user_id == _checked(user_id)))
            session.execute(delete(_Person).where(_Person.user_id == user_id))

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


def _checked(user_id: str) -> str:
    if not user_id or len(user_id) > USER_ID or not user_id.isprintable():
        raise BadInput(f"user id {user_id[:40]!r} cannot be used: give 1 to {USER_ID} printable characters")
    return user_id


def _short(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _pragmas(connection, _record) -> None:  # type: ignore[no-untyped-def]
    """Wait for another writer instead of failing at once, and keep a journal that survives a cut-off."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=5000")
