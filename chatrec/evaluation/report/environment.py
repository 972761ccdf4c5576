"""What a report was made with: versions, machine, revision, the adapter's card."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from chatrec.workspace import Workspace

PACKAGES = ("chatrec", "torch", "transformers", "peft", "chromadb", "sentence-transformers", "implicit", "gradio")


def environment(workspace: Workspace) -> dict[str, Any]:
    """Everything that a reader needs to judge the figures, in words; ``adapter_card`` is Markdown, empty without one."""
    manifest = workspace.manifest
    card = workspace.adapter_folder / "README.md"
    return {
        "made": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "catalogue": f"{manifest.name}: {manifest.items:,} {manifest.words.many}, {manifest.interactions:,} ratings of {manifest.users:,} people",
        "source": manifest.source,
        "language model": _llm(workspace),
        "text encoder": manifest.encoder,
        "revision": _revision(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, {torch.get_num_threads()} used by the model",
        "versions": ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
        + f", Python {platform.python_version()}",
        "adapter_card": card.read_text(encoding="utf-8") if card.is_file() else "",
    }


def _llm(workspace: Workspace) -> str:
    if not (workspace.adapter_folder / "config.json").is_file():
        return "no language model: reasons are plain sentences"
    return f"{workspace.model.adapter.config.llm}, frozen"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def _revision() -> str:
    """The revision of the code, where it runs out of a repository."""
    folder = Path(__file__).resolve().parent
    try:
        found = subprocess.run(
            ["git", "-C", str(folder), "describe", "--always", "--dirty"],
            check=False,
            capture_output=True,
            text=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return found.stdout.strip() or "unknown"
