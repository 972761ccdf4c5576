"""Dialogue corpora as catalogues, and ratings joined to them by title and year."""

import gzip
import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.catalogue.corpora import corpus
from chatrec.catalogue.interactions import interactions_frame
from chatrec.catalogue.items import Catalogue, Item
from chatrec.catalogue.joins import with_ratings
from chatrec.catalogue.movielens import Source
from chatrec.errors import BadInput
from chatrec.sources import read_source


def write(folder, *records):
    folder.mkdir(exist_ok=True)
    lines = (r if isinstance(r, str) else json.dumps(r) for r in records)
    (folder / "items.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def film(item_id, title, **more):
    return {"item_id": item_id, "title": title, **more}


def ratings(*rows):
    """A source of films named "Title (year)" with one rating each, or as many as the number behind."""
    items = [Item(item_id=f"m{n}", title=title, year=year) for n, (title, year, _) in enumerate(rows)]
    table = [(f"u{k}", f"m{n}", 4.0, k) for n, (_, _, count) in enumerate(rows) for k in range(count)]
    frame = pd.DataFrame(table, columns=["user_id", "item_id", "rating", "timestamp"])
    return Source(Catalogue(items, name="rated"), interactions_frame(frame))


def test_a_redial_line_becomes_an_item(tmp_path):
    line = film(
        "7", "Big Sleep, The (1946)", genres=["film-noir", "sci-fi", "family"], director=["Howard Hawks"],
        writers=["William Faulkner"], cast=["Humphrey Bogart"], plot="A private detective.", imdb_id="tt1",
    )  # fmt: skip
    (item,) = corpus("redial", write(tmp_path, line)).catalogue
    assert (item.item_id, item.name) == ("7", "The Big Sleep (1946)")
    assert item.categories == ("Film Noir", "Sci-Fi", "Children")
    assert item.people == {"director": ("Howard Hawks",), "cast": ("Humphrey Bogart",), "writer": ("William Faulkner",)}
    assert item.description == "A private detective."


def test_an_opendialkg_line_becomes_an_item(tmp_path):
    line = film(
        "0", "Emma (Romantic comedy Film)", year="1996", genres=["Romantic comedy", "Drama film", "England"],
        language=["French", "English Language"],
    )  # fmt: skip
    (item,) = corpus("opendialkg", write(tmp_path, line)).catalogue
    assert item.name == "Emma (1996)" and item.aliases == ("Emma (Romantic comedy Film)",)
    assert item.categories == ("Romance", "Comedy", "Drama") and item.keywords == ("England",)
    assert item.language == "English"


def test_brackets_that_belong_to_a_title_stay(tmp_path):
    titles = ["(500) Days of Summer (2009)", "The Meyerowitz Stories (New and Selected) (2017)", "(2015)"]
    folder = write(tmp_path, *(film(str(n), title) for n, title in enumerate(titles)))
    assert [item.name for item in corpus("redial", folder).catalogue] == titles


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ('{"item_id": "2"', "line 2: not JSON"),
        ('{"item_id": "2"}', "line 2: title"),
        ('{"item_id": "2", "title": "X", "genres": "drama"}', "line 2: genres"),
        ("[]", "line 2"),
    ],
)
def test_a_broken_line_is_named(tmp_path, broken, says):
    with pytest.raises(BadInput, match=says) as caught:
        corpus("redial", write(tmp_path, film("1", "One (2001)"), broken))
    assert "\n" not in str(caught.value)


@given(st.text())
def test_no_line_crashes(tmp_path_factory, line):
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "items.jsonl").write_text(line, encoding="utf-8", errors="replace", newline="")
    try:
        corpus("opendialkg", folder)
    except BadInput as error:
        assert str(folder) in str(error) or "item" in str(error)


@pytest.mark.parametrize("spec", ["redial", "redial:", "opendialkg:nowhere", "ml-latest-small:nowhere", "netflix:x"])
def test_a_source_that_is_not_there_is_one_line(spec):
    with pytest.raises(BadInput) as caught:
        read_source(spec)
    assert "\n" not in str(caught.value)


def test_a_broken_ratings_table_is_one_line(tmp_path):
    (tmp_path / "movies.csv").write_text("movieId,title,genres\n1,One (2001),Drama\n")
    (tmp_path / "ratings.csv").write_text("userId,movieId,rating,timestamp\n1,1,good,5\n")
    with pytest.raises(BadInput, match=r"ratings\.csv"):
        read_source(f"ml-latest-small:{tmp_path}")


def test_a_folder_without_items_says_which_file(tmp_path):
    with pytest.raises(BadInput, match=r"items\.jsonl"):
        corpus("redial", tmp_path)


def test_ratings_are_joined_by_title_and_year(tmp_path):
    folder = write(
        tmp_path,
        film("a", "The Godfather (1972)"),
        film("b", "Sabrina (1995)"),
        film("c", "Sabrina (1954)"),
        film("d", "Heat"),  # no year: the most rated of its name
        film("e", "Solaris (1972)"),
        film("f", "Alien (1980)"),  # release years differ by one between countries
    )
    rated = ratings(
        ("Godfather", 1972, 1), ("Sabrina", 1954, 2), ("Sabrina", 1995, 3), ("Heat", 1986, 1), ("Heat", 1995, 4),
        ("Solaris", 2002, 5), ("Alien", 1979, 6),
    )  # fmt: skip
    joined = with_ratings(corpus("redial", folder), rated)
    assert joined.interactions["item_id"].value_counts().to_dict() == {"a": 1, "b": 3, "c": 2, "d": 4, "f": 6}
    assert joined.notes["matched"] == 5


def test_people_of_two_sources_stay_apart():
    own = ratings(("Heat", 1995, 2))
    joined = with_ratings(own, ratings(("Heat", 1995, 3)))
    assert len(joined.interactions) == 5 and joined.interactions["user_id"].nunique() == 5


def test_a_source_without_ratings_is_refused(tmp_path):
    source = corpus("redial", write(tmp_path, film("a", "Heat (1995)")))
    with pytest.raises(BadInput, match="no ratings"):
        with_ratings(source, source)
    with pytest.raises(BadInput, match="no item"):
        with_ratings(source, ratings(("Casino", 1995, 1)))


def test_the_corpora_as_published(shared_data):
    redial = read_source(f"redial:{shared_data / 'redial'}")
    assert len(redial.catalogue) == 6583
    joined = with_ratings(redial, read_source(f"ml-latest-small:{shared_data / 'ml-latest-small'}"))
    assert joined.notes["matched"] > 4000
    with gzip.open(shared_data / "redial" / "valid_turns.jsonl.gz", "rt", encoding="utf-8") as lines:
        names = {title for line in lines for title in json.loads(line)["rec"]}
    unnamed = [name for name in names if name not in {item.name for item in redial.catalogue}]
    assert not unnamed
    assert len(read_source(f"opendialkg:{shared_data / 'opendialkg'}").catalogue) == 3672
