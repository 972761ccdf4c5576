"""Behind the words: what the frozen language model makes of an item's soft tokens, and what put each item in a slate."""

import copy
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import torch

from chatrec.errors import BadInput
from chatrec.ilm.generation import read_items
from chatrec.ranking.ranker import Ranked, Ranker, Request

from .text import plain

if TYPE_CHECKING:
    from chatrec.ilm.model import ItemLanguageModel
    from chatrec.recommender import Recommender

WORDS = 4  # nearest words of a soft token
NEAR = 5  # real neighbours of a blend
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
        manager: Any = recommender.manager
        self.ranker = manager.ranker = Remembering(manager.ranker)
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
        share = min(max(share, 0.0), 1.0)
        with self._lock:
            mixed = torch.lerp(model.table[rows[0]].float(), model.table[rows[1]].float(), share)
            lent = copy.copy(model)  # shares the weights; a table of its own, so that nobody else reads the blend
            lent.table = mixed[None]
            said = read_items(lent, [0])[0]
            if self._unit is None:
                pooled = model.table.float().mean(1)
                self._centre = pooled.mean(0)
                self._unit = torch.nn.functional.normalize(pooled - self._centre, dim=-1)
            near = self._unit @ torch.nn.functional.normalize(mixed.mean(0) - self._centre, dim=-1)
        best = [int(row) for row in near.argsort(descending=True) if int(row) not in rows][:NEAR]
        return {"said": said, "near": [self.catalogue[row].name for row in best]}

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


def skeleton(many: str, one: str, ready: bool) -> str:
    """The tab's HTML; the browser's script fills it.

    Args:
        many, one: what the catalogue's things are called.
        ready: whether there is a trained adapter.
    """
    many, one = plain(many), plain(one)
    reading = (
        f'<p class="cr-soft">There is no trained adapter here yet, so the language model cannot read these {many}. '
        "The command <code>chatrec train</code> makes one.</p>"
    )
    if ready:
        reading = (
            f'<section><h2>What the language model reads</h2><p class="cr-soft">No title and no text is in the prompt, only '
            f"a few learned vectors that stand for the {one}: its soft tokens. This is what the model says they are.</p>"
            '<form id="cr-read" class="cr-ask"><label>Read <input type="search" name="one" list="cr-all-titles" required '
            'autocomplete="off" placeholder="a title"></label><button class="cr-quiet">Read it</button></form>'
            '<div id="cr-read-out" aria-live="polite"></div></section>'
            f'<section><h2>A {one} that does not exist</h2><p class="cr-soft">Two {many} mixed, token by token, and read '
            'like a real one.</p><form id="cr-blend" class="cr-ask"><label>From <input type="search" name="one" required '
            'list="cr-all-titles" autocomplete="off" placeholder="one title"></label><label class="cr-share"><span>'
            'Share of the second</span><input type="range" name="share" min="0" max="100" value="50" step="5"></label>'
            '<label>to <input type="search" name="two" list="cr-all-titles" required autocomplete="off" '
            'placeholder="another"></label><button class="cr-quiet">Blend them</button></form>'
            '<div id="cr-blend-out" aria-live="polite"></div></section>'
        )
    return (
        f'<datalist id="cr-all-titles"></datalist>{reading}<section><h2>Why these {many}</h2><p class="cr-soft">Each part '
        "of the score, against the other candidates: to the right speaks for it, to the left against it.</p>"
        f'<div id="cr-parts">Ask for {many} in the chat, and the parts of their scores stand here.</div></section>'
    )
