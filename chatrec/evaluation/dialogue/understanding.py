"""Understanding on ReDial: are the titles found, and is it known afterwards what the seeker liked and disliked?

The seeker's messages are read one by one by the project's own understanding; the recommender's titles stand in the state as
if chatrec had shown them. At the end, each film of the catalogue about which the seeker answered "liked" or "did not like"
is one case. In ReDial people rarely speak ill of a film without saying so, and often like without a word: a film that
understanding found no dislike of counts as liked. ``stated`` has the figures without this, for what was found alone.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chatrec.catalogue.dialogues import Answer, Dialogue
from chatrec.dialogue.acts import Before
from chatrec.dialogue.nlu.pipeline import Understanding
from chatrec.dialogue.nlu.reading import Reading
from chatrec.dialogue.tracking.state import State
from chatrec.dialogue.tracking.tracker import apply
from chatrec.linking.exact import ExactLinker

GOOD = frozenset(
    "love loved loves like liked likes enjoy enjoyed great good best favorite favourite awesome amazing fun funny excellent fantastic wonderful hilarious perfect classic cool nice".split()
)
BAD = frozenset(
    "hate hated hates dislike disliked boring bored bad worst awful terrible horrible stupid dumb disappointing disappointed sucked not never didn't didnt don't dont wasn't wasnt overrated".split()
)
"""Words of the plain sentiment baseline: more of BAD than of GOOD in a message speaks against its titles."""
SHOWN = 40
UNSAID = 2
"""An answer that was not given."""
Report = Callable[[str], None]


def run_understanding(
    understanding: Understanding, dialogues: Sequence[Dialogue], known: np.ndarray, report: Report = lambda _: None
) -> dict[str, Any]:
    """Read the dialogues.

    Args:
        understanding: of the workspace.
        dialogues: with the seekers' answers.
        known: (items,) how well known each item is; decides between items of one name.
        report: told of each step.

    Returns:
        ``linking_recall`` over the seekers' mentions of titles of the catalogue; ``linking_precision``, the share of the
        links that stand where the corpus has a title (an underestimate: its writers left some untagged); ``liked_f1``, ``disliked_f1``,
        ``accuracy`` and ``seen_accuracy`` over the films they answered about, ``stated``, ``baselines`` and ``failures``.
    """
    linker = ExactLinker(understanding.catalogue, known)
    tally = _Tally(understanding)
    for number, dialogue in enumerate(dialogues):
        if number % 100 == 0:
            report(f"dialogue {number:,} of {len(dialogues):,}")
        tally.follow(
            dialogue, {film: rows for film in dialogue.movie_mentions if (rows := linker.find(dialogue.title(film)))}
        )
    figures = {name: _figures(tally.truth, guess) for name, guess in tally.guesses.items()}
    kinds = Counter(failure["kind"] for failure in tally.failures)
    return {
        "dialogues": len(dialogues),
        "mentions": tally.mentions,
        "mentions_outside_the_catalogue": tally.outside,
        "linking_recall": tally.found / max(tally.mentions, 1),
        "linking_precision": 1 - tally.elsewhere / max(tally.links, 1),
        **figures["understanding"],
        "seen_accuracy": sum(a == b for a, b in tally.seen) / max(len(tally.seen), 1),
        "stated": _stated(tally.truth, tally.stated),
        "baselines": {name: figures[name] for name in ("majority", "plain_sentiment")},
        "failure_counts": dict(kinds),
        "failures": [f for kind in kinds for f in [g for g in tally.failures if g["kind"] == kind][:SHOWN]],
    }


@dataclass
class _Tally:
    """Counts over dialogues that are read one after the other."""

    understanding: Understanding
    mentions: int = 0
    found: int = 0
    outside: int = 0
    links: int = 0
    elsewhere: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)
    truth: list[bool] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)
    seen: list[tuple[bool, bool]] = field(default_factory=list)
    guesses: dict[str, list[bool]] = field(
        default_factory=lambda: {"understanding": [], "majority": [], "plain_sentiment": []}
    )

    def follow(self, dialogue: Dialogue, rows: dict[str, tuple[int, ...]]) -> None:
        """Read a dialogue; ``rows`` are the catalogue's for each film that it has."""
        state, last = State(), list[str]()
        feeling: Counter[str] = Counter()
        for message in dialogue.messages:
            text, places = dialogue.said(message)
            if message.worker != dialogue.initiator:
                _show(state, self.understanding, [rows[film][0] for _, _, film in places if film in rows])
                last = [film for _, _, film in places] or last
                continue
            reading = self.understanding.read(text, state)
            apply(reading, state, self.understanding.catalogue)
            for film in {film for _, _, film in places} or set(last):
                feeling[film] += _mood(text)
            self._links(text, places, reading, rows)
        for film, answer in dialogue.initiator_questions.items():
            if film in rows:
                self._answer(dialogue, film, answer, state, feeling[film], rows[film])

    def _links(
        self, text: str, places: Sequence[tuple[int, int, str]], reading: Reading, rows: dict[str, tuple[int, ...]]
    ) -> None:
        self.links += len(reading.mentions)
        self.elsewhere += sum(not any(m.start < b and a < m.end for a, b, _ in places) for m in reading.mentions)
        for start, end, film in places:
            if film not in rows:
                self.outside += 1
                continue
            self.mentions += 1
            linked = [m for m in reading.mentions if m.start < end and start < m.end]
            if any(m.row in rows[film] for m in linked):
                self.found += 1
            else:
                got = ", ".join(self.understanding.catalogue[m.row].name for m in linked) or "nothing"
                self.failures.append({"kind": "link", "title": text[start:end], "got": got, "text": text})

    def _answer(
        self, dialogue: Dialogue, film: str, answer: Answer, state: State, feeling: int, rows: tuple[int, ...]
    ) -> None:
        ids = {self.understanding.catalogue[row].item_id for row in rows}
        verdict = next((v for v in ("disliked", "liked", "seen") if ids & set(getattr(state, v))), "")
        if answer.seen != UNSAID:
            self.seen.append((bool(answer.seen), bool(verdict)))
        if answer.liked == UNSAID:
            return
        self.truth.append(bool(answer.liked))
        self.stated.append(verdict)
        self.guesses["understanding"].append(verdict != "disliked")
        self.guesses["majority"].append(True)
        self.guesses["plain_sentiment"].append(feeling >= 0)
        if (verdict == "disliked") == bool(answer.liked):
            said = " / ".join(_spoken(dialogue, film))
            kind = "false dislike" if answer.liked else "missed dislike"
            self.failures.append(
                {"kind": kind, "title": dialogue.title(film), "got": verdict or "nothing", "text": said}
            )


def _show(state: State, understanding: Understanding, rows: list[int]) -> None:
    """Put the recommender's titles where chatrec's own would stand."""
    if rows:
        ids = [understanding.catalogue[row].item_id for row in dict.fromkeys(rows)]
        state.shown.append(ids)
        state.focus = ids[::-1]  # most recent first
        state.done = Before.SHOWN


def _mood(text: str) -> int:
    """Below 0 where more words of a message are bad than good."""
    words = re.findall(r"[\w']+", text.casefold())
    return int(np.sign(sum(word in GOOD for word in words) - sum(word in BAD for word in words)))


def _spoken(dialogue: Dialogue, film: str) -> list[str]:
    """The messages that name a film, and the seeker's next one after each."""
    picked = []
    for place, message in enumerate(dialogue.messages):
        if f"@{film}" in message.text:
            after = next((m for m in dialogue.messages[place + 1 :] if m.worker == dialogue.initiator), None)
            picked += [message, *([after] if after else [])]
    chosen = [m for n, m in enumerate(picked) if m not in picked[:n]]
    return [("seeker: " if m.worker == dialogue.initiator else "recommender: ") + dialogue.said(m)[0] for m in chosen]


def _figures(truth: list[bool], guess: list[bool]) -> dict[str, float]:
    pairs = list(zip(truth, guess, strict=True))
    return {
        "films": len(pairs),
        "liked_f1": _f1(pairs, True),
        "disliked_f1": _f1(pairs, False),
        "accuracy": sum(a == b for a, b in pairs) / max(len(pairs), 1),
    }


def _f1(pairs: list[tuple[bool, bool]], of: bool) -> float:
    right = sum(a == b == of for a, b in pairs)
    wrong = sum(a != b for a, b in pairs)
    return 2 * right / max(2 * right + wrong, 1)


def _stated(truth: list[bool], verdicts: list[str]) -> dict[str, float]:
    """Precision and recall of the likes and dislikes that understanding found in so many words."""
    result: dict[str, float] = {}
    for name, of in (("liked", True), ("disliked", False)):
        right = sum(v == name and t == of for t, v in zip(truth, verdicts, strict=True))
        result[f"{name}_precision"] = right / max(verdicts.count(name), 1)
        result[f"{name}_recall"] = right / max(truth.count(of), 1)
    return result
