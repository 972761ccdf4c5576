"""What the page's buttons and box do, on a small fake recommender and on a real store."""

import json
import shutil
import threading
import time
from contextlib import nullcontext

import pytest
from fakes import REASON, USER, FakeRecommender, Gated, Parsed, press, run, said

from chatrec.dialogue.events import Profile
from chatrec.dialogue.tracking.store import Sessions
from chatrec.errors import StorageError
from chatrec.recommender import Recommender

pytest.importorskip("gradio")
from chatrec_ui import actions, desk


def test_a_message_shows_at_once_and_then_its_answer():
    page = actions.Page(FakeRecommender(pause=0.05))
    steps = run(page.send(USER, "I loved Heat, no horror"))
    assert "I loved Heat" in said(steps[0]) and "Thinking" in said(steps[0])
    assert steps[0].box == "" and all(step.box != "" for step in steps[1:])  # what is typed meanwhile stays
    assert len(steps) > 4
    assert "cr-wait" not in steps[-1].chat[-1]["content"] and REASON in said(steps[-1])
    assert "Remove horror" in steps[-1].panel
    assert len(steps[-1].chat) == 2


def test_the_buttons_of_a_card():
    page = actions.Page(FakeRecommender())
    run(page.send(USER, "hello"))
    step = press(page, "cr-mark-liked", "1")[-1]
    assert "cr-undo-liked" in step.chat[-1]["content"] and "Remove Fargo (1996)" in step.panel
    assert "Fargo (1996): you like" in step.panel
    step = press(page, "cr-mark-seen", "2")[-1]
    assert "Remove The Big Lebowski (1998)" in step.panel
    step = press(page, "cr-undo-liked", "1")[-1]
    assert "Remove Fargo" not in step.panel and "cr-undo-liked" not in step.chat[-1]["content"]
    assert "Removed: Fargo (1996)" in step.panel
    step = press(page, "cr-restore")[-1]
    assert "Remove Fargo (1996)" in step.panel and "cr-undo-liked" in step.chat[-1]["content"]
    assert "cr-restore" not in step.panel and press(page, "cr-restore")[-1].panel == step.panel
    press(page, "cr-undo-liked", "1")
    step = press(page, "cr-remove-seen", "2")[-1]
    assert "Nothing yet" in step.panel
    step = press(page, "cr-later", "3")[-1]
    assert (
        "2001: A Space Odyssey (1968), put aside for now" in said(step)
        and step.chat[-1]["content"].count("cr-poster") == 2
    )
    step = press(page, "cr-bring", "3")[-1]
    assert "put aside" not in said(step) and step.chat[-1]["content"].count("cr-poster") == 3


def test_two_items_side_by_side():
    page = actions.Page(FakeRecommender())
    run(page.send(USER, "hello"))
    step = press(page, "cr-compare", "1")[-1]
    assert "Compare with Fargo (1996)" in said(step) and "cr-compared" not in step.panel
    step = press(page, "cr-compare", "1")[-1]
    assert "Compare with" not in said(step)
    press(page, "cr-compare", "1")
    step = press(page, "cr-compare", "2")[-1]
    assert "Fargo" in step.panel and "The Big Lebowski" in step.panel and "cr-uncompare" in step.panel
    assert "cr-compared" not in press(page, "cr-uncompare")[-1].panel
    assert "No item has the id" in said(press(page, "cr-compare", "nope")[-1])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cr-mark-hated", "1"),
        ("cr-mark-", "1"),
        ("cr-remove-as_dict", "1"),
        ("cr-remove-__class__", ""),
        ("cr-undo-liked", "77"),
        ("cr-say", " "),
        ("cr-retry", ""),
        ("", ""),
        ("x" * 10_000, "y"),
    ],
)
def test_names_that_the_page_does_not_have_do_nothing(name, value):
    fake = FakeRecommender()
    step = press(actions.Page(fake), name, value)[-1]
    assert fake.store == {USER: (Profile(), [])} and not step.chat


@pytest.mark.parametrize("data", [None, [], "cr-forget", {"name": None}, {"name": 7, "value": {"a": 1}}])
def test_malformed_events_do_nothing(data):
    import gradio as gr

    assert not run(actions.Page(FakeRecommender()).act(USER, gr.EventData(None, data)))[-1].chat


def test_an_unknown_item_is_said_in_one_line():
    step = press(actions.Page(FakeRecommender()), "cr-mark-liked", "<b>nope</b>")[-1]
    assert "No item has the id '<b>nope</b>' in MovieLens 100K." in said(step)


def test_examples_are_messages():
    page = actions.Page(FakeRecommender())
    step = press(page, "cr-say", "Something funny")[-1]
    assert "Something funny" in said(step) and "Fargo" in said(step)


def test_an_empty_line_is_left_alone():
    fake = FakeRecommender()
    page = actions.Page(fake)
    for text in ("", "  \n ", None):
        (step,) = run(page.send(USER, text))
        assert not step.chat and not isinstance(step.box, str)
    assert fake.heard == []


def test_errors_are_one_friendly_line_and_nothing_is_lost(caplog):
    page = actions.Page(FakeRecommender())
    step = run(page.send(USER, "!disk"))[-1]
    assert (
        "!disk" in said(step)
        and "The disk is full: free some space." in said(step)
        and "cr-retry" in step.chat[-1]["content"]
    )
    step = run(page.send(USER, "!bad"))[-1]
    assert "That is too long" in said(step) and step.box == "!bad"
    assert "cr-retry" not in step.chat[-1]["content"]
    assert not caplog.records
    step = run(page.send(USER, "!bug"))[-1]
    assert desk.SORRY in said(step) and "secret detail" not in said(step)
    assert "secret detail" in caplog.text
    step = run(page.send(USER, "!stop"))[-1]
    assert desk.LOST in said(step)
    kept = run(page.load(USER))[-1]  # a reload keeps the message that has no answer
    assert "!stop" in said(kept)


def test_try_again():
    fake = FakeRecommender()
    page = actions.Page(fake)
    run(page.send(USER, "!bug"))
    step = press(page, "cr-retry")[-1]
    assert fake.heard == ["!bug", "!bug"] and len(step.chat) == 2
    run(page.send(USER, "hello"))
    step = press(page, "cr-mark-disliked", "1")[-1]
    step = press(page, "cr-retry")[-1]  # an answer can be asked for again; what was pressed since stays
    assert fake.heard[2:] == ["hello", "hello"] and said(step).count("hello") == 1
    assert [ref.item_id for ref in fake.profile(USER).disliked] == ["1"]


def test_stop_breaks_an_answer_off_and_stores_nothing_of_it():
    fake = Gated(threading.Lock())
    page = actions.Page(fake)
    assert page.desks.at(USER).say("hello") and fake.reached.wait(5)
    step = press(page, "cr-stop")[-1]
    assert "Stopped." in said(step) and "cr-retry" in step.chat[-1]["content"]
    fake.go.set()
    while fake.lock.locked():
        time.sleep(0.01)
    assert fake.store[USER][1] == []
    assert REASON in said(press(page, "cr-retry")[-1]) and len(fake.store[USER][1]) == 1
    assert press(page, "cr-stop")[-1].chat == press(page, "")[-1].chat  # nothing is on its way


def test_undo_and_edit_take_a_turn_back():
    fake = FakeRecommender()
    page = actions.Page(fake)
    run(page.send(USER, "first, no horror"))
    run(page.send(USER, "second"))
    press(page, "cr-mark-liked", "1")
    step = press(page, "cr-back")[-1]
    assert "second" not in said(step) and "Remove Fargo (1996)" in step.panel and len(fake.store[USER][1]) == 1
    assert "second" not in said(run(page.load(USER))[-1])
    step = press(page, "cr-edit", "0")[0]
    assert step.box == "first, no horror" and not step.chat
    assert "Remove horror" not in step.panel and "Remove Fargo (1996)" in step.panel
    for value in ("0", "-1", "x", "9" * 50, "²"):
        assert not press(page, "cr-edit", value)[-1].chat
    assert not press(page, "cr-back")[-1].chat


@pytest.fixture
def real(small_workspace, tmp_path):
    """A recommender with a store of its own."""
    shutil.copytree(small_workspace, tmp_path / "workspace")
    return Recommender.open(tmp_path / "workspace")


def test_a_turn_is_taken_back_in_the_real_store(real):
    page = actions.Page(real)
    run(page.send(USER, "I loved Heat"))
    before = real.sessions.state(USER)
    run(page.send(USER, "No westerns please"))
    assert real.profile(USER).genres_unwanted
    press(page, "cr-back")
    assert real.sessions.state(USER) == before
    step = run(page.load(USER))[-1]
    assert "I loved Heat" in said(step) and "westerns" not in said(step)


def test_turns_are_taken_back_after_a_restart_and_what_was_pressed_stays(real):
    page = actions.Page(real)
    run(page.send(USER, "I loved Heat"))
    press(page, "cr-tune-adventure", "1")
    run(page.send(USER, "No westerns please"))
    press(page, "cr-mark-liked", "7")
    page = actions.Page(Recommender(real.workspace, Sessions.in_workspace(real.workspace.path)))
    step = run(page.load(USER))[-1]
    assert step.chat[0]["content"].count("cr-edit") and "cr-back" in step.chat[-1]["content"]
    step = press(page, "cr-back")[-1]
    assert "westerns" not in said(step) and len(real.transcript(USER)) == 1
    known = real.profile(USER)
    assert not known.genres_unwanted and [ref.name for ref in known.liked] == ["Heat (1995)", "Fargo (1996)"]
    step = press(page, "cr-edit", "0")[0]
    assert step.box == "I loved Heat" and real.transcript(USER) == []
    known = real.profile(USER)
    assert [ref.name for ref in known.liked] == ["Fargo (1996)"] and known.adventure == 1


def test_turns_of_a_conversation_that_was_left_stay(real):
    page = actions.Page(real)
    run(page.send(USER, "I loved Heat"))
    press(page, "cr-new")
    run(page.send(USER, "I loved Babe"))
    step = press(page, "cr-open", "1")[-1]  # what is known now was learned in both
    assert "cr-edit" not in step.chat[0]["content"] and "cr-back" not in step.chat[-1]["content"]
    step = press(page, "cr-edit", "0")[-1]
    assert "That was too long ago to be taken back." in said(step) and "Heat" in said(step)
    assert len(real.profile(USER).liked) == 2


def test_ratings_are_taken_in_undone_and_saved(real):
    page, recommender = actions.Page(real), real
    recommender.feedback(USER, "7", "disliked")
    header = "Date,Name,Year,Letterboxd URI,Rating"
    rows = [
        "2024-01-01,Fargo,1996,x,5",
        "2024-01-02,Heat,1995,x,4.5",
        "2024-01-03,Alien,1979,x,1",
        "2024-01-04,Babe,1995,x,3",
        "2024-01-05,<b>Barbie</b>,2023,x,4",
    ]
    run(page.load(USER))
    step = press(page, "cr-import", "\n".join([header, *rows]))[-1]
    state = recommender.sessions.state(USER)
    assert (state.liked, state.disliked, state.seen) == (["2"], ["8", "7"], ["24"])  # one's own word on Fargo counts
    assert "1 not in Small films" in Parsed(step.panel).text and "<b>" not in step.panel
    assert "Taken in: 1 liked, 1 disliked, 1 seen" in step.panel
    saved = json.loads(page.export(USER))
    assert saved["known"]["liked"] == ["Heat (1995)"] and saved["state"]["disliked"] == ["8", "7"]
    press(page, "cr-restore")
    state = recommender.sessions.state(USER)
    assert (state.liked, state.disliked, state.seen) == ([], ["7"], [])
    assert desk.NOTHING_NEW not in said(press(page, "cr-import", "\n".join([header, *rows]))[-1])
    step = press(page, "cr-import", "\n".join([header, *rows]))[-1]
    assert desk.NOTHING_NEW in said(step) and "cr-restore" not in step.panel
    step = press(page, "cr-import", "a,b\n1,2")[-1]
    assert "no export of Letterboxd or IMDb" in said(step)


def test_a_store_that_fails_gives_a_notice(monkeypatch):
    fake = FakeRecommender()
    page = actions.Page(fake)
    run(page.send(USER, "hello"))
    fake.fault = StorageError("the database is read-only: run on a disk that can be written")
    step = press(page, "cr-mark-liked", "1")[-1]
    assert "read-only" in said(step) and "Fargo" in said(step)
    fake.fault = ValueError("inner detail")
    assert "inner detail" not in said(press(page, "cr-mark-liked", "1")[-1])
    fake.fault = None
    step = press(page, "cr-mark-liked", "1")[-1]
    assert "Sorry" not in said(step) and "cr-undo-liked" in step.chat[-1]["content"]
    monkeypatch.setattr(fake, "transcript", lambda user: (_ for _ in ()).throw(StorageError("no such table")))
    assert "No such table." in said(run(actions.Page(fake).load(USER))[-1])


def test_reload_restart_and_two_people():
    store = {}
    page = actions.Page(FakeRecommender(store=store))
    first = run(page.load(""))[-1].who
    second = run(page.load(None))[-1].who
    assert first != second and actions.USER_ID.fullmatch(first)
    for wrong in ("../etc", "A" * 32, 5, ["x"], "0" * 33):
        assert run(page.load(wrong))[-1].who != wrong
    run(page.send(first, "hello"))
    press(page, "cr-mark-liked", "1", who=first)
    again = run(actions.Page(FakeRecommender(store=store)).load(first))[-1]
    assert again.who == first and "hello" in said(again) and "cr-undo-liked" in again.chat[-1]["content"]
    assert not run(page.load(second))[-1].chat


def test_new_conversation_keeps_the_panel_and_forget_does_not():
    fake = FakeRecommender()
    page = actions.Page(fake)
    run(page.send(USER, "hello, no horror"))
    step = press(page, "cr-new")[-1]
    assert not step.chat and "Remove horror" in step.panel
    step = press(page, "cr-forget")[-1]
    assert not step.chat and "Remove horror" not in step.panel and USER not in fake.store


@pytest.mark.parametrize("lock", [threading.Lock(), nullcontext()])
def test_a_press_while_an_answer_streams_is_kept_and_nothing_waits_for_ever(lock):
    fake = Gated(lock)
    page = actions.Page(fake)
    mine = page.desks.at(USER)
    assert mine.say("hello") and fake.reached.wait(5)
    assert not mine.say("me too")  # one answer at a time
    assert "Fargo" in next(page.load(USER))[0][-1]["content"]  # a reload joins the answer that is on its way
    presser = threading.Thread(target=press, args=(page, "cr-mark-liked", "1"), daemon=True)
    presser.start()
    time.sleep(0.05)
    fake.go.set()
    presser.join(5)
    assert not presser.is_alive()
    step = run(page.load(USER))[-1]
    assert "cr-undo-liked" in step.chat[-1]["content"] and REASON in said(step)


def test_forgetting_stops_the_answer_that_is_on_its_way():
    fake = Gated(threading.Lock())
    page = actions.Page(fake)
    assert page.desks.at(USER).say("hello") and fake.reached.wait(5)
    threading.Timer(0.1, fake.go.set).start()
    step = press(page, "cr-forget")[-1]
    assert not step.chat and not fake.lock.locked()
    time.sleep(0.1)
    assert not fake.transcript(USER) and not run(page.load(USER))[-1].chat


def test_desks_are_bounded(monkeypatch):
    monkeypatch.setattr(desk, "DESKS", 3)
    desks = desk.Desks(FakeRecommender())
    kept = [desks.at(f"{n:032x}") for n in range(6)]
    assert len(desks._desks) == 3 and desks.at(f"{5:032x}") is kept[5] and desks.at(f"{0:032x}") is not kept[0]
