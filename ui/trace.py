"""The trace of a turn in words."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chatrec.catalogue.items import Catalogue
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.policy.decide import Plan
from chatrec.trace import Step, Trace

from .text import listed

NAMES = {
    "understood": "Understood",
    "decided": "Decided",
    "chosen": "Chose the slate",
    "scored": "Scored the catalogue",
    "retrieved": "Retrieved",
    "ranked": "Ranked",
    "reasons planned": "Found the links",
    "worded and checked": "Worded and checked",
    "stored": "Stored",
}
INSIDE = frozenset({"scored", "retrieved", "ranked"})  # steps of the choice of a slate
LONGEST = 300  # characters of what a step found


def told(trace: Trace, catalogue: Catalogue, parts: Mapping[str, str]) -> list[list[Any]]:
    """Each step as ``[name, what it found, milliseconds, whether it is part of the one before]``.

    Args:
        trace: of a turn.
        catalogue: whose rows it names.
        parts: what each part of a score is called.
    """
    return [
        [
            NAMES.get(step.name, step.name),
            _found(step, catalogue, parts)[:LONGEST],
            round(1000 * step.seconds, 1),
            inside,
        ]
        for step in trace.steps
        for inside in (step.name in INSIDE,)
    ]


def _found(step: Step, catalogue: Catalogue, parts: Mapping[str, str]) -> str:
    found: Mapping[str, Any] = step.found
    match step.name:
        case "understood" if "reading" in found:
            return _reading(found["reading"], catalogue)
        case "decided" if "plan" in found:
            return _plan(found["plan"], catalogue)
        case "chosen":
            return "; ".join(catalogue[row].name for row in found.get("items", ()))
        case "scored":
            return listed([parts.get(name, name) for name in found.get("parts", ())])
        case "retrieved":
            return f"{found.get('candidates', 0)} candidates that satisfy what was asked for"
        case "ranked" if found.get("asked"):
            return f"scores added up; the language model asked about the best {found['asked']}; spread out"
        case "ranked":
            return "scores added up, and spread out"
        case "reasons planned":
            return listed([kind.replace("_", " ") for kind in found.get("links", ())])
        case "worded and checked":
            return "said plainly: the model was busy" if found.get("busy") else _said(found.get("said", ()))
    return ""


def _reading(reading: Reading, catalogue: Catalogue) -> str:
    by_stance: dict[str, list[str]] = {}
    for mention in reading.mentions:
        by_stance.setdefault(mention.stance, []).append(catalogue[mention.row].name)
    for row, stance in reading.referred:
        by_stance.setdefault(stance, []).append(catalogue[row].name)
    told = [f"{stance}: {', '.join(names)}" for stance, names in by_stance.items()]
    plain_fields = {
        name: value
        for name, value in asdict(reading).items()
        if value and name not in ("text", "mentions", "referred", "withdrawn", "series", "among", "acts")
    }
    for name, value in plain_fields.items():
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        told.append(name.replace("_", " ") if value is True else f"{name.replace('_', ' ')}: {text}")
    if reading.acts:
        told.append(f"acts: {', '.join(sorted(reading.acts))}")
    return "; ".join(told) or "nothing in particular"


def _plan(plan: Plan, catalogue: Catalogue) -> str:
    about = ", ".join(catalogue[row].name for row in plan.rows[:3])
    kind = " ".join(part for part in (plan.act, plan.topic) if part)
    return f"{kind}, about {about}" if about else kind


def _said(said: Any) -> str:
    first = sum(by == "llm" and tries == 1 for by, tries in said)
    second = sum(by == "llm" and tries > 1 for by, tries in said)
    plain = sum(by == "plain" for by, _ in said)
    parts = [
        f"{first} in the model's own words" if first else "",
        f"{second} at its second try" if second else "",
        f"{plain} as a plain sentence" if plain else "",
    ]
    return listed([part for part in parts if part])
