"""Descriptions found by the words that they share with a story."""

from hypothesis import given
from hypothesis import strategies as st

from chatrec.catalogue.items import Catalogue
from chatrec.retrieval.words import StoryWords


def test_the_story_with_the_words_comes_first(catalogue):
    scores = StoryWords(catalogue).scores("a weatherman is caught in a time loop, in a small town")
    assert catalogue[int(scores.argmax())].title == "Groundhog Day"


def test_endings_do_not_matter(catalogue):
    words = StoryWords(catalogue)
    assert catalogue[int(words.scores("kidnapped").argmax())].title == "Fargo"


@given(st.text())
def test_any_text_is_scored(text):
    scores = StoryWords(Catalogue([])).scores(text)
    assert scores.shape == (1,) or scores.shape == (0,)


def test_words_of_no_story_score_nothing(catalogue):
    assert not StoryWords(catalogue).scores("the of zzz").any()
