"""Scripted conversations: lines to say, and what each reply must satisfy."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rich.console import Console
from rich.progress import track

from chatrec.catalogue.items import Catalogue, Item, title_key
from chatrec.dialogue.events import Reply
from chatrec.dialogue.terminal import full_text
from chatrec.dialogue.tracking.store import Sessions
from chatrec.errors import BadInput

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

TITLES = ("liked", "disliked", "seen")


class Count(BaseModel):
    """How many items."""

    model_config = ConfigDict(extra="forbid")
    min: int | None = None
    max: int | None = None


class ItemTest(BaseModel):
    """Conditions on recommended items."""

    model_config = ConfigDict(extra="forbid")
    year_min: int | None = None
    year_max: int | None = None
    genres_any: list[str] = Field(default_factory=list)
    genres_all: list[str] = Field(default_factory=list)
    genres_none: list[str] = Field(default_factory=list)
    people_any: list[str] = Field(default_factory=list)
    people_none: list[str] = Field(default_factory=list)

    def problems(self, item: Item) -> list[str]:
        """Which conditions an item does not satisfy."""
        kinds = {_name(name) for name in item.categories}
        people = {_name(name) for name in item.all_people}
        tests = {
            "year_min": self.year_min is None or (item.year or 0) >= self.year_min,
            "year_max": self.year_max is None or 0 < (item.year or 0) <= self.year_max,
            "genres_any": not self.genres_any or bool(kinds & {_name(n) for n in self.genres_any}),
            "genres_all": {_name(n) for n in self.genres_all} <= kinds,
            "genres_none": not kinds & {_name(n) for n in self.genres_none},
            "people_any": not self.people_any or bool(people & {_name(n) for n in self.people_any}),
            "people_none": not people & {_name(n) for n in self.people_none},
        }
        return [name for name, passed in tests.items() if not passed]


class StateTest(BaseModel):
    """A part of the state: titles, names, years."""

    model_config = ConfigDict(extra="forbid")
    liked: list[str] = Field(default_factory=list)
    disliked: list[str] = Field(default_factory=list)
    seen: list[str] = Field(default_factory=list)
    genres_wanted: list[str] = Field(default_factory=list)
    genres_unwanted: list[str] = Field(default_factory=list)
    people_wanted: list[str] = Field(default_factory=list)
    people_unwanted: list[str] = Field(default_factory=list)
    year_min: int | None = None
    year_max: int | None = None


class Expectation(BaseModel):
    """What a reply must satisfy; every key is one check."""

    model_config = ConfigDict(extra="forbid")
    recommends: Count | None = None
    all: ItemTest | None = None
    any: ItemTest | None = None
    none_of: list[str] | None = None
    includes_any_of: list[str] | None = None
    state: StateTest | None = None
    state_none: StateTest | None = None
    asks: bool | None = None
    says_any: list[str] | None = None
    says_none: list[str] | None = None
    about: str | None = None


class Turn(BaseModel):
    """One line and what is expected of the reply."""

    model_config = ConfigDict(extra="forbid")
    user: str
    expect: Expectation = Field(default_factory=Expectation)


class Scenario(BaseModel):
    """One conversation."""

    model_config = ConfigDict(extra="forbid")
    id: str
    turns: list[Turn] = Field(min_length=1)


@dataclass
class Outcome:
    """Checks of one turn: how many there were, and what failed as (check, what was got)."""

    checks: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def read_scenarios(path: Path) -> list[Scenario]:
    """Read a YAML file of scenarios.

    Raises:
        BadInput: naming the scenario and what is wrong with it.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}")
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(raw, list) or not raw:
        raise BadInput(f"{path}: a list of scenarios is expected, each with id and turns")
    scenarios = []
    for number, entry in enumerate(raw, 1):
        name = entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        try:
            scenarios.append(Scenario.model_validate(entry))
        except ValidationError as error:
            first = error.errors()[0]
            raise BadInput(f"{path}, scenario {name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return scenarios


@dataclass
class Played:
    """One scenario's figures: checks, what failed, and how long each reply took in seconds."""

    checks: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def play_scenario(recommender: "Recommender", number: int, scenario: Scenario) -> Played:
    """Play one scenario with a person of its own, called after its number, and check every reply."""
    played = Played()
    for place, turn in enumerate(scenario.turns, 1):
        began = time.monotonic()
        reply = recommender.reply(f"scenario-{number}", turn.user)
        played.seconds.append(time.monotonic() - began)
        outcome = check_reply(reply, turn.expect, recommender.catalogue)
        played.checks += outcome.checks
        played.failures += [
            {"scenario": scenario.id, "turn": place, "user": turn.user[:200], "check": check, "got": got}
            for check, got in outcome.failed
        ]
    return played


def run_scenarios(
    recommender: "Recommender", scenarios: list[Scenario], console: Console | None = None
) -> dict[str, Any]:
    """Play each scenario with a person of its own and check every reply; nothing of it is kept.

    Returns:
        the keys of the command: ``scenarios``, ``passed``, ``checks``, ``checks_passed``, ``failures``, latencies.
    """
    aside = recommender.with_parts(sessions=Sessions("sqlite://"))
    numbered = enumerate(track(scenarios, "scenarios", console=console, disable=console is None))
    return summary([play_scenario(aside, number, scenario) for number, scenario in numbered])


def summary(played: list[Played]) -> dict[str, Any]:
    """What :func:`run_scenarios` returns, of scenarios that were played; there must be one."""
    failures = [failure for one in played for failure in one.failures]
    checks = sum(one.checks for one in played)
    seconds = [time for one in played for time in one.seconds]
    return {
        "scenarios": len(played),
        "passed": sum(not one.failures for one in played),
        "checks": checks,
        "checks_passed": checks - len(failures),
        "failures": failures,
        "latency_p50_s": round(float(np.percentile(seconds, 50)), 3),
        "latency_p95_s": round(float(np.percentile(seconds, 95)), 3),
    }


def _of_state(expect: Expectation, state: dict[str, Any], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Each check of the state, and what is wrong with it."""
    if expect.state:
        for key, missing in _state(expect.state, state, catalogue, present=True):
            yield f"state {key}", f"missing {missing}; got {state[key]}" if missing else ""
    if expect.state_none:
        for key, present in _state(expect.state_none, state, catalogue, present=False):
            yield f"state_none {key}", f"found {present}" if present else ""


def check_reply(reply: Reply, expect: Expectation, catalogue: Catalogue) -> Outcome:
    """Check one reply; every expectation key is one check."""
    outcome = Outcome()
    items = [catalogue.by_id(card.item_id) for card in reply.cards]
    names = ", ".join(item.name for item in items) or "no items"
    text = full_text(reply)
    state = reply.profile.as_dict()

    def check(name: str, good: bool, got: str) -> None:
        outcome.checks += 1
        if not good:
            outcome.failed.append((name, got))

    if expect.recommends:
        low, high = expect.recommends.min, expect.recommends.max
        check(
            f"recommends {low}–{high}",
            (low or 0) <= len(items) <= (100 if high is None else high),
            f"{len(items)}: {names}",
        )
    if expect.all:
        wrong = [f"{item.name}: {', '.join(found)}" for item in items if (found := expect.all.problems(item))]
        check("all", not wrong, "; ".join(wrong))
    if expect.any:
        check("any", any(not expect.any.problems(item) for item in items), names)
    if expect.none_of is not None:
        found = [name for name in expect.none_of if any(same_item(name, item, catalogue) for item in items)]
        check("none_of", not found, ", ".join(found))
    if expect.includes_any_of is not None:
        check(
            "includes_any_of",
            any(same_item(n, item, catalogue) for n in expect.includes_any_of for item in items),
            names,
        )
    for name, fault in _of_state(expect, state, catalogue):
        check(name, not fault, fault)
    if expect.asks is not None:
        check("asks", reply.text.rstrip().endswith("?") == expect.asks, reply.text[-120:])
    folded = _fold(text)
    if expect.says_any is not None:
        check("says_any", any(_fold(part) in folded for part in expect.says_any), text[:300])
    if expect.says_none is not None:
        found = [part for part in expect.says_none if _fold(part) in folded]
        check("says_none", not found, ", ".join(found))
    if expect.about is not None:
        title = re.sub(r"\s*\(\d{4}\)$", "", expect.about)
        check("about", f" {title_key(title)} " in f" {_bare(text)} ", text[:300])
    return outcome


def same_item(name: str, item: Item, catalogue: Catalogue) -> bool:
    """Whether a title as written in a scenario is this item's; the year decides between items of one name."""
    row = catalogue.find(name)
    return row is not None and catalogue[row].item_id == item.item_id


def _state(test: StateTest, state: dict[str, Any], catalogue: Catalogue, present: bool) -> list[tuple[str, list[str]]]:
    """For each key that is tested: what is missing (``present``) or found although it should not be."""
    results = []
    for key in test.model_fields_set:
        wanted, got = getattr(test, key), state[key]
        if not isinstance(wanted, list):
            same = wanted == got
            results.append((key, [str(wanted)] if same != present else []))
            continue
        if key in TITLES:
            have = {catalogue.find(name) for name in got}
            results.append(
                (
                    key,
                    [
                        name
                        for name in wanted
                        if (catalogue.find(name) in have and catalogue.find(name) is not None) != present
                    ],
                )
            )
        else:
            have_names = {_name(name) for name in got}
            results.append((key, [name for name in wanted if (_name(name) in have_names) != present]))
    return results


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'")).strip()


def _name(text: str) -> str:
    """A category or a person, however it is written: MovieLens' "Film-Noir" and "Children's" are "Film Noir" and "Children"."""
    return _fold(re.sub(r"['’]s\b", "", text).replace("-", " "))


def _bare(text: str) -> str:
    return " ".join(title_key(part) for part in re.split(r"\s+", text) if part.strip())
