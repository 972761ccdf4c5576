"""The measuring of understanding: other sets' forms are read, and the figures are what they say."""

import gzip
import json

import numpy as np
import pytest

from chatrec.dialogue.acts import Annotation, Attitude, Intent, Kind
from chatrec.dialogue.nlu.corpus import parse
from chatrec.dialogue.nlu.tagger import ATTITUDES, KINDS, Tagged
from chatrec.errors import BadInput
from chatrec.evaluation.dialogue.nlu import DISLIKED, LIKED, judged, read_judged, score, weak_examples

TEXT = "I loved Heat, no horror"


class Fixed:
    """Says the same of every message: Heat is liked, surely; horror is a mood that is avoided, less surely."""

    def read(self, text, before="", titles=()):
        spans = (
            Annotation(8, 12, Kind.TITLE, Attitude.LIKE, 0.9),
            Annotation(17, 23, Kind.MOOD, Attitude.AVOID, 0.4),
        )
        return Said(
            spans,
            {intent: 0.9 * (intent is Intent.OPINE) for intent in Intent},
            (),
            np.zeros((0, len(KINDS))),
            np.zeros((0, len(ATTITUDES))),
            np.zeros((0, 2)),
        )


class Said(Tagged):
    def at(self, start, end, kind, source):
        return next(note for note in self.spans if note.overlaps(start, end))


def test_the_figures_of_a_case_worked_by_hand():
    found = score(Fixed(), [judged(parse("opine inform | I loved [Heat](title like), no [horror](category avoid)"))])
    assert found["n"] == 1
    assert found["intent_f1"] == pytest.approx(0.5)  # opine right, inform missed
    assert found["span_f1"] == pytest.approx(0.5)  # one of two has its kind
    assert found["attitude_f1"] == pytest.approx(1.0)
    assert found["coverage"] == pytest.approx(0.5)
    assert found["ece"] == pytest.approx((0.1 + 0.6) / 2)


def test_other_sets_are_read_and_bad_records_are_counted(tmp_path):
    lines = [
        {"text": "I hate Saw", "intent": "preference", "objects": "Q1-"},
        {"text": "I love Saw", "intent": "preference", "objects": "Q1+"},
        {"text": "/start", "intent": "start", "objects": ""},
        {"intent": "preference"},
    ]
    path = tmp_path / "movie.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join([*map(json.dumps, lines), "not json"]).encode()))
    messages, skipped = read_judged(path, "converse")
    assert [message.attitudes for message in messages] == [((0, 0, DISLIKED),), ((0, 0, LIKED),)]
    assert skipped == 2


def test_tags_become_spans(tmp_path):
    path = tmp_path / "trivia.bio"
    path.write_text("B-Actor\ttom\nI-Actor\thanks\nO\tin\nB-Plot\ta\nI-Plot\tplane\n\nO\twhat\n")
    (first, second), skipped = read_judged(path, "bio")
    assert [(first.text[a:b], kind) for a, b, kind in first.spans] == [
        ("tom hanks", Kind.PERSON),
        ("a plane", Kind.STORY),
    ]
    assert second.spans == ()
    assert skipped == 0


def test_an_unknown_form_and_a_missing_file_are_one_line(tmp_path):
    with pytest.raises(BadInput, match=r"'xml'.*native, converse, ccpe, iard, bio"):
        read_judged(tmp_path / "x", "xml")
    with pytest.raises(BadInput, match="cannot be read"):
        read_judged(tmp_path / "x", "native")


def test_answers_of_seekers_teach_whether_a_film_was_disliked(tmp_path):
    dialogue = {
        "conversation_id": 1, "initiator": 1, "movie_mentions": {"5": "Heat (1995)", "6": None},
        "initiator_questions": {"5": {"suggested": 0, "seen": 1, "liked": 0}, "6": {"suggested": 0, "seen": 1, "liked": 1}},
        "messages": [{"worker": 1, "text": "I saw @5"}, {"worker": 2, "text": "@5 is great"}, {"worker": 1, "text": "and @6"}],
    }  # fmt: skip
    path = tmp_path / "dialogues.jsonl"
    path.write_text(json.dumps(dialogue) + "\n")
    (example,) = weak_examples(path)
    (mark,) = example.spans
    assert (example.text[mark.start : mark.end], mark.attitude) == ("Heat (1995)", Attitude.DISLIKE)
