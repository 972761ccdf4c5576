"""One directory is one recommender: catalogue, interactions, vectors, index, adapter, conversations.

It is built beside its place and moved there when whole, so that a cut-off leaves nothing half-built.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from pydantic import BaseModel, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from chatrec.catalogue.encoder import TextEncoder, load_encoder
from chatrec.catalogue.interactions import Split, held_out_rows, interactions_frame, leave_one_out
from chatrec.catalogue.items import Catalogue, Item, Words
from chatrec.catalogue.movielens import Source
from chatrec.collab.als import ALS
from chatrec.config import settings
from chatrec.errors import BadInput, ChatrecError, StorageError, WorkspaceError
from chatrec.ilm.adapter import Adapter
from chatrec.ilm.bridge import ItemFeatures
from chatrec.ilm.llm import FrozenLLM, load_llm
from chatrec.ilm.model import ItemLanguageModel
from chatrec.ilm.spelling import Spelling

FORMAT = 2
NEIGHBOURS = 8

Report = Callable[[str], None]
"""Where progress goes, a line at a time."""


class Manifest(BaseModel):
    """``workspace.json``: what the directory holds and what it was made from."""

    format: int = FORMAT
    name: str
    source: str
    encoder: str
    words: Words = Words()
    items: int = 0
    interactions: int = 0
    users: int = 0
    matched: int = 0
    made_from: str = ""
    notes: dict[str, object] = {}


class Workspace:
    """An opened workspace; everything heavy is read when it is first needed.

    Raises:
        WorkspaceError: if the directory is missing, half-built, or of another version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_dir():
            raise WorkspaceError(f"there is no workspace at {path}; make one with `chatrec build --out {path}`")
        try:
            raw = json.loads((path / "workspace.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise WorkspaceError(f"{path} is not a workspace (no workspace.json); `chatrec build` makes one") from error
        except (OSError, ValueError) as error:
            raise WorkspaceError(
                f"{path}/workspace.json cannot be read ({error}); build the workspace again"
            ) from error
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            version = raw.get("format") if isinstance(raw, dict) else None
            raise WorkspaceError(
                f"{path} was made by another version (format {version!r}, this one reads {FORMAT}); build it again"
            )
        try:
            self.manifest = Manifest.model_validate(raw)
        except ValidationError as error:
            raise WorkspaceError(f"{path}/workspace.json is damaged; build the workspace again") from error
        missing = [
            name
            for name in ("items.jsonl", "interactions.parquet", "collab.safetensors", "vectors.safetensors")
            if not (path / name).is_file()
        ]
        if missing:
            raise WorkspaceError(f"{path} is half-built ({', '.join(missing)} missing); build it again")

    @cached_property
    def catalogue(self) -> Catalogue:
        """The items."""
        with (self.path / "items.jsonl").open(encoding="utf-8") as lines:
            try:
                items = [Item.model_validate_json(line) for line in lines]
            except ValueError as error:  # no UTF-8, no JSON, or no item
                raise self._damaged("items.jsonl") from error
        return Catalogue(items, self.manifest.words, self.manifest.name)

    @cached_property
    def interactions(self) -> pd.DataFrame:
        """All ratings (see :mod:`chatrec.catalogue.interactions`)."""
        try:
            return interactions_frame(pd.read_parquet(self.path / "interactions.parquet"))
        except (OSError, ValueError, KeyError) as error:
            raise self._damaged("interactions.parquet") from error

    @cached_property
    def split(self) -> Split:
        """Leave-one-out by time. Vectors and adapters are made from its ``train`` alone."""
        return leave_one_out(self.interactions)

    @cached_property
    def held_out(self) -> np.ndarray:
        """Rows whose texts are never a training target."""
        return held_out_rows(len(self.catalogue))

    @cached_property
    def collab(self) -> ALS:
        """The collaborative vectors."""
        return ALS.load(self.path)

    @cached_property
    def neighbours(self) -> np.ndarray:
        """Rows of each item's nearest items in the collaborative space."""
        return self.collab.neighbours(NEIGHBOURS)[0]

    @cached_property
    def likes(self) -> tuple[np.ndarray, np.ndarray]:
        """For each row, how many people liked it and how many rated it (training ratings)."""
        train = self.split.train
        rated = train["item_id"].map(self.catalogue.row).to_numpy(dtype=np.int64)  # no ratings at all have no type
        liked = (train["rating"] >= 4).to_numpy()
        size = len(self.catalogue)
        return np.bincount(rated[liked], minlength=size), np.bincount(rated, minlength=size)

    @cached_property
    def vectors(self) -> dict[str, np.ndarray]:
        """Unit vectors of all items: ``title``, ``story`` (what descriptions are searched in), ``text`` (all that is known)."""
        try:
            return load_file(self.path / "vectors.safetensors")
        except (OSError, SafetensorError) as error:
            raise self._damaged("vectors.safetensors") from error

    @cached_property
    def encoder(self) -> TextEncoder:
        """The text encoder the vectors were made with."""
        return load_encoder(self.manifest.encoder)

    def features(self, llm: FrozenLLM, queries: int) -> ItemFeatures:
        """What the bridge reads, for an LLM and a number of query tokens."""
        title, text = self.vectors["title"], self.vectors["text"]
        spelling = Spelling.of(self.catalogue, llm, queries)
        return ItemFeatures.from_arrays(self.collab.item_vectors, self.neighbours, title, text, spelling)

    @property
    def adapter_folder(self) -> Path:
        """Where the trained adapter is kept."""
        return self.path / "adapter"

    @cached_property
    def model(self) -> ItemLanguageModel:
        """The Item-Language Model with the trained adapter; soft tokens are computed once and kept.

        Raises:
            WorkspaceError: if no adapter was trained, or it was made for other vectors.
        """
        adapter, extra = Adapter.from_pretrained(self.adapter_folder)
        config = adapter.config
        if config.factors != self.collab.factors or config.text_width != self.vectors["text"].shape[1]:
            raise WorkspaceError(
                f"the adapter in {self.adapter_folder} was trained for other vectors "
                f"(factors {config.factors}, text {config.text_width}); train it again with `chatrec train`"
            )
        llm = load_llm(config.llm)
        if llm.width != config.llm_width:
            raise WorkspaceError(
                f"the adapter was trained for a model of width {config.llm_width}, {config.llm} has {llm.width}"
            )
        features = self.features(llm, config.queries)
        model = ItemLanguageModel(llm, adapter, features, self.catalogue, extra.get("prefix"))
        model.table = self._soft_tokens(adapter, features)
        return model

    def _soft_tokens(self, adapter: Adapter, features: ItemFeatures) -> torch.Tensor:
        """The adapter's soft tokens of this catalogue: read if they are of this very adapter, else computed and kept."""
        digest = hashlib.sha256((self.adapter_folder / "model.safetensors").read_bytes())
        digest.update((self.path / "vectors.safetensors").read_bytes())
        path = self.path / f"soft_tokens-{digest.hexdigest()[:16]}.safetensors"
        from safetensors.torch import load_file as load_tensors
        from safetensors.torch import save_file as save_tensors

        if path.exists():
            return load_tensors(path)["soft"]
        table = adapter.table(features).to("cpu", torch.bfloat16)
        with writing(path):
            for old in self.path.glob("soft_tokens-*.safetensors"):
                old.unlink()
            temporary = path.with_suffix(".tmp")
            save_tensors({"soft": table}, temporary)
            os.replace(temporary, path)
        return table

    def _damaged(self, name: str) -> WorkspaceError:
        return WorkspaceError(f"{self.path}/{name} is damaged; build the workspace again")

    def write_manifest(self) -> None:
        """Store a changed manifest."""
        with writing(self.path):
            temporary = self.path / "workspace.json.tmp"
            temporary.write_text(self.manifest.model_dump_json(indent=2), encoding="utf-8")
            os.replace(temporary, self.path / "workspace.json")


def build(
    source: Source,
    spec: str,
    out: Path,
    pretrained: Path | None = None,
    made_from: str = "",
    report: Report = lambda _: None,
    finish: "Callable[[Workspace], None]" = lambda _: None,
) -> Workspace:
    """Build a workspace and put it at ``out``; conversations of a workspace that stood there are kept.

    Args:
        source: catalogue and interactions.
        spec: how the source was named, for the record.
        out: the directory; an existing workspace there is replaced once the new one is whole.
        pretrained: folder with vectors and an adapter that were made for this very catalogue.
        made_from: fingerprint of what it is made from, so that a default workspace can tell when it is out of date.
        report: told of each step.
        finish: adds what else belongs to it, before it is put in its place.

    Raises:
        BadInput: if ``out`` is something else than a workspace or an empty directory.
        StorageError: if it cannot be written.
    """
    from chatrec.retrieval.index import (
        ItemIndex,
        index_prefix,
    )  # opens a database engine; only building and chatting need it

    if out.exists() and not out.is_dir():
        raise BadInput(f"{out} is a file; name a directory for the workspace")
    if out.is_dir() and any(out.iterdir()) and not (out / "workspace.json").exists():
        raise BadInput(f"{out} holds other files and no workspace; name an empty or new directory")
    catalogue, interactions = source.catalogue, source.interactions
    if not len(catalogue):
        raise BadInput(f"{spec} holds no items")
    manifest = Manifest(
        name=catalogue.name,
        source=spec,
        encoder=settings().encoder,
        words=catalogue.words,
        items=len(catalogue),
        interactions=len(interactions),
        users=int(interactions["user_id"].nunique()),
        matched=int(source.notes.get("matched", interactions["item_id"].nunique())),  # type: ignore[call-overload]
        made_from=made_from,
        notes=source.notes,
    )
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
        try:
            report(f"writing {len(catalogue):,} items and {len(interactions):,} interactions")
            with (staged / "items.jsonl").open("w", encoding="utf-8") as lines:
                lines.writelines(item.model_dump_json(exclude_defaults=True) + "\n" for item in catalogue)
            interactions.to_parquet(staged / "interactions.parquet", index=False)
            report("collaborative vectors")
            train = leave_one_out(interactions).train
            collab = ALS.load(pretrained) if pretrained else ALS().fit(catalogue, train)
            if len(collab.item_vectors) != len(catalogue):
                raise WorkspaceError(
                    f"{pretrained} was made for {len(collab.item_vectors)} items, not {len(catalogue)}"
                )
            collab.save(staged)
            report("text vectors")
            encoder = load_encoder(manifest.encoder)
            passages = {
                "title": [item.name for item in catalogue],
                "story": [item.story() for item in catalogue],
                "text": [item.text() for item in catalogue],
            }
            found = encoder.encode([text for texts in passages.values() for text in texts], report)
            vectors = dict(
                zip(passages, np.ascontiguousarray(found.reshape(len(passages), len(catalogue), -1)), strict=True)
            )
            save_file(vectors, staged / "vectors.safetensors")
            if pretrained:
                shutil.copytree(pretrained / "adapter", staged / "adapter")
            report("index")
            ItemIndex.build(staged / "index", catalogue, vectors["story"], collab.item_vectors, index_prefix(out))
            (staged / "workspace.json").write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
            finish(Workspace(staged))
            _put(staged, out)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return Workspace(out)


def _put(staged: Path, out: Path) -> None:
    """Move a whole workspace into place; conversations that stood there come along."""
    old = None
    if out.exists():
        for kept in out.glob("sessions.db*"):
            shutil.copy2(kept, staged / kept.name)
        old = out.with_name(f".{out.name}-old")
        shutil.rmtree(old, ignore_errors=True)
        os.replace(out, old)
    try:
        os.replace(staged, out)
    except OSError:
        if old:
            os.replace(old, out)
        raise
    if old:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a full or read-only disk into one clear line."""
    try:
        yield
    except ChatrecError:
        raise
    except (OSError, SafetensorError) as error:  # safetensors has an error of its own for a full disk
        reason = getattr(error, "strerror", None) or error
        raise StorageError(f"cannot write {path}: {reason}; free some space or name another place") from error
