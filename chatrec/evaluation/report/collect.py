"""What goes into a report: evaluations run now, or the results of earlier runs."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console

from chatrec.dialogue.events import Reply
from chatrec.dialogue.tracking.store import Sessions
from chatrec.errors import BadInput
from chatrec.evaluation.dialogue.grounding import run_grounding
from chatrec.evaluation.dialogue.scenarios import Scenario, run_scenarios
from chatrec.evaluation.dialogue.simulation import MODES, simulate
from chatrec.evaluation.ranking.bias import measure_bias
from chatrec.evaluation.ranking.calibration import measure_calibration
from chatrec.evaluation.report.environment import environment
from chatrec.workspace import Report

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

PARTS = ("scenarios", "simulate", "grounding", "calibration", "latency", "bias")
"""The evaluations of a report, in the order in which they are told; also the names of the JSON files of earlier runs."""
KEPT = 25
"""Transcripts of one kind that are kept, at most."""

Results = dict[str, Any]
"""``environment``, the results by name of the evaluation, and ``transcripts`` by name."""


@dataclass
class Heard:
    """Everything that is said while a report listens: conversations by person, and seconds of each reply."""

    talks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def add(self, user: str, reply: Reply, seconds: float) -> None:
        """Remember one turn."""
        before, after = reply.around
        cards = [{"name": card.name, "reason": card.reason} for card in reply.cards]
        self.talks.setdefault(user, []).append({"user": reply.user, "before": before, "cards": cards, "after": after})
        self.seconds.append(seconds)


def collect(
    recommender: "Recommender",
    scenarios: list[Scenario],
    users: int,
    turns: int,
    console: Console | None = None,
    report: Report = lambda _: None,
) -> Results:
    """Run the quick evaluations.

    Args:
        recommender: to be measured; conversations are not stored.
        scenarios: scripted conversations, maybe none.
        users: simulated people, and people for bias; 0 leaves both out.
        turns: simulated turns for the truth of replies; 0 leaves it out.
        console: for progress bars.
        report: told of each step.
    """
    recommender = recommender.with_parts(Sessions("sqlite://"))  # measuring leaves nothing in anybody's conversations
    results: Results = {"environment": environment(recommender.workspace), "transcripts": {}}
    seconds: list[float] = []
    if scenarios:
        report(f"report: {len(scenarios)} scripted conversations")
        with listening(recommender) as heard:
            results["scenarios"] = run_scenarios(recommender, scenarios, console)
        failed = {failure["scenario"] for failure in results["scenarios"]["failures"]}
        named = {scenario.id: heard.talks[f"scenario-{number}"] for number, scenario in enumerate(scenarios)}
        keep(results, "script", {name: named[name] for name in [*sorted(failed), *named]}, failed)
        seconds += heard.seconds
    if turns:
        report(f"report: {turns} simulated turns, every reply checked")
        with listening(recommender) as heard:
            results["grounding"] = run_grounding(recommender, turns, console=console)
        failed = set(results["grounding"]["failed_talks"])
        keep(results, "checked", {name: talk for name, talk in heard.talks.items() if name in failed}, failed)
        seconds += heard.seconds
    if users:
        report(f"report: {users} simulated people")
        with listening(recommender) as heard:
            results["simulate"] = simulate(recommender, users, console=console)
        missed = {f"{mode}-{user}" for mode in MODES for user in results["simulate"][mode]["missed"]}
        keep(results, "simulated", {name: talk for name, talk in heard.talks.items() if name in missed}, missed)
        report("report: what sways the ranking")
        results["bias"] = measure_bias(recommender, users, console=console)
    if (recommender.workspace.adapter_folder / "config.json").is_file():
        results["calibration"] = measure_calibration(recommender.workspace, report=report)
    if seconds:
        results["latency"] = latency(seconds)
    return results


def keep(results: Results, kind: str, talks: dict[str, list[dict[str, Any]]], failed: set[str]) -> None:
    """Keep some transcripts: those that failed first."""
    for name, talk in list(talks.items())[: max(KEPT, len(failed)) if kind == "script" else KEPT]:
        results["transcripts"][f"{kind}: {name}"] = {"failed": name in failed, "turns": talk}


def latency(seconds: list[float]) -> dict[str, Any]:
    """Median, 95th percentile, worst, share over six seconds, and counts by half a second, of whole replies."""
    values = np.array(seconds)
    counts = np.bincount(np.minimum(values / 0.5, 20).astype(int), minlength=1)
    return {
        "replies": len(values),
        "p50_s": float(np.percentile(values, 50)),
        "p95_s": float(np.percentile(values, 95)),
        "worst_s": float(values.max()),
        "over_6_s": float((values > 6).mean()),
        "counts_by_half_second": [int(count) for count in counts],
    }


@contextmanager
def listening(recommender: "Recommender") -> Iterator[Heard]:
    """Hear every reply that the recommender gives meanwhile."""
    heard, answer = Heard(), recommender.reply

    def reply(user_id: str, text: str) -> Reply:
        began = time.monotonic()
        given = answer(user_id, text)
        heard.add(user_id, given, time.monotonic() - began)
        return given

    recommender.reply = reply  # type: ignore[method-assign]
    try:
        yield heard
    finally:
        del recommender.reply


def earlier(folder: Path) -> Results:
    """Results of earlier runs: a report's own ``report.json``, and ``--json`` files named by :data:`PARTS`.

    Raises:
        BadInput: if there is none, or one is no result.
    """
    results: Results = {"environment": {}, "transcripts": {}}
    for name in ("report", *PARTS):
        path = folder / f"{name}.json"
        if not path.is_file():
            continue
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadInput(f"{path} is not valid JSON: {str(error).splitlines()[0]}") from error
        if not isinstance(found, dict):
            raise BadInput(f"{path}: an object is expected, as --json writes it")
        results |= found if name == "report" else {name: found}
    if not any(name in results for name in PARTS):
        names = ", ".join(f"{name}.json" for name in ("report", *PARTS))
        raise BadInput(f"{folder} holds no results; it should hold some of {names}")
    return results
