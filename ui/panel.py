"""The panel of what is known about a person."""

from collections.abc import Sequence

from chatrec.catalogue.items import Words
from chatrec.dialogue.events import ItemRef, Profile
from chatrec.dialogue.settings import STEPS
from chatrec.dialogue.tracking.state import OPPOSITE

from .knobs import in_words, knobs
from .text import checksum, plain

IMPORT = (
    '<label class="cr-quiet cr-file" title="ratings.csv, as Letterboxd and IMDb export it">Bring your ratings'
    '<input type="file" id="cr-file" class="cr-vh" accept=".csv,text/csv" aria-label="Bring your ratings: a CSV file '
    'exported from Letterboxd or IMDb"></label>'
)
OWN = (
    '<button type="button" class="cr-quiet" name="cr-export" value="" title="Everything about you, as JSON">Save my data'
    '</button><button type="button" class="cr-quiet" name="cr-ask-forget" value="">Forget me</button>'
)
LONGEST_LIST = 500  # titles that a list names
SHOWN_AT_ONCE = 12  # entries of a group before the rest folds away


GROUPS = {
    "You like": ("liked",),
    "Not for you": ("disliked",),
    "Already {used}": ("seen",),
    "For later": ("saved",),
    "Never shown": ("blocked",),
    "In the mood for": ("genres_wanted", "moods_wanted", "topics"),
    "People": ("people_wanted",),
    "Years": ("year_min", "year_max"),
    "Leaving out": ("genres_unwanted", "people_unwanted", "limits"),
    "Set by you": tuple(STEPS),
}
"""Headings and the slots under them."""
PLACE = {slot: heading for heading, slots in GROUPS.items() for slot in slots}


def _entry(slot: str, value: str, name: str) -> str:
    key = f"cr-known-{slot}-{checksum(value):x}"
    turn = ""
    if slot in OPPOSITE:
        there = PLACE[OPPOSITE[slot]]
        arrows = (
            '<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d="M4 12V2.5M1.5 5L4 2.5 6.5 5M10 2v9.5'
            'M7.5 9l2.5 2.5L12.5 9"/></svg>'
        )
        turn = (
            f'<button type="button" id="{key}-turn" name="cr-turn-{slot}" value="{plain(value)}" '
            f'aria-label="{plain(name)}: move to {there}" title="Move to “{there}”">{arrows}</button>'
        )
    cross = '<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path d="M2.5 2.5l7 7m0-7l-7 7"/></svg>'
    return (
        f'<li class="cr-entry"><span title="{plain(name)}">{plain(name)}</span>{turn}'
        f'<button type="button" id="{key}" name="cr-remove-{slot}" value="{plain(value)}" '
        f'aria-label="Remove {plain(name)}" title="Remove">{cross}</button></li>'
    )


def entries(profile: Profile) -> list[tuple[str, str, str]]:
    """Every single thing known, as slot, value and name: what the panel shows and what can be taken back."""
    found: list[tuple[str, str, str]] = []
    for slot in ("liked", "disliked", "seen", "saved", "blocked"):
        refs: tuple[ItemRef, ...] = getattr(profile, slot)
        found += [(slot, ref.item_id, ref.name) for ref in refs]
    for slot in ("genres_wanted", "moods_wanted", "topics", "people_wanted"):
        found += [(slot, name, name) for name in getattr(profile, slot)]
    if profile.year_min is not None:
        found.append(("year_min", "", f"from {profile.year_min}"))
    if profile.year_max is not None:
        found.append(("year_max", "", f"up to {profile.year_max}"))
    for slot in ("genres_unwanted", "people_unwanted", "limits"):
        found += [(slot, name, name) for name in getattr(profile, slot)]
    found += [(slot, "", in_words(slot, getattr(profile, slot))) for slot in STEPS if getattr(profile, slot)]
    return found


def _news(undo: str, missing: Sequence[str], catalogue: str, gone: str) -> str:
    """What was just taken out or taken in, with a way back, or forgotten without one."""
    parts = [f'<p class="cr-undone cr-gone">{plain(gone)}</p>'] if gone else []
    if undo:
        button = '<button type="button" class="cr-small" name="cr-restore" value="">Undo</button>'
        parts.append(f'<p class="cr-undone"><span>{plain(undo)}</span>{button}</p>')
    if missing:
        names = "".join(f"<li>{plain(name)}</li>" for name in missing[:LONGEST_LIST])
        rest = f"<li>and {len(missing) - LONGEST_LIST:,} more</li>" if len(missing) > LONGEST_LIST else ""
        parts.append(
            f'<details class="cr-imported"><summary>{len(missing):,} not in {plain(catalogue)}</summary>'
            f'<ul tabindex="0" aria-label="Titles that were not found">{names}{rest}</ul></details>'
        )
    return "".join(parts)


def panel(
    profile: Profile,
    words: Words,
    status: str = "",
    started: bool = False,
    undo: str = "",
    missing: Sequence[str] = (),
    catalogue: str = "",
    gone: str = "",
    years: tuple[int, int] | None = None,
) -> str:
    """What is known about a person, each entry with a button that removes it.

    Args:
        status: what just happened, for screen readers.
        started: whether there is a conversation, and so something to forget even if nothing was understood of it.
        undo: what was just changed and can be undone, in words.
        missing: titles of an import that the catalogue, called ``catalogue``, does not have.
        gone: what was deleted for good, in words.
        years: the catalogue's first and last, between which the sliders move.
    """
    known = entries(profile)
    parts = [
        f'<p class="cr-vh" role="status">{plain(status)}</p>',
        '<h2 id="cr-known" tabindex="-1">What I know about you</h2>',
        _news(undo, missing, catalogue, gone),
    ]
    for heading, slots in GROUPS.items():
        label = heading.format(used=words.used)
        rows = [_entry(*entry) for entry in known if entry[0] in slots]
        if not rows:
            continue
        some, rest = "".join(rows[:SHOWN_AT_ONCE]), "".join(rows[SHOWN_AT_ONCE:])
        fold = f"<details><summary>{len(rows) - SHOWN_AT_ONCE} more</summary><ul>{rest}</ul></details>" if rest else ""
        parts.append(f'<section class="cr-group"><h3>{plain(label)}</h3><ul>{some}</ul>{fold}</section>')
    if not known:
        parts.append(
            f'<p class="cr-nothing">Nothing yet. Name {plain(words.many)} you love, or press Like on a card: it '
            "appears here, and you can take it back at any time.</p>"
        )
    parts.append(knobs(profile, years))
    parts.append(f'<div class="cr-data">{IMPORT}{OWN if known or started else ""}</div>')
    return "".join(parts)
