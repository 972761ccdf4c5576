"""The independent checker: what it lets pass and what it calls untrue."""

from dataclasses import replace

import pytest

from chatrec.catalogue.items import Catalogue, Item
from chatrec.dialogue.events import Card, ItemRef, Profile, Reply
from chatrec.evaluation.dialogue.grounding import _strangers, untrue


@pytest.fixture
def films(catalogue):
    dance = Item(item_id="99", title="Shall We Dance?", year=1996, people={"director": ("Masayuki Suo",)})
    return Catalogue([*catalogue, dance])


def reply_with(films, title, reason, text="Here you are.", evidence=()):
    item = next(item for item in films if item.title == title)
    card = Card(item.item_id, item.title, item.year, item.name, reason=reason, evidence=evidence)
    heat = next(item for item in films if item.title == "Heat")
    profile = Profile(liked=(ItemRef(heat.item_id, heat.name),))
    return card, Reply(1, "hello", text, (card,), profile)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Casino", "You enjoyed Heat, and Robert De Niro is in this one too."),
        ("Shall We Dance?", "You liked Heat; try Shall We Dance? Masayuki Suo directs it."),
        ("Shall We Dance?", "Have you seen Shall We Dance? It came out in 1996."),
        ("Fargo", "Fargo is a crime film. It is by Joel Coen."),
    ],
)
def test_a_true_reason_passes(films, title, reason):
    assert untrue(*reply_with(films, title, reason), films) == ""


@pytest.mark.parametrize(
    ("title", "reason", "what"),
    [
        ("Casino", "You enjoyed Heat, and Tom Hanks is in this one too.", "Tom Hanks"),
        ("Casino", "You enjoyed Fargo, and this one has gangsters too.", "Fargo"),
        ("Fargo", "A crime film from 1994.", "1994"),
        ("Fargo", "Fargo is a western film.", "western"),
        ("Heat", "It is a crime film. Al Pacino directs.", "Al Pacino"),
        ("Heat", "It is a crime film. The leads are Michael Mann and Al Pacino.", "Michael Mann"),
    ],
)
def test_an_untrue_reason_is_named(films, title, reason, what):
    assert what in untrue(*reply_with(films, title, reason), films)


def test_praise_needs_counts_that_bear_it_out(films):
    few, many = "A safe start: 1 of its 3 raters liked it.", "A safe start: 15 of its 20 raters liked it."
    assert untrue(*reply_with(films, "Fargo", many, evidence=("liked by 15 of 20",)), films) == ""
    assert "1 of 3" in untrue(*reply_with(films, "Fargo", few, evidence=("liked by 1 of 3",)), films)


def test_years_that_were_not_asked_for_are_no_wish(films):
    card, reply = reply_with(films, "Fargo", "Released in 1996, as you wanted.")
    assert untrue(card, replace(reply, profile=replace(reply.profile, year_min=1990)), films) == ""
    assert "1996" in untrue(card, replace(reply, profile=replace(reply.profile, year_min=2020)), films)


def test_a_named_film_that_the_catalogue_lacks_is_found(films):
    _, reply = reply_with(films, "Fargo", "", text="Try Fargo (1996), or Parasite (2019).")
    assert len(_strangers(reply, films)) == 1
    assert "Parasite (2019)" in _strangers(reply, films)[0]
