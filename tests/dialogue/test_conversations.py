"""Several conversations of a person: listed, named, taken up again, deleted, over restarts and older files."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from chatrec.dialogue import terminal
from chatrec.dialogue.events import Card, Profile, Reply
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.store import FIRST_WORDS, TITLE, Sessions, first_words
from chatrec.errors import BadInput
from chatrec.recommender import Recommender
from chatrec.workspace import Workspace

OTHERS = "another person's secret"


def reply(turn, user, text="Well then.", **known):
    card = Card("1", "Toy Story", 1995, "Toy Story (1995)", reason="Because.", evidence=("warm",))
    return Reply(turn, user, text, (card,), Profile(**known))


def two_conversations(path):
    sessions = Sessions.in_workspace(path)
    sessions.save("bob", State(liked=["9"], turn=1), reply(1, OTHERS))
    sessions.save("ann", State(liked=["1"], genres_wanted=["War"], shown=[["1"]], turn=1), reply(1, "A war film"))
    sessions.save("ann", State(liked=["1", "2"]), new_conversation=True)
    state = State(liked=["1", "2"], limits=["sex"], popularity=-2, genres_wanted=["Comedy"], turn=1)
    sessions.save("ann", state, reply(1, "Now something funny, for a long evening with friends, please"))
    return sessions


def listed(sessions, user="ann"):
    return [(one.number, one.title, one.messages, one.current) for one in sessions.conversations(user)]


def test_conversations_are_listed_latest_first_by_their_first_words(tmp_path):
    first = two_conversations(tmp_path)
    first.engine.dispose()
    sessions = Sessions.in_workspace(tmp_path)  # after a restart
    assert listed(sessions) == [
        (2, "Now something funny, for a long evening with…", 1, True),
        (1, "A war film", 1, False),
    ]
    assert sessions.conversations("nobody") == []


def test_a_conversation_is_taken_up_where_it_was_left_with_what_stands_now(tmp_path):
    sessions = two_conversations(tmp_path)
    state = sessions.open("ann", 1)
    assert (state.genres_wanted, state.shown, state.turn) == (["War"], [["1"]], 1)
    assert (state.liked, state.limits, state.popularity) == (["1", "2"], ["sex"], -2)
    assert sessions.state("ann") == state
    assert sessions.transcript("ann") == [reply(1, "A war film")]
    state.turn, state.liked = 2, ["3"]
    sessions.save("ann", state, reply(2, "Older ones?"))
    back = sessions.open("ann", 2)
    assert (back.genres_wanted, back.liked, back.turn) == (["Comedy"], ["3"], 1)
    assert [number for number, *_ in listed(sessions)] == [1, 2]
    assert sessions.open("ann", 2) == back  # the one that is open already


def test_a_title_of_ones_own_stays(tmp_path):
    sessions = two_conversations(tmp_path)
    sessions.rename("ann", 2, "  Friday\n<b>night</b> ")
    assert listed(sessions)[0][1] == "Friday <b>night</b>"
    sessions.save("ann", State(turn=1), reply(1, "The first message, put differently"))
    assert listed(sessions)[0][1] == "Friday <b>night</b>"
    sessions.rename("ann", 1, "x" * 500)
    assert listed(sessions)[1][1] == "x" * TITLE
    with pytest.raises(BadInput, match="at least one character"):
        sessions.rename("ann", 1, " \u200b\n")


def test_a_first_message_put_differently_gives_its_title(tmp_path):
    sessions = two_conversations(tmp_path)
    sessions.save("ann", State())  # taken back
    assert [number for number, *_ in listed(sessions)] == [1]
    sessions.save("ann", State(turn=1), reply(1, "Rather a western"))
    assert listed(sessions)[0][1] == "Rather a western"


def test_turns_that_were_taken_back_are_gone(tmp_path):
    sessions = two_conversations(tmp_path)
    for turn in (2, 3):
        sessions.save("ann", State(turn=turn), reply(turn, "more"))
    sessions.save("ann", State(turn=1))
    assert [one.turn for one in sessions.transcript("ann")] == [1]


def test_an_empty_conversation_is_not_kept(tmp_path):
    sessions = two_conversations(tmp_path)
    for _ in range(3):
        sessions.save("ann", State(), new_conversation=True)
    sessions.save("ann", State(turn=1), reply(1, "third"))
    assert [number for number, *_ in listed(sessions)] == [3, 2, 1]
    sessions.save("ann", State())
    sessions.open("ann", 1)
    assert [number for number, *_ in listed(sessions)] == [2, 1]


def test_deleting_takes_one_conversation_and_leaves_what_stands(tmp_path):
    sessions = two_conversations(tmp_path)
    assert sessions.delete("ann", 1).genres_wanted == ["Comedy"]  # the other one goes on as it was
    assert [number for number, *_ in listed(sessions)] == [2]
    state = sessions.delete("ann", 2)
    assert (state.genres_wanted, state.turn, state.liked, state.limits) == ([], 0, ["1", "2"], ["sex"])
    assert listed(sessions) == [] and sessions.transcript("ann") == []
    sessions.save("ann", State(turn=1), reply(1, "afresh"))
    assert [title for _, title, *_ in listed(sessions)] == ["afresh"]
    assert len(listed(sessions, "bob")) == 1


@pytest.mark.parametrize("number", [0, -1, 7, 10**30])
@pytest.mark.parametrize("act", ["open", "delete", "rename"])
def test_a_number_that_is_not_there_is_one_line(tmp_path, number, act):
    sessions = two_conversations(tmp_path)
    before = listed(sessions)
    with pytest.raises(BadInput, match=f"no conversation {number}"):
        getattr(sessions, act)("ann", number, *(["x"] if act == "rename" else []))
    with pytest.raises(BadInput):
        sessions.open("bob", 2)  # another person's
    assert listed(sessions) == before


@pytest.mark.parametrize("act", ["forget", "delete"])
def test_what_is_deleted_is_on_the_disk_no_more(tmp_path, act):
    sessions = two_conversations(tmp_path)
    files = lambda: b"".join(path.read_bytes() for path in Path(tmp_path).glob("sessions.db*"))  # noqa: E731
    assert b"A war film" in files()
    sessions.forget("ann") if act == "forget" else sessions.delete("ann", 1)
    assert b"A war film" not in files() and OTHERS.encode() in files()
    assert (b"long evening" in files()) == (act == "delete")


def test_a_file_of_an_earlier_version_keeps_every_conversation(tmp_path):
    sessions = two_conversations(tmp_path)
    sessions.save("ann", State(liked=["1"]), new_conversation=True)
    sessions.save("ann", State(turn=1), reply(1, "Drama", genres_wanted=("Drama",), year_min=1990, topics=("a heist",)))
    sessions.save("ann", State(liked=["5"]), new_conversation=True)
    sessions.save("ann", State(liked=["5"], turn=1, asked=["ask_wish"]), reply(1, "And now?"))
    sessions.engine.dispose()
    with sqlite3.connect(tmp_path / "sessions.db") as connection:
        connection.execute("DROP TABLE conversations")  # all that is new since
        connection.execute("UPDATE turns SET reply = '{damaged' WHERE conversation = 2")
    connection.close()
    sessions = Sessions.in_workspace(tmp_path)
    assert [(number, title) for number, title, *_ in listed(sessions)] == [
        (4, "And now?"),
        (3, "Drama"),
        (2, "…"),
        (1, "A war film"),
    ]
    assert sessions.state("ann").asked == ["ask_wish"]  # the one that goes on is as it was
    state = sessions.open("ann", 3)
    assert (state.genres_wanted, state.year_min, state.topics) == (["Drama"], 1990, ["a heist"])
    assert (state.shown, state.focus, state.turn, state.liked) == ([["1"]], ["1"], 1, ["5"])
    assert len(sessions.transcript("ann")) == 1


@given(st.text())
def test_first_words_are_one_short_line(text):
    made = first_words(text)
    assert 1 <= len(made) <= FIRST_WORDS + 1 and "\n" not in made


def test_conversations_in_the_terminal(small_workspace, tmp_path, monkeypatch):
    recommender = Recommender(Workspace(small_workspace), Sessions("sqlite://"))
    lines = iter(
        ["I loved Fargo", "/new", "A comedy, please", "/list", "/open 1", "/open 7", "/open x", "/forget", "/list"]
    )
    monkeypatch.setattr("builtins.input", lambda _: next(lines, "/quit"))
    console = Console(record=True, width=200)
    terminal.interactive(recommender, "ann", console)
    shown = console.export_text()
    assert "1  I loved Fargo" in shown and "2  A comedy, please (this one)" in shown
    assert "you> I loved Fargo" in shown
    assert "there is no conversation 7" in shown and "'x' is no number" in shown
    assert "Deleted: 2 conversations with 2 messages and 1 like. Nothing about you is kept." in shown
    assert recommender.conversations("ann") == []
