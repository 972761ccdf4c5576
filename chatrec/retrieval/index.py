"""The catalogue in Chroma: one collection by text, one by collaborative vectors, constraints as filters."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from chatrec.catalogue.items import Catalogue, Item
from chatrec.config import settings
from chatrec.errors import BadInput, StorageError, WorkspaceError

BATCH = 4000
"""Records in one call; Chroma takes about 5,400."""
SPACES = ("text", "cf")
ENGLISH, FOREIGN = "english", "foreign"
"""``foreign`` as a language is any but English."""


@dataclass(frozen=True)
class Constraints:
    """What every candidate must satisfy. Empty tuples and None mean no condition."""

    categories_any: tuple[str, ...] = ()
    categories_all: tuple[str, ...] = ()
    categories_none: tuple[str, ...] = ()
    people_any: tuple[str, ...] = ()
    people_none: tuple[str, ...] = ()
    year_min: int | None = None
    year_max: int | None = None
    content_none: tuple[str, ...] = ()
    """Kinds of content ("violence") of which nothing strong is wanted."""
    language: str = ""
    black_and_white: bool | None = None
    exclude: frozenset[int] = field(default_factory=frozenset)
    """Rows never to return."""

    def allows(self, row: int, item: Item) -> bool:
        """Whether an item satisfies every condition. An unknown year does not satisfy a condition on years."""
        people = set(item.all_people)
        shades = bool(item.attributes.get("black and white"))
        return (
            row not in self.exclude
            and (not self.categories_any or bool(set(self.categories_any) & set(item.categories)))
            and set(self.categories_all) <= set(item.categories)
            and not set(self.categories_none) & set(item.categories)
            and (not self.people_any or bool(set(self.people_any) & people))
            and not set(self.people_none) & people
            and (self.year_min is None or (item.year or 0) >= self.year_min)
            and (self.year_max is None or 0 < (item.year or 0) <= self.year_max)
            and all(item.content.get(kind, "none") != "strong" for kind in self.content_none)
            and (not self.language or self._speaks(item))
            and (self.black_and_white is None or shades == self.black_and_white)
        )

    def _speaks(self, item: Item) -> bool:
        own = item.language.casefold()
        return bool(own) and own != ENGLISH if self.language == FOREIGN else own == self.language.casefold()

    def where(self) -> dict[str, Any] | None:
        """The same conditions as a Chroma filter (rows to exclude apart), or None without any."""
        conditions: list[dict[str, Any]] = []
        if self.categories_any:
            conditions.append(_any([{"categories": {"$contains": name}} for name in self.categories_any]))
        conditions += [{"categories": {"$contains": name}} for name in self.categories_all]
        conditions += [{"categories": {"$not_contains": name}} for name in self.categories_none]
        if self.people_any:
            conditions.append(_any([{"people": {"$contains": name}} for name in self.people_any]))
        conditions += [{"people": {"$not_contains": name}} for name in self.people_none]
        if self.year_min is not None:
            conditions.append({"year": {"$gte": self.year_min}})
        if self.year_max is not None:
            conditions += [{"year": {"$lte": self.year_max}}, {"year": {"$gt": 0}}]
        conditions += [{f"strong_{kind}": {"$ne": True}} for kind in self.content_none]
        if self.language == FOREIGN:
            conditions.append({"language": {"$nin": [ENGLISH, ""]}})
        elif self.language:
            conditions.append({"language": self.language.casefold()})
        if self.black_and_white is not None:
            conditions.append({"black_and_white": self.black_and_white})
        if not conditions:
            return None
        return conditions[0] if len(conditions) == 1 else {"$and": conditions}


def _any(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    return conditions[0] if len(conditions) == 1 else {"$or": conditions}


class ItemIndex:
    """Nearest items in two spaces.

    Args:
        client: of Chroma.
        prefix: of the collections' names; workspaces that share a server need different ones.
    """

    def __init__(self, client: chromadb.ClientAPI, prefix: str = "items") -> None:
        self.client, self.prefix = client, prefix
        try:
            self.collections = {space: client.get_collection(f"{prefix}-{space}") for space in SPACES}
        except Exception as error:  # Chroma raises its own and plain ValueErrors
            raise WorkspaceError(f"the index is missing or damaged ({error}); build the workspace again") from error

    @classmethod
    def open(cls, folder: Path, prefix: str = "items") -> "ItemIndex":
        """Open the index of a workspace, embedded or on the server that the settings name."""
        if not settings().chroma_host and not folder.is_dir():
            raise WorkspaceError(f"the workspace has no index ({folder} is missing); build it again")
        try:
            client = _client(folder)
        except ChromaError as error:
            raise WorkspaceError(f"the index {folder} is damaged ({error}); build the workspace again") from error
        return cls(client, prefix)

    @classmethod
    def build(
        cls, folder: Path, catalogue: Catalogue, text: np.ndarray, cf: np.ndarray, prefix: str = "items"
    ) -> "ItemIndex":
        """Write both collections. Items without ratings are in the text space only.

        Args:
            folder: of the embedded database.
            catalogue: the items.
            text: (items, width) unit vectors.
            cf: (items, factors) collaborative vectors, compared by cosine.
            prefix: of the collections' names.

        Raises:
            StorageError: if it cannot be written.
        """
        rated = np.flatnonzero(np.linalg.norm(cf, axis=1) > 1e-9)
        options = {"hnsw:space": "cosine", "hnsw:search_ef": 200}
        try:
            client = _client(folder)
            for space, vectors, rows in (("text", text, np.arange(len(catalogue))), ("cf", cf, rated)):
                name = f"{prefix}-{space}"
                if name in {found.name for found in client.list_collections()}:  # on a server: from an earlier build
                    client.delete_collection(name)
                collection = client.create_collection(name, metadata=options)
                for start in range(0, len(rows), BATCH):
                    part = rows[start : start + BATCH]
                    collection.upsert(
                        ids=[str(row) for row in part],
                        embeddings=vectors[part].astype(np.float32),
                        metadatas=[_metadata(catalogue[int(row)]) for row in part],
                    )
        except ChromaError as error:
            raise StorageError(f"cannot write the index ({error}); free some space or name another place") from error
        return cls(client, prefix)

    def nearest(self, space: str, vector: np.ndarray, constraints: Constraints, count: int) -> list[tuple[int, float]]:
        """Rows and cosine similarities of the nearest items that satisfy the constraints, best first."""
        if space not in self.collections:
            raise BadInput(f"there is no space {space!r}; there are {', '.join(SPACES)}")
        collection = self.collections[space]
        if count < 1 or not np.any(vector) or not collection.count():
            return []
        wanted = min(count + len(constraints.exclude), collection.count())
        found = collection.query(
            query_embeddings=vector[None].astype(np.float32),
            n_results=wanted,
            where=constraints.where(),
            include=["distances"],
        )
        distances = (found["distances"] or [[]])[0]
        pairs = [(int(key), 1.0 - float(distance)) for key, distance in zip(found["ids"][0], distances, strict=True)]
        return [(row, score) for row, score in pairs if row not in constraints.exclude][:count]


def index_prefix(workspace: Path) -> str:
    """Prefix of a workspace's collections: its own on a server that workspaces share, always the same when embedded."""
    if not settings().chroma_host:
        return "items"
    return f"items-{hashlib.sha256(str(workspace.resolve()).encode()).hexdigest()[:12]}"


def _client(folder: Path) -> chromadb.ClientAPI:
    quiet = ChromaSettings(anonymized_telemetry=False)
    host = settings().chroma_host
    if host:
        name, _, port = host.partition(":")
        try:
            return chromadb.HttpClient(host=name, port=int(port or 8000), settings=quiet)
        except Exception as error:  # a port that is no number, nobody there, or no Chroma
            raise WorkspaceError(
                f"no Chroma server answers at CHATREC_CHROMA_HOST={host} ({error}); start it, or unset it for the embedded index"
            ) from error
    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=str(folder), settings=quiet)


def _metadata(item: Item) -> dict[str, Any]:
    """An item's filterable facts. Chroma takes no empty metadata and no empty lists."""
    facts: dict[str, Any] = {"item_id": item.item_id, "year": item.year or 0, "black_and_white": False}
    if item.categories:
        facts["categories"] = list(item.categories)
    if item.all_people:
        facts["people"] = list(item.all_people)
    if item.language:
        facts["language"] = item.language.casefold()
    facts["black_and_white"] = bool(item.attributes.get("black and white"))
    facts |= {f"strong_{kind}": True for kind, degree in item.content.items() if degree == "strong"}
    return facts


def rows_allowed(catalogue: Catalogue, constraints: Constraints, rows: Sequence[int]) -> list[int]:
    """Those of ``rows`` that satisfy the constraints."""
    return [row for row in rows if constraints.allows(row, catalogue[row])]
