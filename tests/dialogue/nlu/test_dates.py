"""Years as people give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.dialogue.nlu.dates import Years, read_years

LOW, HIGH = 1922, 1998
years = st.integers(1920, 2023)


@given(years)
def test_limits_of_one_year(year):
    assert read_years(f"before {year}", LOW, HIGH) == Years(last=year - 1)
    assert read_years(f"made after {year}", LOW, HIGH) == Years(first=year + 1)
    assert read_years(f"{year} or later", LOW, HIGH) == Years(first=year)
    assert read_years(f"up to {year}", LOW, HIGH) == Years(last=year)
    assert read_years(f"from {year}", LOW, HIGH) == Years(year, year)


@given(years, years)
def test_two_years_are_a_range_in_whichever_order(one, two):
    found = read_years(f"between {one} and {two}", LOW, HIGH)
    assert (found.first, found.last) == (min(one, two), max(one, two))


@given(st.integers(2, 9), st.sampled_from(["'{}0s", "{}0s", "19{}0s", "the 19{}0's"]))
def test_decades_in_figures(decade, form):
    assert read_years(form.format(decade), LOW, HIGH) == Years(1900 + 10 * decade, 1909 + 10 * decade)


@given(st.text(max_size=40))
def test_anything_is_read(text):
    found = read_years(text, LOW, HIGH)
    assert found.first is None or found.last is None or found.first <= found.last


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("the early nineties", 1990, 1994),
        ("late 60s", 1965, 1969),
        ("the seventies or eighties", 1970, 1989),
        ("the last ten years", 1989, None),
        ("after the war", 1946, None),
        ("pre-war", None, 1938),
        ("the fifties onwards", 1950, None),
        ("the 2000s", 2000, 2009),
        ("recent", 1995, None),
        ("an oldie", None, 1970),
        ("something", None, None),
    ],
)
def test_periods(said, first, last):
    assert read_years(said, LOW, HIGH) == Years(first, last)


def test_a_refused_range_leaves_the_rest():
    assert read_years("before 1970", LOW, HIGH).refused(LOW, HIGH) == Years(first=1970)
    assert read_years("after 1960", LOW, HIGH).refused(LOW, HIGH) == Years(last=1960)
    assert read_years("the nineties", LOW, HIGH).refused(LOW, HIGH) == Years(last=1989)
    assert read_years("the fifties", LOW, HIGH).refused(LOW, HIGH).empty


def test_older_and_newer_are_steps():
    assert read_years("a bit older", LOW, HIGH).step == -1
    assert read_years("newer", LOW, HIGH).step == 1
    assert read_years("newer", LOW, HIGH).refused(LOW, HIGH).step == -1
