"""People of the catalogue: who is meant by a stretch that names a person."""

import re

from rapidfuzz import fuzz, process

from chatrec.catalogue.items import Catalogue, person_key, title_key
from chatrec.linking.ordinary import known_word, ordinary

CUTOFF, SURNAME_CUTOFF = 86, 84
"""How alike a misspelt name must be (0 to 100)."""
ALIKE, WELL_KNOWN, SHORTEST = 80, 3, 6
"""Likeness of first names where the surname is right; items of somebody known by a first name; letters of a misspelt one."""
_TAIL = re.compile(
    r"(?:'s|s'|')?(?:\s+(?:films?|movies?|ones?|stuff|flicks?|books?|games?|songs?|albums?|work))?\W*$", re.IGNORECASE
)


class Names:
    """Resolves names to the people of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        counts = {name: len(rows) for name, rows in catalogue.people_rows.items()}
        ordered = sorted(counts, key=lambda name: counts[name])
        self.people = {title_key(name): name for name in ordered} | {person_key(name): name for name in ordered}
        self.parts: dict[str, list[str]] = {}
        """Surnames (of one or two words) and rare first names, to those who have them, the best known first."""
        for name in ordered[::-1]:
            words = title_key(name).split()
            for key in {" ".join(words[-size:]) for size in (1, 2) if len(words) > size}:
                self.parts.setdefault(key, []).append(name)
        self.first: dict[str, list[str]] = {}
        for name in ordered[::-1]:
            words = title_key(name).split()
            if len(words) > 1:
                self.first.setdefault(words[0], []).append(name)
        self.counts = counts
        self.surnames = [key for key, names in self.parts.items() if len(key) >= 5 and counts[names[0]] > 1]
        self.full = [key for key in self.people if " " in key]

    def resolve(self, said: str) -> str:
        """The name as the catalogue writes it; nothing for somebody it does not have."""
        key = title_key(_TAIL.sub("", said.strip()))
        if not key:
            return ""
        if found := self.people.get(key) or self.people.get(person_key(said)):
            return found
        if owners := self.parts.get(key):
            return owners[0]
        return self._misspelt(key) if " " in key else self._first_name(key) or self._surname(key)

    def _misspelt(self, key: str) -> str:
        """Somebody whose full name is nearly so."""
        best = process.extractOne(key, self.full, scorer=fuzz.ratio, score_cutoff=CUTOFF)
        if best and best[0][:1] == key[:1]:
            return self.people[best[0]]
        last = self.parts.get(key.rsplit(maxsplit=1)[-1], [])
        alike = [name for name in last if title_key(name)[:1] == key[:1] and fuzz.ratio(title_key(name), key) >= ALIKE]
        return alike[0] if alike else ""

    def _first_name(self, key: str) -> str:
        """The one whom a first name makes people think of: "keanu"."""
        names = self.first.get(key, [])
        known = names and self.counts[names[0]] >= WELL_KNOWN
        return names[0] if known and sum(self.counts[n] for n in names[1:]) <= self.counts[names[0]] else ""

    def _surname(self, key: str) -> str:
        """Somebody whose surname is nearly so, where it is no word."""
        if len(key) < SHORTEST or known_word(key):
            return ""
        best = process.extractOne(key, self.surnames, scorer=fuzz.ratio, score_cutoff=SURNAME_CUTOFF)
        return self.parts[best[0]][0] if best and best[0][:1] == key[:1] else ""

    def surnames_in(self, text: str) -> list[tuple[int, int]]:
        """Where words stand that are somebody's surname, or known first name, and no everyday words."""
        return [
            (m.start(), m.start() + len(bare))
            for m in re.finditer(r"[^\W\d_]{4,}(?:'s)?", text)
            if (bare := m[0].removesuffix("'s"))
            and not ordinary(bare.casefold())
            and (title_key(bare) in self.parts or self.resolve(bare))
        ]

    def full_names(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and name of everyone who is named in full."""
        words = list(re.finditer(r"[^\W\d_]+(?:['.-][^\W\d_]+)*\.?", text))
        found: list[tuple[int, int, str]] = []
        for size in (4, 3, 2):
            for first in range(len(words) - size + 1):
                part = words[first : first + size]
                start, end = part[0].start(), part[-1].end()
                said = text[start:end].rstrip(".").removesuffix("'s").removesuffix("’s")
                name = self.people.get(title_key(said)) if "\n" not in said and len(said) < 60 else None
                if name and not any(a < end and start < b for a, b, _ in found):
                    found.append((start, start + len(said), name))
        return sorted(found)
