"""Several people at once: one reply after the other uses the model, and nobody waits for long."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from chatrec.dialogue.events import ItemsShown, ReasonReady
from chatrec.dialogue.nlg import explanations as reasons
from chatrec.dialogue.scheduling import Floor
from chatrec.dialogue.tracking.store import Sessions
from chatrec.recommender import Recommender
from chatrec.trace import Recorder
from chatrec.workspace import Workspace

FOREVER = 1e6


def test_whoever_comes_while_all_places_are_taken_is_turned_away_at_once():
    floor = Floor(waiting=0, patience=FOREVER)
    with floor.taken() as first:
        with floor.taken() as second:
            assert first and not second
        with floor.taken() as third:  # the one turned away took no place with it
            assert not third
    with floor.taken() as again:
        assert again


def test_whoever_waits_gets_the_model_or_gives_up():
    floor = Floor(waiting=1, patience=FOREVER)

    def speak():
        with floor.taken() as mine:
            return mine

    with ThreadPoolExecutor(1) as others:
        with floor.taken():
            waiting = others.submit(speak)
        assert waiting.result(60)
    impatient = Floor(waiting=1, patience=0.0)
    with impatient.taken(), impatient.taken() as mine:
        assert not mine


def test_a_failure_while_speaking_leaves_the_model_free():
    floor = Floor(waiting=0)
    with pytest.raises(RuntimeError), floor.taken():
        raise RuntimeError
    with floor.taken() as mine:
        assert mine


@pytest.mark.slow
def test_a_reply_while_the_model_is_busy_is_whole_and_said_plainly(trained_workspace, monkeypatch):
    recommender = Recommender(Workspace(trained_workspace), Sessions("sqlite://"))
    manager = recommender.manager
    manager.floor, manager.recorder = Floor(waiting=2, patience=0.0), Recorder()
    planned, asked = [], []
    plan, speak = manager.reasoner.plan, reasons.speak
    monkeypatch.setattr(manager.reasoner, "plan", lambda *a: planned.append(plan(*a)) or planned[-1])
    monkeypatch.setattr(reasons, "speak", lambda *a: asked.append(threading.get_ident()) or speak(*a))
    first = recommender.chat("ann", "I loved Heat, something like it?")
    next(event for event in first if isinstance(event, ReasonReady))  # in the middle of her reasons

    def ben():
        events = list(recommender.chat("ben", "I loved Fargo, something like it?"))
        return threading.get_ident(), events

    with ThreadPoolExecutor(1) as others:
        thread, events = others.submit(ben).result(300)
    assert asked and thread not in asked
    shown = next(event.cards for event in events if isinstance(event, ItemsShown))
    ready = [event.card for event in events if isinstance(event, ReasonReady)]
    assert {card.item_id for card in ready} == {card.item_id for card in shown}
    for card, facts in zip(ready, planned[-1], strict=True):
        assert card.spoken_by == "plain" and reasons.check(card.reason, facts, recommender.catalogue.words) is None

    def busy(user):
        steps = {step.name: step for step in manager.recorder.last(user).steps}
        return steps["worded and checked"].found["busy"]

    assert busy("ben") and not busy("ann")
    for _ in first:
        pass
    asked.clear()
    assert recommender.reply("ben", "I loved Casino, something like it?").cards and asked and not busy("ben")
