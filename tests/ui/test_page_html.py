"""The HTML of the page's parts: no text becomes markup, everything is said in reading order, in colours one can read."""

import re
from dataclasses import replace

import pytest
from fakes import FILMS, REASON, WORDS, Parsed
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.catalogue.items import Item, Words
from chatrec.dialogue.events import Card, ItemRef, Profile

pytest.importorskip("gradio")
from chatrec_ui import app, cards, comparison, frame, panel, posters
from chatrec_ui import view as views


def card_with(text):
    return Card(text, text, 1999, text, (text,), (text,), (text,), (text,), text, {text: "strong"}, text, (text,), 0.5)


def item_with(text):
    people = {"director": (text,), "cast": (text,)}
    return Item(
        item_id=text,
        title=text,
        categories=(text,),
        people=people,
        moods=(text,),
        themes=(text,),
        content={text: text},
        description=text,
        language=text,
    )


def drawn(card, pressed=frozenset(), waiting=False):
    profile = Profile(**{verdict: (ItemRef(card.item_id, card.name),) for verdict in pressed})
    return cards.card_html(card, standing=cards.Standing(profile), key="cr-0-0", waiting=waiting, words=WORDS)


@given(st.text(st.characters(exclude_categories=[])))
@settings(max_examples=80, deadline=None)
def test_no_text_becomes_markup(text):
    text = f"x{text}"
    ref = ItemRef(text, text)
    profile = Profile(*[(ref,)] * 5, *[(text,)] * 7, year_min=1990, year_max=1999)
    plain_ref = ItemRef("x", "x")
    plain = Profile(*[(plain_ref,)] * 5, *[("x",)] * 7, year_min=1990, year_max=1999)
    for made, expected in (
        (drawn(card_with(text)), drawn(card_with("x"))),
        (comparison.comparison(*[item_with(text)] * 2, WORDS), comparison.comparison(*[item_with("x")] * 2, WORDS)),
        (
            panel.panel(profile, WORDS, text, undo=text, missing=[text], catalogue=text),
            panel.panel(plain, WORDS, "x", undo="x", missing=["x"], catalogue="x"),
        ),
        (views.problem(text, retry=True), views.problem("x", retry=True)),
        (views.welcome([text], WORDS), views.welcome(["x"], WORDS)),
        (frame.footer(text, 3, WORDS), frame.footer("x", 3, WORDS)),
        (views.said(text), views.said("x")),
        (views.reply(text), views.reply("x")),
    ):
        assert Parsed(made).shape == Parsed(expected).shape
        made.encode("utf-8")  # lone surrogates would break JSON
        assert "%%%" not in made


@given(st.text(min_size=1))
@settings(max_examples=80, deadline=None)
def test_every_block_is_one_line_so_that_markdown_leaves_it_alone(text):
    for block in (drawn(card_with(text)), views.said(text), views.reply(text), views.problem(text)):
        assert "\n" not in block
        assert re.match(r"<(article|div)\b", block)


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_a_poster_is_safe_in_a_css_string(title):
    words = posters.poster_words(title)
    assert all(c.isalnum() or c in " :,.!?&-’…·" for c in words)
    assert 1 <= len(words) <= posters.LONGEST
    ((_, attributes),) = Parsed(posters.poster(title, title, 1999, (title,))).elements
    assert attributes["style"].count("'") == 4 and f"--cr-t:'{words}'" in attributes["style"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Fargo", "Fargo"),
        ("2001: A Space Odyssey", "2001: A Space Odyssey"),
        ("'*'", "’ ’"),
        ("<>", "·"),
        ("L'avventura", "L’avventura"),
        ("Dr. Strangelove or: How I Learned to Stop Worrying", "Dr. Strangelove or: How I Learned…"),
    ],
)
def test_words_of_a_poster(title, expected):
    assert posters.poster_words(title) == expected


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_a_synopsis_begins_with_its_first_sentence(text):
    assert text.startswith(cards.first_sentence(text))
    two = "Norville is hired by schemers who want him to fail. Then he has an idea."
    assert cards.first_sentence(two) == "Norville is hired by schemers who want him to fail."


def test_card_says_all_there_is_in_reading_order():
    page = Parsed(drawn(replace(FILMS[0], reason=REASON), pressed=frozenset({"liked"})))
    order = [
        "Fargo",
        "1996",
        "87% match",
        "How likely you are to like it",
        "Crime · Drama · Thriller",
        "By Joel Coen",
        "Frances McDormand",
        "A car salesman",
        REASON,
        "you liked Blood Simple",
        "Strong violence and language",
    ]
    places = [page.text.index(part) for part in order]
    assert places == sorted(places)
    assert [(b["name"], b["value"]) for b in page.buttons()] == [
        ("cr-match", ""),
        ("cr-undo-liked", "1"),
        ("cr-mark-disliked", "1"),
        ("cr-mark-seen", "1"),
        ("cr-later", "1"),
        ("cr-say", "No crime, please"),
        ("cr-say", "No drama, please"),
        ("cr-say", "No thriller, please"),
        ("cr-say", "Nothing by Joel Coen, please"),
        ("cr-say", "Nothing with Frances McDormand, please"),
        ("cr-say", "Nothing with William H. Macy, please"),
        ("cr-mark-seen", "1"),
        ("cr-say", "Something like Fargo (1996), please"),
        ("cr-say", "Why Fargo (1996)?"),
        ("cr-compare", "1"),
    ]
    assert len({b["id"] for b in page.buttons()}) == len(page.buttons())
    assert "Like: Fargo (1996), chosen" in page.text
    assert "cr-wait" not in drawn(FILMS[0])
    assert "cr-wait" in drawn(FILMS[0], waiting=True)


def test_card_leaves_out_what_is_not_known():
    page = Parsed(drawn(Card("9", "Untitled", None, "Untitled")))
    assert "match" not in page.text and "By" not in page.text and "None" not in page.text
    assert cards.content_note({"violence": "mild", "sex": "none"}) == ""
    assert (
        cards.content_note({"violence": "strong", "scares": "strong", "sex": "strong"})
        == "Strong violence, scares and sex"
    )


def test_words_of_the_catalogue():
    words = Words(one="book", many="books", use="read", used="read")
    assert "Read it" in cards.card_html(FILMS[0], standing=cards.Standing(), key="k", waiting=False, words=words)
    assert "What would you like to read?" in views.welcome([], words)
    assert "Already read" in panel.panel(Profile(seen=(ItemRef("1", "Emma"),)), words)
    assert (
        frame.footer("My shelf", 1, words)
        == "<p>Runs on this machine. Recommends only what is in My shelf: 1 book.</p>"
    )


def test_panel_names_every_removal():
    profile = Profile(
        liked=tuple(ItemRef(str(n), f"Film {n}") for n in range(15)),
        genres_unwanted=("horror",),
        people_wanted=("Ang Lee",),
        year_min=1980,
    )
    page = Parsed(panel.panel(profile, WORDS))
    labels = [button["aria-label"] for button in page.buttons("cr-remove-")]
    assert len(labels) == 18 and {"Remove Film 14", "Remove horror", "Remove Ang Lee", "Remove from 1980"} <= set(
        labels
    )
    assert "3 more" in page.text
    assert len({button["id"] for button in page.buttons("cr-remove-")}) == 18
    assert page.buttons("cr-ask-forget")
    empty = Parsed(panel.panel(Profile(), WORDS))
    assert "Nothing yet" in empty.text and not empty.buttons()
    many = [f"Film {number}" for number in range(600)]
    news = Parsed(panel.panel(Profile(), WORDS, undo="Removed: Heat", missing=many, catalogue="my shelf"))
    assert news.buttons("cr-restore") and "600 not in my shelf" in news.text and "and 100 more" in news.text
    assert Parsed(panel.panel(Profile(), WORDS, started=True)).buttons("cr-ask-forget")


def luminance(red, green, blue):
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    light, dark = sorted((one, other), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def hexed(colour):
    return luminance(*(int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)))


def test_text_and_posters_have_contrast_aa():
    import colorsys

    style = frame.head()
    schemes = [
        dict(re.findall(r"--cr-([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r"\{[^}]*--cr-paper:[^}]*\}", style)
    ]
    assert len(schemes) == 2
    for scheme in schemes:
        for ink in ("ink", "soft", "accent"):
            for ground in ("paper", "surface", "tint"):
                assert contrast(hexed(scheme[ink]), hexed(scheme[ground])) >= 4.5, (ink, ground, scheme)
        assert contrast(hexed(scheme["ink"]), hexed(scheme["said"])) >= 4.5
        assert contrast(hexed(scheme["on-accent"]), hexed(scheme["accent"])) >= 4.5
        for edge in ("firm-line", "focus"):
            assert contrast(hexed(scheme[edge]), hexed(scheme["surface"])) >= 3
    saturation, lightness = re.search(r"hsl\(var\(--cr-a\) (\d+)% (\d+)%\)", style).groups()
    for hue in range(360):  # the lighter end of the poster's gradient
        ground = luminance(*colorsys.hls_to_rgb(hue / 360, int(lightness) / 100, int(saturation) / 100))
        assert contrast(hexed("#fff8ee"), ground) >= 4.5, hue


def test_nothing_on_the_page_names_another_host():
    assert not re.search(r"@import|url\((?!data:)", frame.head())
    assert set(re.findall(r"https?://[^\s'\"]+", frame.head() + app.SCRIPT)) <= {"http://www.w3.org/2000/svg"}


def test_a_comparison_sets_what_is_shared_in_bold():
    one = Item(
        item_id="1",
        title="A",
        categories=("Crime", "Drama"),
        moods=("dark",),
        content={"violence": "strong", "sex": "none"},
    )
    two = Item(item_id="2", title="B", categories=("Drama",), description="A story.")
    made = comparison.comparison(one, two, WORDS)
    assert made.count("<b>Drama</b>") == 2 and "<b>Crime" not in made
    assert "strong violence" in made and "none sex" not in made
