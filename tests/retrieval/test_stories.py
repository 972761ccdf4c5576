"""Stories told at any length."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.retrieval.stories import SENTENCES, nearness, sentences, story_vectors


class Letters:
    """A vector that counts letters: enough to see what is compared with what."""

    def encode(self, texts):
        counts = np.array(
            [[text.lower().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts],
            dtype=np.float32,
        )
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


@given(st.text(max_size=400))
def test_any_text_has_a_vector_for_the_whole_and_for_at_most_so_many_sentences(text):
    vectors = story_vectors(Letters(), text)
    assert 1 <= len(vectors) <= 1 + SENTENCES
    assert np.isfinite(vectors).all()


def test_remarks_without_substance_are_no_sentences():
    assert sentences("Hi all! Long shot. A dog finds its way home alone. Thanks") == ["A dog finds its way home alone."]


def test_a_sentence_that_tells_the_story_outweighs_those_around_it():
    encoder = Letters()
    items = encoder.encode(["zzz qqq zzz qqq", "a e i o u"])
    told = "ae io ua ei ou ae io ua ea io. zzz qqq zzz qqq."
    near = nearness(items, story_vectors(encoder, told), np.zeros(2))
    alone = nearness(items, encoder.encode([told]), np.zeros(2))
    assert near[0] - near[1] > alone[0] - alone[1]


def test_shared_words_count():
    vectors = np.ones((1, 3), dtype=np.float32)
    assert nearness(np.zeros((2, 3), dtype=np.float32), vectors, np.array([0.0, 0.5])) == pytest.approx([0.0, 0.6])
