"""What items tell, found by the words of a description: tf-idf of their stories, beside the text encoder's nearness."""

import re
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from chatrec.catalogue.items import Catalogue
from chatrec.catalogue.subjects import stem


class StoryWords:
    """Scores items by the words that their stories share with a description."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def scores(self, told: str) -> np.ndarray:
        """Cosine of tf-idf vectors, (items,) float32; 0 for all where no word is known."""
        vectorizer, stories = self._fitted
        return np.asarray((stories @ vectorizer.transform([told]).T).todense(), dtype=np.float32).ravel()

    @cached_property
    def _fitted(self) -> tuple[TfidfVectorizer, csr_matrix]:
        vectorizer = TfidfVectorizer(analyzer=_words, sublinear_tf=True)
        return vectorizer, vectorizer.fit_transform([item.story() for item in self.catalogue] or ["nothing"])


def _words(text: str) -> list[str]:
    """Words without their endings; all words are known to the vectorizer, so "the" alone leaves no empty vocabulary."""
    found = re.findall(r"[^\W_]+", text.casefold())
    return [stem(word) for word in found if word not in ENGLISH_STOP_WORDS] or ["-"]
