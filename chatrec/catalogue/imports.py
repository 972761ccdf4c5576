"""Ratings that people bring along: the CSV files that Letterboxd and IMDb let them export, told apart by their headers.

Letterboxd's ``ratings.csv`` and ``diary.csv`` have ``Date, Name, Year, Letterboxd URI, Rating`` (half to five stars);
IMDb's has ``Const, Your Rating, Date Rated, Title, Original Title, …, Title Type, …, Year`` (one to ten).
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from chatrec.catalogue.items import Catalogue, clean_text
from chatrec.errors import BadInput

LONGEST = 5_000_000
"""Characters of a file that are read at most."""
_NOT_FILMS = ("tv series", "tv mini", "tv episode", "video game", "podcast", "music video")


@dataclass(frozen=True)
class Rating:
    """One rated title.

    Attributes:
        titles: the title, and the original one where it is another.
        stars: half to five, or None where something was seen and not rated.
        date: as the file has it (``2024-05-01``); sorts by time.
    """

    titles: tuple[str, ...]
    year: int | None
    stars: float | None
    date: str

    @property
    def name(self) -> str:
        """Title and year as people read them."""
        return f"{self.titles[0]} ({self.year})" if self.year else self.titles[0]


@dataclass(frozen=True)
class Matched:
    """Ratings joined to a catalogue: rows with their stars, oldest first, and the names that it does not have."""

    rated: tuple[tuple[int, float | None], ...]
    unmatched: tuple[str, ...]


def read_ratings(text: str) -> list[Rating]:
    """The ratings of an export, oldest first; where a title occurs twice, both are there.

    Raises:
        BadInput: if it is neither of the two formats, or naming the first line that cannot be read.
    """
    if len(text) > LONGEST:
        raise BadInput(f"the file has more than {LONGEST:,} characters; export ratings alone")
    try:
        table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        header = {str(name).strip().casefold(): name for name in table.fieldnames or ()}
        if {"name", "year", "letterboxd uri"} <= header.keys():
            columns, best = ("name", "name", "rating", "date"), 5.0
        elif {"const", "title"} <= header.keys():
            columns, best = ("title", "original title", "your rating", "date rated"), 10.0
        else:
            found = clean_text(", ".join(header), 80) or "nothing"
            raise BadInput(f"this is no export of Letterboxd or IMDb: its first line has {found}; choose ratings.csv")
        if columns[2] not in header:
            raise BadInput("the file holds no ratings; choose ratings.csv of the export")
        made = [_rating(row, header, columns, best, table.line_num) for row in table]
    except csv.Error as error:
        raise BadInput(f"the file cannot be read as CSV: {error}") from error
    return sorted((rating for rating in made if rating), key=lambda rating: rating.date)


def _rating(
    row: dict[str, str | None],
    header: dict[str, str],
    columns: tuple[str, str, str, str],
    best: float,
    line: int,
) -> Rating | None:
    def cell(name: str) -> str:
        value = row.get(header[name]) if name in header else None
        return clean_text(value or "", 200)

    titles = tuple(dict.fromkeys(title for name in columns[:2] if (title := cell(name))))
    stars, year = cell(columns[2]), cell("year")
    if not titles or cell("title type").casefold().startswith(_NOT_FILMS):
        return None
    if not stars:  # a diary has films that were seen and not rated; a list of IMDb also those that are still to be seen
        return None if best > 5 else Rating(titles, _year(year), None, cell(columns[3]))
    try:
        value = float(stars)
    except ValueError:
        value = -1.0
    if not 0 < value <= best:
        raise BadInput(f"line {line}: the rating {stars!r} is no number up to {best:g}")
    return Rating(titles, _year(year), value * 5 / best, cell(columns[3]))


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else None


def match(ratings: Iterable[Rating], catalogue: Catalogue) -> Matched:
    """Join by title and year; of several ratings of an item the last one stands."""
    rated: dict[int, float | None] = {}
    unmatched: dict[str, None] = {}
    for rating in ratings:
        rows = (catalogue.find(title, rating.year) for title in rating.titles)
        row = next((row for row in rows if row is not None), None)
        if row is None:
            unmatched[rating.name] = None
        else:
            rated.pop(row, None)
            rated[row] = rating.stars
    return Matched(tuple(rated.items()), tuple(unmatched))
