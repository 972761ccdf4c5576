"""A recommender for tests of the page: a handful of films, every event, and faults on demand; how to press and read."""

import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np

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
from chatrec.errors import BadInput, StorageError
from chatrec.workspace import Manifest

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
        self.sessions = self.manager = self
        self.befores = {}  # what was known before each turn, by person
        count, random = len(self.slate), np.random.default_rng(0)
        collab = ALS(factors=4)
        collab.item_vectors = random.normal(size=(count, 4)).astype(np.float32)
        self.workspace = SimpleNamespace(
            likes=(np.arange(count), np.arange(count)),
            path=Path(SCRATCH.name),
            collab=collab,
            vectors={"text": np.eye(count, 8, dtype=np.float32)},
            manifest=Manifest(name="MovieLens 100K", source="tests", encoder="none", items=count),
            adapter_folder=Path(SCRATCH.name) / "adapter",
        )
        self.ranker, self.model, self.go_on = self, None, threading.Event()
        self.reads_items = False

    def state(self, user_id):
        return SimpleNamespace(profile=self.profile(user_id), model_dump=dict)

    def change(self, user_id, how):
        def changed(profile):
            state = SimpleNamespace(profile=profile)
            how(state)
            return state.profile

        befores = self.befores.setdefault(user_id, {})
        befores.update({turn: changed(profile) for turn, profile in befores.items()})
        profile, told = self._of(user_id)
        self.store[user_id] = (changed(profile), told)
        return self.profile(user_id)

    def undoable(self, user_id):
        return frozenset(self.befores.get(user_id, ()))

    def undo(self, user_id, turn):
        self.store[user_id] = (self.befores[user_id].pop(turn), self._of(user_id)[1][: turn - 1])
        return self.profile(user_id)

    def _of(self, user_id):
        return self.store.setdefault(user_id, (Profile(), []))

    def observe(self, ranker, recorder):
        self.ranker, self.recorder = ranker(self.ranker), recorder
        return self.ranker

    def chat(self, user_id, text):
        self.heard.append(text)
        before, told = self._of(user_id)
        profile = before
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
        self.befores.setdefault(user_id, {})[done.turn] = before
        yield Done(done)

    def profile(self, user_id):
        return self._of(user_id)[0]

    def feedback(self, user_id, item_id, verdict):
        if self.fault:
            raise self.fault
        ref = ItemRef(item_id, self.catalogue.by_id(item_id).name)

        def judge(state):
            refs = dict.fromkeys((*getattr(state.profile, verdict), ref))
            state.profile = replace(state.profile, **{verdict: tuple(refs)})

        return self.change(user_id, judge)

    def remove(self, user_id, slot, value):
        def take_out(state):
            left = [x for x in getattr(state.profile, slot) if (x.item_id if isinstance(x, ItemRef) else x) != value]
            state.profile = replace(state.profile, **{slot: tuple(left)})

        return self.change(user_id, take_out)

    def transcript(self, user_id):
        return self._of(user_id)[1]

    def new_conversation(self, user_id):
        self.store[user_id] = (self.profile(user_id), [])
        return self.profile(user_id)

    def conversations(self, user_id):
        return []

    def stored(self, user_id):
        return f"{len(self._of(user_id)[1])} messages"

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


def run(steps: Iterator):
    """All values of a handler; each as chat messages, panel, list, box, who."""
    found = [SimpleNamespace(chat=c, panel=p, past=h, box=b, who=w) for c, p, h, b, w in steps]
    assert found
    return found


def press(page, name, value="", who=USER):
    import gradio as gr

    return run(page.act(who, gr.EventData(None, {"name": name, "value": value})))


def said(step):
    return Parsed("".join(message["content"] for message in step.chat)).text


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
