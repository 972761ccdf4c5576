"""The corpus that understanding is trained on: messages annotated inline, one a line, in ``data/nlu/``.

A line holds an optional code for the turn before, the intents, and the message::

    @shown reject request | nah [the second one](ref dislike) bored me, got anything [funnier](mood more)

A label is a kind and an attitude (:mod:`chatrec.dialogue.acts`); ``?`` behind the attitude marks a preference that is no
condition, ``@`` somebody else's taste. Files in ``held-out/`` are measured on and never trained on; a file is one author's.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import chatrec_data

from chatrec.dialogue.acts import ITEMS, Attitude, Before, Intent, Kind
from chatrec.errors import BadInput

FOLDER = chatrec_data.ROOT / "nlu"
HELD_OUT = "held-out"
SEPARATOR = " | "
E = TypeVar("E", Kind, Attitude, Intent, Before)
_SPAN = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+) ([a-z]+)([?@]*)\)")
OF_ITEMS = frozenset(Attitude) - {Attitude.AVOID, Attitude.MORE, Attitude.LESS, Attitude.ALLOW}
OF_VALUES = frozenset(
    {
        *(Attitude.WANT, Attitude.AVOID, Attitude.LIKE, Attitude.DISLIKE, Attitude.MORE, Attitude.LESS),
        *(Attitude.ALLOW, Attitude.ASK, Attitude.MENTION),
    }
)


@dataclass(frozen=True)
class Marked:
    """A span of an example: characters ``start`` to ``end`` of its text, and the label."""

    start: int
    end: int
    kind: Kind
    attitude: Attitude
    soft: bool = False
    other: bool = False


@dataclass(frozen=True)
class Example:
    """One annotated message.

    Attributes:
        text: the message without annotation.
        spans: its labelled spans, in order.
        intents: what it does.
        before: what the system did in the turn before.
        source: the file that it is from.
    """

    text: str
    spans: tuple[Marked, ...]
    intents: frozenset[Intent]
    before: Before = Before.NOTHING
    source: str = ""


def parse(line: str) -> Example:
    """Read one line.

    Raises:
        BadInput: naming what is wrong with it.
    """
    head, found, message = line.strip().partition(SEPARATOR)
    if not found:
        raise BadInput(f"no '{SEPARATOR}' between intents and message")
    before, intents = Before.NOTHING, set()
    for word in head.split():
        if word.startswith("@"):
            before = _value(Before, word[1:], "code for the turn before")
        else:
            intents.add(_value(Intent, word, "intent"))
    if not intents:
        raise BadInput("no intent; give at least one")
    text, spans, done = "", [], 0
    for found_span in _SPAN.finditer(message):
        text += message[done : found_span.start()]
        spans.append(_marked(found_span, len(text)))
        text += found_span[1]
        done = found_span.end()
    text += message[done:]
    if "](" in text or "[" in text or "]" in text:
        raise BadInput(f"a bracket that is no annotation in {text[:60]!r}")
    return Example(text, tuple(spans), frozenset(intents), before)


def _marked(found: re.Match[str], start: int) -> Marked:
    kind = _value(Kind, found[2], "kind")
    attitude = _value(Attitude, found[3], "attitude")
    if attitude not in (OF_ITEMS if kind in ITEMS else OF_VALUES | OF_ITEMS if kind is Kind.STORY else OF_VALUES):
        raise BadInput(f"attitude {attitude} is none of kind {kind}")
    return Marked(start, start + len(found[1]), kind, attitude, "?" in found[4], "@" in found[4])


def _value(kinds: type[E], word: str, what: str) -> E:
    try:
        return kinds(word)
    except ValueError:
        raise BadInput(f"{what} {word!r} is not known; there are {', '.join(k for k in kinds if k)}") from None


def write(example: Example) -> str:
    """The line of an example, which :func:`parse` reads back."""
    text, done = "", 0
    for span in example.spans:
        mark = ("?" if span.soft else "") + ("@" if span.other else "")
        text += f"{example.text[done : span.start]}[{example.text[span.start : span.end]}]({span.kind} {span.attitude}{mark})"
        done = span.end
    head = [f"@{example.before}"] if example.before else []
    return " ".join([*head, *sorted(example.intents)]) + SEPARATOR + text + example.text[done:]


def read_file(path: Path) -> Iterator[Example | BadInput]:
    """The examples of a file; a line that cannot be read yields the error, which names the file and the line."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            example = parse(line)
        except BadInput as error:
            yield BadInput(f"{path.name}, line {number}: {error}")
        else:
            yield Example(example.text, example.spans, example.intents, example.before, path.stem)


def read_corpus(folder: Path = FOLDER, held_out: bool = False) -> list[Example]:
    """All examples to train on, or all that are held out.

    Raises:
        BadInput: for the first line that cannot be read, or a folder without examples.
    """
    files = sorted((folder / HELD_OUT if held_out else folder).glob("*.txt"))
    examples = []
    for path in files:
        for example in read_file(path):
            if isinstance(example, BadInput):
                raise example
            examples.append(example)
    if not examples:
        raise BadInput(f"no examples (*.txt) in {folder / HELD_OUT if held_out else folder}")
    return examples


@dataclass(frozen=True)
class Check:
    """What a look through the corpus found."""

    faults: tuple[str, ...]
    doubled: int
    examples: int
    files: int
    kinds: Counter[str]
    intents: Counter[str]


def check(folder: Path = FOLDER) -> Check:
    """Count what there is, and list what cannot be read."""
    faults: list[str] = []
    examples: list[Example] = []
    files = sorted(folder.rglob("*.txt"))
    for path in files:
        for example in read_file(path):
            if isinstance(example, BadInput):
                faults.append(str(example))
            else:
                examples.append(example)
    return Check(
        tuple(faults),
        len(examples) - len({(example.before, example.text.casefold()) for example in examples}),
        len(examples),
        len(files),
        Counter(f"{span.kind} {span.attitude}" for example in examples for span in example.spans),
        Counter(str(intent) for example in examples for intent in example.intents),
    )


def values(examples: Iterable[Example], kind: Kind) -> list[str]:
    """Every text of a kind of span, once each: what examples are varied with."""
    return sorted({e.text[s.start : s.end] for e in examples for s in e.spans if s.kind is kind})
