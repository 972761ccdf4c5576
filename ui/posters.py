"""Drawn posters: a small typographic tile per item, made of CSS alone, the same every time.

Only characters that are safe inside a CSS string come through; the words are not read aloud, since the title stands
beside them.
"""

from .text import checksum, plain

_HUES = {
    "action": 14, "adventure": 32, "animation": 188, "children": 46, "children's": 46, "comedy": 38, "crime": 350,
    "documentary": 158, "drama": 218, "family": 46, "fantasy": 276, "film-noir": 246, "film noir": 246, "horror": 2,
    "musical": 312, "music": 312, "mystery": 258, "romance": 336, "sci-fi": 200, "science fiction": 200,
    "thriller": 230, "war": 88, "western": 24,
}  # fmt: skip
_MOTIFS = {
    "blinds": ("crime", "film noir", "film-noir", "mystery", "thriller"),
    "orbit": ("sci-fi", "science fiction", "fantasy", "animation"),
    "sun": ("western", "war", "adventure", "action"),
    "confetti": ("comedy", "children", "children's", "family", "musical", "music"),
    "slit": ("horror",),
    "rings": ("romance", "drama"),
}
_MOTIF = {category: motif for motif, categories in _MOTIFS.items() for category in categories}
LONGEST = 36


def poster_words(title: str) -> str:
    """A title for a CSS string: letters, digits and harmless marks, at most :data:`LONGEST` of them."""
    kept = "".join(c if c.isalnum() or c in " :,.!?&-" else {"'": "’"}.get(c, " ") for c in title)
    kept = " ".join(kept.split())
    if len(kept) > LONGEST:
        kept = f"{kept[: LONGEST - 1].rsplit(' ', 1)[0].rstrip(' :,.&-')}…"
    return kept or "·"


def hue(category: str) -> int:
    """A category's place on the colour wheel, the same every time."""
    name = category.casefold().strip()
    return _HUES.get(name, checksum(name) % 360)


def poster(item_id: str, title: str, year: int | None, categories: tuple[str, ...]) -> str:
    """The tile: colours from the first categories, a drawing from the first, the title set as large as it fits."""
    hues = [hue(name) for name in categories[:2]] or [hue(title)]
    slant = 120 + checksum(item_id) % 80
    words = poster_words(title)
    longest = max(map(len, words.split()))
    size = "l" if longest <= 7 and len(words) <= 16 else "m" if longest <= 10 and len(words) <= 26 else "s"
    motif = next((_MOTIF[name] for name in map(str.casefold, categories) if name in _MOTIF), "rings")
    style = f"--cr-a:{hues[0]};--cr-b:{hues[-1]};--cr-r:{slant}deg;--cr-t:'{plain(words)}';--cr-y:'{year or ''}'"
    return f'<div class="cr-poster cr-{motif} cr-size-{size}" style="{style}"></div>'
