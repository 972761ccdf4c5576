"""Item texts: the rules for a record, errors that name the line, and the file that ships."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from chatrec.assets import asset_path
from chatrec.catalogue.items import Item
from chatrec.catalogue.movielens import movielens_100k
from chatrec.catalogue.texts import ItemText, read_texts, with_texts
from chatrec.errors import BadInput
from chatrec.sources import TEXTS

RECORD = {
    "item_id": "2",
    "title": "Heat",
    "year": 1995,
    "confidence": "high",
    "directors": ["Michael Mann"],
    "cast": ["Al Pacino", "Robert De Niro"],
    "keywords": ["bank robbery"],
    "themes": ["duty"],
    "moods": ["tense", "stylish"],
    "content": {"violence": "strong", "scares": "mild", "sex": "mild", "language": "strong"},
    "language": "English",
    "synopsis": " ".join(["word"] * 30),
    "pitch": " ".join(["word"] * 20),
    "caveat": " ".join(["word"] * 10),
}


@pytest.fixture(scope="module")
def shipped():
    return list(read_texts(TEXTS))


@pytest.fixture(scope="module")
def films():
    return movielens_100k(asset_path("ml-100k")).catalogue


def written(path, *records):
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records), encoding="utf-8")
    return path


def test_a_whole_record_is_read(tmp_path):
    (record,) = read_texts(written(tmp_path / "t.jsonl", RECORD))
    assert record.model_dump(exclude_defaults=True) == RECORD


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"moods": ["tense", "purple"]}, "purple"),
        ({"moods": ["tense", "dark", "sad", "slow", "epic"]}, "at most 4"),
        ({"synopsis": "too short"}, "synopsis has 2 words; it should have 25 to 45"),
        ({"pitch": " ".join(["word"] * 26)}, "pitch has 26 words; it should have 15 to 25"),
        ({"caveat": "word"}, "caveat has 1 words"),
        ({"confidence": "none"}, "must leave synopsis, pitch and caveat empty"),
        ({"confidence": "low"}, "confidence"),
        ({"content": {"violence": "some"}}, "content"),
        ({"cast": ["A"]}, "cast"),
        ({"series": {"name": "Heat", "position": 0}}, "position"),
        ({"tagline": "more"}, "tagline"),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused(change, complaint):
    with pytest.raises(ValidationError, match=complaint):
        ItemText.model_validate(RECORD | change)


def test_a_record_of_no_confidence_may_be_empty():
    assert ItemText(item_id="1", title="A", confidence="none").synopsis == ""


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"item_id": "3"', "line 3: not JSON"),
        ('{"item_id": "3", "title": "A", "confidence": "sure"}', "line 3: confidence"),
        ('{"item_id": "3", "confidence": "none"}', "line 3: title"),
        ("5", "line 3: record"),
        (json.dumps(RECORD | {"pitch": "short"}), "line 3: record.*pitch has 1 words"),
    ],
)
def test_an_error_names_the_file_the_line_and_the_field(tmp_path, line, complaint):
    path = written(tmp_path / "t.jsonl", RECORD, "", line)
    with pytest.raises(BadInput, match=rf"t\.jsonl, {complaint}"):
        list(read_texts(path))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
)
FIELDS = st.dictionaries(st.sampled_from(list(ItemText.model_fields)), JSON)


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.one_of(JSON.map(json.dumps), FIELDS.map(lambda part: json.dumps(RECORD | part)), st.text()), max_size=3)
)
def test_any_lines_are_records_or_bad_input(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "hostile.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    try:
        assert all(isinstance(record, ItemText) for record in read_texts(path))
    except BadInput as error:
        assert "line" in str(error)


def test_a_record_adds_its_facts_to_the_item_of_its_id():
    heat, other = Item(item_id="2", title="Heat", year=1995, categories=("Crime",)), Item(item_id="3", title="Other")
    record = RECORD | {"black_and_white": True, "series": {"name": "Heists", "position": 2}}
    full, bare = with_texts([heat, other], [ItemText.model_validate(record)])
    assert bare == other
    assert (full.title, full.year, full.categories) == ("Heat", 1995, ("Crime",))
    assert full.people == {"director": ("Michael Mann",), "cast": ("Al Pacino", "Robert De Niro")}
    assert full.moods == ("tense", "stylish")
    assert full.content["violence"] == "strong"
    assert full.series == ("Heists", 2)
    assert full.attributes == {"black and white": "yes"}
    assert full.description == record["synopsis"]


def test_another_films_text_is_refused_but_another_spelling_of_the_title_is_not():
    record = ItemText.model_validate(RECORD | {"title": "HEAT, The"})
    assert with_texts([Item(item_id="2", title="Heat")], [record])[0].description
    with pytest.raises(BadInput, match="'2' is of 'HEAT, The', but the item is 'Casino'"):
        with_texts([Item(item_id="2", title="Casino")], [record])


def test_the_shipped_texts_are_one_for_each_film_by_id_title_and_year(shipped, films):
    assert Counter(record.item_id for record in shipped) == Counter(films.row.keys())
    for record in shipped:
        item = films.by_id(record.item_id)
        assert (record.title, record.year) == (item.title, item.year)


def test_all_but_27_shipped_records_describe_their_film(shipped, films):
    unsure = {record.item_id for record in shipped if record.confidence == "none"}
    assert len(unsure) == 27
    items = with_texts(films, shipped)
    assert {item.item_id for item in items if not item.description} == unsure
    for item in items:
        if item.item_id not in unsure:
            assert item.people.get("director")
            assert item.moods
            assert set(item.content) == {"violence", "scares", "sex", "language"}


def test_no_shipped_text_is_used_for_two_films(shipped):
    for field in ("synopsis", "pitch"):
        texts = Counter(getattr(record, field) for record in shipped if getattr(record, field))
        assert [text for text, count in texts.items() if count > 1] == []


def test_places_in_a_shipped_series_are_taken_once(shipped):
    places = Counter((record.series.name, record.series.position) for record in shipped if record.series)
    assert [place for place, count in places.items() if count > 1] == []


def test_a_file_that_is_not_there_or_not_text_is_one_clear_line(tmp_path):
    with pytest.raises(BadInput, match=r"nowhere\.jsonl cannot be read"):
        list(read_texts(tmp_path / "nowhere.jsonl"))
    (tmp_path / "latin.jsonl").write_bytes(b'{"title": "Fianc\xe9"}')
    with pytest.raises(BadInput, match="not UTF-8"):
        list(read_texts(tmp_path / "latin.jsonl"))
