"""Catalogues of one's own: what is understood, what is refused and how, and a workspace of books."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec import workspace
from chatrec.catalogue.tables import own_tables
from chatrec.collab.scorer import History
from chatrec.errors import BadInput
from chatrec.retrieval.index import Constraints, ItemIndex
from chatrec.workspace import Workspace

BOOKS = [
    {"isbn": "0001", "headline": "Emma", "writer": "Jane Austen", "year": "1815", "genres": "Romance|Comedy", "summary": "A matchmaker misreads every heart around her.", "pages": "474"},
    {"isbn": "0002", "headline": "Persuasion", "writer": "Jane Austen", "year": "1817", "genres": "Romance", "summary": "Eight years after a broken engagement, a captain returns.", "pages": "249"},
    {"isbn": "0003", "headline": "Dracula", "writer": "Bram Stoker", "year": "1897", "genres": "Horror", "summary": "A count from Transylvania comes to England for blood.", "pages": "418"},
    {"isbn": "0004", "headline": "Hound of the Baskervilles, The", "writer": "Arthur Conan Doyle", "year": "1902", "genres": "Mystery", "summary": "A spectral dog haunts a family on the moor.", "pages": "256"},
    {"isbn": "0005", "headline": "1984", "writer": "George Orwell", "year": "", "genres": "", "summary": "", "pages": ""},
]  # fmt: skip
RATINGS = [
    (f"r{u}", BOOKS[b]["isbn"], 5 if (b < 2) == (u % 2 == 0) else 2, 100 * u + b) for u in range(12) for b in range(4)
]
TOML = """
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


def written(folder, kind, rows=BOOKS, toml=TOML, name="books"):
    path = folder / f"{name}.{kind}"
    table = pd.DataFrame(rows)
    match kind:
        case "csv":
            table.to_csv(path, index=False)
        case "tsv":
            table.to_csv(path, index=False, sep="\t")
        case "jsonl":
            table.to_json(path, orient="records", lines=True)
        case "parquet":
            table.to_parquet(path)
    if toml:
        (folder / "catalogue.toml").write_text(toml, encoding="utf-8")
    return path


def ratings(folder, rows=RATINGS, columns=("reader", "isbn", "stars", "time")):
    path = folder / "ratings.csv"
    pd.DataFrame(rows, columns=list(columns)).to_csv(path, index=False)
    return path


def table(folder, text, name="items.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet"])
def test_every_kind_of_table_gives_the_same_catalogue(tmp_path, kind):
    shelf = own_tables(written(tmp_path, kind), ratings(tmp_path)).catalogue
    assert shelf.name == "Town library"
    assert (shelf.words.one, shelf.words.many, shelf.words.use, shelf.words.category) == (
        "book",
        "books",
        "read",
        "genre",
    )
    emma, _, _, hound, orwell = shelf
    assert (emma.item_id, emma.name, emma.categories) == ("0001", "Emma (1815)", ("Romance", "Comedy"))
    assert emma.people == {"author": ("Jane Austen",)}
    assert emma.description == BOOKS[0]["summary"]
    assert emma.attributes == {"pages": "474"}
    assert hound.title == "The Hound of the Baskervilles"
    assert (orwell.title, orwell.year, orwell.categories, orwell.attributes) == ("1984", None, (), {})


def test_lists_are_read_from_parquet_and_json_lists(tmp_path):
    rows = [
        {"id": 1, "title": "A", "genres": ["x", "y"], "authors": ["P", "Q"]},
        {"id": 2, "title": "B", "genres": None, "authors": None},
    ]
    for kind in ("jsonl", "parquet"):
        first, second = own_tables(written(tmp_path, kind, rows, toml="")).catalogue
        assert (first.item_id, first.categories, first.people) == ("1", ("x", "y"), {"author": ("P", "Q")})
        assert (second.categories, second.people) == ((), {})


def test_a_missing_year_among_numbers_stays_unknown(tmp_path):
    rows = [{"id": 1, "title": "A", "year": 1990}, {"id": 2, "title": "B", "year": None}]
    for kind in ("jsonl", "parquet", "csv"):
        assert [item.year for item in own_tables(written(tmp_path, kind, rows, toml="")).catalogue] == [1990, None]


def test_a_list_in_a_cell_is_split_at_bars_semicolons_or_commas(tmp_path):
    path = table(tmp_path, 'id,title,tags\n1,A,"sea, salt|sun"\n2,B,a;b\n3,C,"a, b, a"\n')
    assert [item.categories for item in own_tables(path).catalogue] == [("sea, salt", "sun"), ("a", "b"), ("a", "b")]


def test_cells_are_plain_data(tmp_path):
    path = table(tmp_path, "id,title,description,tags\n1,<|im_start|>Em\u200bma,x<|im_end|>\x07y,\u202ered|[REC]\n")
    (item,) = own_tables(path).catalogue
    assert (item.title, item.description, item.categories) == ("Em ma", "x y", ("red",))


def test_interactions_are_matched_by_id_and_unknown_items_counted(tmp_path):
    source = own_tables(
        written(tmp_path, "csv"), ratings(tmp_path, [*RATINGS, ("r0", "9999", 5, 1), ("r0", " 0005 ", 4, 9)])
    )
    assert source.notes == {"raw_interactions": 50, "unknown_items": 1}
    assert len(source.interactions) == 49
    assert "0005" in set(source.interactions["item_id"])


def test_without_interactions_there_are_none(tmp_path):
    source = own_tables(written(tmp_path, "csv"))
    assert len(source.interactions) == 0
    assert len(source.catalogue) == 5


@pytest.mark.parametrize(
    ("given_stars", "stars"),
    [
        ([10, 5, 1], [5.0, 2.5, 0.5]),
        ([1, 0, 1], [5.0, 0.0, 5.0]),
        ([5, 3, 1], [5.0, 3.0, 1.0]),
        ([100, 50, 0], [5.0, 2.5, 0.0]),
    ],
)
def test_other_scales_are_brought_to_five_stars(tmp_path, given_stars, stars):
    rows = [("r", f"000{n + 1}", star, n) for n, star in enumerate(given_stars)]
    assert own_tables(written(tmp_path, "csv"), ratings(tmp_path, rows)).interactions["rating"].tolist() == stars


def test_interactions_without_ratings_are_likes_in_the_order_of_the_table(tmp_path):
    path = table(tmp_path, "user,isbn\na,0003\na,0001\n", "seen.csv")
    got = own_tables(written(tmp_path, "csv"), path).interactions
    assert got["item_id"].tolist() == ["0003", "0001"]
    assert got["rating"].tolist() == [5.0, 5.0]


def test_times_may_be_dates(tmp_path):
    path = table(tmp_path, "user,isbn,date\na,0003,2020-02-01\na,0001,1970-01-02\n", "seen.csv")
    assert own_tables(written(tmp_path, "csv"), path).interactions["timestamp"].tolist() == [86_400, 1_580_515_200]


def test_times_may_be_dates_of_different_precision(tmp_path):
    path = table(tmp_path, "user,isbn,date\na,0003,2020-02-01\na,0001,2020-01-31 23:30\n", "seen.csv")
    assert own_tables(written(tmp_path, "csv"), path).interactions["item_id"].tolist() == ["0001", "0003"]


def test_times_of_a_parquet_table_may_be_datetimes(tmp_path):
    when = pd.to_datetime(["2020-02-01", "1970-01-02"])
    path = tmp_path / "seen.parquet"
    pd.DataFrame({"user": ["a", "a"], "isbn": ["0003", "0001"], "date": when}).to_parquet(path)
    assert own_tables(written(tmp_path, "csv"), path).interactions["item_id"].tolist() == ["0001", "0003"]


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ("id,title,year\n1,A,1990\n,B,\n3,,\n4,D,soon\n1,E,\n", ["4 of 5 rows", "row 3, id: empty", "row 4, title: empty", "row 5, year: 'soon' is not a year", "row 6, id: '1' is also in row 2"]),
        ("id,title\n" + ",x\n" * 8, ["8 of 8 rows", "row 2, id", "row 6, id", "… and 3 more"]),
        ("id,title,year\n1,A,inf\n2,B,1e99\n", ["row 2, year: 'inf'", "row 3, year: '1e99'"]),
        ("key,name\n1,A\n", ["no column for item_id", "isbn", "it has key, name"]),
        ("id,year\n1,1990\n", ["no column for title", "it has id, year"]),
        ("id,title\n1,A,extra\n2,B,extra\n", ["more fields than the header", "quotation marks"]),
        ("id,title\n1,A\n2,B,extra\n", ["cannot be read as csv", "line 3"]),
        ('id,title\n1,"A\n', ["cannot be read as csv"]),
        ("", ["cannot be read as csv"]),
        (b"id,title\n1,Caf\xe9\n", ["cannot be read as csv", "utf-8"]),
        (b"\x89PNG\r\n\x00\x00", ["items.csv"]),
    ],
)  # fmt: skip
def test_bad_items_are_refused_with_the_first_rows_and_columns(tmp_path, text, complaints):
    with pytest.raises(BadInput) as caught:
        own_tables(table(tmp_path, text))
    for complaint in complaints:
        assert complaint in str(caught.value)
    assert str(caught.value).count("\n  ") <= 6


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        (
            "user,isbn,stars\na,0001,good\nb,0002,5\nc,0003,\n",
            ["2 of 3 rows", "row 2, stars: 'good' is not a number", "row 4"],
        ),
        ("user,isbn,stars\na,0001,inf\n", ["row 2, stars: 'inf' is not a number"]),
        ("user,isbn,time\na,0001,2020-01-01\nb,0002,soon\n", ["row 3, time: 'soon' is not a time"]),
        ("user,isbn,time\na,0001,inf\nb,0002,1e30\n", ["row 2, time", "row 3, time"]),
        ("user,isbn\n,0001\nb, \n", ["2 of 2 rows", "row 2: user or item is empty", "row 3"]),
        ("user,isbn,stars\n" + "a,0001,x\n" * 40, ["40 of 40 rows", "… and 35 more"]),
        ("user,isbn,stars\n,0001,x\n", ["1 of 1 rows"]),
        ("user,isbn\na,77\n", ["none of its items is in the catalogue (first: '77')"]),
        ("user,stars\na,5\n", ["no column for item_id", "it has user, stars"]),
    ],
)
def test_bad_interactions_are_refused_with_the_first_rows_and_columns(tmp_path, text, complaints):
    with pytest.raises(BadInput) as caught:
        own_tables(written(tmp_path, "csv"), table(tmp_path, text, "seen.csv"))
    for complaint in complaints:
        assert complaint in str(caught.value)


def test_a_row_without_a_user_in_json_lines_is_refused(tmp_path):
    path = table(tmp_path, '{"user": null, "isbn": "0001"}\n{"user": "a", "isbn": "0002"}\n', "seen.jsonl")
    with pytest.raises(BadInput, match="row 2: user or item is empty"):
        own_tables(written(tmp_path, "csv"), path)


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("name = \n", "not valid TOML"),
        ('columns = "headline"\n', "below \\[columns\\]"),
        ('words = "books"\n[columns]\ntitle = "headline"\n', r"\[words\]"),
        ('[words]\none = 3\n[columns]\ntitle = "headline"\n', r"\[words\]"),
        ('[columns]\ntitle = "heading"\n', r"'heading' for title, but .*books\.csv has isbn, headline"),
        ('[columns]\ntitle = "headline"\npeople.author = "poet"\n', "'poet' for people.author"),
    ],
)
def test_a_catalogue_toml_that_cannot_be_used_is_refused(tmp_path, toml, complaint):
    with pytest.raises(BadInput, match=complaint):
        own_tables(written(tmp_path, "csv", toml=toml))


def test_a_missing_file_and_an_unknown_kind_are_refused(tmp_path):
    with pytest.raises(BadInput, match=r"there is no file .*gone\.csv"):
        own_tables(tmp_path / "gone.csv")
    with pytest.raises(BadInput, match=r"'\.xlsx' is not known; give csv"):
        own_tables(table(tmp_path, "x", "items.xlsx"))
    with pytest.raises(BadInput, match="cannot be read as parquet"):
        own_tables(table(tmp_path, "junk", "items.parquet"))
    with pytest.raises(BadInput, match="cannot be read as jsonl"):
        own_tables(table(tmp_path, '{"id": 1', "items.jsonl"))


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "1", "0001", "nan", "NaN", "inf", "-1e400", "1e18", "9" * 30, "2020-01-01", "0000-00-00", "1995-13-40", "NULL", "=1+1", "a|b;c,d", '"', "'", "\\", "\n", "\r", "\x00", "(1995)", "<|im_end|>", "\u202e", "The, The"]),
)  # fmt: skip


def as_csv(header, rows, quoted):
    """Written as it should be, or with no quotation marks at all."""
    rows = [header, *rows]
    if not quoted:
        return "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue().encode("utf-8", "replace")


@settings(deadline=None, max_examples=250)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=4),
    st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=4),
    st.booleans(),
)
def test_any_cells_are_a_catalogue_or_bad_input(tmp_path_factory, items, seen, quoted):
    folder = tmp_path_factory.mktemp("hostile")
    things = table(folder, as_csv(["id", "title", "year", "tags", "author"], [["1", "A", "", "", ""], *items], quoted))
    visits = table(folder, as_csv(["user", "id", "rating", "time"], [["u", "1", "5", "7"], *seen], quoted), "seen.csv")
    try:
        source = own_tables(things, visits)
    except BadInput as error:
        assert "items.csv" in str(error) or "seen.csv" in str(error)
        return
    assert all(item.title and item.item_id for item in source.catalogue)
    assert np.isfinite(source.interactions["rating"]).all()
    assert set(source.interactions["item_id"]) <= set(source.catalogue.row)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200), st.sampled_from(["csv", "tsv", "jsonl", "parquet"]))
def test_any_bytes_are_a_catalogue_or_bad_input(tmp_path_factory, data, kind):
    path = table(tmp_path_factory.mktemp("bytes"), data, f"items.{kind}")
    try:
        own_tables(path)
    except BadInput as error:
        assert f"items.{kind}" in str(error)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    source = own_tables(written(folder, "csv"), ratings(folder))
    workspace.build(source, "books.csv", folder / "workspace")
    return Workspace(folder / "workspace")


def test_a_workspace_of_books_speaks_of_books_when_opened_again(library):
    assert library.catalogue.words.many == "books"
    assert library.manifest.name == "Town library"
    assert (library.manifest.items, library.manifest.interactions, library.manifest.users) == (5, 48, 12)
    assert library.catalogue.by_id("0004").title == "The Hound of the Baskervilles"
    assert len(library.interactions) == 48


def test_books_are_found_by_text_and_constraint(library):
    index = ItemIndex.open(library.path / "index")
    query = library.encoder.encode(["a vampire"])[0]
    assert library.catalogue[index.nearest("text", query, Constraints(), 1)[0][0]].title == "Dracula"
    by_austen = index.nearest("text", query, Constraints(people_any=("Jane Austen",)), 5)
    assert {library.catalogue[row].title for row, _ in by_austen} == {"Emma", "Persuasion"}


def test_a_book_nobody_rated_can_be_recommended_from_and_to(library):
    row = library.catalogue.row["0005"]
    assert not library.collab.item_vectors[row].any()
    assert np.isfinite(library.collab.score(History((row,)))).all()


def test_a_catalogue_without_any_rating_is_built_and_opened(tmp_path):
    built = workspace.build(own_tables(written(tmp_path, "csv")), "books.csv", tmp_path / "workspace")
    assert built.manifest.users == 0
    assert np.isfinite(built.collab.score(History((0,), (2,)))).all()
    index = ItemIndex.open(built.path / "index")
    assert len(index.nearest("text", built.vectors["story"][0], Constraints(), 10)) == 5
    assert index.nearest("cf", np.ones(built.collab.factors, dtype=np.float32), Constraints(), 10) == []


def test_a_table_without_rows_is_no_workspace(tmp_path):
    with pytest.raises(BadInput, match="holds no items"):
        workspace.build(own_tables(table(tmp_path, "id,title\n")), "items.csv", tmp_path / "workspace")
    assert not (tmp_path / "workspace").exists()
