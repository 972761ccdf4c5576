"""The view of a turn, event by event."""

from dataclasses import replace

import pytest
from fakes import FILMS, REASON, WORDS, Parsed
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.dialogue.events import Done, ItemsShown, Profile, ReasonReady, Reply, StateChanged, TextPiece

pytest.importorskip("gradio")
from chatrec_ui import view as views


def after(*events):
    view = views.View(turns=(views.Turn("hello"),))
    for event in events:
        view = views.advance(view, event)
    return view


def test_a_turn_step_by_step():
    profile = Profile(genres_unwanted=("horror",))
    first, second = FILMS[:2]
    ready = replace(first, reason=REASON)
    steps = [
        StateChanged(profile),
        ItemsShown((first, second)),
        TextPiece("Two "),
        ReasonReady(ready),
        TextPiece("films."),
    ]
    view = after()
    assert [m["role"] for m in views.messages(view, WORDS)] == ["user", "assistant"]
    assert "Thinking" in views.messages(view, WORDS)[1]["content"]
    view = after(*steps[:1])
    assert view.profile == profile and "Looking for films" in views.messages(view, WORDS)[1]["content"]
    view = after(*steps[:2])
    shown = views.messages(view, WORDS)[1]["content"]
    assert shown.count("cr-wait") == 2 and "Finding the words" in shown
    view = after(*steps)
    shown = views.messages(view, WORDS)[1]["content"]
    assert view.turns[0].text == "Two films." and shown.count("cr-wait") == 1 and REASON in Parsed(shown).text
    assert shown.count("\n\n") == 3 and "cr-live" in shown  # blocks: Gradio re-draws only the one that changes
    view = after(*steps, Done(Reply(1, "hello", "Two films.", (ready, second), profile)))
    shown = views.messages(view, WORDS)[1]["content"]
    assert not view.live and "cr-live" not in shown and "cr-wait" not in shown and "cr-thinking" not in shown
    assert view.status == "Two films. Fargo (1996), The Big Lebowski (1998)."
    assert views.advance(view, TextPiece("late")) == view


@given(
    st.permutations(
        [
            TextPiece("a"),
            TextPiece("b"),
            ReasonReady(replace(FILMS[0], reason="one")),
            ReasonReady(replace(FILMS[1], reason="two")),
            ReasonReady(FILMS[3]),
        ]
    )
)
@settings(max_examples=40, deadline=None)
def test_words_and_reasons_may_come_in_any_order(events):
    view = after(ItemsShown(tuple(FILMS[:2])), *events)
    assert sorted(view.turns[0].text) == ["a", "b"]
    assert [(card.item_id, card.reason) for card in view.turns[0].cards] == [("1", "one"), ("2", "two")]


def test_what_closes_an_answer_stands_after_the_cards():
    closing = "Is that the right direction?"
    whole = Reply(1, "hello", f"Close to that: {closing}", tuple(FILMS[:2]), Profile(), closing)
    streamed = after(ItemsShown(whole.cards), TextPiece("Close to that:"), TextPiece(f" {closing}", closing=True))
    for view in (streamed, views.advance(streamed, Done(whole))):
        shown = Parsed(views.messages(view, WORDS)[1]["content"]).text
        assert shown.index("Close to that:") < shown.index(FILMS[1].title) < shown.index(closing)
        assert shown.count(closing) == 1
    assert Parsed(views.messages(after(Done(replace(whole, cards=()))), WORDS)[1]["content"]).text.startswith(
        whole.text
    )
