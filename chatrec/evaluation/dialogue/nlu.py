"""Intents, spans and attitudes of single messages, on the corpus' own held-out part and on other people's sets.

How the labels of ConveRSE, CCPE-M, IARD and MIT movie trivia map to ours stands in the tables here; what has no like of it
is left out of the count.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chatrec.dialogue.acts import Attitude, Before, Intent, Kind
from chatrec.dialogue.nlu.corpus import Example, Marked, read_file
from chatrec.dialogue.nlu.tagger import Tagged, Tagger
from chatrec.errors import BadInput

THRESHOLD = 0.5
"""Score below which an attitude is not used: what is above it is covered."""
BINS = 10
LIKED, DISLIKED, SEEN, NONE = "like", "dislike", "seen", "none"
FOUR: dict[Attitude, str] = {
    **dict.fromkeys((Attitude.LIKE, Attitude.WANT, Attitude.SIMILAR, Attitude.MORE, Attitude.ACCEPT), LIKED),
    **dict.fromkeys((Attitude.DISLIKE, Attitude.AVOID, Attitude.BLOCK, Attitude.LESS, Attitude.OPPOSITE), DISLIKED),
    **dict.fromkeys((Attitude.SEEN, Attitude.MIXED), SEEN),
}
"""Our attitudes as the four that are scored; all others are ``none``."""
CONVERSE: dict[str, frozenset[Intent]] = {
    "preference": frozenset({Intent.OPINE, Intent.INFORM}),
    "request_recommendation": frozenset({Intent.REQUEST, Intent.MORE}),
    "request_recommendation - preference": frozenset({Intent.OPINE, Intent.REJECT, Intent.ACCEPT, Intent.INFORM}),
    "request_recommendation - skip": frozenset({Intent.REJECT, Intent.MORE}),
    "skip": frozenset({Intent.REJECT, Intent.MORE}),
    "show_profile": frozenset({Intent.PROFILE}),
    "request_recommendation - details": frozenset({Intent.ASK_ABOUT, Intent.ASK_PLOT}),
    "request_recommendation - why": frozenset({Intent.EXPLAIN}),
    "smalltalk.confirmation.yes": frozenset({Intent.AFFIRM}),
    "smalltalk.confirmation.no": frozenset({Intent.DENY}),
    "smalltalk.greetings.hello": frozenset({Intent.GREET}),
    "smalltalk.greetings.bye": frozenset({Intent.BYE}),
    "smalltalk.appraisal.thank_you": frozenset({Intent.THANK}),
    "reset_profile": frozenset({Intent.RESET}),
    "reset - reset_everything": frozenset({Intent.RESET}),
    "help": frozenset({Intent.HELP}),
    "request_recommendation - stop": frozenset({Intent.BYE, Intent.ACCEPT, Intent.THANK}),
}
"""Intents of ConveRSE, and which of ours count as each."""
IARD: dict[str, frozenset[Intent]] = {
    "AskForRec": frozenset({Intent.REQUEST, Intent.MORE}),
    "AddDetails": frozenset({Intent.INFORM, Intent.OPINE}),
    "GiveFeedback": frozenset({Intent.OPINE, Intent.REJECT, Intent.ACCEPT}),
    "Inquire": frozenset({*(intent for intent in Intent if intent.startswith("inquire")), Intent.EXPLAIN}),
}
"""Top-level intents of IARD."""
CCPE: dict[str, Kind | None] = {
    "MOVIE_OR_SERIES": Kind.TITLE,
    "MOVIE_GENRE_OR_CATEGORY": Kind.CATEGORY,
    "PERSON": Kind.PERSON,
}
BIO: dict[str, Kind] = {
    "Actor": Kind.PERSON,
    "Director": Kind.PERSON,
    "Genre": Kind.CATEGORY,
    "Year": Kind.YEAR,
    "Plot": Kind.STORY,
    "Award": Kind.FAME,
    "Opinion": Kind.FAME,
}
"""Tags of MIT movie trivia."""
ALIKE = {Kind.SUBJECT: Kind.STORY, Kind.SERIES: Kind.TITLE, Kind.MOOD: Kind.FAME}
"""Our kinds that count as another where a set does not tell them apart."""


@dataclass(frozen=True)
class Judged:
    """A message with what is known of it.

    Attributes:
        text: the message.
        intents: groups of intents, one of each of which is right; None where intents are not known.
        spans: (start, end, kind) that are right; None where spans are not known.
        attitudes: (start, end, one of four); the whole message where ``end`` is 0.
        before: what the system did in the turn before.
        kinds: the kinds that the set marks.
    """

    text: str
    intents: tuple[frozenset[Intent], ...] | None
    spans: tuple[tuple[int, int, Kind], ...] | None
    attitudes: tuple[tuple[int, int, str], ...]
    before: Before = Before.NOTHING
    kinds: frozenset[Kind] = frozenset(Kind)
    every_intent: bool = False
    """Whether the intents are all that the message has, so that others are wrong."""


def read_judged(path: Path, form: str) -> tuple[list[Judged], int]:
    """The messages of a file in one of :data:`READERS`, and how many records could not be read.

    Raises:
        BadInput: for a form that is not known, or a file that cannot be read at all.
    """
    if form not in READERS:
        raise BadInput(f"--format {form!r} is not known; there are {', '.join(READERS)}")
    try:
        read = path.read_bytes()
        text = (gzip.decompress(read) if path.suffix == ".gz" else read).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from None
    return READERS[form](text, path)


def _native(text: str, path: Path) -> tuple[list[Judged], int]:
    found = list(read_file(path))
    return [judged(example) for example in found if isinstance(example, Example)], sum(
        isinstance(example, BadInput) for example in found
    )


def judged(example: Example) -> Judged:
    """An example of our own corpus."""
    return Judged(
        example.text,
        tuple(frozenset({intent}) for intent in example.intents),
        tuple((span.start, span.end, span.kind) for span in example.spans),
        tuple((span.start, span.end, four(span.attitude, span.other)) for span in example.spans),
        example.before,
        every_intent=True,
    )


def four(attitude: Attitude, other: bool = False) -> str:
    """Which of the four an attitude is; somebody else's taste is none of the speaker's."""
    return NONE if other else FOUR.get(attitude, NONE)


def _records(text: str, read: Callable[[Any], Iterable[Judged]]) -> tuple[list[Judged], int]:
    found: list[Judged] = []
    skipped = 0
    for line in text.splitlines():
        try:
            found += read(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            skipped += 1
    return found, skipped


def _converse(text: str, path: Path) -> tuple[list[Judged], int]:
    def read(record: Any) -> Iterable[Judged]:
        said, intent = str(record["text"]), str(record["intent"])
        groups = CONVERSE.get(intent)
        if said.startswith("/") or groups is None:
            return
        marks = set(re.findall(r"[+-](?=\s|,|;|$)", str(record.get("objects") or "")))
        attitudes = ((0, 0, LIKED if marks == {"+"} else DISLIKED),) if len(marks) == 1 else ()
        yield Judged(said, (groups,), None, attitudes)

    return _records(text, read)


def _ccpe(text: str, path: Path) -> tuple[list[Judged], int]:
    def read(record: Any) -> Iterable[Judged]:
        for turn in record["turns"]:
            act = str(turn["act"]).split("+")
            if turn["who"] != "USER" or act[0] != "ENTITY_PREFERENCE":
                continue
            yield Judged(
                str(turn["text"]),
                (frozenset({Intent.OPINE, Intent.INFORM, Intent.AFFIRM, Intent.DENY}),),
                None,
                (),
                Before.ASKED_WISH,
            )

    return _records(text, read)


def _iard(text: str, path: Path) -> tuple[list[Judged], int]:
    def read(record: Any) -> Iterable[Judged]:
        for turn in record["turns"]:
            groups = tuple(IARD[act] for act in turn["top-level intent/action"] if act in IARD)
            if turn["role"] == "seeker" and groups:
                said = re.sub(r"@\d+ <\s*([^<>]*?)\s*\(\d{4}\)\s*>", r"\1", str(turn["utterance_text"]))
                yield Judged(said, groups, None, (), Before.NOTHING if turn["utterance_pos"] < 3 else Before.SHOWN)

    return _records(text, read)


def _bio(text: str, path: Path) -> tuple[list[Judged], int]:
    found, skipped = [], 0
    for block in re.split(r"\n\s*\n", text):
        said, spans = "", list[tuple[int, int, Kind]]()
        for line in block.splitlines():
            tag, tab, word = line.partition("\t")
            if not tab or not word.strip():
                skipped += bool(line.strip())
                continue
            start = len(said) + (1 if said else 0)
            said = f"{said} {word.strip()}" if said else word.strip()
            kind = BIO.get(tag[2:])
            if kind and tag.startswith("I-") and spans and spans[-1][2] is kind and spans[-1][1] == start - 1:
                spans[-1] = (spans[-1][0], len(said), kind)
            elif kind:
                spans.append((start, len(said), kind))
        if said:
            kinds = frozenset({*BIO.values(), Kind.SUBJECT, Kind.MOOD})
            found.append(Judged(said, None, tuple(spans), (), kinds=kinds))
    return found, skipped


READERS: dict[str, Callable[[str, Path], tuple[list[Judged], int]]] = {
    "native": _native,
    "converse": _converse,
    "ccpe": _ccpe,
    "iard": _iard,
    "bio": _bio,
}


def measure(tagger: Tagger, examples: Sequence[Example]) -> dict[str, Any]:
    """The figures on examples of our own corpus."""
    return score(tagger, [judged(example) for example in examples])


def score(tagger: Tagger, messages: Sequence[Judged]) -> dict[str, Any]:
    """Intent macro-F1, span F1 (kind and overlap by half), attitude macro-F1, calibration error, coverage at the threshold.

    Args:
        messages: what is known of each; a figure of which nothing is known is None.
    """
    intents: list[tuple[str, bool, bool]] = []
    spans = Counter[str]()
    attitudes: list[tuple[str, str, float]] = []
    for message in messages:
        tagged = tagger.read(message.text, message.before)
        intents += _intents(message, tagged)
        if message.spans is not None:
            spans.update(_spans(message, tagged))
        attitudes += _attitudes(message, tagger, tagged)
    confident = [(gold, said, p) for gold, said, p in attitudes if p >= THRESHOLD]
    return {
        "n": len(messages),
        "intent_f1": _macro([(name, gold, said) for name, gold, said in intents]),
        "span_f1": 2 * spans["right"] / max(spans["gold"] + spans["said"], 1) if spans else None,
        "attitude_f1": _classes([(gold, said) for gold, said, _ in attitudes]),
        "ece": _calibration(attitudes),
        "coverage": len(confident) / len(attitudes) if attitudes else None,
        "attitude_f1_covered": _classes([(gold, said) for gold, said, _ in confident]),
    }


def _intents(message: Judged, tagged: Tagged) -> list[tuple[str, bool, bool]]:
    """(intent, whether it is right, whether it was said); a group of which one was said counts as that one."""
    if message.intents is None:
        return []
    said = {intent for intent, p in tagged.intents.items() if p >= THRESHOLD}
    rows = []
    allowed: set[Intent] = set()
    for group in message.intents:
        name = "/".join(sorted(group))
        rows.append((name, True, bool(group & said)))
        allowed |= group
    others = said - allowed if message.every_intent else set()
    return [*rows, *((str(intent), False, True) for intent in others)]


def _spans(message: Judged, tagged: Tagged) -> Counter[str]:
    gold = [
        (a, b, ALIKE.get(kind, kind) if len(message.kinds) < len(Kind) else kind) for a, b, kind in message.spans or ()
    ]
    said = [
        (note.start, note.end, ALIKE.get(note.kind, note.kind) if len(message.kinds) < len(Kind) else note.kind)
        for note in tagged.spans
        if note.kind in message.kinds
    ]
    right, left = 0, list(said)
    for a, b, kind in gold:
        hit = next(
            (s for s in left if s[2] == kind and 2 * (min(b, s[1]) - max(a, s[0])) >= max(b - a, s[1] - s[0])), None
        )
        if hit:
            left.remove(hit)
            right += 1
    return Counter({"gold": len(gold), "said": len(said), "right": right})


def _attitudes(message: Judged, tagger: Tagger, tagged: Tagged) -> list[tuple[str, str, float]]:
    rows = []
    for start, end, gold in message.attitudes:
        if end:
            kind = next((k for a, b, k in message.spans or () if (a, b) == (start, end)), Kind.TITLE)
            note = tagged.at(start, end, kind, "gold")
            rows.append((gold, four(note.attitude, note.other), note.score))
            continue
        told = [(four(note.attitude, note.other), note.score) for note in tagged.spans]
        best = max((pair for pair in told if pair[0] in (LIKED, DISLIKED)), key=lambda pair: pair[1], default=None)
        if best is None:
            note = tagged.at(0, len(message.text), Kind.REF, "whole")
            best = (four(note.attitude, note.other), note.score)
        rows.append((gold, *best))
    return rows


def _macro(rows: Sequence[tuple[str, bool, bool]]) -> float | None:
    names = sorted({name for name, gold, _ in rows if gold})
    if not names:
        return None
    scores = []
    for name in names:
        right = sum(n == name and g and s for n, g, s in rows)
        gold = sum(n == name and g for n, g, _ in rows)
        said = sum(n == name and s for n, _, s in rows)
        scores.append(2 * right / max(gold + said, 1))
    return float(np.mean(scores))


def _classes(rows: Sequence[tuple[str, str]]) -> float | None:
    names = sorted({gold for gold, _ in rows})
    if not names:
        return None
    scores = []
    for name in names:
        right = sum(g == s == name for g, s in rows)
        scores.append(2 * right / max(sum(g == name for g, _ in rows) + sum(s == name for _, s in rows), 1))
    return float(np.mean(scores))


def _calibration(rows: Sequence[tuple[str, str, float]]) -> float | None:
    """Expected calibration error over ten equal bins of the score."""
    if not rows:
        return None
    scores = np.array([p for *_, p in rows])
    right = np.array([gold == said for gold, said, _ in rows], dtype=float)
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    gaps = [
        abs(right[place == b].mean() - scores[place == b].mean()) * (place == b).mean() for b in set(place.tolist())
    ]
    return float(sum(gaps))


def weak_examples(path: Path) -> list[Example]:
    """What ReDial's seekers answered about each film, as the attitude of the message that names it.

    The sentences teach and are never shipped (ReDial, CC BY 4.0). A film that was not seen teaches nothing.
    """
    from chatrec.catalogue.dialogues import read_dialogues

    examples = []
    for dialogue in read_dialogues(path):
        shown = False
        for message in dialogue.messages:
            text, places = dialogue.said(message)
            mine = message.worker == dialogue.initiator
            marks = []
            for start, end, film in places if mine else ():
                answer = dialogue.initiator_questions.get(film)
                if answer is None or answer.liked == 2 or answer.suggested == 1:
                    continue
                marks.append(Marked(start, end, Kind.TITLE, Attitude.LIKE if answer.liked else Attitude.DISLIKE))
            if marks:
                examples.append(
                    Example(text, tuple(marks), frozenset(), Before.SHOWN if shown else Before.NOTHING, "redial")
                )
            shown = shown or not mine
    return examples


def write_card(folder: Path, card: dict[str, Any], figures: dict[str, Any]) -> None:
    """``README.md`` beside the weights: how they were made, and how well they do on messages that taught nothing."""
    shown = "\n".join(
        f"| {name} | {value:.3f} |" if isinstance(value, float) else f"| {name} | {value} |"
        for name, value in figures.items()
    )
    recipe = ", ".join(f"{name} {value}" for name, value in card["recipe"].items())
    (folder / "README.md").write_text(
        f"# Tagger\n\nTrained by `chatrec nlu train` on {card['examples']:,} messages of `data/nlu/` and {card['weak']:,} weakly labelled ones, "
        f"{card['seconds']} s; {recipe}. LoRA on {card['encoder']} and four heads; CC0.\n\n"
        f"Messages that taught nothing (`data/nlu/held-out`, the half that did not calibrate it):\n\n| figure | value |\n|---|---|\n{shown}\n",
        "utf-8",
    )
