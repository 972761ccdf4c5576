"""What to do next: ask, recommend, answer, chat, or say honestly that nothing fits."""

import re
from dataclasses import dataclass
from typing import Literal

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.nlu.intents import SMALL_TALK
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import WHOLE

_LEAVES = re.compile(
    r"\b(?:bye+|goodbye|good ?night|night night|that(?:'?s|'ll be| will be) (?:all|it) for (?:tonight|now|today))\b",
    re.IGNORECASE,
)

_SETTLED = re.compile(
    r"\b(?:sorted|settled|that'?s (?:the one|decided|us)"
    r"|(?:we|i)(?:'ll| will) (?:go with|take|watch|have) (?:it|that|this)(?: one)?)\b",
    re.IGNORECASE,
)
"""Where a choice is made, and nothing more is asked for."""


@dataclass(frozen=True)
class Plan:
    """A decision.

    Attributes:
        act: ``recommend`` shows a slate, ``answer`` speaks about ``rows``, ``ask`` and ``chat`` only speak.
        opening, closing: kinds of sentences before and after; ``ask_wish`` stands for whichever question is worth most.
        topic: of an answer: ``about``, ``why``, ``compare``, ``known``.
        rows: items that the answer or the slate is about.
        lead: the sentence that leads to the slate.
        question: what was asked, for answers.
    """

    act: Literal["recommend", "answer", "ask", "chat"]
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    topic: str = ""
    rows: tuple[int, ...] = ()
    lead: str = "lead"
    question: str = ""


def decide(reading: Reading, before: State, state: State, catalogue: Catalogue) -> Plan:
    """Choose what to do.

    Args:
        reading: what the message said.
        before: the state before it.
        state: the state after it.
        catalogue: the items.
    """
    acts = reading.acts
    asked = [m.row for m in reading.mentions if m.stance == "asked"] + [
        row for row, stance in reading.referred if stance == "asked"
    ]
    everything = [m.row for m in reading.mentions] + [row for row, _ in reading.referred]
    judged = any(m.stance in ("liked", "disliked", "seen") for m in reading.mentions) or any(
        s in ("liked", "disliked", "seen") for _, s in reading.referred
    )
    said = reading.wishes or reading.critiques or judged
    if not reading.text.strip():
        return Plan("ask", opening=("empty" if before.shown else "ask_taste",))
    if "profile" in acts:
        return Plan("answer", topic="known")
    if "reset" in acts and not said:
        return Plan("ask", opening=("reset_all" if WHOLE.search(reading.text) else "reset",))
    if "compare" in acts and len(set(everything)) >= 2 and (asked or not reading.people_wanted):
        return Plan("answer", topic="compare", rows=tuple(dict.fromkeys(everything))[:2], question=reading.text)
    if "why" in acts and not reading.wishes and (rows := _about(reading, state, catalogue)):
        return Plan("answer", topic="why", rows=rows)
    if asked and not reading.wishes and not reading.critiques:
        return Plan("answer", topic="about", rows=tuple(dict.fromkeys(asked)), question=reading.text)
    if "help" in acts and not said:
        return Plan("ask", opening=("help",))
    wants = reading.wishes or reading.critiques or reading.count or acts & {"more"} or "?" in reading.text
    if "bye" in acts and not wants and _LEAVES.search(reading.text):
        return Plan("chat", opening=("bye",))
    if "thanks" in acts and not wants and not reading.mentions and _SETTLED.search(reading.text):
        return Plan("chat", opening=("thanks",))
    if not (said or reading.mentions or reading.count) and not acts & {"recommend", "more"}:
        if "bye" in acts:
            return Plan("chat", opening=("bye",))
        if "thanks" in acts:
            return Plan("chat", opening=("thanks",))
        if "greet" in acts and not reading.unknown:
            return Plan("ask", opening=("greet",)) if "wellbeing" not in acts else Plan("chat", opening=("wellbeing",))
        if talk := next((kind for kind in SMALL_TALK if kind in acts), ""):
            return (
                Plan("chat", opening=(talk,)) if talk != "bored" else _recommendation(reading, before, state, catalogue)
            )
    withdrawn = tuple(m.row for m in reading.mentions if m.stance == "withdrawn")
    if withdrawn and not reading.wishes and len(withdrawn) == len(reading.mentions):
        return Plan("chat", opening=("forgotten",), rows=withdrawn)
    if reading.unknown and not said and not reading.mentions:
        return Plan(
            "recommend", rows=(), lead="lead" if state.history(catalogue).liked or state.wishes else "lead_popular"
        )
    if reading.empty and not reading.referred:
        again = "unclear" in state.asked
        return Plan("chat" if again else "ask", opening=("unclear_again" if again else "unclear",))
    return _recommendation(reading, before, state, catalogue)


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
    mentioned = [m.row for m in reading.mentions if m.stance == "mentioned"]
    if not anchors and mentioned and not reading.wishes and not state.liked:
        anchors = tuple(mentioned)
    opening: tuple[str, ...] = ("bored",) if "bored" in acts else ()
    if any(m.stance in ("liked", "disliked", "seen") for m in reading.mentions) and not similar:
        opening = ("noted",)
    if reading.unmet:
        opening = (*opening, "unmet")
    closing: tuple[str, ...] = ()
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
