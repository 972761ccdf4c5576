"""Ranking the catalogue after a dialogue: features of every item in the light of a context, fused with learned weights."""

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from chatrec.linking.exact import ExactLinker, word_key
from chatrec.ranking.fusion import Curve
from chatrec.ranking.mentions import FADE, Heard, Mentions
from chatrec.workspace import Report, Workspace

CHARACTERS = 1000
"""Of a context, its last characters are encoded; MiniLM reads 256 word pieces."""
YEARS = (
    (0, 1),
    (1, 1980),
    (1980, 1990),
    (1990, 2000),
    (2000, 2010),
    (2010, 2016),
    (2016, 2017),
    (2017, 2018),
    (2018, 9999),
)
"""From and up to: the popularity prior has a weight for each; 0 is an item without a year."""

PARTS: dict[str, tuple[str, ...]] = {
    "text": ("context_text", "context_words"),
    "near_titles": ("near_text", "nearest_text", "title_words"),
    "cf": ("taste", "last_taste", "rated_together"),
    "attributes": ("genre_named", "genre_shared", "people_named", "people_shared", "year_near"),
    "popularity": ("ratings", "likes", *(f"year_{start}" for start, _ in YEARS), "recommended", "ever_recommended", "mentioned"),
    "co_mention": ("together", "lift", "similar_contexts"),
    "repeats": ("by_seeker", "by_recommender", "just_said", "just_recommended", "times", "share_of_titles", "recently"),
}  # fmt: skip
"""The features of each part of the fusion."""
WAYS = ("fusion", "linear", *PARTS)
"""Ways to rank: the fusion, all parts without its curved part, and each part alone with weights of its own."""
FEATURES = (
    tuple(name for names in PARTS.values() for name in names if name not in Mentions.FEATURES) + Mentions.FEATURES
)
"""Order of the rows of a feature matrix: first what the context and the workspace give, then what dialogues taught."""


class ContextReader:
    """Reads contexts against a workspace, and gives each item's features for them.

    Args:
        workspace: with its vectors and interactions.
        genres: a pattern of the words for each category that can be asked for.
    """

    def __init__(self, workspace: Workspace, genres: Sequence[tuple[str, re.Pattern[str]]]) -> None:
        self.workspace, self.catalogue = workspace, workspace.catalogue
        number = {name: place for place, name in enumerate(self.catalogue.category_names)}
        self.kinds = [(number[name], pattern) for name, pattern in genres if name in number]
        self.text = workspace.vectors["text"]
        rows = workspace.interactions["item_id"].map(self.catalogue.row).to_numpy(dtype=np.int64)
        liked = (workspace.interactions["rating"] >= 3.5).to_numpy()
        users = workspace.interactions["user_id"].astype("category").cat.codes.to_numpy()
        size = len(self.catalogue)
        self.ratings = np.bincount(rows, minlength=size).astype(np.float32)
        shape = (int(users.max(initial=-1)) + 1, size)
        self.likes = csr_matrix((np.ones(liked.sum(), dtype=np.float32), (users[liked], rows[liked])), shape=shape)
        norms = np.linalg.norm(workspace.collab.item_vectors, axis=1, keepdims=True)
        self.taste = workspace.collab.item_vectors / np.maximum(norms, 1e-9)
        self.linker = ExactLinker(self.catalogue, self.ratings)

    def read(
        self,
        contexts: Sequence[Sequence[str]],
        names: Sequence[tuple[str, list[str]]] = (),
        report: Report = lambda _: None,
    ) -> list[Heard]:
        """Contexts with their titles linked and their text encoded.

        Args:
            contexts: utterances, oldest first.
            names: for each context its dialogue and the titles that were recommended, if they are known.
            report: told how far it has come.
        """
        joined = [" ".join(filter(None, context))[-CHARACTERS:] for context in contexts]
        vectors = self.workspace.encoder.encode(joined, report)
        heard = []
        for number, context in enumerate(contexts):
            named = tuple(
                (len(context) - 1 - place, title.rows)
                for place, utterance in enumerate(context)
                for title in self.linker.link(utterance)
            )
            dialogue, titles = names[number] if names else ("", [])
            chosen = tuple(rows[0] for title in titles if (rows := self.linker.find(title)))
            heard.append(Heard(dialogue, named, vectors[number], chosen))
        return heard

    def features(self, turn: Heard, context: Sequence[str]) -> np.ndarray:
        """Features of every item that need no dialogues to learn from, (features, items) float32, as in FEATURES."""
        found = dict.fromkeys(FEATURES[: -len(Mentions.FEATURES)], self._none) | self._prior
        whole = " ".join(context)
        found["context_text"] = self.text @ turn.vector
        words, matrix = self._words
        found["context_words"] = np.asarray((matrix @ words.transform([whole]).T).todense()).ravel()
        kinds = [place for place, pattern in self.kinds if pattern.search(whole)]
        if kinds:
            found["genre_named"] = self._genres[:, kinds].mean(axis=1)
        if people := self._people_in(whole):
            found["people_named"] = np.asarray(self._people[1][:, people].sum(axis=1)).ravel()
        if turn.named:
            found |= self._near(turn)
            found |= self._said(turn)
        return np.stack([found[name] for name in FEATURES[: -len(Mentions.FEATURES)]]).astype(np.float32)

    def _said(self, turn: Heard) -> dict[str, np.ndarray]:
        """Who named each item, when, and how often."""
        found = {name: self._none.copy() for name in PARTS["repeats"]}
        for age, rows in turn.named:
            found["by_recommender" if age % 2 else "by_seeker"][list(rows)] = 1.0
            found["times"][list(rows)] += 1.0
            found["share_of_titles"][list(rows)] += 1.0 / len(turn.named)
            found["recently"][list(rows)] = FADE**age  # the latest mention comes last
            if age <= 1:
                found["just_recommended" if age else "just_said"][list(rows)] = 1.0
        return found

    def _near(self, turn: Heard) -> dict[str, np.ndarray]:
        """How close each item is to the titles that were named."""
        rows, weights = turn.titles
        share = weights / weights.sum()
        close = self.text[rows] @ self.text.T
        tastes = self.taste[rows] @ self.taste.T
        fans = np.asarray((self.likes.T @ self.likes[:, rows]).todense()).T
        liked = np.asarray(self.likes.sum(axis=0)).ravel()
        fans = fans / np.sqrt((liked + 10)[None] * (liked[rows] + 10)[:, None])
        fans[np.arange(len(rows)), rows] = 0.0
        people = self._people[1]
        titles = self._titles
        years = np.array([self.catalogue[row].year or 0 for row in rows])
        apart = np.abs(self._years[None] - years[:, None])
        near_year = np.exp(-apart / 8.0) * ((self._years > 0)[None] & (years > 0)[:, None])
        return {
            "near_text": share @ close,
            "nearest_text": close.max(axis=0),
            "title_words": np.asarray((titles @ titles[rows].T).max(axis=1).todense()).ravel(),
            "taste": share @ tastes,
            "last_taste": tastes[-1],
            "rated_together": np.log1p(20 * (weights @ fans)),
            "genre_shared": self._unit_genres @ (share @ self._unit_genres[rows]),
            "people_shared": np.log1p(people @ np.asarray(csr_matrix(weights) @ people[rows].toarray()).ravel()),
            "year_near": share @ near_year,
        }

    # What is the same for every context

    @cached_property
    def _none(self) -> np.ndarray:
        return np.zeros(len(self.catalogue), dtype=np.float32)

    @cached_property
    def _years(self) -> np.ndarray:
        return np.array([item.year or 0 for item in self.catalogue], dtype=np.float32)

    @cached_property
    def _prior(self) -> dict[str, np.ndarray]:
        liked = np.asarray(self.likes.sum(axis=0)).ravel()
        prior = {"ratings": np.log1p(self.ratings), "likes": np.log1p(liked)}
        return prior | {f"year_{a}": ((self._years >= a) & (self._years < b)).astype(np.float32) for a, b in YEARS}

    @cached_property
    def _words(self) -> tuple[TfidfVectorizer, csr_matrix]:
        words = TfidfVectorizer(
            sublinear_tf=True, stop_words="english", max_df=0.1 if len(self.catalogue) > 100 else 1.0
        )
        return words, words.fit_transform([item.text() for item in self.catalogue])

    @cached_property
    def _titles(self) -> csr_matrix:
        words = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+")
        return words.fit_transform([item.title for item in self.catalogue])

    @cached_property
    def _genres(self) -> np.ndarray:
        place = {name: number for number, name in enumerate(self.catalogue.category_names)}
        table = np.zeros((len(self.catalogue), len(place)), dtype=np.float32)
        for row, item in enumerate(self.catalogue):
            table[row, [place[name] for name in item.categories]] = 1.0
        return table

    @cached_property
    def _unit_genres(self) -> np.ndarray:
        return self._genres / np.maximum(np.linalg.norm(self._genres, axis=1, keepdims=True), 1e-9)

    @cached_property
    def _people(self) -> tuple[dict[str, int], csr_matrix]:
        """Column by name's key, and who is in what: (items, people)."""
        rows = self.catalogue.people_rows
        pairs = [(row, column) for column, own in enumerate(rows.values()) for row in own]
        items, columns = zip(*pairs, strict=True) if pairs else ((), ())
        shape = (len(self.catalogue), max(len(rows), 1))
        table = csr_matrix((np.ones(len(pairs), dtype=np.float32), (items, columns)), shape=shape)
        keys = {_name_key(name): column for column, name in enumerate(rows)}
        return {key: column for key, column in keys.items() if " " in key}, table

    def _people_in(self, text: str) -> list[int]:
        words = _name_key(text).split()
        known = self._people[0]
        spans = (" ".join(words[start : start + size]) for start in range(len(words)) for size in (2, 3))
        return sorted({known[span] for span in spans if span in known})


def _name_key(name: str) -> str:
    return " ".join(word_key(word) for word in re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", name))


class ContextRanker:
    """Scores the catalogue after a context.

    Args:
        reader: of the workspace.
        mentions: what dialogues taught; without any, their features say nothing.
        weights: a row of weights of FEATURES for each linear way to rank (WAYS without the first), (ways, features).
        curve: the first way: the fusion with its curved part.
    """

    def __init__(self, reader: ContextReader, mentions: Mentions, weights: np.ndarray, curve: Curve) -> None:
        self.reader, self.mentions, self.weights, self.curve = reader, mentions, weights, curve

    def features(self, turn: Heard, context: Sequence[str]) -> np.ndarray:
        """All features of every item, (features, items) float32."""
        return np.concatenate([self.reader.features(turn, context), self.mentions.features(turn)])

    def ways(self, features: np.ndarray) -> np.ndarray:
        """Scores of every item by each of WAYS, (ways, items) float32."""
        return np.concatenate([self.curve.scores(features)[None], self.weights @ features])

    def scores(self, context: Sequence[str]) -> np.ndarray:
        """Scores of every item by the fusion, (items,) float32."""
        return self.curve.scores(self.features(self.reader.read([context])[0], context))
