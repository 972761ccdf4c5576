"""Behind the words: what the frozen language model makes of an item's soft tokens, and what put each item in a slate."""

import copy
import threading
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, Any

import torch

from chatrec.errors import BadInput
from chatrec.ilm.generation import read_items
from chatrec.ranking.ranker import Ranked, Ranker, Request
from chatrec.trace import Recorder

from .trace import told

if TYPE_CHECKING:
    from chatrec.ilm.model import ItemLanguageModel
    from chatrec.recommender import Recommender

WORDS = 4  # nearest words of a soft token
NEAR = 5  # real neighbours of a blend
FEWEST = 10  # items that a mood must have for things to be moved towards it
LIKES = 8  # likes that are added one after the other
KEPT = 2000  # slates whose scores are remembered
PARTS = {
    "cf": "people of your taste",
    "next": "what the language model expects next",
    "like": "the language model's Yes",
    "text": "what you described",
    "popularity": "how well known it is",
    "mood": "the mood you asked for",
    "critique": "the change you asked for",
    "near": "close to the one you named",
    "all": "has all you asked for",
    "series": "of the same series",
    "known": "as well known as you set",
    "far": "as adventurous as you set",
}
"""What each part of a score is called here."""


class Remembering:
    """A ranker that remembers what its slates were made of."""

    def __init__(self, ranker: Ranker) -> None:
        self.ranker = ranker
        self._slates: OrderedDict[tuple[int, ...], list[Ranked]] = OrderedDict()

    def rank(self, request: Request, count: int) -> list[Ranked]:
        """See :meth:`chatrec.ranking.ranker.Ranker.rank`."""
        ranked = self.ranker.rank(request, count)
        self._slates[tuple(entry.row for entry in ranked)] = ranked
        if len(self._slates) > KEPT:
            self._slates.popitem(last=False)
        return ranked

    def slate(self, rows: tuple[int, ...]) -> list[Ranked]:
        """The latest slate of exactly these rows, or nothing."""
        return self._slates.get(rows, [])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ranker, name)


class Behind:
    """What the tab asks for. Its answers are plain values; names that the catalogue does not have raise ``BadInput``.

    Args:
        recommender: its manager's ranker is wrapped, so that slates are remembered.
    """

    def __init__(self, recommender: "Recommender") -> None:
        self.recommender, self.catalogue = recommender, recommender.catalogue
        self.recorder = Recorder()
        self.ranker: Any = recommender.observe(Remembering, self.recorder)
        self._lock = threading.Lock()  # one set of weights: one reading at a time
        self._unit: torch.Tensor | None = None

    @property
    def model(self) -> "ItemLanguageModel | None":
        """The item-language model, where the workspace has a trained adapter."""
        return self.ranker.model

    def read(self, name: str) -> dict[str, Any]:
        """What the model says of an item from its soft tokens alone, its record, and the words near each token."""
        model, row = self._ready(), self._row(name)
        item = self.catalogue[row]
        with self._lock:
            said = read_items(model, [row])[0]
            words = _nearest_words(model, model.table[row])
        record = {
            self.catalogue.words.categories: item.categories,
            **item.people,
            "mood": item.moods,
            "themes": item.themes,
        }
        lines = [[label, ", ".join(values)] for label, values in record.items() if values]
        return {"name": item.name, "said": said, "record": lines, "words": words}

    def blend(self, one: str, two: str, share: float) -> dict[str, Any]:
        """What the model says of an item between two, and the real ones nearest to it.

        Args:
            one, two: names.
            share: of the second, 0 to 1.
        """
        model, rows = self._ready(), (self._row(one), self._row(two))
        return self._between(model.table[rows[0]], model.table[rows[1]], share, rows)

    def towards(self, name: str, mood: str, share: float) -> dict[str, Any]:
        """What the model says of an item moved towards the mean of all items of a mood, and the real ones nearest to it.

        A straight line between soft tokens: the model has learned no such task. Half the way to the mean
        of the scary films, the share of scary ones among the five nearest grows from .01 to .25 (tests/benchmarks/moods.py).

        Args:
            name: of the item.
            mood: one of :attr:`moods`.
            share: how far, 0 to 1.
        """
        model, row = self._ready(), self._row(name)
        rows = [place for place, item in enumerate(self.catalogue) if mood in item.moods]
        if not rows:
            raise BadInput(f"nothing in {self.catalogue.name} has the mood {mood[:40]!r}; choose one of the list")
        moved = self._between(model.table[row], model.table[rows].float().mean(0), share, (row,))
        near = [self.catalogue[near_row] for near_row in moved.pop("rows")]
        return {**moved, "near": [f"{item.name}{', ' + mood if mood in item.moods else ''}" for item in near]}

    @property
    def moods(self) -> list[str]:
        """Moods that enough items have for their mean to say something, the most common first."""
        common = Counter(mood for item in self.catalogue for mood in item.moods).most_common()
        return [mood for mood, count in common if count >= FEWEST]

    def like(self, name: str, liked: list[str]) -> dict[str, Any]:
        """The model's Yes to "will they like this?" as one like after another is added, each as ``(name, probability)``.

        All are asked at once, as the ranking asks; without any like it never asks, so neither does this.

        Args:
            name: of the item that is asked about.
            liked: names, the first :data:`LIKES` of them.
        """
        model, row = self._ready(), self._row(name)
        rows = [self._row(other) for other in liked[:LIKES]]
        people = [(tuple(rows[:count]), (), (row,)) for count in range(1, len(rows) + 1)]
        with self._lock, torch.no_grad():
            shares = [round(float(value), 3) for value in torch.sigmoid(model.like_logits(people))] if people else []
        labels = [self.catalogue[liked_row].name for liked_row in rows]
        return {"name": self.catalogue[row].name, "steps": list(zip(labels, shares, strict=True))}

    def trace(self, user_id: str) -> list[list[Any]]:
        """What the person's last turn did, for reading; nothing for a turn from before the server started."""
        last = self.recorder.last(user_id)
        return [] if last is None else told(last, self.catalogue, PARTS)

    def _between(self, one: torch.Tensor, two: torch.Tensor, share: float, known: tuple[int, ...]) -> dict[str, Any]:
        """Reading and nearest real items, ``known`` ones apart, of soft tokens on the line between two."""
        model = self._ready()
        mixed = torch.lerp(one.float(), two.float(), min(max(share, 0.0), 1.0))
        with self._lock:
            lent = copy.copy(model)  # shares the weights; a table of its own, so that nobody else reads the mixture
            lent.table = mixed[None]
            said = read_items(lent, [0])[0]
            if self._unit is None:
                pooled = model.table.float().mean(1)
                self._centre = pooled.mean(0)
                self._unit = torch.nn.functional.normalize(pooled - self._centre, dim=-1)
            near = self._unit @ torch.nn.functional.normalize(mixed.mean(0) - self._centre, dim=-1)
        best = [int(row) for row in near.argsort(descending=True) if int(row) not in known][:NEAR]
        return {"said": said, "near": [self.catalogue[row].name for row in best], "rows": best}

    def parts(self, item_ids: list[str]) -> list[dict[str, Any]]:
        """What put each item of a slate there: the parts of its score by name, the largest first; nothing for a slate
        from before the server started."""
        rows = tuple(self.catalogue.row[name] for name in item_ids if name in self.catalogue.row)
        return [
            {
                "name": self.catalogue[entry.row].name,
                "score": round(entry.score, 2),
                "parts": [
                    [PARTS.get(name, name), round(value, 2)]
                    for name, value in sorted(entry.parts.items(), key=lambda part: -abs(part[1]))
                ],
            }
            for entry in self.ranker.slate(rows)
        ]

    def _ready(self) -> "ItemLanguageModel":
        if self.model is None:
            raise BadInput("this workspace has no trained adapter, so nothing can be read; `chatrec train` makes one")
        return self.model

    def _row(self, name: str) -> int:
        row = self.catalogue.find(name) if name.strip() else None
        if row is None:
            raise BadInput(f"{name[:80]!r} is not in {self.catalogue.name}; choose a title from the list")
        return row


@torch.no_grad()
def _nearest_words(model: "ItemLanguageModel", soft: torch.Tensor) -> list[list[str]]:
    """For each soft token the words whose input vectors point most nearly its way.

    Args:
        model: whose vocabulary is searched.
        soft: (queries, width).
    """
    table = model.llm.embeddings
    unit = torch.nn.functional.normalize(soft.float(), dim=-1).to(table.dtype)
    scores = (table @ unit.T).float() / table.float().norm(dim=-1, keepdim=True).clamp(min=1e-6)
    found = []
    for column in scores.T:
        words: dict[str, None] = {}
        for token in column.topk(8 * WORDS).indices.tolist():
            word = str(model.llm.tokenizer.decode([token], skip_special_tokens=True)).strip()
            if word.isprintable() and word and "\ufffd" not in word:
                words[word] = None
        found.append(list(words)[:WORDS])
    return found
