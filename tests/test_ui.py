"""The chat page: its HTML, the view of a turn, the handlers on a small fake recommender, the page in a browser."""

import json
import os
import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.catalogue.items import Catalogue, Item, Words
from chatrec.collab.als import ALS
from chatrec.dialogue.events import (
    Card,
    Done,
    ItemRef,
    ItemsShown,
    Profile,
    ReasonReady,
    Reply,
    StateChanged,
    TextPiece,
)
from chatrec.errors import BadInput, ChatrecError, StorageError
from chatrec.recommender import Recommender

pytest.importorskip("gradio")
from chatrec_ui import (
    actions,
    app,
    behind,
    cards,
    comparison,
    desk,
    frame,
    panel,
    posters,
    sent,
    server,
    taste_map,
    titles,
)
from chatrec_ui import view as views

WORDS = Words()
SCRATCH = tempfile.TemporaryDirectory()  # the fake's workspace
HOSTILE = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"\'>&amp;'
    "`${window.hacked=1}`{{1}} %%%LATEX_BLOCK_0%%%"
)

FILMS = [
    Card(
        item_id="1",
        title="Fargo",
        year=1996,
        name="Fargo (1996)",
        categories=("Crime", "Drama", "Thriller"),
        directors=("Joel Coen",),
        cast=("Frances McDormand", "William H. Macy", "Steve Buscemi"),
        synopsis="A car salesman in Minnesota hires two crooks to kidnap his wife, and a police chief follows them.",
        content={"violence": "strong", "language": "strong", "sex": "mild"},
        evidence=("you liked Blood Simple", "dark humour", "directed by Joel Coen"),
        match=0.87,
    ),
    Card(
        item_id="2",
        title="The Big Lebowski",
        year=1998,
        name="The Big Lebowski (1998)",
        categories=("Comedy", "Crime", "Mystery"),
        directors=("Joel Coen",),
        cast=("Jeff Bridges", "John Goodman", "Julianne Moore", "Steve Buscemi"),
        synopsis="A man who only wants his rug back is taken for a millionaire and stumbles through a kidnapping.",
        content={"language": "strong"},
        evidence=("by the same director", "comedy"),
        match=0.81,
    ),
    Card(
        item_id="3",
        title="2001: A Space Odyssey",
        year=1968,
        name="2001: A Space Odyssey (1968)",
        categories=("Sci-Fi", "Mystery"),
        directors=("Stanley Kubrick",),
        cast=("Keir Dullea",),
        synopsis="From the first tool to a voyage beyond Jupiter, with a calm computer that will not open a door.",
        evidence=("slow and vast",),
        match=0.62,
    ),
    Card(
        item_id="4",
        title="Sense and Sensibility",
        year=1995,
        name="Sense and Sensibility (1995)",
        categories=("Romance", "Drama"),
        directors=("Ang Lee",),
        cast=("Emma Thompson", "Kate Winslet"),
        synopsis="Two sisters without money learn what to do with their hearts.",
    ),
]
REASON = "You liked Blood Simple: this has the same dry eye for people who are in over their heads, with snow for dust."
FAULTS = {
    "!bad": BadInput("that is too long: 20,001 characters, at most 8,000"),
    "!disk": StorageError("the disk is full: free some\nspace"),
    "!bug": RuntimeError("secret detail"),
}


class FakeRecommender:
    """The recommender's interface on a handful of films. A message that begins with "!" calls up a fault."""

    def __init__(self, slate=(), pause=0.0, store=None):
        self.slate = tuple(slate or FILMS[:3])
        self.catalogue = Catalogue(
            [Item(item_id=c.item_id, title=c.title, year=c.year) for c in self.slate], WORDS, "MovieLens 100K"
        )
        self.pause = pause
        self.store = {} if store is None else store
        self.fault = None
        self.heard = []
        self.sessions = self.manager = self  # the state before a turn: what was known, and how much was told
        count, random = len(self.slate), np.random.default_rng(0)
        collab = ALS(factors=4)
        collab.item_vectors = random.normal(size=(count, 4)).astype(np.float32)
        self.workspace = SimpleNamespace(
            likes=(np.arange(count), np.arange(count)),
            path=Path(SCRATCH.name),
            collab=collab,
            vectors={"text": np.eye(count, 8, dtype=np.float32)},
        )
        self.ranker, self.model, self.go_on = self, None, threading.Event()

    def lock(self, user_id):
        return nullcontext()

    def state(self, user_id):
        profile, told = self._of(user_id)
        return SimpleNamespace(profile=profile, turn=len(told), model_dump=dict)

    def save(self, user_id, state):
        self.store[user_id] = (state.profile, self._of(user_id)[1][: state.turn])

    def _of(self, user_id):
        return self.store.setdefault(user_id, (Profile(), []))

    def chat(self, user_id, text):
        self.heard.append(text)
        profile, told = self._of(user_id)
        if "no horror" in text:
            profile = replace(profile, genres_unwanted=("horror",))
        self.store[user_id] = (profile, told)
        time.sleep(self.pause)
        yield StateChanged(profile)
        if text in FAULTS:
            raise FAULTS[text]
        if text == "!stop":
            return
        time.sleep(self.pause)
        yield ItemsShown(self.slate)
        if "!slow" in text:
            self.go_on.wait(60)
        whole = "Three that fit, I think.\nStart with the first, if the evening is long."
        for word in re.findall(r"\S+\s*", whole):
            time.sleep(self.pause / 10)
            yield TextPiece(word)
        full = tuple(replace(card, reason=REASON, spoken_by="llm") for card in self.slate)
        for card in full:
            time.sleep(self.pause / 2)
            yield ReasonReady(card)
        profile, told = self._of(user_id)
        done = Reply(len(told) + 1, text, whole, full, profile)
        self.store[user_id] = (profile, [*told, done])
        yield Done(done)

    def profile(self, user_id):
        return self._of(user_id)[0]

    def feedback(self, user_id, item_id, verdict):
        if self.fault:
            raise self.fault
        profile, told = self._of(user_id)
        item = self.catalogue.by_id(item_id)
        refs = (*getattr(profile, verdict), ItemRef(item_id, item.name))
        self.store[user_id] = (replace(profile, **{verdict: tuple(dict.fromkeys(refs))}), told)
        return self.profile(user_id)

    def remove(self, user_id, slot, value):
        profile, told = self._of(user_id)
        if slot in ("year_min", "year_max"):
            change = None
        else:
            change = tuple(x for x in getattr(profile, slot) if (x.item_id if isinstance(x, ItemRef) else x) != value)
        self.store[user_id] = (replace(profile, **{slot: change}), told)
        return self.profile(user_id)

    def transcript(self, user_id):
        return self._of(user_id)[1]

    def new_conversation(self, user_id):
        self.store[user_id] = (self.profile(user_id), [])
        return self.profile(user_id)

    def forget(self, user_id):
        self.store.pop(user_id, None)
        return Profile()

    def examples(self):
        return [
            "I loved Fargo and Heat",
            "Something funny from the eighties",
            "Like Alien, but less scary",
            "A quiet film for a rainy Sunday",
        ]


USER = "0123456789abcdef" * 2


# --- HTML ----------------------------------------------------------------------------------------------------------


class Parsed(HTMLParser):
    """What a browser would make of a piece of HTML: elements with their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    @property
    def shape(self):
        return [(tag, tuple(attrs)) for tag, attrs in self.elements if tag != "br"]

    def buttons(self, prefix=""):
        return [attrs for tag, attrs in self.elements if tag == "button" and attrs["name"].startswith(prefix)]


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
    profile = Profile((ref,), (ref,), (ref,), (text,), (text,), (text,), (text,), (text,), (text,), (text,), 1990, 1999)
    plain_ref = ItemRef("x", "x")
    plain = Profile((plain_ref,), (plain_ref,), (plain_ref,), *[("x",)] * 7, 1990, 1999)
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
        "how likely you are to like it",
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


# --- the view of a turn --------------------------------------------------------------------------------------------


def after(*events):
    view = views.View(turns=(views.Turn("hello"),))
    for event in events:
        view = views.advance(view, event)
    return view


def test_a_turn_step_by_step():
    profile = Profile(genres_unwanted=("horror",))
    first, second = FILMS[:2]
    ready = replace(first, reason=REASON)
    steps = [
        StateChanged(profile),
        ItemsShown((first, second)),
        TextPiece("Two "),
        ReasonReady(ready),
        TextPiece("films."),
    ]
    view = after()
    assert [m["role"] for m in views.messages(view, WORDS)] == ["user", "assistant"]
    assert "Thinking" in views.messages(view, WORDS)[1]["content"]
    view = after(*steps[:1])
    assert view.profile == profile and "Looking for films" in views.messages(view, WORDS)[1]["content"]
    view = after(*steps[:2])
    shown = views.messages(view, WORDS)[1]["content"]
    assert shown.count("cr-wait") == 2 and "Finding the words" in shown
    view = after(*steps)
    shown = views.messages(view, WORDS)[1]["content"]
    assert view.turns[0].text == "Two films." and shown.count("cr-wait") == 1 and REASON in Parsed(shown).text
    assert shown.count("\n\n") == 3 and "cr-live" in shown  # blocks: Gradio re-draws only the one that changes
    view = after(*steps, Done(Reply(1, "hello", "Two films.", (ready, second), profile)))
    shown = views.messages(view, WORDS)[1]["content"]
    assert not view.live and "cr-live" not in shown and "cr-wait" not in shown and "cr-thinking" not in shown
    assert view.status == "Two films. Fargo (1996), The Big Lebowski (1998)."
    assert views.advance(view, TextPiece("late")) == view


@given(
    st.permutations(
        [
            TextPiece("a"),
            TextPiece("b"),
            ReasonReady(replace(FILMS[0], reason="one")),
            ReasonReady(replace(FILMS[1], reason="two")),
            ReasonReady(FILMS[3]),
        ]
    )
)
@settings(max_examples=40, deadline=None)
def test_words_and_reasons_may_come_in_any_order(events):
    view = after(ItemsShown(tuple(FILMS[:2])), *events)
    assert sorted(view.turns[0].text) == ["a", "b"]
    assert [(card.item_id, card.reason) for card in view.turns[0].cards] == [("1", "one"), ("2", "two")]


# --- the handlers --------------------------------------------------------------------------------------------------


def run(steps: Iterator):
    """All values of a handler; each as chat messages, panel, box, who."""
    found = [SimpleNamespace(chat=c, panel=p, box=b, who=w) for c, p, b, w in steps]
    assert found
    return found


def press(page, name, value="", who=USER):
    import gradio as gr

    return run(page.act(who, gr.EventData(None, {"name": name, "value": value})))


def said(step):
    return Parsed("".join(message["content"] for message in step.chat)).text


def test_a_message_shows_at_once_and_then_its_answer():
    page = actions.Page(FakeRecommender(pause=0.05))
    steps = run(page.send(USER, "I loved Heat, no horror"))
    assert "I loved Heat" in said(steps[0]) and "Thinking" in said(steps[0])
    assert steps[0].box == "" and all(step.box != "" for step in steps[1:])  # what is typed meanwhile stays
    assert len(steps) > 4
    assert "cr-wait" not in steps[-1].chat[-1]["content"] and REASON in said(steps[-1])
    assert "Remove horror" in steps[-1].panel
    assert len(steps[-1].chat) == 2


def test_the_buttons_of_a_card():
    page = actions.Page(FakeRecommender())
    run(page.send(USER, "hello"))
    step = press(page, "cr-mark-liked", "1")[-1]
    assert "cr-undo-liked" in step.chat[-1]["content"] and "Remove Fargo (1996)" in step.panel
    assert "Fargo (1996): you like" in step.panel
    step = press(page, "cr-mark-seen", "2")[-1]
    assert "Remove The Big Lebowski (1998)" in step.panel
    step = press(page, "cr-undo-liked", "1")[-1]
    assert "Remove Fargo" not in step.panel and "cr-undo-liked" not in step.chat[-1]["content"]
    assert "Removed: Fargo (1996)" in step.panel
    step = press(page, "cr-restore")[-1]
    assert "Remove Fargo (1996)" in step.panel and "cr-undo-liked" in step.chat[-1]["content"]
    assert "cr-restore" not in step.panel and press(page, "cr-restore")[-1].panel == step.panel
    press(page, "cr-undo-liked", "1")
    step = press(page, "cr-remove-seen", "2")[-1]
    assert "Nothing yet" in step.panel
    step = press(page, "cr-later", "3")[-1]
    assert (
        "2001: A Space Odyssey (1968), put aside for now" in said(step)
        and step.chat[-1]["content"].count("cr-poster") == 2
    )
    step = press(page, "cr-bring", "3")[-1]
    assert "put aside" not in said(step) and step.chat[-1]["content"].count("cr-poster") == 3


def test_two_items_side_by_side():
    page = actions.Page(FakeRecommender())
    run(page.send(USER, "hello"))
    step = press(page, "cr-compare", "1")[-1]
    assert "Compare with Fargo (1996)" in said(step) and "cr-compared" not in step.panel
    step = press(page, "cr-compare", "1")[-1]
    assert "Compare with" not in said(step)
    press(page, "cr-compare", "1")
    step = press(page, "cr-compare", "2")[-1]
    assert "Fargo" in step.panel and "The Big Lebowski" in step.panel and "cr-uncompare" in step.panel
    assert "cr-compared" not in press(page, "cr-uncompare")[-1].panel
    assert "No item has the id" in said(press(page, "cr-compare", "nope")[-1])


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cr-mark-hated", "1"),
        ("cr-mark-", "1"),
        ("cr-remove-as_dict", "1"),
        ("cr-remove-__class__", ""),
        ("cr-undo-liked", "77"),
        ("cr-say", " "),
        ("cr-retry", ""),
        ("", ""),
        ("x" * 10_000, "y"),
    ],
)
def test_names_that_the_page_does_not_have_do_nothing(name, value):
    fake = FakeRecommender()
    step = press(actions.Page(fake), name, value)[-1]
    assert fake.store == {USER: (Profile(), [])} and not step.chat


@pytest.mark.parametrize("data", [None, [], "cr-forget", {"name": None}, {"name": 7, "value": {"a": 1}}])
def test_malformed_events_do_nothing(data):
    import gradio as gr

    assert not run(actions.Page(FakeRecommender()).act(USER, gr.EventData(None, data)))[-1].chat


def test_an_unknown_item_is_said_in_one_line():
    step = press(actions.Page(FakeRecommender()), "cr-mark-liked", "<b>nope</b>")[-1]
    assert "No item has the id '<b>nope</b>' in MovieLens 100K." in said(step)


def test_examples_are_messages():
    page = actions.Page(FakeRecommender())
    step = press(page, "cr-say", "Something funny")[-1]
    assert "Something funny" in said(step) and "Fargo" in said(step)


def test_an_empty_line_is_left_alone():
    fake = FakeRecommender()
    page = actions.Page(fake)
    for text in ("", "  \n ", None):
        (step,) = run(page.send(USER, text))
        assert not step.chat and not isinstance(step.box, str)
    assert fake.heard == []


def test_errors_are_one_friendly_line_and_nothing_is_lost(caplog):
    page = actions.Page(FakeRecommender())
    step = run(page.send(USER, "!disk"))[-1]
    assert (
        "!disk" in said(step)
        and "The disk is full: free some space." in said(step)
        and "cr-retry" in step.chat[-1]["content"]
    )
    step = run(page.send(USER, "!bad"))[-1]
    assert "That is too long" in said(step) and step.box == "!bad"
    assert "cr-retry" not in step.chat[-1]["content"]
    assert not caplog.records
    step = run(page.send(USER, "!bug"))[-1]
    assert desk.SORRY in said(step) and "secret detail" not in said(step)
    assert "secret detail" in caplog.text
    step = run(page.send(USER, "!stop"))[-1]
    assert desk.LOST in said(step)
    kept = run(page.load(USER))[-1]  # a reload keeps the message that has no answer
    assert "!stop" in said(kept)


def test_try_again():
    fake = FakeRecommender()
    page = actions.Page(fake)
    run(page.send(USER, "!bug"))
    step = press(page, "cr-retry")[-1]
    assert fake.heard == ["!bug", "!bug"] and len(step.chat) == 2
    run(page.send(USER, "hello"))
    step = press(page, "cr-mark-disliked", "1")[-1]
    step = press(page, "cr-retry")[-1]  # an answer can be asked for again; what was pressed since stays
    assert fake.heard[2:] == ["hello", "hello"] and said(step).count("hello") == 1
    assert [ref.item_id for ref in fake.profile(USER).disliked] == ["1"]


def test_stop_breaks_an_answer_off_and_stores_nothing_of_it():
    fake = Gated(threading.Lock())
    page = actions.Page(fake)
    assert page.desks.at(USER).say("hello") and fake.reached.wait(5)
    step = press(page, "cr-stop")[-1]
    assert "Stopped." in said(step) and "cr-retry" in step.chat[-1]["content"]
    fake.go.set()
    while fake.lock.locked():
        time.sleep(0.01)
    assert fake.store[USER][1] == []
    assert REASON in said(press(page, "cr-retry")[-1]) and len(fake.store[USER][1]) == 1
    assert press(page, "cr-stop")[-1].chat == press(page, "")[-1].chat  # nothing is on its way


def test_undo_and_edit_take_a_turn_back():
    fake = FakeRecommender()
    page = actions.Page(fake)
    run(page.send(USER, "first, no horror"))
    run(page.send(USER, "second"))
    press(page, "cr-mark-liked", "1")
    step = press(page, "cr-back")[-1]
    assert "second" not in said(step) and "Remove Fargo (1996)" in step.panel and len(fake.store[USER][1]) == 1
    assert "second" not in said(run(page.load(USER))[-1])
    step = press(page, "cr-edit", "0")[0]
    assert step.box == "first, no horror" and not step.chat
    assert "Remove horror" not in step.panel and "Remove Fargo (1996)" in step.panel
    for value in ("0", "-1", "x", "9" * 50, "²"):
        assert not press(page, "cr-edit", value)[-1].chat
    assert not press(page, "cr-back")[-1].chat


def test_a_turn_from_before_a_restart_stays():
    store = {}
    run(actions.Page(FakeRecommender(store=store)).send(USER, "hello"))
    page = actions.Page(FakeRecommender(store=store))
    step = run(page.load(USER))[-1]
    assert "cr-edit" not in step.chat[0]["content"] and "cr-back" not in step.chat[1]["content"]
    step = press(page, "cr-edit", "0")[-1]
    assert desk.TOO_LONG_AGO in said(step) and "hello" in said(step)


def test_a_turn_is_taken_back_in_the_real_store(small_workspace, tmp_path):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    recommender = Recommender.open(tmp_path / "workspace")
    page = actions.Page(recommender)
    run(page.send(USER, "I loved Heat"))
    before = recommender.sessions.state(USER)
    run(page.send(USER, "No westerns please"))
    assert recommender.profile(USER).genres_unwanted
    press(page, "cr-back")
    assert recommender.sessions.state(USER) == before
    step = run(page.load(USER))[-1]
    assert "I loved Heat" in said(step) and "westerns" not in said(step)


@given(st.integers(0, 40), st.integers(0, 20))
@settings(max_examples=12, deadline=None)
def test_every_item_has_a_place_on_the_map_rated_or_not(rated, unrated):
    random = np.random.default_rng(rated)
    vectors = np.concatenate([random.normal(size=(rated, 6)), np.zeros((unrated, 6))]).astype(np.float32)
    text = random.normal(size=(rated + unrated, 5)).astype(np.float32)
    places = taste_map.project(vectors, text / np.linalg.norm(text, axis=1, keepdims=True))
    assert places.shape == (rated + unrated, 2) and (places >= 0).all() and (places <= 1).all()


def test_the_map_is_kept_and_puts_a_person_among_what_they_like(small_workspace, tmp_path, monkeypatch):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    recommender = Recommender.open(tmp_path / "workspace")
    drawn_map = taste_map.TasteMap(recommender)
    points = drawn_map.points()
    assert [item[0] for item in points["items"]] == [item.item_id for item in recommender.catalogue]
    json.dumps(points)
    monkeypatch.setattr(taste_map, "project", None)  # a second time it is read, not drawn
    again = taste_map.TasteMap(recommender)
    assert np.array_equal(again.places, drawn_map.places)
    row = recommender.catalogue.row
    noir = again.person(["2", "3", "7", "nope"], ["18"])
    assert noir and again.person([], ["18"]) is None
    dark, light = (
        np.mean([again.places[row[i]] for i in ids], axis=0) for ids in (("2", "3", "4", "7"), ("15", "16", "18", "24"))
    )
    assert np.linalg.norm(noir - dark) < np.linalg.norm(noir - light)


@pytest.mark.parametrize("data", [None, 3, [], {"liked": "a"}, [{"liked": [1, None, "a"]}], {"liked": ["a"]}])
def test_what_a_browser_sends_is_checked(data):
    assert sent.texts(data, "liked") in ([], ["a"])
    assert sent.text(data, "liked") in ("", "a") and sent.number(data, "liked") == 0.0


def test_what_goes_wrong_in_a_tab_is_one_line():
    assert sent.number({"share": float("nan")}, "share") == 0.0 and sent.number([{"share": 0.5}], "share") == 0.5
    unread = behind.Behind(FakeRecommender())
    assert sent.answered(lambda: unread.read("Fargo")) == {
        "problem": "This workspace has no trained adapter, so nothing can be read; `chatrec train` makes one."
    }
    assert sent.answered(lambda: 1 / 0) == {"problem": desk.OOPS}


def test_the_parts_of_a_slate_are_those_it_was_ranked_by(small_workspace, tmp_path):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    recommender = Recommender.open(tmp_path / "workspace")
    tab = behind.Behind(recommender)
    reply = recommender.reply(USER, "I loved Heat and Casino")
    found = tab.parts([card.item_id for card in reply.cards])
    assert [item["name"] for item in found] == [card.name for card in reply.cards]
    for item in found:
        assert sum(value for _, value in item["parts"]) == pytest.approx(item["score"], abs=0.05)
        assert {"people of your taste", "how well known it is"} <= {label for label, _ in item["parts"]}
    assert tab.parts(["1"]) == [] and tab.parts(["nope"]) == []


@pytest.mark.slow
def test_items_are_read_and_blended_from_soft_tokens(trained_workspace, tmp_path):
    shutil.copytree(trained_workspace, tmp_path / "workspace")
    tab = behind.Behind(Recommender.open(tmp_path / "workspace"))
    read = tab.read("Fargo (1996)")
    assert read["name"] == "Fargo (1996)" and ["director", "Joel Coen"] in read["record"]
    assert len(read["words"]) == tab.model.adapter.config.queries and all(read["words"])
    table = tab.model.table
    assert tab.blend("Fargo", "Heat", 0.0)["said"] == read["said"]  # all of the first is the first
    assert tab.blend("Fargo", "Heat", 1.0)["said"] == tab.read("Heat")["said"]
    half = tab.blend("Fargo", "Heat", 0.5)
    assert len(half["near"]) == behind.NEAR and not {"Fargo (1996)", "Heat (1995)"} & set(half["near"])
    assert tab.model.table is table  # nobody else reads the blend
    with pytest.raises(BadInput, match="'Barbie' is not in Small films"):
        tab.read("Barbie")


def test_ratings_are_taken_in_undone_and_saved(small_workspace, tmp_path):
    shutil.copytree(small_workspace, tmp_path / "workspace")
    recommender = Recommender.open(tmp_path / "workspace")
    page = actions.Page(recommender)
    recommender.feedback(USER, "7", "disliked")
    header = "Date,Name,Year,Letterboxd URI,Rating"
    rows = [
        "2024-01-01,Fargo,1996,x,5",
        "2024-01-02,Heat,1995,x,4.5",
        "2024-01-03,Alien,1979,x,1",
        "2024-01-04,Babe,1995,x,3",
        "2024-01-05,<b>Barbie</b>,2023,x,4",
    ]
    run(page.load(USER))
    step = press(page, "cr-import", "\n".join([header, *rows]))[-1]
    state = recommender.sessions.state(USER)
    assert (state.liked, state.disliked, state.seen) == (["2"], ["8", "7"], ["24"])  # one's own word on Fargo counts
    assert "1 not in Small films" in Parsed(step.panel).text and "<b>" not in step.panel
    assert "Taken in: 1 liked, 1 disliked, 1 seen" in step.panel
    saved = json.loads(page.export(USER))
    assert saved["known"]["liked"] == ["Heat (1995)"] and saved["state"]["disliked"] == ["8", "7"]
    press(page, "cr-restore")
    state = recommender.sessions.state(USER)
    assert (state.liked, state.disliked, state.seen) == ([], ["7"], [])
    step = press(page, "cr-import", "a,b\n1,2")[-1]
    assert "no export of Letterboxd or IMDb" in said(step)


@given(st.lists(st.integers(0, 50), min_size=3, max_size=3))
def test_titles_to_complete_come_best_known_first(likes):
    made = titles.completions(FakeRecommender().catalogue, np.array(likes))
    order = {card.title: number for card, number in zip(FILMS[:3], likes, strict=True)}
    assert [order[title] for title, _ in made] == sorted(likes, reverse=True)
    assert {(title, year) for title, year in made} == {(card.title, card.year) for card in FILMS[:3]}


def test_a_store_that_fails_gives_a_notice(monkeypatch):
    fake = FakeRecommender()
    page = actions.Page(fake)
    run(page.send(USER, "hello"))
    fake.fault = StorageError("the database is read-only: run on a disk that can be written")
    step = press(page, "cr-mark-liked", "1")[-1]
    assert "read-only" in said(step) and "Fargo" in said(step)
    fake.fault = ValueError("inner detail")
    assert "inner detail" not in said(press(page, "cr-mark-liked", "1")[-1])
    fake.fault = None
    step = press(page, "cr-mark-liked", "1")[-1]
    assert "Sorry" not in said(step) and "cr-undo-liked" in step.chat[-1]["content"]
    monkeypatch.setattr(fake, "transcript", lambda user: (_ for _ in ()).throw(StorageError("no such table")))
    assert "No such table." in said(run(actions.Page(fake).load(USER))[-1])


def test_reload_restart_and_two_people():
    store = {}
    page = actions.Page(FakeRecommender(store=store))
    first = run(page.load(""))[-1].who
    second = run(page.load(None))[-1].who
    assert first != second and actions.USER_ID.fullmatch(first)
    for wrong in ("../etc", "A" * 32, 5, ["x"], "0" * 33):
        assert run(page.load(wrong))[-1].who != wrong
    run(page.send(first, "hello"))
    press(page, "cr-mark-liked", "1", who=first)
    again = run(actions.Page(FakeRecommender(store=store)).load(first))[-1]
    assert again.who == first and "hello" in said(again) and "cr-undo-liked" in again.chat[-1]["content"]
    assert not run(page.load(second))[-1].chat


def test_new_conversation_keeps_the_panel_and_forget_does_not():
    fake = FakeRecommender()
    page = actions.Page(fake)
    run(page.send(USER, "hello, no horror"))
    step = press(page, "cr-new")[-1]
    assert not step.chat and "Remove horror" in step.panel
    step = press(page, "cr-forget")[-1]
    assert not step.chat and "Remove horror" not in step.panel and USER not in fake.store


class Gated(FakeRecommender):
    """Stops in the middle of an answer. With a lock it takes verdicts only between answers; without one, an answer
    stores what was known when it began."""

    def __init__(self, lock):
        super().__init__()
        self.reached, self.go, self.lock = threading.Event(), threading.Event(), lock

    def chat(self, user_id, text):
        with self.lock:
            began = self.profile(user_id)
            for event in super().chat(user_id, text):
                if isinstance(event, Done) and isinstance(self.lock, nullcontext):
                    self.store[user_id] = (began, self.store[user_id][1])
                yield event
                if isinstance(event, ItemsShown):
                    self.reached.set()
                    assert self.go.wait(5)

    def feedback(self, user_id, item_id, verdict):
        with self.lock:
            return super().feedback(user_id, item_id, verdict)


@pytest.mark.parametrize("lock", [threading.Lock(), nullcontext()])
def test_a_press_while_an_answer_streams_is_kept_and_nothing_waits_for_ever(lock):
    fake = Gated(lock)
    page = actions.Page(fake)
    mine = page.desks.at(USER)
    assert mine.say("hello") and fake.reached.wait(5)
    assert not mine.say("me too")  # one answer at a time
    assert "Fargo" in next(page.load(USER))[0][-1]["content"]  # a reload joins the answer that is on its way
    presser = threading.Thread(target=press, args=(page, "cr-mark-liked", "1"), daemon=True)
    presser.start()
    time.sleep(0.05)
    fake.go.set()
    presser.join(5)
    assert not presser.is_alive()
    step = run(page.load(USER))[-1]
    assert "cr-undo-liked" in step.chat[-1]["content"] and REASON in said(step)


def test_a_new_conversation_stops_the_answer_that_is_on_its_way():
    fake = Gated(threading.Lock())
    page = actions.Page(fake)
    assert page.desks.at(USER).say("hello") and fake.reached.wait(5)
    threading.Timer(0.1, fake.go.set).start()
    step = press(page, "cr-new")[-1]
    assert not step.chat and not fake.lock.locked()
    time.sleep(0.1)
    assert fake.store[USER][1] == [] and not run(page.load(USER))[-1].chat


def test_desks_are_bounded(monkeypatch):
    monkeypatch.setattr(desk, "DESKS", 3)
    desks = desk.Desks(FakeRecommender())
    kept = [desks.at(f"{n:032x}") for n in range(6)]
    assert len(desks._desks) == 3 and desks.at(f"{5:032x}") is kept[5] and desks.at(f"{0:032x}") is not kept[0]


def test_a_taken_port_is_said_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=rf"port {port} on 127\.0\.0\.1 is taken.*--port {port + 1}"):
            app.launch(FakeRecommender(), "127.0.0.1", port)
    for host, wrong in (("127.0.0.1", 70_000), ("127.0.0.1", -1), ("no such host", 0)):
        with pytest.raises(ChatrecError, match="cannot serve on"):
            server.free_port(host, wrong)
    assert server.free_port("127.0.0.1", 0) > 0


def test_address():
    assert server.address("0.0.0.0", 80) == "http://localhost:80"
    assert server.address("::1", 7860) == "http://[::1]:7860"
    assert server.address("127.0.0.1", 7861) == "http://127.0.0.1:7861"


# --- a real browser ------------------------------------------------------------------------------------------------


@pytest.fixture
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="the page is driven with Playwright")
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with playwright.sync_playwright() as driver:
        if path is None and not Path(driver.chromium.executable_path).exists():
            pytest.skip("no Chromium: install it, or name one in CHROMIUM")
        args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
        chrome = driver.chromium.launch(executable_path=path, args=args)
        yield chrome
        chrome.close()


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_the_page_in_a_browser(browser):
    hostile = replace(
        FILMS[3],
        title=HOSTILE,
        name=HOSTILE,
        synopsis=HOSTILE,
        item_id=HOSTILE,
        categories=(HOSTILE,),
        evidence=(HOSTILE,),
    )
    fake = FakeRecommender((*FILMS[:2], hostile), pause=0.15)
    blocks = app.serve(fake, "127.0.0.1", 0)
    try:
        context = browser.new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(30_000)
        trouble, hosts = [], set()
        page.on(
            "console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.goto(blocks.local_url)

        # send, and see the message and the mark at once, the skeleton of the cards, then the words
        page.wait_for_selector("text=Nothing yet")
        page.wait_for_selector(".cr-example")
        page.fill("#cr-box textarea", f"I loved Heat, no horror, {HOSTILE}\n\n# *not markdown* $$x$$")
        page.press("#cr-box textarea", "Enter")
        page.wait_for_selector(".cr-thinking")
        assert page.input_value("#cr-box textarea") == ""
        page.wait_for_selector(".cr-wait")
        page.wait_for_function(
            "document.querySelectorAll('.cr-reason').length == 3 && !document.querySelector('.cr-wait')"
        )
        told = page.inner_text(".cr-said")
        assert HOSTILE in told and "# *not markdown* $$x$$" in told
        assert page.inner_text(".cr-card:nth-of-type(3) h3").startswith(HOSTILE)
        assert page.get_by_role("button", name="Remove horror").is_visible()

        # a card's button, by keyboard: the panel changes and the keyboard keeps its place
        page.focus("#cr-0-0-liked")
        page.keyboard.press("Enter")
        page.wait_for_selector("#cr-0-0-liked.cr-on")
        page.wait_for_function("document.activeElement.id == 'cr-0-0-liked'")
        page.get_by_role("button", name="Remove Fargo (1996)").wait_for()
        page.click("#cr-0-2-seen")  # a hostile item id goes to the server and back as it is
        page.wait_for_selector("#cr-0-2-seen.cr-on")
        assert [ref.item_id for _, (known, _) in fake.store.items() for ref in known.seen] == [HOSTILE]
        page.get_by_role("button", name="Remove Fargo (1996)").click()
        page.wait_for_selector("#cr-0-0-liked:not(.cr-on)")

        # a reload loses nothing: neither a draft nor an answer that is on its way; another browser is another person
        page.fill("#cr-box textarea", "more")
        page.press("#cr-box textarea", "Enter")
        page.wait_for_selector("#cr-1-0-liked")
        page.type("#cr-box textarea", "and then")
        assert trouble == []
        page.reload()
        page.wait_for_function(
            "document.querySelectorAll('.cr-reason').length == 6 && !document.querySelector('.cr-wait')"
        )
        trouble.clear()  # the browser may complain of the stream that the reload cut
        assert page.locator(".cr-said").count() == 2 and page.locator("#cr-0-2-seen.cr-on").count() == 1
        page.wait_for_function("document.querySelector('#cr-box textarea').value == 'and then'")
        other = browser.new_context().new_page()
        other.goto(blocks.local_url)
        other.wait_for_selector(".cr-example")
        assert other.locator(".cr-said").count() == 0

        # one's own data, as a file
        with page.expect_download() as saved:
            page.click("[name=cr-export]")
        assert json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))["conversation"]

        # undo and edit; a title completes by keyboard; stop
        page.click("#cr-back-1")
        page.wait_for_function("document.querySelectorAll('.cr-said').length == 1")
        page.click("#cr-edit-0")
        page.wait_for_function("document.querySelector('#cr-box textarea').value.startsWith('I loved Heat')")
        page.fill("#cr-box textarea", "")
        page.type("#cr-box textarea", "!slow I loved the big le")
        page.wait_for_selector("#cr-titles li")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.input_value("#cr-box textarea") == "!slow I loved The Big Lebowski"
        page.keyboard.press("Enter")
        page.wait_for_selector(".cr-busy .stop-button")
        page.wait_for_selector(".cr-card")
        page.keyboard.press("Escape")
        page.wait_for_selector("text=Stopped.")
        page.wait_for_selector("#cr-talk:not(.cr-busy) .submit-button")
        fake.go_on.set()

        # the map: a title is found, and asking about it leads back to the conversation; the third tab without an adapter
        page.click("[name=cr-tab][value=map]")
        page.wait_for_selector(".cr-kind")
        page.fill("#cr-map-find", "fargo")
        page.press("#cr-map-find", "Enter")
        page.focus("#cr-map-canvas")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Tell me about Fargo (1996)")
        page.wait_for_selector("#cr-copy-1")
        page.click("[name=cr-tab][value=words]")
        page.wait_for_selector("text=There is no trained adapter here yet")
        page.click("[name=cr-tab][value=chat]")

        # a new conversation keeps the panel; forgetting asks first
        page.click("[name=cr-ask-new]")
        page.click("#cr-new [name=cr-keep]")
        assert page.locator(".cr-said").count() == 2
        page.click("[name=cr-ask-new]")
        page.click("#cr-new [name=cr-new]")
        page.wait_for_selector(".cr-example")
        assert page.locator("[name=cr-remove-seen]").count() == 1
        page.click("[name=cr-ask-forget]")
        page.wait_for_selector("#cr-forget[open]")
        page.keyboard.press("Escape")
        page.wait_for_selector("#cr-forget", state="hidden")
        assert page.locator("[name=cr-remove-seen]").count() == 1
        page.click("[name=cr-ask-forget]")
        page.click("#cr-forget [name=cr-forget]")
        page.wait_for_selector("text=Nothing yet")

        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert trouble == []
        assert hosts <= {"127.0.0.1", None}
    finally:
        blocks.close(verbose=False)
