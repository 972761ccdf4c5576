"""MovieLens as published: the real 100K files, and latest-small where the reference data are."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.assets import asset_path
from chatrec.catalogue.interactions import held_out_rows, interactions_frame, leave_one_out, rating_matrix, sequences
from chatrec.catalogue.movielens import movielens_csv
from chatrec.errors import BadInput
from chatrec.sources import read_source


@pytest.fixture(scope="module")
def films():
    return read_source("ml-100k")


@pytest.fixture(scope="module")
def raw():
    return pd.read_csv(asset_path("ml-100k") / "ml-100k.inter", sep="\t", dtype=str).rename(
        columns=lambda n: n.split(":")[0]
    )


def test_items_users_and_merged_duplicates_are_counted(films):
    assert films.notes["raw_items"] == 1682
    assert films.notes["raw_interactions"] == 100_000
    assert films.notes["merged_items"] == 18
    assert len(films.catalogue) == 1663
    assert films.interactions["user_id"].nunique() == 943
    assert set(films.interactions["item_id"]) <= set(films.catalogue.row)


def test_no_two_items_share_title_and_year(films):
    assert len({(item.title, item.year) for item in films.catalogue}) == 1663


def test_the_ratings_of_a_merged_pair_go_to_the_lower_id(films, raw):
    chasing = films.catalogue[films.catalogue.find("Chasing Amy (1997)")]
    assert chasing.item_id == "246"  # and 268 in the raw files
    assert "268" not in films.catalogue.row
    users = set(raw.loc[raw["item_id"].isin(["246", "268"]), "user_id"])
    assert set(films.interactions.loc[films.interactions["item_id"] == "246", "user_id"]) == users
    one = films.interactions[(films.interactions["item_id"] == "246")]
    assert one["user_id"].is_unique


def test_a_rating_is_the_one_in_the_file(films, raw):
    got = films.interactions.set_index(["user_id", "item_id"])["rating"]
    sample = raw[raw["item_id"] == "50"].head(50)
    assert len(sample) == 50
    for row in sample.itertuples():
        assert got[(row.user_id, "50")] == float(row.rating)


def test_the_placeholder_without_a_title_is_left_out(films):
    assert "267" not in films.catalogue.row
    assert "267" not in set(films.interactions["item_id"])
    assert all(item.title and item.year for item in films.catalogue)


@pytest.mark.parametrize(
    "name", ["The Godfather (1972)", "Il Postino (1994)", "The Usual Suspects (1995)", "A Little Princess (1995)"]
)
def test_titles_are_natural(films, name):
    assert name in {item.name for item in films.catalogue}


def test_no_title_ends_in_an_article(films):
    assert [
        item.name for item in films.catalogue if item.title.endswith((", The", ", A", ", An", ", La", ", Der"))
    ] == []


@pytest.mark.parametrize(
    ("title", "years"), [("Sabrina", {1954, 1995}), ("Cape Fear", {1962, 1991}), ("The Scarlet Letter", {1926, 1995})]
)
def test_remakes_stay_apart_and_are_found_by_year(films, title, years):
    assert {item.year for item in films.catalogue if item.title == title} == years
    for year in years:
        assert films.catalogue[films.catalogue.find(f"{title} ({year})")].name == f"{title} ({year})"


def test_every_film_is_found_by_its_own_name(films):
    found = {item.name: films.catalogue[films.catalogue.find(item.name)].name for item in films.catalogue}
    assert [pair for pair in found.items() if pair[0] != pair[1]] == []


def test_genres_are_written_as_people_write_them(films):
    assert films.catalogue[films.catalogue.find("Toy Story")].categories == ("Animation", "Children", "Comedy")
    assert "Film Noir" in films.catalogue.category_names
    assert not {"Children's", "Film-Noir", "unknown"} & set(films.catalogue.category_names)
    assert len(films.catalogue.category_names) == 18


def test_an_unknown_source_names_the_known_ones():
    with pytest.raises(BadInput, match=r"unknown source 'netflix'.*ml-100k"):
        read_source("netflix")


def test_latest_small_has_all_its_items_and_ratings(shared_data):
    source = read_source(f"ml-latest-small:{shared_data / 'ml-latest-small'}")
    assert source.notes["raw_items"] == 9742
    assert len(source.catalogue) == 9742 - source.notes["merged_items"]
    assert 1 <= source.notes["merged_items"] <= 10
    assert source.interactions["user_id"].nunique() == 610
    assert len(source.interactions) > 100_000
    assert source.interactions["rating"].between(0.5, 5).all()
    row = source.catalogue.find("City of Lost Children, The (1995)")
    assert source.catalogue[row].title == "The City of Lost Children"
    assert "Children" in source.catalogue[source.catalogue.find("Toy Story (1995)")].categories
    assert not any("no genres" in name for name in source.catalogue.category_names)


def test_a_film_that_is_listed_twice_in_movielens_tables_is_one(tmp_path):
    (tmp_path / "movies.csv").write_text(
        'movieId,title,genres\n1,"Saga, The (1999)",Drama|War\n2,"Saga, The (1999)",War\n3,Emma (1996),(no genres listed)\n'
    )
    (tmp_path / "ratings.csv").write_text(
        "userId,movieId,rating,timestamp\n1,1,3.0,10\n1,2,5.0,20\n2,2,4.0,5\n2,9,1.0,6\n"
    )
    source = movielens_csv(tmp_path)
    assert [(item.item_id, item.name, item.categories) for item in source.catalogue] == [
        ("1", "The Saga (1999)", ("Drama", "War")),
        ("3", "Emma (1996)", ()),
    ]
    rated = source.interactions[["user_id", "item_id", "rating"]].values.tolist()
    assert rated == [["2", "1", 4.0], ["1", "1", 5.0]]  # the later rating of one person stands; item 9 is not there


def test_a_folder_without_the_tables_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match=r"no movies\.csv"):
        movielens_csv(tmp_path)


def test_each_users_last_two_films_are_held_out(films):
    split = leave_one_out(films.interactions)
    assert len(split.test) == len(split.valid) == 943
    assert len(split.train) + 2 * 943 == len(films.interactions)
    last = split.train.groupby("user_id")["timestamp"].max()
    valid, test = (part.set_index("user_id")["timestamp"] for part in (split.valid, split.test))
    assert (last <= valid.loc[last.index]).all()
    assert (valid <= test.loc[valid.index]).all()


RATINGS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(1, 5), st.integers(0, 50)), max_size=60)


def frame(rows):
    table = pd.DataFrame(rows, columns=["user_id", "item_id", "rating", "timestamp"])
    return interactions_frame(table)


@settings(deadline=None)
@given(RATINGS, st.integers(2, 6))
def test_a_split_loses_nothing_and_holds_out_the_latest(rows, minimum):
    table = frame(rows)
    split = leave_one_out(table, minimum)
    together = pd.concat([split.train, split.valid, split.test])
    pairs = [sorted(zip(t["user_id"], t["item_id"], strict=True)) for t in (together, table)]
    assert pairs[0] == pairs[1]
    for user, mine in table.groupby("user_id"):
        parts = [part[part["user_id"] == user]["timestamp"] for part in (split.train, split.valid, split.test)]
        if len(mine) < minimum:
            assert [len(part) for part in parts] == [len(mine), 0, 0]
        else:
            assert [len(part) for part in parts[1:]] == [1, 1]
            assert parts[2].iloc[0] == mine["timestamp"].max()
            assert parts[0].empty or parts[0].max() <= parts[1].iloc[0]


@settings(deadline=None)
@given(RATINGS)
def test_a_pair_is_kept_once_with_its_last_rating_in_order_of_time(rows):
    table = frame(rows)
    assert table["timestamp"].is_monotonic_increasing
    times = {}
    for user, item, _, time in rows:
        times[str(user), str(item)] = max(time, times.get((str(user), str(item)), 0))
    kept = {(row.user_id, row.item_id): row.timestamp for row in table.itertuples()}
    assert kept == times
    assert len(table) == len(kept)


def test_unknown_users_and_items_are_left_out_of_matrix_and_sequences():
    table = frame([("a", "x", 5, 2), ("a", "y", 1, 1), ("b", "x", 4, 3), ("a", "gone", 3, 9)])
    matrix = rating_matrix(table, {"x": 0, "y": 1}, ["a"])
    assert matrix.toarray().tolist() == [[5.0, 1.0]]
    assert sequences(table, {"x": 0, "y": 1}) == {"a": [(1, 1.0), (0, 5.0)], "b": [(0, 4.0)]}


def test_rows_held_out_from_training_are_few_sorted_and_always_the_same():
    rows = held_out_rows(1663)
    assert len(set(rows)) == 100
    assert rows.tolist() == sorted(rows) == held_out_rows(1663).tolist()
    assert 0 <= rows.min() <= rows.max() < 1663
