"""When nothing fits: what was asked for in words, what stands in the way, and the nearest that could be offered instead."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from chatrec.catalogue.items import Words, person_key
from chatrec.ilm.phrasing import adjective
from chatrec.retrieval.index import Constraints

WIDER = (5, 15)
"""Years by which a range is widened before it is left aside."""


@dataclass(frozen=True)
class Relaxation:
    """Constraints bent in one place, and what was bent, in words with its value."""

    constraints: Constraints
    barrier: str


def relaxations(
    constraints: Constraints, words: Words, have: tuple[int, int] | None = None, together: bool = False
) -> Iterator[Relaxation]:
    """Ways of bending the constraints, nearest first. What somebody ruled out stays ruled out.

    Args:
        constraints: that nothing satisfies.
        words: the catalogue's.
        have: first and last year of the catalogue; years outside it are bent to its nearest end.
        together: whether all the wanted people are to be in one item.
    """
    single: list[tuple[str, Constraints]] = []
    if constraints.year_min or constraints.year_max:
        barrier = f"the years ({years(constraints)})"
        if have and ((constraints.year_min or 0) > have[1] or (constraints.year_max or 9999) < have[0]):
            late = (constraints.year_min or 0) > have[1]
            barrier = f"the years ({years(constraints)}, where mine go from {have[0]} to {have[1]})"
            ends = (have[1] - WIDER[0], None) if late else (None, have[0] + WIDER[1])
            yield Relaxation(replace(constraints, year_min=ends[0], year_max=ends[1]), barrier)
        for more in WIDER:
            low, high = constraints.year_min, constraints.year_max
            wider = replace(constraints, year_min=low and low - more, year_max=high and high + more)
            yield Relaxation(wider, barrier)
        single.append((barrier, replace(constraints, year_min=None, year_max=None)))
    if constraints.categories_all:
        mixed = " and ".join(constraints.categories_all).lower()
        bent = replace(constraints, categories_all=(), categories_any=constraints.categories_all)
        single.append((f"the mix of {words.categories} ({mixed})", bent))
    if constraints.people_any:
        who = _people(constraints)
        label = f"the {'people' if len(who) > 1 else 'person'} ({_joint(together).join(who)})"
        single.append((label, replace(constraints, people_any=())))
    if constraints.categories_any:
        kinds = " or ".join(constraints.categories_any).lower()
        single.append((f"the {words.category} ({kinds})", replace(constraints, categories_any=())))
    if constraints.language:
        single.append((f"the language ({constraints.language})", replace(constraints, language="")))
    if constraints.black_and_white is not None:
        shade = "black and white" if constraints.black_and_white else "colour"
        single.append((shade, replace(constraints, black_and_white=None)))
    if constraints.content_none:
        limits = " or ".join(constraints.content_none)
        single.append((f"the limit on {limits}", replace(constraints, content_none=())))
    for barrier, bent in single:
        yield Relaxation(bent, barrier)
    for (one, bent), (two, other) in combinations(single, 2):
        changed = {
            name: getattr(other, name) for name in vars(other) if getattr(other, name) != getattr(constraints, name)
        }
        yield Relaxation(replace(bent, **changed), f"{one} and {two}")


def described(constraints: Constraints, words: Words, other: bool = False, together: bool = False) -> str:
    """What was asked for: "western films with John Wayne from before 1940", or "other western films" than were shown."""
    kinds = " and ".join(constraints.categories_all) or " or ".join(constraints.categories_any)
    parts = [
        "other" if other else "",
        "black and white" if constraints.black_and_white else "",
        "colour" if constraints.black_and_white is False else "",
        kinds.lower(),
        words.many,
        f"in {constraints.language}" if constraints.language else "",
        f"with {_joint(together).join(_people(constraints))}" if constraints.people_any else "",
        f"from {years(constraints)}" if constraints.year_min or constraints.year_max else "",
        f"without strong {' or '.join(constraints.content_none)}" if constraints.content_none else "",
        f"other than {' or '.join(map(adjective, constraints.categories_none))} ones"
        if constraints.categories_none
        else "",
    ]
    return " ".join(part for part in parts if part)


def frame(constraints: Constraints) -> str:
    """The years, language and shade in words: "the years (before 1980)"."""
    parts = [
        f"the years ({years(constraints)})" if constraints.year_min or constraints.year_max else "",
        f"the language ({constraints.language})" if constraints.language else "",
        "" if constraints.black_and_white is None else ("black and white" if constraints.black_and_white else "colour"),
    ]
    return " and ".join(part for part in parts if part)


def _joint(together: bool) -> str:
    return " and " if together else " or "


def _people(constraints: Constraints) -> list[str]:
    """The wanted people, each once, however many spellings the catalogue has."""
    return list({person_key(name): name for name in reversed(constraints.people_any)}.values())[::-1]


def years(constraints: Constraints) -> str:
    """The range of years: "before 1940", "1990 or later", "1990 to 1999", "1994"."""
    low, high = constraints.year_min, constraints.year_max
    if low and high:
        return f"{low} to {high}" if low != high else str(low)
    return f"{low} or later" if low else f"before {(high or 0) + 1}"
