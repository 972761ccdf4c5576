"""From the name of a source to a built workspace: MovieLens, dialogue corpora, or tables of one's own."""

import hashlib
from pathlib import Path

import chatrec_data

from chatrec import assets, workspace
from chatrec.catalogue.corpora import NAMES, corpus
from chatrec.catalogue.items import Catalogue
from chatrec.catalogue.joins import with_ratings
from chatrec.catalogue.movielens import Source, movielens_100k, movielens_csv
from chatrec.catalogue.texts import read_texts, with_texts
from chatrec.config import settings
from chatrec.errors import BadInput, ChatrecError
from chatrec.workspace import Report, Workspace

ML_100K = "ml-100k"
PRETRAINED = chatrec_data.ROOT / "pretrained" / ML_100K
TEXTS = chatrec_data.ROOT / "texts.jsonl"


def read_source(spec: str) -> Source:
    """Read a source by its name: ``ml-100k``, ``ml-latest-small:DIR``, ``redial:DIR`` or ``opendialkg:DIR``.

    Raises:
        BadInput: for an unknown name or a folder that does not hold it.
    """
    kind, _, where = spec.partition(":")
    if spec == ML_100K:
        return described(movielens_100k(assets.asset_path(ML_100K)), TEXTS)
    if kind in ("ml-latest-small", "movielens"):
        return movielens_csv(Path(where) if where else assets.asset_path("ml-latest-small"))
    if kind in NAMES:
        if not where:
            raise BadInput(f"{spec}: say where it is, {kind}:DIR")
        return corpus(kind, Path(where))
    raise BadInput(
        f"unknown source {spec!r}; there are ml-100k, ml-latest-small:DIR, redial:DIR, opendialkg:DIR, and --items FILE"
    )


def build_source(spec: str, out: Path, report: Report = lambda _: None, ratings_from: str = "") -> Workspace:
    """Build a workspace from a named source, with the pretrained adapter where there is one for it.

    ``ratings_from`` names another source whose ratings are added; vectors learned from them fit no pretrained adapter.
    """
    source = read_source(spec)
    if ratings_from:
        source = with_ratings(source, read_source(ratings_from))
    whole = spec == ML_100K and not ratings_from
    pretrained = PRETRAINED if whole and (PRETRAINED / "adapter").is_dir() else None
    made_from = _fingerprint() if whole else ""
    return workspace.build(source, spec, out, pretrained, made_from, report)


def described(source: Source, texts: Path | None) -> Source:
    """A source whose items carry the texts of a file; without one, the source as it is."""
    if texts is None:
        return source
    if not texts.is_file():
        raise BadInput(f"there is no file {texts}")
    items = with_texts(source.catalogue, read_texts(texts))
    return Source(Catalogue(items, source.catalogue.words, source.catalogue.name), source.interactions, source.notes)


def open_workspace(path: Path | str | None = None, report: Report = lambda _: None) -> Workspace:
    """Open a workspace; without a path the one of the settings, or MovieLens 100K, built on first use.

    The default workspace is built again when what it is made from has changed; conversations in it are kept.
    """
    chosen = Path(path) if path is not None else settings().workspace
    if chosen is not None:
        return Workspace(chosen)
    default = assets.cache_dir() / "workspaces" / ML_100K
    try:
        if default.exists():
            opened = Workspace(default)
            if opened.manifest.made_from == _fingerprint():
                return opened
            report("the data that ship with chatrec have changed; building the MovieLens 100K workspace again")
    except ChatrecError as problem:
        report(f"{problem}; building it again")
    report("building the MovieLens 100K workspace (once)")
    return build_source(ML_100K, default, report)


def _fingerprint() -> str:
    """Hash of what the default workspace is made from: texts, vectors, adapter, encoder."""
    digest = hashlib.sha256(f"{workspace.FORMAT} {settings().encoder}".encode())
    for path in (TEXTS, PRETRAINED / "collab.safetensors", PRETRAINED / "adapter" / "model.safetensors"):
        digest.update(path.read_bytes() if path.is_file() else b"-")
    return digest.hexdigest()[:16]
