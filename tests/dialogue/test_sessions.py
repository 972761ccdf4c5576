"""Stored conversations: real SQLite, in a file and in memory."""

import sqlite3
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from chatrec.dialogue.events import Card, ItemRef, Profile, Reply
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.store import KEPT, USER_ID, Sessions
from chatrec.errors import BadInput, StorageError


def reply(turn, text="Hello"):
    card = Card(
        "1", "Toy Story", 1995, "Toy Story (1995)", ("Comedy",), reason="Because.", evidence=("a", "b"), match=0.25
    )
    return Reply(turn, "hi", text, (card,), Profile(liked=(ItemRef("1", "Toy Story (1995)"),), year_max=1970))


@pytest.fixture(params=["file", "memory"])
def sessions(request, tmp_path):
    return Sessions("sqlite://") if request.param == "memory" else Sessions.in_workspace(tmp_path)


def reopened(tmp_path, *pragmas):
    """The sessions of a folder, with connections set up further."""
    sessions = Sessions.in_workspace(tmp_path)

    @event.listens_for(sessions.engine, "connect")
    def _(connection, _record):
        for pragma in pragmas:
            connection.execute(pragma)

    sessions.engine.dispose()
    return sessions


def test_somebody_unknown_starts_with_nothing(sessions):
    assert sessions.state("new") == State()
    assert sessions.transcript("new") == []


def test_a_turn_comes_back_as_it_was_stored(sessions):
    sessions.save("ann", State(liked=["1"], turn=1), reply(1))
    assert sessions.state("ann") == State(liked=["1"], turn=1)
    assert sessions.transcript("ann") == [reply(1)]


def test_turns_are_taken_back_and_what_was_changed_by_hand_stays(sessions):
    for turn in range(1, 5):
        before = sessions.state("ann")
        after = before.model_copy(update={"turn": turn, "topics": [*before.topics, str(turn)]})
        sessions.save("ann", after, reply(turn), before=before)
    sessions.change("ann", lambda state: state.judge("7", "liked"))
    assert sessions.undoable("ann") == {1, 2, 3, 4} and sessions.undoable("ben") == set()
    assert sessions.back_to("ann", 3) == sessions.state("ann") == State(turn=2, topics=["1", "2"], liked=["7"])
    assert len(sessions.transcript("ann")) == 2 and sessions.undoable("ann") == {1, 2}
    for turn in (3, 0, -1, 10**12):
        with pytest.raises(BadInput, match="too long ago"):
            sessions.back_to("ann", turn)
    assert sessions.back_to("ann", 1) == State(liked=["7"])
    assert sessions.transcript("ann") == [] and sessions.undoable("ann") == set()


def test_what_is_kept_for_taking_back_goes_with_the_conversation_and_with_age(sessions):
    for turn in range(1, KEPT + 3):
        sessions.save("ann", State(turn=turn), reply(turn), before=State(turn=turn - 1, topics=["secret"]))
    assert sessions.undoable("ann") == set(range(3, KEPT + 3))
    sessions.save("ben", State(turn=1), reply(1), before=State())
    for leave in (
        lambda: sessions.save("ann", State(), new_conversation=True),
        lambda: sessions.open("ann", 1),
        lambda: sessions.delete("ann", 1),
        lambda: sessions.forget("ann"),
    ):
        leave()
        assert sessions.undoable("ann") == set() and sessions.undoable("ben") == {1}
        number = sessions.state("ann").turn + 1
        sessions.save("ann", State(turn=number), reply(number), before=State(turn=number - 1))
        assert sessions.undoable("ann") == {number}


def test_a_conversation_goes_on_after_a_restart(tmp_path):
    first = Sessions.in_workspace(tmp_path)
    for turn in range(1, 13):
        first.save("ann", State(turn=turn), reply(turn, f"Reply {turn}"))
    first.engine.dispose()
    second = Sessions.in_workspace(tmp_path)
    assert second.state("ann").turn == 12
    assert [entry.text for entry in second.transcript("ann")] == [f"Reply {turn}" for turn in range(1, 13)]


def test_a_new_conversation_starts_an_empty_transcript_and_numbers_turns_afresh(sessions):
    sessions.save("ann", State(liked=["1"], turn=1), reply(1, "Old"))
    sessions.save("ann", State(liked=["1"]), new_conversation=True)
    assert sessions.transcript("ann") == []
    assert sessions.state("ann").liked == ["1"]
    sessions.save("ann", State(liked=["1"], turn=1), reply(1, "New"))
    assert [entry.text for entry in sessions.transcript("ann")] == ["New"]


def test_a_new_conversation_of_somebody_unknown_is_their_first(sessions):
    sessions.save("ann", State(), new_conversation=True)
    sessions.save("ann", State(turn=1), reply(1))
    assert len(sessions.transcript("ann")) == 1


def test_forgetting_leaves_nothing_of_the_person_in_the_tables_and_all_of_others(sessions):
    for user in ("ann", "bob"):
        sessions.save(user, State(liked=["1"], turn=1), reply(1))
        sessions.save(user, State(liked=["1"]), new_conversation=True)
        sessions.save(user, State(liked=["1"], turn=1), reply(1))
    sessions.forget("ann")
    assert sessions.state("ann") == State()
    assert sessions.transcript("ann") == []
    with sessions.engine.connect() as connection:
        left = {
            row[0]
            for table in ("people", "turns")
            for row in connection.exec_driver_sql(f"SELECT user_id FROM {table}")
        }
    assert left == {"bob"}
    assert len(sessions.transcript("bob")) == 1


def test_forgetting_somebody_unknown_does_nothing(sessions):
    sessions.forget("nobody")
    assert sessions.state("nobody") == State()


def test_two_people_are_kept_apart(sessions):
    sessions.save("ann", State(liked=["1"], turn=1), reply(1, "to Ann"))
    sessions.save("Ann", State(liked=["2"], turn=1), reply(1, "to another Ann"))
    assert sessions.state("ann").liked == ["1"]
    assert sessions.state("Ann").liked == ["2"]
    assert [entry.text for entry in sessions.transcript("Ann")] == ["to another Ann"]


@pytest.mark.parametrize(
    "user",
    [
        "'; DROP TABLE people; --",
        '" OR 1=1 --',
        "%",
        "_",
        "../../etc/passwd",
        "<script>",
        "名前",
        "🎬",
        " ",
        "a" * USER_ID,
        "None",
    ],
)
def test_hostile_user_ids_are_only_ids(sessions, user):
    sessions.save("ann", State(liked=["1"]))
    sessions.save(user, State(liked=["2"], turn=1), reply(1))
    assert sessions.state(user).liked == ["2"]
    assert sessions.state("ann").liked == ["1"]
    sessions.forget(user)
    assert sessions.state(user) == State()
    assert sessions.state("ann").liked == ["1"]


@pytest.mark.parametrize("user", ["", "a" * (USER_ID + 1), "a\nb", "a\x00b", "\ud800", "\u202egnirts"])
def test_user_ids_that_cannot_be_used_are_refused_in_one_line(sessions, user):
    for act in (sessions.state, sessions.transcript, sessions.forget, lambda name: sessions.save(name, State())):
        with pytest.raises(BadInput) as refused:
            act(user)
        message = str(refused.value)
        assert "user id" in message
        assert message.isprintable()
        assert len(message) < 300


def test_a_locked_database_is_one_line_and_nothing_is_half_stored(tmp_path):
    sessions = reopened(tmp_path, "PRAGMA busy_timeout=20")
    sessions.save("ann", State(liked=["1"], turn=1), reply(1))
    other = sqlite3.connect(tmp_path / "sessions.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError) as failed:
        sessions.save("ann", State(liked=["1", "2"], turn=2), reply(2))
    assert "locked" in str(failed.value)
    assert "\n" not in str(failed.value)
    assert sessions.state("ann") == State(liked=["1"], turn=1)  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    sessions.save("ann", State(liked=["1", "2"], turn=2), reply(2))
    assert len(sessions.transcript("ann")) == 2


def test_a_full_disk_is_one_line_and_nothing_is_half_stored(tmp_path):
    Sessions.in_workspace(tmp_path).save("ann", State(liked=["1"], turn=1), reply(1))
    with sqlite3.connect(tmp_path / "sessions.db") as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    sessions = reopened(tmp_path, f"PRAGMA max_page_count={pages}")
    with pytest.raises(StorageError) as failed:
        sessions.save("ann", State(liked=["2"], turn=2), reply(2, "long " * 20_000))
    assert "full" in str(failed.value)
    assert "\n" not in str(failed.value)
    assert sessions.state("ann") == State(liked=["1"], turn=1)
    assert sessions.transcript("ann") == [reply(1)]


def test_what_is_no_database_is_refused_in_one_line(tmp_path):
    (tmp_path / "sessions.db").write_bytes(b"this is a text, not a database. " * 40)
    with pytest.raises(StorageError, match="cannot be stored") as failed:
        Sessions.in_workspace(tmp_path)
    assert "\n" not in str(failed.value)


def test_a_folder_that_is_not_there_is_refused_in_one_line(tmp_path):
    with pytest.raises(StorageError, match="cannot be stored") as failed:
        Sessions.in_workspace(tmp_path / "nowhere")
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize("url", ["nonsense", "nosuchdb+driver://ann:secret@localhost/films", "://ann:secret@"])
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url):
    with pytest.raises(StorageError) as failed:
        Sessions(url)
    assert "secret" not in str(failed.value)
    assert "\n" not in str(failed.value)


def test_many_threads_store_every_turn_of_their_own_person(tmp_path):
    sessions = Sessions.in_workspace(tmp_path)
    problems = []

    def talk(user):
        try:
            for turn in range(1, 6):
                sessions.save(user, State(turn=turn), reply(turn))
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=talk, args=(f"user {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert all(len(sessions.transcript(f"user {number}")) == 5 for number in range(6))


@settings(deadline=None, max_examples=40)
@given(
    st.text(min_size=1, max_size=10).filter(str.isprintable),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
)
def test_any_printable_id_and_any_text_come_back(user, text):
    sessions = Sessions("sqlite://")
    said = Reply(1, text, text, (), Profile(topics=(text,)))
    sessions.save(user, State(topics=[text]), said)
    assert sessions.state(user).topics == [text]
    assert sessions.transcript(user) == [said]
