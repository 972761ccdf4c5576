"""Sliders for what a person sets by hand: years, how well known, how adventurous."""

from chatrec.dialogue.events import Profile
from chatrec.dialogue.nlg.profile import span
from chatrec.dialogue.settings import STEPS

from .text import plain

NAMES = {"popularity": "How well known", "adventure": "How adventurous"}


def in_words(knob: str, value: int | None) -> str:
    """A knob's value as the panel names it."""
    if knob in STEPS:
        return STEPS[knob][value or 0]
    return "any year" if value is None else f"from {value}" if knob == "year_min" else f"up to {value}"


def _years(profile: Profile, years: tuple[int, int]) -> str:
    first, last = years
    set_years = span(profile.year_min, profile.year_max) if profile.year_min or profile.year_max else "any"
    slider = '<input type="range" id="cr-knob-{0}" min="{1}" max="{2}" value="{3}" aria-label="{4}">'
    low = slider.format("year_min", first, last, max(profile.year_min or first, first), "From year")
    high = slider.format("year_max", first, last, min(profile.year_max or last, last), "Up to year")
    return (
        f'<div class="cr-knob" role="group" aria-label="Years"><div><span>Years</span><output>{set_years}</output></div>'
        f'<div class="cr-two">{low}{high}</div></div>'
    )


def _steps(knob: str, value: int) -> str:
    steps = STEPS[knob]
    first, last = min(steps), max(steps)
    return (
        f'<div class="cr-knob"><div><label for="cr-knob-{knob}">{NAMES[knob]}</label><output>{plain(steps[value])}</output>'
        f'</div><input type="range" id="cr-knob-{knob}" min="{first}" max="{last}" step="1" value="{value}" '
        f'aria-valuetext="{plain(steps[value])}" data-words="{plain("|".join(steps.values()))}">'
        f'<div class="cr-ends" aria-hidden="true"><span>{plain(steps[first])}</span><span>{plain(steps[last])}</span></div>'
        "</div>"
    )


def knobs(profile: Profile, years: tuple[int, int] | None) -> str:
    """All sliders; those of years only where the catalogue has them.

    Args:
        years: the catalogue's first and last, or None.
    """
    sliders = _years(profile, years) if years and years[0] < years[1] else ""
    sliders += "".join(_steps(knob, getattr(profile, knob)) for knob in STEPS)
    turned = profile.year_min or profile.year_max or profile.popularity or profile.adventure
    ask = (
        '<button type="button" class="cr-small" name="cr-say" value="What do you suggest?">Suggest with these</button>'
    )
    return f'<section class="cr-group cr-knobs"><h3>Fine-tune</h3>{sliders}{ask if turned else ""}</section>'
