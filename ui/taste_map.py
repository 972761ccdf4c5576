"""The taste map: the catalogue on a plane, by taste or by what the language model reads; drawn once and kept.

t-SNE (van der Maaten and Hinton, 2008) keeps neighbours together; distances far apart mean little. A person has no place
of their own in it: they are put among the items that their folded-in vector is closest to.
"""

import hashlib
import logging
import os
import threading
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chatrec.collab.scorer import History
from chatrec.errors import StorageError
from chatrec.workspace import writing

from .text import plain
from .titles import once

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

log = logging.getLogger(__name__)

SPACES = {"taste": "who likes what", "words": "what the language model reads"}
"""The spaces that can be laid out: collaborative vectors, and the means of the Q-Former's soft tokens."""
KINDS = 9  # categories with a colour of their own; the rest share one
NEAREST = 8  # items among which a person, or an item nobody rated, is put
FEWEST = 12  # items for which t-SNE is worth while


class TasteMap:
    """Places of all items, (items, 2) in 0 to 1, in each space; computed at first use.

    Args:
        recommender: its workspace holds the vectors, and keeps the map.
    """

    def __init__(self, recommender: "Recommender") -> None:
        self.recommender = recommender
        self._lock = threading.Lock()
        self._drawn: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    @cached_property
    def _things(self) -> dict[int, list[int]]:
        return once(self.recommender.catalogue, self.recommender.workspace.likes[0])

    @property
    def spaces(self) -> dict[str, str]:
        """The spaces there are here, by name: without a trained adapter the collaborative one alone."""
        return SPACES if self.recommender.reads_items else {"taste": SPACES["taste"]}

    @property
    def places(self) -> np.ndarray:
        """Where the items lie by taste: read if they are of these very vectors, else computed and kept."""
        return self._at("taste")[1]

    def points(self) -> dict[str, Any]:
        """What the browser draws: the spaces, the names of the coloured categories and moods, and of each thing its ids
        (several where the catalogue has it twice), title, year, category and mood (an index into the names, or -1). The
        best known come first."""
        catalogue = self.recommender.catalogue
        kinds = list(catalogue.category_names[:KINDS])
        moods = [name for name, _ in Counter(mood for item in catalogue for mood in item.moods).most_common(KINDS)]
        rows = []
        for row, entries in self._things.items():
            item = catalogue[row]
            kind = max((kinds.index(name) for name in item.categories if name in kinds), default=-1)
            mood = next((moods.index(name) for name in item.moods if name in moods), -1)
            rows.append([[catalogue[entry].item_id for entry in entries], item.title, item.year, kind, mood])
        return {"spaces": self.spaces, "kinds": kinds, "moods": moods, "items": rows}

    def layout(self, space: str) -> list[list[float]]:
        """Where the items of :meth:`points` lie in a space, in that order; in the first one for a name unknown here."""
        placed: list[list[float]] = self._at(self._known(space))[1][list(self._things)].round(4).tolist()
        return placed

    def person(self, liked: list[str], disliked: list[str], space: str = "taste") -> list[float] | None:
        """Where somebody stands who likes and dislikes these items; None for somebody of whom no like is known.

        By taste their folded-in vector is put among its nearest items; among soft tokens, where nobody can be folded in,
        the middle of what they like.
        """
        row, space = self.recommender.catalogue.row, self._known(space)
        history = History(
            tuple(row[name] for name in liked if name in row), tuple(row[name] for name in disliked if name in row)
        )
        if not history.liked:
            return None
        vectors, places = self._at(space)
        if space == "taste":
            vector = self.recommender.workspace.collab.fold_in(history)
        else:
            vector = _unit(vectors[list(history.liked)]).mean(0)
        near = _unit(vectors) @ (vector / max(float(np.linalg.norm(vector)), 1e-9))
        best = np.argsort(-near, kind="stable")[:NEAREST]
        weights = np.exp(8 * (near[best] - near[best[0]]))
        return [float(value) for value in (weights @ places[best] / weights.sum()).round(4)]

    def _known(self, space: str) -> str:
        return space if space in self.spaces else "taste"

    def _at(self, space: str) -> tuple[np.ndarray, np.ndarray]:
        with self._lock:
            if space not in self._drawn:
                workspace, model = self.recommender.workspace, self.recommender.model
                vectors = workspace.collab.item_vectors
                if space == "words" and model is not None:
                    means = model.table[:, 1:].float().mean(1).cpu().numpy()  # the first is the taste token
                    vectors = means - means.mean(0)
                self._drawn[space] = (vectors, _kept(workspace.path, space, vectors, workspace.vectors["text"]))
            return self._drawn[space]


def project(vectors: np.ndarray, text: np.ndarray) -> np.ndarray:
    """Places of items on a plane, (items, 2) float32 in 0 to 1.

    Args:
        vectors: (items, factors); zero for items that nobody rated, which are put among their nearest by text.
        text: (items, width) unit vectors.
    """
    if not len(vectors):
        return np.zeros((0, 2), dtype=np.float32)
    rated = np.linalg.norm(vectors, axis=1) > 1e-9
    if rated.sum() < FEWEST:
        vectors, rated = text, np.ones(len(text), dtype=bool)
    places = np.zeros((len(vectors), 2), dtype=np.float32)
    places[rated] = _plane(_unit(vectors[rated]))
    for row in np.flatnonzero(~rated):
        near = text[rated] @ text[row]
        best = np.argsort(-near, kind="stable")[:NEAREST]
        weights = np.exp(12 * (near[best] - near[best[0]]))
        places[row] = weights @ places[rated][best] / weights.sum()
    return places


def _plane(unit: np.ndarray) -> np.ndarray:
    count = len(unit)
    if count < FEWEST:  # too few for neighbourhoods: a circle
        angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
        flat = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    else:
        from sklearn.manifold import TSNE

        perplexity = min(30.0, (count - 1) / 3)
        flat = TSNE(perplexity=perplexity, metric="cosine", init="random", random_state=7).fit_transform(unit)
    low, high = flat.min(0), flat.max(0)
    return ((flat - low) / np.maximum(high - low, 1e-9)).astype(np.float32)


def _kept(folder: Path, space: str, vectors: np.ndarray, text: np.ndarray) -> np.ndarray:
    digest = hashlib.sha256(vectors.tobytes())
    digest.update(text.tobytes())
    path = folder / f"map-{space}-{digest.hexdigest()[:16]}.npy"
    try:
        places = np.load(path, allow_pickle=False)
        if places.shape == (len(vectors), 2):
            return np.asarray(places)
    except (OSError, ValueError):
        pass  # not drawn yet, or damaged: drawn anew
    places = project(vectors, text)
    try:
        with writing(path):
            for old in folder.glob(f"map-{space}-*.npy"):
                old.unlink()
            temporary = path.with_suffix(".tmp")
            with temporary.open("wb") as file:
                np.save(file, places)
            os.replace(temporary, path)
    except StorageError as error:
        log.warning("the map is not kept: %s", error)
    return places


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def skeleton(many: str, category: str, spaces: dict[str, str]) -> str:
    """The tab's HTML; the browser's script fills it.

    Args:
        many: what the catalogue's things are called, escaped.
        category: what their categories are called.
        spaces: that can be laid out, by name.
    """
    alike = "the same people like" + (", or that the language model reads alike," if "words" in spaces else "")
    options = "".join(f'<option value="{name}">{label}</option>' for name, label in spaces.items())
    return (
        '<div class="cr-map-bar"><label>Find <input id="cr-map-find" type="search" list="cr-map-titles" autocomplete="off"'
        ' placeholder="a title"></label><datalist id="cr-map-titles"></datalist>'
        f'<label>Laid out by <select id="cr-map-space">{options}</select></label><label>Coloured by <select id="cr-map-colour">'
        f'<option value="kind">{plain(category)}</option><option value="mood">mood</option></select></label>'
        '<div id="cr-map-kinds" role="group" aria-label="Colours"></div></div>'
        '<div class="cr-map-frame"><canvas id="cr-map-canvas" tabindex="0" role="application" aria-describedby="cr-map-help"'
        f' aria-label="Map of {many}"></canvas><div id="cr-map-tip" hidden></div>'
        '<div class="cr-map-zoom"><button type="button" class="cr-quiet" name="cr-map-in" aria-label="Zoom in">+</button>'
        '<button type="button" class="cr-quiet" name="cr-map-out" aria-label="Zoom out">−</button>'
        '<button type="button" class="cr-quiet" name="cr-map-all">All</button></div></div>'
        '<div id="cr-map-card" aria-live="polite"></div>'
        f'<p id="cr-map-help">{many.capitalize()} that {alike} lie close together. Drag to move, scroll to '
        "zoom, click to choose; with the keyboard, arrow keys go from one to the next, plus and minus zoom, Enter asks.</p>"
    )
