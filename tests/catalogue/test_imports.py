"""Ratings from Letterboxd and IMDb: what is recognised, what is refused in one line, and what is matched."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.catalogue.imports import match, read_ratings
from chatrec.catalogue.items import Catalogue, Item, clean_text
from chatrec.errors import BadInput

LETTERBOXD = ["Date", "Name", "Year", "Letterboxd URI", "Rating"]
IMDB = [
    "Const",
    "Your Rating",
    "Date Rated",
    "Title",
    "Original Title",
    "URL",
    "Title Type",
    "IMDb Rating",
    "Runtime (mins)",
    "Year",
    "Genres",
]

titles = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda t: bool(clean_text(t))
)
years = st.none() | st.integers(1900, 2030)
dates = st.dates().map(str)


def written(header, rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


@given(st.lists(st.tuples(dates, titles, years, st.none() | st.integers(1, 10)), max_size=8), st.booleans())
@settings(max_examples=80, deadline=None)
def test_what_letterboxd_writes_is_read(rows, mark):
    text = written(LETTERBOXD, [(d, t, y or "", "https://boxd.it/x", s / 2 if s else "") for d, t, y, s in rows])
    made = read_ratings("\ufeff" * mark + text)
    assert [r.date for r in made] == sorted(r[0] for r in rows)
    expected = {(d, clean_text(t, 200), y, s / 2 if s else None) for d, t, y, s in rows}
    assert {(r.date, r.titles[0], r.year, r.stars) for r in made} == expected


@given(st.lists(st.tuples(dates, titles, titles, years, st.integers(1, 10)), max_size=8))
@settings(max_examples=80, deadline=None)
def test_what_imdb_writes_is_read(rows):
    text = written(IMDB, [("tt1", s, d, t, o, "", "Movie", "8.1", "98", y or "", "Crime") for d, t, o, y, s in rows])
    expected = {(d, tuple(dict.fromkeys((clean_text(t, 200), clean_text(o, 200)))), y, s / 2) for d, t, o, y, s in rows}
    assert {(r.date, r.titles, r.year, r.stars) for r in read_ratings(text)} == expected


@given(
    st.text()
    | st.text().map(lambda t: ",".join(LETTERBOXD) + "\n" + t)
    | st.text().map(lambda t: ",".join(IMDB) + "\n" + t)
)
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused_in_one_line(text):
    try:
        made = read_ratings(text)
    except BadInput as error:
        assert "\n" not in str(error) and len(str(error)) < 300
    else:
        assert all(r.titles and (r.stars is None or 0 < r.stars <= 5) for r in made)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "its first line has nothing"),
        ("a;b\n1;2", "no export of Letterboxd or IMDb: its first line has a;b"),
        ("Date,Name,Year,Letterboxd URI\n2024-01-01,Fargo,1996,x", "holds no ratings"),
        (
            written(LETTERBOXD, [("2024-01-01", "Fargo", 1996, "x", 4), ("", "Heat", 1995, "x", "11")]),
            "line 3: the rating '11' is no number up to 5",
        ),
        (written(IMDB, [("tt1", "great", "", "Fargo")]), "line 2: the rating 'great' is no number up to 10"),
        ("Name" * 2_000_000, "more than 5,000,000 characters"),
    ],
)
def test_what_is_wrong_is_said(text, message):
    with pytest.raises(BadInput, match=message):
        read_ratings(text)


def test_series_and_what_is_not_rated_on_imdb_are_left_out():
    text = written(
        IMDB,
        [
            ("tt1", 9, "2024-01-01", "Fargo", "Fargo", "", "TV Series"),
            ("tt2", "", "2024-01-01", "Heat", "Heat", "", "Movie"),
        ],
    )
    assert read_ratings(text) == []


def test_every_item_of_a_catalogue_is_matched_to_itself(catalogue):
    rows = [("2024-01-01", item.title, item.year, "x", 4) for item in catalogue]
    made = match(read_ratings(written(LETTERBOXD, rows)), catalogue)
    assert sorted(row for row, _ in made.rated) == list(range(len(catalogue))) and not made.unmatched


def test_the_year_decides_the_last_rating_stands_and_the_rest_is_listed():
    catalogue = Catalogue(
        [
            Item(item_id="a", title="Sabrina", year=1954),
            Item(item_id="b", title="Sabrina", year=1995),
            Item(item_id="c", title="The Seven Samurai", year=1954),
        ]
    )
    rows = [
        ("2024-03-01", "Sabrina", 1995, "x", 2),
        ("2024-01-01", "Sabrina", 1995, "x", 5),
        ("2024-02-01", "Seven Samurai", 1954, "x", ""),
        ("2024-02-02", "Barbie", 2023, "x", 4),
        ("2024-02-03", "Sabrina", 2020, "x", 4),
    ]
    made = match(read_ratings(written(LETTERBOXD, rows)), catalogue)
    assert made.rated == ((2, None), (1, 2.0)) and made.unmatched == ("Barbie (2023)", "Sabrina (2020)")


def test_the_original_title_serves_too():
    catalogue = Catalogue([Item(item_id="a", title="La strada", year=1954)])
    text = written(IMDB, [("tt1", 9, "2024-01-01", "The Road", "La Strada", "", "Movie", "", "", 1954)])
    assert match(read_ratings(text), catalogue).rated == ((0, 4.5),)
