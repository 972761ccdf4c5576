"""Models of "will this user like this item" without a language model: means, logistic MF, and a Gaussian process of taste.

Each is given labelled events and unlabelled ones, and answers for the unlabelled; what it may know of labels is exactly
what it is given.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd
from torch.nn import functional

COMPANY = 10
"""Items taken just before, whose worth tells what mood of choosing a person is in."""


@dataclass(frozen=True)
class Events:
    """Who met which item when, and whether they liked it; arrays of one length.

    Attributes:
        user: numbers of users.
        item: rows of the catalogue.
        label: 1 liked, 0 not.
        time: seconds.
    """

    user: np.ndarray
    item: np.ndarray
    label: np.ndarray
    time: np.ndarray

    def __len__(self) -> int:
        return len(self.user)

    def take(self, chosen: np.ndarray) -> "Events":
        """Some of the events, by mask or index."""
        return Events(self.user[chosen], self.item[chosen], self.label[chosen], self.time[chosen])

    def and_(self, other: "Events") -> "Events":
        """These events and then others."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in ("user", "item", "label", "time"))
        return Events(*(np.concatenate(pair) for pair in pairs))

    @classmethod
    def none(cls) -> "Events":
        """No events."""
        whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
        return cls(whole, whole, real, real)


@dataclass(frozen=True)
class Content:
    """What is known of the items beside the events of the files, by row.

    Attributes:
        vectors: (items, width) unit vectors of the texts.
        year: (items,); 0 where unknown.
        categories: (items, kinds) zeros and ones.
        reception: (items, marks) how critics received them, at unit deviation; no columns where nobody says.
        others: what other people, of another source, liked of these items; their numbers are negative.
    """

    vectors: np.ndarray
    year: np.ndarray
    categories: np.ndarray
    reception: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    others: Events = field(default_factory=Events.none)


Columns = dict[str, np.ndarray]
"""Numbers of events by name, (events,) each."""


class EventModel(Protocol):
    """A model of events that is quick to fit."""

    @property
    def name(self) -> str:
        """What the model is called, and the column that is its answer."""
        ...

    def columns(self, known: Events, asked: Events) -> Columns:
        """One or more named scores of every asked event, (asked,) float64 each, finite.

        Args:
            known: events whose labels may be used.
            asked: events to score; their labels must not be read. Users and items may be new.
        """
        ...


@dataclass(frozen=True)
class ItemMean:
    """The item's share of likes, shrunk to the share of all."""

    items: int
    shrink: float = 3.0
    name: str = "item mean"

    def columns(self, known: Events, asked: Events) -> Columns:
        """See :class:`EventModel`."""
        return {self.name: _shares(known.item, known.label, self.items, self.shrink)[asked.item]}


@dataclass(frozen=True)
class UserItemMean:
    """The item's and the user's shares of likes, added."""

    items: int
    shrink: float = 3.0
    name: str = "user mean + item mean"

    def columns(self, known: Events, asked: Events) -> Columns:
        """See :class:`EventModel`."""
        users = int(max(known.user.max(initial=0), asked.user.max(initial=0))) + 1
        of_item = _shares(known.item, known.label, self.items, self.shrink)[asked.item]
        return {self.name: of_item + _shares(known.user, known.label, users, self.shrink)[asked.user]}


@dataclass(frozen=True)
class LogisticMF:
    """Logistic matrix factorisation with biases, by Adam on all events at once; new users and items have zero vectors."""

    items: int
    factors: int = 16
    decay: float = 3e-4
    steps: int = 120
    seed: int = 0
    name: str = "logistic MF"

    def columns(self, known: Events, asked: Events) -> Columns:
        """See :class:`EventModel`."""
        random = torch.Generator().manual_seed(self.seed)
        users = int(max(known.user.max(initial=0), asked.user.max(initial=0))) + 1
        shapes = {"user": (users, self.factors), "item": (self.items, self.factors)}
        vectors = {
            kind: (0.05 * torch.randn(shape, generator=random)).requires_grad_() for kind, shape in shapes.items()
        }
        biases = {kind: torch.zeros(shape[0], requires_grad=True) for kind, shape in shapes.items()}
        weights = [*vectors.values(), *biases.values()]
        optimiser = torch.optim.Adam(weights, lr=0.03)

        def logits(events: Events) -> torch.Tensor:
            rows = {"user": torch.tensor(events.user), "item": torch.tensor(events.item)}
            product = (vectors["user"][rows["user"]] * vectors["item"][rows["item"]]).sum(1)
            return product + sum(biases[kind][rows[kind]] for kind in rows)

        wanted = torch.tensor(known.label).float()
        for _ in range(self.steps):
            optimiser.zero_grad()
            penalty = sum((weight**2).sum() for weight in weights)
            loss = functional.binary_cross_entropy_with_logits(logits(known), wanted) + self.decay * penalty / 10
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            return {self.name: logits(asked).numpy().astype(np.float64)}


@dataclass(frozen=True)
class TasteProcess:
    """A Gaussian process of each user's deviation from what an item is worth to all.

    An item's worth is its share of likes, corrected for who rated it and shrunk to what its text, year, reception,
    popularity and audience (who rated it, not how) foretell. A user's deviation is a sum of independent processes over
    items, one a kernel: the same for all items, alike where the audience is, where people's surprises about two items
    agree, the text, the categories, the year. With the user's known labels each has a mean in closed form (Rasmussen and
    Williams, 2006, chapter 2). The labels of ``content.others`` are known beside those that are given.

    Args:
        content: of the items.
        variance: of each process.
        noise: variance of a label given the taste.
        shrink: likes that a foretold worth weighs.
        ridge: penalty of the regression that foretells it.
        audience: dimensions of the audience in it.
    """

    content: Content
    variance: tuple[tuple[str, float], ...] = (
        ("user", 0.03),
        ("audience", 0.06),
        ("agreement", 0.08),
        ("text", 0.03),
        ("categories", 0.02),
        ("year", 0.02),
    )
    noise: float = 0.25
    shrink: float = 12.0
    ridge: float = 30.0
    audience: int = 32
    name: str = "taste process"

    def columns(self, known: Events, asked: Events) -> Columns:
        """See :class:`EventModel`. The sum under the model's own name, then its parts and what they rest on."""
        known = known.and_(self.content.others)
        worth, count, learned = self._items(known)
        parts = {name: np.zeros(len(asked)) for name, _ in self.variance}
        order = np.argsort(known.user, kind="stable")
        sorted_users = known.user[order]
        for user in np.unique(asked.user):
            own = order[slice(*np.searchsorted(sorted_users, [user, user + 1]))]
            if not len(own):
                continue
            places, rows = np.flatnonzero(asked.user == user), known.item[own]
            gram = {name: size * self._kernel(name, rows, rows, learned) for name, size in self.variance}
            total = np.sum(list(gram.values()), axis=0) + self.noise * np.eye(len(rows))
            weights = np.linalg.solve(total, known.label[own] - worth[rows])
            for name, size in self.variance:
                parts[name][places] = size * self._kernel(name, asked.item[places], rows, learned) @ weights
        return {
            self.name: worth[asked.item] + np.sum(list(parts.values()), axis=0),
            **parts,
            "worth": worth[asked.item],
            "popularity": np.log1p(count[asked.item]),
            "company": _company(known, asked, worth),
        }

    def _items(self, known: Events) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
        """Worth (items,), number of ratings (items,), and the kernels that events teach, (items, items) by name."""
        items = len(self.content.year)
        people, person = np.unique(known.user, return_inverse=True)
        count = np.bincount(known.item, minlength=items).astype(float)
        rated = np.bincount(person)
        met = csr_matrix((np.ones(len(known)), (person, known.item)), shape=(len(people), items))
        seen = self._foretelling(met, rated, count)
        mean = float(known.label.mean())
        bias, worth = np.zeros(len(people)), np.zeros(items)
        weight = count / (count + self.shrink)
        left = (seen.T * weight) @ seen + self.ridge * np.eye(seen.shape[1])
        for _ in range(5):  # items and users by turns
            total = np.bincount(known.item, known.label - mean - bias[person], minlength=items)
            foretold = seen @ np.linalg.solve(left, (seen.T * weight) @ (total / np.maximum(count, 1)))
            worth = (total + self.shrink * foretold) / (count + self.shrink)
            bias = np.bincount(person, known.label - mean - worth[known.item]) / (rated + 6.0)
        surprise = known.label - mean - bias[person] - worth[known.item]
        surprised = csr_matrix((surprise, (person, known.item)), shape=met.shape)
        return mean + worth, count, {"audience": _alike(met), "agreement": _alike(surprised)}

    def _foretelling(self, met: csr_matrix, rated: np.ndarray, count: np.ndarray) -> np.ndarray:
        """What an item's worth is foretold from, (items, features): text, year, popularity, audience."""
        text = self.content.vectors - self.content.vectors.mean(0)
        popularity = _unit_deviation(np.log1p(count)[:, None])
        decades = np.exp(-(((self.content.year[:, None] - np.arange(1930, 2030, 8)) / 8.0) ** 2))
        balanced = csr_matrix(met.multiply(1 / np.sqrt(rated)[:, None]).multiply(1 / np.sqrt(count + 5)[None]))
        blocks = [
            components(text, 48),
            2 * decades,
            np.ones((len(count), 1)),
            3 * popularity,
            3 * (popularity**2 - 1),
            components(balanced.T, self.audience),
            3 * self.content.reception.reshape(len(count), -1),
        ]
        return np.hstack(blocks)

    def _kernel(self, name: str, left: np.ndarray, right: np.ndarray, learned: dict[str, np.ndarray]) -> np.ndarray:
        if name == "user":
            return np.ones((len(left), len(right)))
        if name in learned:
            return learned[name][np.ix_(left, right)]
        if name == "year":
            return np.exp(-(((self.content.year[left][:, None] - self.content.year[right]) / 10.0) ** 2))
        vectors = self.content.vectors - self.content.vectors.mean(0) if name == "text" else self.content.categories
        a, b = (
            part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-9)
            for part in (vectors[left], vectors[right])
        )
        return a @ b.T


def _alike(met: csr_matrix) -> np.ndarray:
    """Cosines of the columns of a (users, items) matrix, (items, items), nearer to 0 where there is little to go by."""
    product = (met.T @ met).toarray()
    weight = product.diagonal() + 5
    kernel = product / np.sqrt(np.outer(weight, weight))
    np.fill_diagonal(kernel, 1.0)
    return kernel


def _company(known: Events, asked: Events, worth: np.ndarray) -> np.ndarray:
    """Mean worth of the items that the user met just before (which items, not how they liked them), (asked,)."""
    events = known.and_(asked)
    order = np.lexsort((events.time, events.user))
    user, time, value = events.user[order], events.time[order], worth[events.item[order]]
    places = np.arange(len(order))
    changed = np.r_[True, user[1:] != user[:-1]]
    later = changed | np.r_[True, time[1:] != time[:-1]]
    begin, end = (np.maximum.accumulate(np.where(mark, places, 0)) for mark in (changed, later))
    begin = np.maximum(begin, end - COMPANY)  # events of the same second are not before one another
    sums = np.r_[0.0, np.cumsum(value)]
    mean = (sums[end] - sums[begin] + 3 * value.mean()) / (end - begin + 3)
    found = np.empty(len(order))
    found[order] = mean
    return found[len(known) :]


def _shares(groups: np.ndarray, labels: np.ndarray, count: int, shrink: float) -> np.ndarray:
    total, size = np.bincount(groups, labels, minlength=count), np.bincount(groups, minlength=count)
    return (total + shrink * labels.mean()) / (size + shrink)


def components(matrix: np.ndarray | csr_matrix, count: int) -> np.ndarray:
    """The rows in at most ``count`` dimensions, (rows, at most count), at unit deviation altogether."""
    left, values, _ = randomized_svd(matrix, min(count, *matrix.shape), random_state=0)
    return _unit_deviation(left * values)


def _unit_deviation(values: np.ndarray) -> np.ndarray:
    return (values - values.mean(0)) / max(float(values.std()), 1e-9)
