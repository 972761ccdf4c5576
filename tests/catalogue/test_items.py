"""Titles as people and tables write them, text from outside as plain data, and looking items up."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatrec.catalogue.items import ARTICLES, Catalogue, Item, clean_text, natural_title, split_title, title_key
from chatrec.errors import BadInput

PIECES = ["<|im_start|>", "<|", "|>", "<item:3>", "</item>", "<", ">", "[REC]", "[RE", "C]", "\u202e", "\u2060", "\U000e0041", "\x00", "\x1b[31m", "\n", "a", "Ü", "\u0301"]  # fmt: skip
HOSTILE = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3))).map("".join))
WORDS = st.text("abcdefgh", min_size=1, max_size=8).map(str.capitalize)


@settings(deadline=None, max_examples=300)
@given(HOSTILE, st.none() | st.integers(1, 30))
@example("<|<|im_end|>im_start|>", None)
@example("[RE[REC]C]", None)
def test_cleaned_text_has_no_markers_no_control_characters_and_single_spaces(text, limit):
    cleaned = clean_text(text, limit)
    assert not re.search(r"<\|[^<>|]*\|>|</?item[^<>]*>|\[REC\]", cleaned, re.IGNORECASE)
    assert not any(
        unicodedata.category(c) == "Cc" or c in "\u200b\u202a\u202e\u2060\u2066\ufeff\U000e0041" for c in cleaned
    )
    assert cleaned == " ".join(cleaned.split())
    assert limit is None or len(cleaned) <= limit


@settings(deadline=None)
@given(HOSTILE)
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize("text", ["Amélie, 2001: l'été & <3", "Schindler's List — 8/10!", "七人の侍", "2 < 3 > 1"])
def test_what_people_write_stays_as_it_is(text):
    assert clean_text(text) == text


def test_half_a_character_becomes_a_question_mark():
    assert clean_text("broken \ud83d emoji") == "broken ? emoji"


def test_both_ways_to_write_an_accent_are_one():
    assert clean_text("Ame\u0301lie") == clean_text("Am\u00e9lie")


@pytest.mark.parametrize(
    ("filed", "natural"),
    [
        ("Godfather, The", "The Godfather"),
        ("Avventura, L'", "L'Avventura"),
        ("Bewegte Mann, Der", "Der Bewegte Mann"),
        ("Good, the Bad and the Ugly, The", "The Good, the Bad and the Ugly"),
        ("cook the thief, the", "the cook the thief"),
        ("Hello, Dolly", "Hello, Dolly"),
        ("The The", "The The"),
        ("  Heat ", "Heat"),
    ],
)
def test_a_filing_title_becomes_the_natural_one(filed, natural):
    assert natural_title(filed) == natural


@settings(deadline=None)
@given(WORDS, st.sampled_from([a for a in ARTICLES if not a.endswith("'")]), st.integers(1888, 2099))
def test_every_article_is_moved_and_the_year_split_off(word, article, year):
    assert split_title(f"{word}, {article} ({year})") == (f"{article} {word}", year, ())


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("Seven (Se7en) (1995)", ("Seven", 1995, ("Se7en",))),
        ("City of Lost Children, The (1995)", ("The City of Lost Children", 1995, ())),
        ("Postino, Il (a.k.a. Postman, The) (1994)", ("Il Postino", 1994, ("The Postman",))),
        ("Shanghai Triad (Yao a yao yao dao waipo qiao) (1995)", ("Shanghai Triad", 1995, ("Yao a yao yao dao waipo qiao",))),
        ("2001: A Space Odyssey (1968)", ("2001: A Space Odyssey", 1968, ())),
        ("1984", ("1984", None, ())),
        ("(1995)", ("(1995)", None, ("1995",))),
        ("Heat (Heat)", ("Heat", None, ())),
    ],
)  # fmt: skip
def test_a_raw_title_splits_into_title_year_and_other_titles(raw, parts):
    assert split_title(raw) == parts


@settings(deadline=None, max_examples=300)
@given(HOSTILE.filter(str.strip))
def test_no_text_breaks_the_splitting_and_a_title_remains(raw):
    title, year, aliases = split_title(raw)
    assert title
    assert year is None or 0 <= year <= 9999
    assert title not in aliases
    assert title_key(title)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Godfather", "godfather, the"),
        ("Amélie", "AMELIE"),
        ("L'Avventura", "L’avventura"),
        ("Schindler's List", "schindlers list"),
        ("Fast & Furious", "Fast and Furious"),
        ("M*A*S*H", "MASH"),
        ("E.T. the Extra-Terrestrial", "ET the extra terrestrial"),
        ("Three Colours: Red", "three colors red"),
    ],
)
def test_case_accents_articles_punctuation_and_spelling_do_not_tell_titles_apart(one, other):
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alien", "Aliens"),
        ("Part 1", "Part 2"),
        ("The", "A"),
        ("七人の侍 2", "用心棒 2"),
        ("Том 1", "Книга 1"),
        ("...", "***"),
    ],
)
def test_different_titles_have_different_keys(one, other):
    assert title_key(one) != title_key(other)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), st.sampled_from([str.upper, str.lower, str.title]))
def test_the_key_does_not_depend_on_case_or_a_leading_article(title, case):
    bare = title_key(title)
    assert title_key(case(title)) == bare
    if not re.match(r"(?:A|De|Das|Le|La)\b", title):  # "A" is also an article of its own
        assert title_key(f"The {title}") == title_key(f"{title}, The") == bare


def test_every_film_is_found_by_its_name_in_any_usual_form(catalogue):
    for row, item in enumerate(catalogue):
        assert catalogue.find(item.name) == row
        assert catalogue.find(item.title.upper(), item.year) == row
        if item.title.startswith("The "):
            assert catalogue.find(f"{item.title[4:]}, The ({item.year})") == row


def test_the_year_decides_between_films_of_one_name(catalogue):
    years = {year: catalogue[catalogue.find(f"Sabrina ({year})")].year for year in (1954, 1995)}
    assert years == {1954: 1954, 1995: 1995}
    assert catalogue[catalogue.find("Sabrina", 1995)].year == 1995


@pytest.mark.parametrize(("year", "found"), [(1994, True), (1996, True), (1993, False), (1986, False)])
def test_a_year_may_be_off_by_one_and_no_more(catalogue, year, found):
    assert (catalogue.find(f"Heat ({year})") is not None) == found


@pytest.mark.parametrize("name", ["", "   ", "No Such Film", "(1995)", "!!!"])
def test_what_is_not_there_is_not_found(catalogue, name):
    assert catalogue.find(name) is None


def test_an_item_is_found_by_its_other_titles_and_by_words_in_brackets():
    shelf = Catalogue(
        [Item(item_id="1", title="Seven", year=1995, aliases=("Se7en",)), Item(item_id="2", title="(500) Days")]
    )
    assert shelf.find("se7en") == 0
    assert shelf.find("The Crimes (Seven) (1995)") == 0
    assert shelf.find("(500) Days") == 1


def test_an_items_own_title_comes_before_anothers_alias():
    shelf = Catalogue(
        [Item(item_id="1", title="Seven", aliases=("Se7en",)), Item(item_id="2", title="Se7en", year=1995)]
    )
    assert shelf.find("Se7en") == shelf.find("Se7en (1995)") == 1


def test_an_item_of_unknown_year_fits_any_year():
    assert Catalogue([Item(item_id="1", title="Emma")]).find("Emma (1996)") == 0


@settings(deadline=None, max_examples=200)
@given(HOSTILE)
def test_no_question_breaks_the_lookup(name):
    shelf = Catalogue([Item(item_id="1", title="Heat", year=1995), Item(item_id="2", title="...")])
    assert shelf.find(name) in (None, 0, 1)


def test_two_items_of_one_id_are_refused_by_name():
    with pytest.raises(BadInput, match="'7' occurs twice"):
        Catalogue([Item(item_id="7", title="A"), Item(item_id="8", title="B"), Item(item_id="7", title="C")])


def test_an_item_without_a_title_is_refused_by_id():
    with pytest.raises(BadInput, match="'8' has no title"):
        Catalogue([Item(item_id="7", title="A"), Item(item_id="8", title="")])


def test_an_unknown_id_is_bad_input(catalogue):
    assert catalogue.by_id("15").title == "Sabrina"
    with pytest.raises(BadInput, match="'999'"):
        catalogue.by_id("999")


def test_the_passage_for_the_encoder_holds_what_is_known(catalogue):
    text = catalogue.by_id("2").text()
    for part in (
        "Heat (1995)",
        "Action, Crime, Thriller",
        "Director: Michael Mann",
        "bank robbery",
        "Mood: tense, stylish",
    ):
        assert part in text
    assert Item(item_id="1", title="Bare").text() == "Bare."


def test_categories_come_most_frequent_first(catalogue):
    counts = [sum(name in item.categories for item in catalogue) for name in catalogue.category_names]
    assert counts == sorted(counts, reverse=True)
    assert set(catalogue.category_names) == {name for item in catalogue for name in item.categories}


def test_years_and_people_of_the_catalogue(catalogue):
    assert catalogue.years == (1933, 1996)
    assert [catalogue[row].title for row in catalogue.people_rows["Martin Scorsese"]] == ["Casino", "Taxi Driver"]
    assert Catalogue([Item(item_id="1", title="A")]).years is None


def test_the_story_leaves_names_out_and_falls_back_to_all_that_is_known(catalogue):
    story = catalogue.by_id("2").story()
    assert "bank robbery" in story and "obsession" in story and "tense" in story
    assert not any(name in story for name in ("Heat", "1995", "Al Pacino", "Michael Mann"))
    bare = Item(item_id="1", title="Bare", year=1990, categories=("Drama",))
    assert bare.story() == bare.text()


def test_one_thing_entered_twice_is_told_from_two_things_of_one_name():
    entries = [("The Matrix", None), ("Matrix, The", 1999), ("Sabrina", 1954), ("Sabrina", 1995), ("Heat", 1995)]
    made = Catalogue(
        Item(item_id=str(n), title=natural_title(title), year=year) for n, (title, year) in enumerate(entries)
    )
    assert [made.twins(row) for row in range(len(made))] == [[0, 1], [0, 1], [2], [3], [4]]
