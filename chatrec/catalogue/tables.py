"""A catalogue of one's own: one table of items, and one of interactions if there are any (csv, jsonl or parquet).

Columns are found by their usual names (:data:`ROLES`); an optional ``catalogue.toml`` beside the items names which
column plays which part and the words to use::

    name = "Town library"
    [words]
    one = "book"
    many = "books"
    use = "read"
    used = "read"
    [columns]
    title = "headline"
    people.author = "writer"
"""

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from chatrec.catalogue.interactions import interactions_frame
from chatrec.catalogue.items import Catalogue, Item, Words, clean_text, split_title
from chatrec.catalogue.movielens import Source
from chatrec.errors import BadInput

ROLES: dict[str, tuple[str, ...]] = {
    "item_id": ("item_id", "itemid", "id", "isbn", "movieid", "movie_id", "book_id", "game_id", "asin"),
    "title": ("title", "name", "item_title", "movie_title"),
    "year": ("year", "release_year", "published", "publication_year"),
    "categories": ("categories", "genres", "genre", "category", "tags"),
    "description": ("description", "synopsis", "plot", "summary", "overview", "text"),
    "keywords": ("keywords",),
    "themes": ("themes",),
    "moods": ("moods",),
    "pitch": ("pitch",),
    "caveat": ("caveat",),
    "language": ("language",),
    "user_id": ("user_id", "userid", "user", "reader", "player"),
    "rating": ("rating", "score", "stars", "value"),
    "timestamp": ("timestamp", "time", "unix_time", "date"),
}
"""Names under which a column is recognised, lower case, in order of preference."""

PEOPLE = (
    "director",
    "directors",
    "author",
    "authors",
    "cast",
    "actors",
    "writer",
    "writers",
    "designer",
    "designers",
    "artist",
    "developer",
    "publisher",
)
LISTS = ("categories", "keywords", "themes", "moods")
LARGEST = 2.0**63
"""No rating and no time (nanoseconds included) reaches this; what does is a mistake."""
SHOWN = 5
"""Offending rows that an error lists."""


def own_tables(items: Path, interactions: Path | None = None) -> Source:
    """Read a catalogue of any kind.

    Raises:
        BadInput: listing the first offending rows and columns.
    """
    options = _options(items.with_name("catalogue.toml"))
    named = options.get("columns", {})
    if not isinstance(named, dict):
        raise BadInput(f"catalogue.toml: columns = {named!r} is no table of names; write them below [columns]")
    table = _read(items)
    columns = {role: _column(table, items, role, named) for role in ROLES}
    for role in ("item_id", "title"):
        if columns[role] is None:
            raise BadInput(
                f"{items}: no column for {role} (looked for {', '.join(ROLES[role])}); it has {', '.join(map(str, table.columns))}"
            )
    people = _people(table, items, named)
    used = {name for name in columns.values() if name} | set(people.values())
    wrong: list[str] = []
    made: list[Item] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(table.to_dict("records"), 2):
        try:
            made.append(_item(row, columns, people, [str(c) for c in table.columns if c not in used]))
            if made[-1].item_id in seen:
                wrong.append(
                    f"row {number}, {columns['item_id']}: {made[-1].item_id!r} is also in row {seen[made[-1].item_id]}"
                )
            seen.setdefault(made[-1].item_id, number)
        except ValueError as error:
            wrong.append(f"row {number}, {error}")
    _refuse(items, wrong, len(table))
    words = _words(options)
    name = clean_text(str(options.get("name") or items.stem), 80)
    catalogue = Catalogue(made, words, name)
    if interactions is None:
        return Source(
            catalogue,
            interactions_frame(pd.DataFrame(columns=["user_id", "item_id", "rating", "timestamp"])),
            {"matched": 0},
        )
    return Source(catalogue, *_interactions(interactions, catalogue, named))


def _interactions(path: Path, catalogue: Catalogue, named: dict[str, object]) -> tuple[pd.DataFrame, dict[str, object]]:
    table = _read(path)
    columns = {role: _column(table, path, role, named) for role in ("user_id", "item_id", "rating", "timestamp")}
    for role in ("user_id", "item_id"):
        if columns[role] is None:
            raise BadInput(
                f"{path}: no column for {role} (looked for {', '.join(ROLES[role])}); it has {', '.join(map(str, table.columns))}"
            )
    ids = {role: table[columns[role]] for role in ("user_id", "item_id")}
    frame = pd.DataFrame(
        {role: column.astype(str).str.strip().where(column.notna(), "") for role, column in ids.items()}
    )
    wrong: dict[int, str] = {}
    for role, default in (("rating", 5.0), ("timestamp", None)):
        column = columns[role]
        if column is None:
            frame[role] = default if default is not None else range(len(table))
            continue
        numbers = pd.to_numeric(table[column], errors="coerce")
        if role == "timestamp" and numbers.isna().any():
            parsed = pd.to_datetime(table[column], errors="coerce", utc=True, format="mixed").dt.as_unit("s")
            numbers = (parsed - pd.Timestamp(0, tz="UTC").as_unit("s")).dt.total_seconds()
        numbers = numbers.where(numbers.abs() < LARGEST)
        wrong |= {
            i: f"row {i + 2}, {column}: {table[column].iloc[i]!r} is not a {'number' if role == 'rating' else 'time'}"
            for i in numbers.index[numbers.isna()]
        }
        frame[role] = numbers.fillna(0)
    blank = frame.index[(frame["user_id"] == "") | (frame["item_id"] == "")]
    wrong |= {i: f"row {i + 2}: user or item is empty" for i in blank}
    _refuse(path, [wrong[i] for i in sorted(wrong)], len(table))
    known = frame["item_id"].isin(catalogue.row)
    if len(frame) and not known.any():
        raise BadInput(
            f"{path}: none of its items is in the catalogue (first: {frame['item_id'].iloc[0]!r}); do the ids agree?"
        )
    notes: dict[str, object] = {"raw_interactions": len(frame), "unknown_items": int((~known).sum())}
    frame = frame[known]
    if frame["rating"].max() > 5 or (len(frame) and frame["rating"].max() <= 1):  # other scales, brought to five stars
        frame["rating"] = frame["rating"] * 5.0 / max(float(frame["rating"].max()), 1e-9)
    return interactions_frame(frame), notes


def _item(row: dict[Any, Any], columns: dict[str, str | None], people: dict[str, str], others: list[str]) -> Item:
    def value(role: str) -> object:
        name = columns[role]
        found = row.get(name) if name else None
        return None if found is None or (isinstance(found, float) and pd.isna(found)) else found

    item_id = str(value("item_id") if value("item_id") is not None else "").strip()
    if not item_id:
        raise ValueError(f"{columns['item_id']}: empty")
    title, own_year, aliases = split_title(clean_text(str(value("title") or ""), 200))
    if not title:
        raise ValueError(f"{columns['title']}: empty")
    year = own_year
    if value("year") not in (None, ""):
        try:
            year = int(float(str(value("year"))[:4]))
            if abs(year) > 9999:
                raise ValueError
        except (ValueError, OverflowError):
            raise ValueError(f"{columns['year']}: {value('year')!r} is not a year") from None
    texts = {role: clean_text(str(value(role) or ""), 2000) for role in ("description", "pitch", "caveat", "language")}
    return Item(
        item_id=item_id,
        title=title,
        year=year,
        aliases=aliases,
        people={role: names for role, column in people.items() if (names := _list(row.get(column)))},
        attributes={name: text for name in others if (text := clean_text(_plain(row.get(name)), 200))},
        **{role: _list(value(role)) for role in LISTS},  # type: ignore[arg-type]
        **texts,  # type: ignore[arg-type]
    )


def _plain(value: object) -> str:
    return "" if value is None or (isinstance(value, float) and pd.isna(value)) else str(value)


def _list(value: object) -> tuple[str, ...]:
    """A list column: a real list, or text separated by ``|``, ``;`` or commas (the first of these that occurs)."""
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        parts = [str(part) for part in value]  # type: ignore[attr-defined]
    else:
        text = _plain(value)
        mark = next((mark for mark in "|;," if mark in text), "|")
        parts = text.split(mark)
    return tuple(dict.fromkeys(cleaned for part in parts if (cleaned := clean_text(part, 80))))


def _people(table: pd.DataFrame, path: Path, named: dict[str, object]) -> dict[str, str]:
    roles = named.get("people")
    if isinstance(roles, dict):
        for role, column in roles.items():
            if column not in table.columns:
                raise BadInput(_no_column(table, path, f"people.{role}", column))
        return {str(role): str(column) for role, column in roles.items()}
    lower = {str(name).lower(): str(name) for name in table.columns}
    return {name.removesuffix("s") if name != "cast" else name: lower[name] for name in PEOPLE if name in lower}


def _column(table: pd.DataFrame, path: Path, role: str, named: dict[str, object]) -> str | None:
    wanted = named.get(role)
    if isinstance(wanted, str):
        if wanted in table.columns:
            return wanted
        if role in ("item_id", "user_id", "rating", "timestamp"):  # may be the other table's
            wanted = None
        else:
            raise BadInput(_no_column(table, path, role, wanted))
    lower = {str(name).lower().strip(): str(name) for name in table.columns}
    return next((lower[name] for name in ROLES[role] if name in lower), None)


def _no_column(table: pd.DataFrame, path: Path, role: str, wanted: object) -> str:
    return f"catalogue.toml names the column {wanted!r} for {role}, but {path} has {', '.join(map(str, table.columns))}"


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise BadInput(f"there is no file {path}")
    try:
        match path.suffix.lower():
            case ".csv":
                return _csv(path, ",")
            case ".tsv":
                return _csv(path, "\t")
            case ".jsonl":
                return pd.read_json(path, lines=True, dtype=False, convert_dates=False)
            case ".parquet":
                return pd.read_parquet(path)
    except (ValueError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"{path} cannot be read as {path.suffix[1:]}: {str(error).splitlines()[0]}") from error
    raise BadInput(f"{path}: the kind {path.suffix!r} is not known; give csv, tsv, jsonl or parquet")


def _csv(path: Path, separator: str) -> pd.DataFrame:
    table = pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False)
    if len(table) and not isinstance(table.index, pd.RangeIndex):  # pandas takes what is too much for row labels
        raise ValueError(
            "the first row has more fields than the header; put a text that holds the separator in quotation marks"
        )
    return table


def _options(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid TOML: {error}") from error


def _words(options: dict[str, object]) -> Words:
    try:
        return Words.model_validate(options.get("words", {}))
    except ValidationError as error:
        raise BadInput(f"catalogue.toml, [words]: {error.errors()[0]['msg']}") from error


def _refuse(path: Path, wrong: list[str], rows: int) -> None:
    if wrong:
        more = f"\n  … and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        listed = "\n  ".join(wrong[:SHOWN])
        raise BadInput(f"{path}: {len(wrong)} of {rows} rows cannot be used:\n  {listed}{more}")
