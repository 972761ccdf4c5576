"""What a person sets by hand, beside what they say: years, how well known, how adventurous."""

from chatrec.catalogue.items import Catalogue
from chatrec.errors import BadInput

POPULARITY = {-2: "hidden gems", -1: "lesser known", 0: "mostly well known", 1: "the best known"}
ADVENTURE = {-2: "close to what you like", -1: "near what you like", 0: "a mix", 1: "surprising", 2: "adventurous"}
"""The steps in words; 0 asks for nothing. Unasked, most of a slate is well known, so there is one step up."""
STEPS = {"popularity": POPULARITY, "adventure": ADVENTURE}
KNOBS = ("year_min", "year_max", *STEPS)


def checked(knob: str, value: int | None, catalogue: Catalogue) -> int | None:
    """A value that the knob has; a year at the catalogue's own end is no limit, and so None.

    Raises:
        BadInput: for a knob or a step that is not there, or a year outside the catalogue.
    """
    if knob not in KNOBS:
        raise BadInput(f"there is no knob {knob!r}; there are {', '.join(KNOBS)}")
    if knob in STEPS:
        if value not in STEPS[knob]:
            raise BadInput(f"{knob} {value!r} is no step; give one from {min(STEPS[knob])} to {max(STEPS[knob])}")
        return value
    years = catalogue.years
    if value is None or years is None:
        return None
    if not years[0] <= value <= years[1]:
        raise BadInput(f"the year {value} is outside {catalogue.name}: give one from {years[0]} to {years[1]}")
    return None if value == (years[0] if knob == "year_min" else years[1]) else value
