"""What to do next: ask, recommend, answer, chat, or say honestly that nothing fits."""

from dataclasses import dataclass
from typing import Literal

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.acts import Intent
from chatrec.dialogue.nlu.language import LINES
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import stances

HINTED = 0.3
"""Probability of asking for something from which what was not understood is answered with items, not with a question."""
SMALL_TALK = ("wellbeing", "favourite", "joke", "insult", "bored", "small", "nod")
"""Talk about nothing in particular, the more particular first."""


@dataclass(frozen=True)
class Plan:
    """A decision.

    Attributes:
        act: ``recommend`` shows a slate, ``answer`` speaks about ``rows``, ``ask`` and ``chat`` only speak.
        opening, closing: kinds of sentences before and after; ``ask_wish`` stands for whichever question is worth most.
        topic: of an answer: ``about``, ``why``, ``compare``, ``known``.
        rows: items that the answer or the slate is about.
        lead: the sentence that leads to the slate.
        reading: what was asked, for answers.
    """

    act: Literal["recommend", "answer", "ask", "chat"]
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    topic: str = ""
    rows: tuple[int, ...] = ()
    lead: str = "lead"
    reading: Reading | None = None


def decide(reading: Reading, before: State, state: State, catalogue: Catalogue) -> Plan:
    """Choose what to do.

    Args:
        reading: what the message said.
        before: the state before it.
        state: the state after it.
        catalogue: the items.
    """
    for choose in (_empty, _of_the_person, _answer, _kept, _small_talk, _nothing_said):
        if plan := choose(reading, before, state, catalogue):
            return plan
    return _recommendation(reading, before, state, catalogue)


def _said(reading: Reading) -> bool:
    """Whether something was judged or wished."""
    judged = any(stance in ("liked", "disliked", "seen") for stance in stances(reading))
    return bool(reading.wishes or reading.critiques or judged)


def _wants(reading: Reading) -> bool:
    """Whether items are asked for."""
    return bool(
        reading.wishes or reading.critiques or reading.count or reading.acts & {"more", "recommend", "describe"}
    )


def _empty(reading: Reading, before: State, state: State, catalogue: Catalogue) -> Plan | None:
    if not reading.text.strip():
        return Plan("ask", opening=("empty" if before.shown else "ask_taste",))
    foreign = reading.tongue in LINES and not _said(reading)
    return Plan("chat", opening=("foreign",)) if foreign else None


def _of_the_person(reading: Reading, before: State, state: State, catalogue: Catalogue) -> Plan | None:
    """What is known, what is kept, and starting over."""
    acts = reading.acts
    if "profile" in acts and not _said(reading):
        return Plan("answer", topic="known")
    if "lists" in acts and not _said(reading):
        return Plan("answer", topic="saved")
    if "reset" in acts and not _said(reading):
        return Plan("ask", opening=("reset_all" if reading.everything else "reset",))
    if "catalogue" in acts and not _wants(reading):
        return Plan("answer", topic="catalogue")
    return None


def _answer(reading: Reading, before: State, state: State, catalogue: Catalogue) -> Plan | None:
    """A question about items: compared, explained, or told of."""
    acts = reading.acts
    everything = [m.row for m in reading.mentions] + [row for row, _ in reading.referred]
    own = [(m.row, m.stance) for m in reading.mentions] + reading.referred
    asked = [row for row, stance in own if stance == "asked"]
    if Intent.ASK_HAVE in reading.requested:
        asked += [row for row, stance in own if stance in ("wanted", "mentioned")]
    if "compare" in acts and len(set(everything)) >= 2 and (asked or not reading.people_wanted):
        return Plan("answer", topic="compare", rows=tuple(dict.fromkeys(everything))[:2], reading=reading)
    if "why" in acts and not reading.wishes and (rows := _about(reading, state, catalogue)):
        return Plan("answer", topic="why", rows=rows)
    questions = reading.requested or not (reading.count or reading.acts & {"recommend", "more"})
    if asked and questions and not reading.wishes and not reading.critiques:
        return Plan("answer", topic="about", rows=tuple(dict.fromkeys(asked)), reading=reading)
    if "help" in acts and not _said(reading):
        return Plan("ask", opening=("help",))
    return None


def _kept(reading: Reading, before: State, state: State, catalogue: Catalogue) -> Plan | None:
    """What was kept, blocked, chosen or taken back, where nothing more is asked for."""
    own = [(m.row, m.stance) for m in reading.mentions] + reading.referred
    asks_more = reading.wishes or reading.critiques or reading.count or "more" in reading.acts
    for stance, kind in (
        ("blocked", "blocked"),
        ("accepted", "accepted"),
        ("saved", "saved"),
        ("withdrawn", "forgotten"),
    ):
        rows = tuple(dict.fromkeys(row for row, own_stance in own if own_stance == stance))
        if rows and not asks_more and not ("recommend" in reading.acts and stance != "saved"):
            return Plan("chat", opening=(kind,), rows=rows)
    if "accept" in reading.acts and not asks_more and not own:
        return Plan("chat", opening=("thanks",))
    return None


def _small_talk(reading: Reading, before: State, state: State, catalogue: Catalogue) -> Plan | None:
    acts = reading.acts
    if "bye" in acts and not _wants(reading):
        return Plan("chat", opening=("bye",))
    if (
        _said(reading)
        or reading.mentions
        or reading.count
        or reading.unknown
        or acts & {"recommend", "more", "no", "describe"}
    ):
        return None
    if "thanks" in acts:
        return Plan("chat", opening=("thanks",))
    if "greet" in acts:
        return Plan("ask", opening=("greet",)) if "wellbeing" not in acts else Plan("chat", opening=("wellbeing",))
    talk = next((kind for kind in SMALL_TALK if kind in acts), "")
    return Plan("chat", opening=(talk,)) if talk and talk != "bored" else None


def _nothing_said(reading: Reading, before: State, state: State, catalogue: Catalogue) -> Plan | None:
    if (reading.unknown or reading.unknown_people) and not _said(reading) and not reading.mentions:
        known = state.history(catalogue).liked or state.wishes
        return Plan("recommend", rows=(), lead="lead" if known else "lead_popular")
    asks = sum(
        reading.intents.get(intent, 0.0) for intent in (Intent.REQUEST, Intent.INFORM, Intent.MORE, Intent.REJECT)
    )
    if reading.empty and not reading.referred and asks < HINTED:
        if Intent.ASK_HAVE in reading.requested:
            return Plan("ask", opening=("unfound",))
        again = "unclear" in state.asked
        return Plan("chat" if again else "ask", opening=("unclear_again" if again else "unclear",))
    return None


def _recommendation(reading: Reading, before: State, state: State, catalogue: Catalogue) -> Plan:
    acts = reading.acts
    anchors: tuple[int, ...] = ()
    lead = "lead"
    similar = [m.row for m in reading.mentions if m.similar]
    if similar:
        anchors, lead = tuple(similar), "lead_near"
    elif "similar" in acts and (rows := [row for row, stance in reading.referred if stance != "disliked"]):
        anchors, lead = tuple(rows), "lead_near"
    elif reading.critiques and state.shown:
        lead = "lead_critique"
    elif ("more" in acts or "no" in acts or "yes" in acts) and before.shown and not reading.wishes:
        lead = "lead_more"
    mentioned = [m.row for m in reading.mentions if m.stance in ("mentioned", "wanted", "asked")]
    if not anchors and mentioned and not reading.wishes and not state.liked:
        anchors = tuple(mentioned)
    opening: tuple[str, ...] = ("bored",) if "bored" in acts else ()
    if any(m.stance in ("liked", "disliked", "seen") for m in reading.mentions) and not similar:
        opening = ("noted",)
    if reading.unmet:
        opening = (*opening, "unmet")
    closing: tuple[str, ...] = ()
    if (
        len(reading.unsure) == len(reading.mentions) == 1
        and not reading.wishes
        and not reading.acts & {"recommend", "more"}
    ):
        return Plan("ask", opening=("ask_opinion",), rows=reading.unsure)
    if not state.liked and not state.disliked:
        closing = ("ask_taste",) if "ask_taste" not in state.asked else ()
    elif not state.wishes and state.turn >= 2 and not before.question:  # after one question, an answer first
        closing = ("ask_wish",)
    return Plan("recommend", opening=opening, closing=closing, rows=anchors, lead=lead)


def _about(reading: Reading, state: State, catalogue: Catalogue) -> tuple[int, ...]:
    """What a "why?" is about: what it names, or the last slate."""
    named = [m.row for m in reading.mentions] or [row for row, _ in reading.referred]
    if named:
        return tuple(dict.fromkeys(named))
    slate = state.shown[-1] if state.shown else []
    return tuple(catalogue.row[item] for item in slate if item in catalogue.row)
