"""Drawn posters: a small typographic tile per item, made of CSS alone."""

import re

from chatrec.dialogue.events import Card

from .text import checksum

_HUES = {
    "action": 14, "adventure": 32, "animation": 188, "children": 46, "children's": 46, "comedy": 38, "crime": 350,
    "documentary": 158, "drama": 218, "family": 46, "fantasy": 276, "film-noir": 246, "horror": 2, "musical": 312,
    "music": 312, "mystery": 258, "romance": 336, "sci-fi": 200, "science fiction": 200, "thriller": 230, "war": 88,
    "western": 24,
}  # fmt: skip
_SMALL_WORDS = frozenset(
    (
        "a",
        "an",
        "and",
        "das",
        "de",
        "der",
        "die",
        "el",
        "il",
        "in",
        "la",
        "le",
        "les",
        "of",
        "on",
        "or",
        "the",
        "to",
        "un",
    )
)


def initials(title: str) -> str:
    """Up to four letters or digits that stand for a title; only characters that are safe inside a CSS string."""
    words = [word for word in re.split(r"[^\w]+|_", title) if word and all(c.isalnum() for c in word)]
    strong = [word for word in words if word.casefold() not in _SMALL_WORDS] or words
    if not strong:
        return "·"
    if strong[0].isdecimal():
        return strong[0][:4]
    return f"{strong[0][0]}{strong[1][0]}".upper()[:3] if len(strong) > 1 else strong[0][:2].capitalize()


def hue(category: str) -> int:
    """A category's place on the colour wheel, the same every time."""
    name = category.casefold().strip()
    return _HUES.get(name, checksum(name) % 360)


def poster(card: Card) -> str:
    """A small typographic tile: colours from the first categories, the slant from the title, the title's initials."""
    hues = [hue(name) for name in card.categories[:2]] or [hue(card.title)]
    slant = 120 + checksum(card.item_id) % 80
    style = f"--cr-a:{hues[0]};--cr-b:{hues[-1]};--cr-r:{slant}deg;--cr-t:'{initials(card.title)}'"
    return f'<div class="cr-poster" style="{style}"></div>'
