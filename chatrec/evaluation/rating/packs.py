"""Events of one person packed for the frozen LLM: what is told of the past, and what is asked about behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from chatrec.evaluation.rating.models import Columns, Events

NUMBERS = ("worth", "popularity", "company")
"""Columns of :class:`~chatrec.evaluation.rating.models.TasteProcess` that a soft token carries beside its item."""
OWN_NUMBERS = 3
"""Numbers made of the person's own past: its surprises (labels above what the items are worth), its length, the time since."""
PAST, ASKED = 40, 48
"""Events told at most, and asked about behind one past."""
UNTOLD = 0.15
"""Share of training packs without a past; a third of the validation events are of people of whom nothing is known."""


@dataclass(frozen=True)
class Pack:
    """Events of one person: those told and those asked about, as indices into arrays of events, oldest first."""

    past: np.ndarray
    asked: np.ndarray

    def __len__(self) -> int:
        """Tokens: an item and an answer for each event told, an item for each asked about."""
        return 2 * len(self.past) + len(self.asked)


class Told:
    """Events as the reader gets them: rows of items, and numbers of the events.

    Args:
        past, asked: events; labels of ``asked`` are not read.
        learned, applied: columns of ``past`` (out of fold) and of ``asked``.
    """

    def __init__(self, past: Events, asked: Events, learned: Columns, applied: Columns) -> None:
        self.past, self.asked = past, asked
        self._surprise = past.label - learned["worth"]
        self._count, self._sum = np.zeros(len(past)), np.zeros(len(past))
        """Of each known event, how many of the same person came before it, and their surprises added."""
        for user in np.unique(past.user):
            own = of_user(past, user)
            self._count[own] = np.arange(len(own))
            self._sum[own] = np.cumsum(self._surprise[own]) - self._surprise[own]
        known, new = (np.stack([columns[name] for name in NUMBERS], axis=1) for columns in (learned, applied))
        mean, deviation = known.mean(0), np.maximum(known.std(0), 1e-9)
        self._past, self._asked = (known - mean) / deviation, (new - mean) / deviation

    def tokens(self, packs: Sequence[Pack]) -> tuple[Tensor, Tensor]:
        """Rows (tokens,) and numbers (tokens, numbers) of all soft tokens: every past in order, then all asked about.

        An item of a past has the numbers that it would have if it were asked about behind what was told before it.
        """
        rows = [self.past.item[pack.past] for pack in packs] + [self.asked.item[pack.asked] for pack in packs]
        numbers = [self._of_past(pack.past) for pack in packs] + [self._of_asked(pack) for pack in packs]
        return torch.from_numpy(np.concatenate(rows)), torch.from_numpy(np.concatenate(numbers)).float()

    def _of_past(self, past: np.ndarray) -> np.ndarray:
        time = self.past.time[past]
        since = time - np.r_[time[:1], time[:-1]]
        return np.hstack([self._past[past], _own(self._sum[past], self._count[past], since)])

    def _of_asked(self, pack: Pack) -> np.ndarray:
        time = self.asked.time[pack.asked]
        count, surprise, since = np.zeros((3, len(time)))
        if len(pack.past):
            last = pack.past[-1]
            count += self._count[last] + 1
            surprise += self._sum[last] + self._surprise[last]
            since += time - self.past.time[last]
        return np.hstack([self._asked[pack.asked], _own(surprise, count, since)])


def _own(surprise: np.ndarray, count: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Mean surprise, shrunk, number of events, and days since the last, each on a scale of about one."""
    days = np.log1p(np.maximum(seconds, 0) / 86400)
    return np.stack([6 * surprise / (count + 4), np.log1p(count) - 2, 0.5 * days - 0.5], axis=1)


def packs_of(past: Events, asked: Events) -> list[Pack]:
    """Each person's events to score, behind the last of their known events that are older than all of these."""
    made = []
    for user in np.unique(asked.user):
        own, wanted = of_user(past, user), of_user(asked, user)
        for start in range(0, len(wanted), ASKED):
            part = wanted[start : start + ASKED]
            made.append(Pack(own[past.time[own] < asked.time[part[0]]][-PAST:], part))
    return made


def training_packs(events: Events, random: np.random.Generator) -> list[Pack]:
    """Every event asked about once, behind a past that ends at a random moment before it.

    The moment is random because the events to score later lie months after the last known one.
    """
    packs = []
    for user in np.unique(events.user):
        own = of_user(events, user)
        for part in np.split(own, np.arange(int(random.integers(1, ASKED + 1)), len(own), ASKED)):
            before = own[events.time[own] < events.time[part[0]]]
            end = 0 if random.random() < UNTOLD else int(random.integers(len(before) // 2, len(before) + 1))
            packs.append(Pack(before[max(0, end - PAST) : end], part))
    return packs


def batches(packs: Sequence[Pack], tokens: int, random: np.random.Generator) -> Iterator[list[Pack]]:
    """Packs of about one length together, at most ``tokens`` with padding a batch, batches in random order."""
    made: list[list[Pack]] = [[]]
    lengths = np.array([len(pack) for pack in packs])
    for number in np.argsort(lengths + random.random(len(packs)) * 40):
        longest = max(len(pack) for pack in (*made[-1], packs[number]))
        if made[-1] and longest * (len(made[-1]) + 1) > tokens:
            made.append([])
        made[-1].append(packs[number])
    for place in random.permutation(len(made)):
        yield made[place]


def of_user(events: Events, user: int) -> np.ndarray:
    """Indices of a user's events, oldest first."""
    own = np.flatnonzero(events.user == user)
    return own[np.argsort(events.time[own], kind="stable")]
