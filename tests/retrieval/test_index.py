"""The real embedded index: filters mean what ``Constraints.allows`` says, and nothing else comes back."""

import socket
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small_items

from chatrec import config
from chatrec.catalogue.items import Catalogue, Item
from chatrec.errors import BadInput, WorkspaceError
from chatrec.retrieval.index import Constraints, ItemIndex, rows_allowed

WIDTH = 12
BARE = Item(item_id="bare", title="Nothing Known")
SHADES = Item(
    item_id="old",
    title="Old One",
    year=1931,
    attributes={"black and white": "yes"},
    language="German",
    content={"violence": "mild"},
)


@pytest.fixture(scope="module")
def films():
    shades = {"attributes": {"black and white": "yes"}}
    items = [item.model_copy(update=shades if (item.year or 0) < 1950 else {}) for item in small_items()]
    return Catalogue([*items, BARE, SHADES], name="Films")


@pytest.fixture(scope="module")
def vectors(films):
    random = np.random.default_rng(5)
    text, cf = (random.normal(size=(len(films), WIDTH)).astype(np.float32) for _ in range(2))
    cf[[3, 24, 25]] = 0.0  # nobody rated these
    return text / np.linalg.norm(text, axis=1, keepdims=True), cf


@pytest.fixture(scope="module")
def index(films, vectors, tmp_path_factory):
    return ItemIndex.build(tmp_path_factory.mktemp("index") / "index", films, *vectors)


CATEGORIES = st.lists(
    st.sampled_from([*{c for i in small_items() for c in i.categories}, "Opera"]), max_size=3, unique=True
).map(tuple)
PEOPLE = st.lists(
    st.sampled_from([*{p for i in small_items() for p in i.all_people}, "Nobody At All"]), max_size=3, unique=True
).map(tuple)
YEARS = st.none() | st.integers(1930, 2000)
CONSTRAINTS = st.builds(
    Constraints,
    categories_any=CATEGORIES,
    categories_all=CATEGORIES.map(lambda names: names[:2]),
    categories_none=CATEGORIES,
    people_any=PEOPLE,
    people_none=PEOPLE,
    year_min=YEARS,
    year_max=YEARS,
    content_none=st.lists(st.sampled_from(["violence", "scares", "sex", "language"]), max_size=2, unique=True).map(
        tuple
    ),
    language=st.sampled_from(["", "", "English", "english", "German", "Klingon"]),
    black_and_white=st.sampled_from([None, None, True, False]),
    exclude=st.frozensets(st.integers(0, 25), max_size=8),
)
FEW = st.fixed_dictionaries({}, optional={"categories_any": CATEGORIES, "categories_none": CATEGORIES, "people_none": PEOPLE, "year_min": YEARS, "year_max": YEARS, "exclude": st.frozensets(st.integers(0, 25))}).map(lambda some: Constraints(**some))  # fmt: skip


@settings(deadline=None, max_examples=250)
@given(CONSTRAINTS | FEW, st.integers(0, 25))
def test_the_filter_lets_through_exactly_what_the_constraints_allow(index, films, vectors, constraints, like):
    text, cf = vectors
    allowed = set(rows_allowed(films, constraints, range(len(films))))
    found = [row for row, _ in index.nearest("text", text[like], constraints, len(films))]
    assert len(found) == len(set(found))
    assert set(found) == allowed
    if cf[like].any():
        rated = {row for row, _ in index.nearest("cf", cf[like], constraints, len(films))}
        assert rated == {row for row in allowed if cf[row].any()}


@settings(deadline=None, max_examples=80)
@given(FEW, st.integers(0, 25), st.integers(1, 30))
def test_the_nearest_of_the_allowed_come_first_with_their_cosine(index, films, vectors, constraints, like, count):
    text, _ = vectors
    cosines = text @ text[like]
    best = sorted(rows_allowed(films, constraints, range(len(films))), key=lambda row: -cosines[row])[:count]
    found = index.nearest("text", text[like], constraints, count)
    assert [row for row, _ in found] == best
    assert np.allclose([score for _, score in found], cosines[best], atol=1e-4)


def test_collaborative_vectors_are_compared_by_cosine_whatever_their_length(index, vectors):
    _, cf = vectors
    one, other = (index.nearest("cf", factor * cf[0], Constraints(), 5) for factor in (0.01, 100))
    assert [row for row, _ in one] == [row for row, _ in other]
    assert one[0] == (0, pytest.approx(1.0, abs=1e-4))


def test_items_nobody_rated_are_in_the_text_space_only(index, films, vectors):
    text, cf = vectors
    everything = Constraints()
    assert {row for row, _ in index.nearest("text", text[0], everything, 99)} == set(range(len(films)))
    assert {row for row, _ in index.nearest("cf", cf[0], everything, 99)} == set(range(len(films))) - {3, 24, 25}


def test_excluded_rows_do_not_take_the_places_of_others(index, vectors):
    text, _ = vectors
    best = [row for row, _ in index.nearest("text", text[0], Constraints(), 10)]
    rest = index.nearest("text", text[0], Constraints(exclude=frozenset(best[:6])), 4)
    assert [row for row, _ in rest] == best[6:]


def test_excluding_everything_leaves_nothing(index, films, vectors):
    assert index.nearest("text", vectors[0][0], Constraints(exclude=frozenset(range(len(films)))), 5) == []


@pytest.mark.parametrize(
    ("constraints", "titles"),
    [
        (Constraints(categories_all=("Sci-Fi", "Horror")), {"Alien"}),
        (Constraints(people_any=("Martin Scorsese",), categories_none=("Crime",)), {"Taxi Driver"}),
        (Constraints(year_max=1935), {"Duck Soup", "Old One"}),
        (Constraints(year_min=1995, people_any=("Harrison Ford",)), {"Sabrina"}),
        (Constraints(categories_any=("Western",), content_none=("violence",)), {"High Noon"}),
        (Constraints(language="german"), {"Old One"}),
        (Constraints(black_and_white=True, categories_any=("Comedy",)), {"Duck Soup"}),
        (Constraints(year_min=2000), set()),
        (Constraints(people_any=("Robert",)), set()),
    ],
)
def test_conditions_mean_what_a_person_means(index, films, vectors, constraints, titles):
    found = index.nearest("text", vectors[0][0], constraints, 99)
    assert {films[row].title for row, _ in found} == titles


def test_an_unknown_year_satisfies_no_condition_on_years(films):
    row = len(films) - 2
    assert Constraints().allows(row, BARE)
    assert not Constraints(year_max=2020).allows(row, BARE)
    assert not Constraints(year_min=1900).allows(row, BARE)


def test_asking_for_none_or_with_an_empty_vector_finds_none(index, vectors):
    assert index.nearest("text", vectors[0][0], Constraints(), 0) == []
    assert index.nearest("text", np.zeros(WIDTH, dtype=np.float32), Constraints(), 5) == []


def test_an_unknown_space_is_bad_input(index, vectors):
    with pytest.raises(BadInput, match="'taste'; there are text, cf"):
        index.nearest("taste", vectors[0][0], Constraints(), 5)


def test_an_index_is_the_same_when_opened_again(index, films, vectors, tmp_path):
    text, cf = vectors
    folder = tmp_path / "index"
    built = ItemIndex.build(folder, films, text, cf).nearest("text", text[4], Constraints(year_min=1980), 6)
    assert ItemIndex.open(folder).nearest("text", text[4], Constraints(year_min=1980), 6) == built


def test_a_missing_index_asks_for_a_new_build(tmp_path):
    with pytest.raises(WorkspaceError, match=r"no index .*build it again"):
        ItemIndex.open(tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_an_index_without_collections_asks_for_a_new_build(tmp_path):
    (tmp_path / "index").mkdir()
    with pytest.raises(WorkspaceError, match="build the workspace again"):
        ItemIndex.open(tmp_path / "index")


def test_a_damaged_index_asks_for_a_new_build(tmp_path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "chroma.sqlite3").write_bytes(b"junk" * 2000)
    with pytest.raises(WorkspaceError, match="build the workspace again"):
        ItemIndex.open(tmp_path / "index")


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@pytest.mark.parametrize("port", ["closed", "many"])
def test_a_server_that_does_not_answer_is_named(tmp_path, monkeypatch, port):
    host = f"127.0.0.1:{free_port() if port == 'closed' else port}"
    monkeypatch.setattr("chatrec.retrieval.index.settings", lambda: SimpleNamespace(chroma_host=host))
    assert config.settings().chroma_host == ""
    with pytest.raises(WorkspaceError, match=rf"CHATREC_CHROMA_HOST.*{host}"):
        ItemIndex.open(tmp_path / "index")
