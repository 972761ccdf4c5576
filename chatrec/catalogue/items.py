"""Items and the catalogue that holds them.

Films are the default, not an assumption: an item has a title and, where known, a year, categories, people, texts and
further attributes; the catalogue carries the words to speak of them ("film", "book", "game").
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

from chatrec.catalogue.subjects import Subjects, subject_words
from chatrec.errors import BadInput

ARTICLES = (
    "The",
    "A",
    "An",
    "Le",
    "La",
    "Les",
    "L'",
    "Il",
    "Lo",
    "El",
    "Los",
    "Las",
    "Der",
    "Die",
    "Das",
    "Det",
    "Den",
    "De",
    "Ein",
    "Eine",
    "Un",
    "Une",
    "O",
)
_TRAILING_ARTICLE = re.compile(rf"^(?P<rest>.+), (?P<article>{'|'.join(ARTICLES)})$", re.IGNORECASE)
_LEADING_ARTICLE = re.compile(
    rf"^(?:(?:{'|'.join(a for a in ARTICLES if not a.endswith(chr(39)))})\s+|l')", re.IGNORECASE
)
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SPELLING = {
    "colour": "color",
    "colours": "colors",
    "grey": "gray",
    "theatre": "theater",
    "centre": "center",
    "honour": "honor",
    "harbour": "harbor",
}
"""British spellings, to the American ones that catalogues mostly use."""
_MARKER = re.compile(r"<\|[^<>|]*\|>|</?item:?[^<>]*>|\[REC\]", re.IGNORECASE)


def clean_text(text: str, limit: int | None = None) -> str:
    """Return text from outside as plain data: no control characters, no model markers, single spaces.

    Args:
        text: anything a person or a table supplied.
        limit: keep at most this many characters.
    """
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    previous = None
    while previous != text:  # taking a marker out can bring another one together
        previous, text = text, _MARKER.sub(" ", text)
    text = re.sub(r"\s+", " ", _CONTROL.sub(" ", text)).strip()
    return text if limit is None else text[:limit].rstrip()


def natural_title(title: str) -> str:
    """Turn a filing title into the natural one: ``Godfather, The`` becomes ``The Godfather``."""
    found = _TRAILING_ARTICLE.match(title.strip())
    if not found:
        return title.strip()
    article = found["article"]
    return f"{article}{found['rest']}" if article.endswith("'") else f"{article} {found['rest']}"


def split_title(raw: str) -> tuple[str, int | None, tuple[str, ...]]:
    """Split ``Seven, The (Se7en) (1995)`` into natural title, year and other titles."""
    raw = raw.strip()
    year = None
    found = re.search(r"\s*\((\d{4})\)\s*$", raw)
    if found and raw[: found.start()].strip():
        year, raw = int(found[1]), raw[: found.start()]
    aliases = re.findall(r"\(([^()]+)\)", raw)
    aliases = [natural_title(re.sub(r"^a\.?k\.?a\.?\s+", "", alias, flags=re.IGNORECASE)) for alias in aliases]
    main = re.sub(r"\s*\([^()]*\)", "", raw).strip() or raw
    title = natural_title(main)
    return title, year, tuple(dict.fromkeys(alias for alias in aliases if alias and alias != title))


def title_key(title: str) -> str:
    """A title's form for comparison: case, accents, articles and punctuation do not count."""
    whole = title.casefold().strip()
    title = unicodedata.normalize("NFKD", natural_title(title).replace("&", " and "))
    title = "".join(c for c in title if not unicodedata.combining(c))
    title = re.sub(r"['’‘`.*]|(?<=\d),(?=\d{3})", "", title)  # before articles: "l'avventura" keeps its own word
    bare = _LEADING_ARTICLE.sub("", title)
    words = re.sub(r"[\W_]+", " ", (bare or title).casefold()).split()
    words = [_SPELLING.get(word, word) for word in words]
    return " ".join(words) or whole


def person_key(name: str) -> str:
    """A person's name for comparison: accents, dots, hyphens, spaces and case do not count."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", plain.replace("ł", "l").replace("Ł", "L")).casefold() or name


class Words(BaseModel):
    """What the catalogue's things are called, so that the same sentences serve films, books and games."""

    model_config = ConfigDict(frozen=True)
    one: str = "film"
    many: str = "films"
    use: str = "watch"
    used: str = "seen"
    category: str = "genre"
    categories: str = "genres"


class Item(BaseModel):
    """One thing that can be recommended. ``people`` maps a role ("director") to names in order of billing."""

    model_config = ConfigDict(frozen=True)
    item_id: str
    title: str
    year: int | None = None
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    people: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    content: dict[str, str] = Field(default_factory=dict)
    description: str = ""
    pitch: str = ""
    caveat: str = ""
    audience: str = ""
    language: str = ""
    series: tuple[str, int] | None = None
    attributes: dict[str, str] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """Title and year as people read them: ``The Godfather (1972)``."""
        return f"{self.title} ({self.year})" if self.year else self.title

    @property
    def all_people(self) -> tuple[str, ...]:
        """Every person of every role, each once."""
        return tuple(dict.fromkeys(name for names in self.people.values() for name in names))

    def story(self) -> str:
        """What the item is about, without names: the passage that a description is searched in.

        People describe plots and places, and names of titles, actors and years pull a passage away from them. An item
        of which nothing is told has only its :meth:`text`.
        """
        told = (self.description, ", ".join((*self.keywords, *self.themes, *self.moods)))
        if not any(told):
            return self.text()
        return " ".join(f"{part.rstrip('.')}." for part in (", ".join(self.categories), *told) if part)

    def text(self) -> str:
        """All that is known of the item, as one passage for the text encoder."""
        parts = [
            f"{self.name}.",
            ", ".join(self.categories),
            *(f"{role.capitalize()}: {', '.join(names)}" for role, names in self.people.items()),
            self.description,
            ", ".join((*self.themes, *self.keywords)),
            f"Mood: {', '.join(self.moods)}" if self.moods else "",
        ]
        return " ".join(f"{part.rstrip('.')}." for part in parts if part)


class Catalogue(Sequence[Item]):
    """Items in a fixed order; a row number is an item's index everywhere (vectors, scores, soft tokens).

    Raises:
        BadInput: if two items share an id or a title is empty.
    """

    def __init__(self, items: Iterable[Item], words: Words | None = None, name: str = "catalogue") -> None:
        self.items = tuple(items)
        self.words = words or Words()
        self.name = name
        self.row = {item.item_id: row for row, item in enumerate(self.items)}
        if len(self.row) != len(self.items):
            seen: set[str] = set()
            twice = next(i.item_id for i in self.items if i.item_id in seen or seen.add(i.item_id))  # type: ignore[func-returns-value]
            raise BadInput(f"item id {twice!r} occurs twice; every item needs an id of its own")
        empty = next((item.item_id for item in self.items if not item.title), None)
        if empty is not None:
            raise BadInput(f"item {empty!r} has no title; every item needs one")

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]  # int or slice, as Sequence has it
        return self.items[row]

    def by_id(self, item_id: str) -> Item:
        """The item of an id; ``BadInput`` for an unknown one."""
        try:
            return self.items[self.row[item_id]]
        except KeyError:
            raise BadInput(f"no item has the id {item_id!r} in {self.name}") from None

    @cached_property
    def by_title(self) -> dict[str, list[int]]:
        """Rows by :func:`title_key` of the title and of every other title."""
        table: dict[str, list[int]] = {}
        for row, item in enumerate(self.items):
            for title in (item.title, *item.aliases):
                rows = table.setdefault(title_key(title), [])
                if row not in rows:
                    rows.append(row)
        return table

    def find(self, name: str, year: int | None = None) -> int | None:
        """Row of the item called ``name`` ("The Godfather (1972)", "Godfather, The"), or None.

        The year decides between items of the same name; a year that is off by one is accepted (release dates differ
        between countries), any other is not.
        """
        title, own_year, aliases = split_title(name)
        year = year or own_year
        candidates = [row for form in (title, *aliases) for row in self.by_title.get(title_key(form), [])]
        if not candidates:  # a title whose own words stand in brackets
            candidates = self.by_title.get(title_key(name), [])
        key = title_key(title)  # an item's own title comes before another's alias
        candidates = sorted(candidates, key=lambda row: (title_key(self.items[row].title) != key, row))
        if year is not None:
            years = [(abs((self.items[row].year or year) - year), row) for row in candidates]
            candidates = [row for distance, row in sorted(years, key=lambda pair: pair[0]) if distance <= 1]
        return candidates[0] if candidates else None

    def twins(self, row: int) -> list[int]:
        """The row itself and others of the same title, unless their years set them apart: one thing entered twice."""
        year = self.items[row].year
        same = self.by_title.get(title_key(self.items[row].title), [row])
        return [other for other in same if other == row or year is None or self.items[other].year in (None, year)]

    @cached_property
    def category_names(self) -> tuple[str, ...]:
        """Every category, most frequent first."""
        return _by_frequency(name for item in self.items for name in item.categories)

    @cached_property
    def people_rows(self) -> dict[str, list[int]]:
        """Rows by person's name, as written in the catalogue."""
        table: dict[str, list[int]] = {}
        for row, item in enumerate(self.items):
            for name in item.all_people:
                table.setdefault(name, []).append(row)
        return table

    @cached_property
    def subjects(self) -> Subjects:
        """What items are about, by keyword and theme."""
        return Subjects([(*item.keywords, *item.themes) for item in self.items])

    def touching(self, subject: str) -> frozenset[int]:
        """Rows that have anything of a subject: among keywords and themes, in the title, or in a word of the story."""
        wanted = subject_words(subject)
        told = (row for row, words in enumerate(self._told) if wanted and wanted <= words)
        return frozenset(self.subjects.of(subject)) | frozenset(told)

    @cached_property
    def _told(self) -> list[frozenset[str]]:
        return [subject_words(f"{item.title} {item.story()}") for item in self.items]

    def spellings(self, name: str) -> tuple[str, ...]:
        """Every way in which the catalogue writes a person's name; the name alone if it does not have them."""
        return self._spellings.get(person_key(name), (name,))

    @cached_property
    def _spellings(self) -> dict[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for name in self.people_rows:
            table[person_key(name)] = (*table.get(person_key(name), ()), name)
        return table

    @property
    def years(self) -> tuple[int, int] | None:
        """First and last year, or None where no item has one."""
        years = [item.year for item in self.items if item.year]
        return (min(years), max(years)) if years else None


def _by_frequency(names: Iterable[str]) -> tuple[str, ...]:
    count: dict[str, int] = {}
    for name in names:
        count[name] = count.get(name, 0) + 1
    return tuple(sorted(count, key=lambda name: (-count[name], name)))
