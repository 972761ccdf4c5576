"""Questions in words that no pattern has, told by meaning with the real encoder."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.catalogue.encoder import load_encoder
from chatrec.dialogue.nlg.answers import about
from chatrec.dialogue.nlu.paraphrases import Paraphrases
from chatrec.dialogue.nlu.understanding import Understanding
from chatrec.dialogue.tracking.state import State
from chatrec.linking.title_keys import Span


@pytest.fixture(scope="module")
def understanding(catalogue):
    return Understanding(catalogue, np.arange(len(catalogue), 0, -1), load_encoder("all-minilm-l6-v2"))


@pytest.fixture(scope="module")
def paraphrases(understanding):
    assert isinstance(understanding.paraphrases, Paraphrases)
    return understanding.paraphrases


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("whose work was it", "director"),
        ("who do we have to thank for directing that", "director"),
        ("who's the blonde in it", "cast"),
        ("which lady is that", "cast"),
        ("was it made before the war", "year"),
        ("how would you sum it up", "plot"),
        ("does it have a plot", "plot"),
        ("is it any use", ""),
        ("who can say what comes next", ""),
        ("let us take the second one, it is shorter", ""),
    ],
)
def test_a_question_is_told_by_its_meaning(paraphrases, said, kind):
    assert paraphrases.kind(said) == kind


@pytest.mark.parametrize("said", ["Whose work is it?", "By whom is it?", "and its director?", "whod direct that"])
def test_it_is_asked_of_what_was_talked_of(understanding, catalogue, said):
    row = next(row for row, one in enumerate(catalogue) if one.title == "Heat")
    reading = understanding.read(said, State(focus=[catalogue[row].item_id], shown=[[catalogue[row].item_id]]))
    assert (row, "asked") in reading.referred
    assert "directed by" in about(catalogue[row], reading.text, catalogue.words)


def test_a_title_keeps_its_name_and_other_questions_of_the_message_stay(understanding, catalogue):
    row = next(row for row, one in enumerate(catalogue) if one.title == "Heat")
    state = State(focus=[catalogue[row + 1].item_id])
    reading = understanding.read("Heat, what is the gist? I am in no hurry.", state)
    assert [(m.row, m.stance) for m in reading.mentions] == [(row, "asked")]
    assert "what is Heat about" in reading.text and "hurry" in reading.text


@pytest.mark.parametrize(
    "said",
    [
        "What else has she made?",
        "Have you got a film with magic in it?",
        "Which of them is funnier?",
        "Something short?",
    ],
)
def test_what_seeks_items_stays_as_it_is(understanding, catalogue, said):
    reading = understanding.read(said, State(focus=[catalogue[0].item_id], shown=[[catalogue[0].item_id]]))
    assert reading.text == said


class Nowhere:
    """An encoder for which nothing is near anything."""

    def encode(self, texts):
        return np.zeros((len(texts), 4), dtype=np.float32)


@given(st.text(max_size=80), st.data())
def test_whatever_is_said_stays_as_it_is_where_no_question_is_near(said, data):
    start = data.draw(st.integers(0, len(said)))
    title = Span(start, data.draw(st.integers(start, len(said))), (0,))
    assert Paraphrases(Nowhere()).plain(said, [title], talked=True, asks=False) == said
