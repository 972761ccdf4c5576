"""From the name of a source to a built workspace: MovieLens, dialogue corpora, or tables of one's own."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import chatrec_data

from chatrec import assets, workspace
from chatrec.catalogue.corpora import NAMES, corpus
from chatrec.catalogue.items import Catalogue
from chatrec.catalogue.joins import with_ratings
from chatrec.catalogue.movielens import Source, movielens_100k, movielens_csv
from chatrec.catalogue.texts import read_texts, with_texts
from chatrec.catalogue.turns import Turn, read_turns
from chatrec.config import settings
from chatrec.errors import BadInput, ChatrecError
from chatrec.workspace import Report, Workspace

if TYPE_CHECKING:
    from chatrec.catalogue.wikidata import Films
    from chatrec.ranking.context import ContextRanker, ContextReader
    from chatrec.ranking.ranker import Dialogue

ML_100K = "ml-100k"
PRETRAINED = chatrec_data.ROOT / "pretrained" / ML_100K
TEXTS = chatrec_data.ROOT / "texts.jsonl"
NEW_FILMS = chatrec_data.ROOT / "new_films.csv"
"""Films that MovieLens 100K lacks."""
PLAIN = chatrec_data.ROOT / "pretrained" / "context"
"""Weights for ranking after a context in a workspace without dialogues to learn from (see the README of the data)."""


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


def wikidata_films() -> "Films":
    """Films of Wikidata with their reception, fetched on first use."""
    from chatrec.catalogue.wikidata import read_films

    return read_films(assets.asset_path("wikidata-films") / "movies.db")


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
    kind, _, where = spec.partition(":")
    files = turn_files(Path(where)) if kind in NAMES else []
    turns = [
        turn for file in files for turn in read_turns(file)
    ]  # read before the long work, so that mistakes show now

    def finish(staged: Workspace) -> None:
        if turns:
            learn_from(staged, turns, report)

    return workspace.build(source, spec, out, pretrained, made_from, report, finish)


def turn_files(folder: Path) -> list[Path]:
    """The files of a corpus's folder that a build learns from: training and validation turns, never test turns."""
    names = (f"{part}_turns.jsonl{packed}" for part in ("train", "valid") for packed in ("", ".gz"))
    return [folder / name for name in names if (folder / name).is_file()]


def learn_from(
    built: Workspace, turns: Sequence[Turn], report: Report = lambda _: None, folder: Path | None = None
) -> None:
    """Learn how to rank after a context from human dialogues, and keep it in the workspace.

    With ``folder`` only weights are learned, without statistics of the items, and kept there: ``PLAIN`` was made so.
    """
    from chatrec.ranking.learning import save

    ranker = learned_from(built, turns, report, count=folder is None)
    with workspace.writing(folder or built.path):
        save(ranker, folder or built.path)


def learned_from(
    built: Workspace, turns: Sequence[Turn], report: Report = lambda _: None, count: bool = True
) -> "ContextRanker":
    """What ranks after a context, learned from human dialogues; without ``count`` it knows no statistics of the items."""
    from chatrec.ranking.learning import Sampled

    report(f"learning to rank from {len(turns):,} turns of dialogue")
    reader = context_reader(built)
    heard = reader.read([turn.context for turn in turns], [(turn.dialog_id, turn.rec) for turn in turns], report)
    return Sampled(reader, turns, heard, report=report).learn(range(len(turns)), count)


def context_ranker(opened: Workspace) -> "ContextRanker":
    """The ranker after a context that a workspace was built with, or one with the weights that ship with chatrec."""
    from chatrec.ranking.learning import load

    reader = context_reader(opened)
    return load(reader, opened.path) or load(reader, PLAIN)  # type: ignore[return-value]  # PLAIN ships


def learned_dialogue(opened: Workspace) -> "Dialogue | None":
    """What scores items after a conversation, where the workspace was built with dialogues; else None.

    The weights that ship are not used here: a workspace without dialogues has ratings, which say more.
    """
    from chatrec.ranking.learning import FILE, load

    ranker = load(context_reader(opened), opened.path) if (opened.path / FILE).is_file() else None
    if ranker is None:
        return None
    ranker.scores(("",))  # what every context needs is made now, and not while the first answer is waited for
    return ranker.scores


def context_reader(opened: Workspace) -> "ContextReader":
    """What reads contexts against a workspace."""
    from chatrec.dialogue.nlu.values import category_patterns
    from chatrec.ranking.context import ContextReader

    return ContextReader(opened, category_patterns(opened.catalogue))


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
    adapter = PRETRAINED / "adapter"
    made_of = (TEXTS, PRETRAINED / "collab.safetensors", adapter / "model.safetensors", adapter / "calibration.json")
    for path in made_of:
        digest.update(path.read_bytes() if path.is_file() else b"-")
    return digest.hexdigest()[:16]
