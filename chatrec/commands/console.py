"""What all commands share: the console, two options, and how results are shown and written."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chatrec.errors import StorageError

out, err = Console(), Console(stderr=True)

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="Workspace directory; without it MovieLens 100K, built on first use."),
]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Write the result to this file as JSON.")]


def report(line: str) -> None:
    """Tell how far long work has come, on standard error."""
    err.print(f"[dim]{escape(line)}[/]", highlight=False)


def write_json(path: Path | None, value: Any) -> None:
    """Write a result to the file that ``--json`` named, if one was named."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error


def show(values: dict[str, Any]) -> None:
    """Print the single figures of a result, a line each."""
    table = Table(box=None, show_header=False)
    for name, value in values.items():
        if not isinstance(value, (list, dict)):
            table.add_row(
                str(name),
                f"{value:.4f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value),
            )
    out.print(table)


def ranking_table(title: str, rows: Mapping[str, Mapping[str, float]]) -> None:
    """Print hit rates and NDCG, a line a model."""
    table = Table(title, "hr@5", "ndcg@5", "hr@10", "ndcg@10", box=None)
    for name, row in rows.items():
        table.add_row(name, *(f"{row[key]:.4f}" for key in ("hr@5", "ndcg@5", "hr@10", "ndcg@10")))
    out.print(table)


def gain_line(name: str, gain: Mapping[str, Any]) -> None:
    """Print how much better one model ranks than another, and how sure that is."""
    interval = f"95% {gain['low']:+.1%} to {gain['high']:+.1%}"
    out.print(f"{name} over {gain['over']}: NDCG@10 {gain['gain']:+.1%}, {interval}", highlight=False, soft_wrap=True)
