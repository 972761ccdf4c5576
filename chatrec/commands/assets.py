"""``chatrec assets``: model and data files."""

from typing import Annotated

import typer
from rich.table import Table

from chatrec.commands.console import out
from chatrec.errors import BadInput

app = typer.Typer(no_args_is_help=True, help="Model and data files: what is there, fetch, verify.")


@app.command("list")
def assets_list() -> None:
    """What there is, and whether it is here."""
    from chatrec import assets

    table = Table("asset", "state", "size", "licence", "from", box=None)
    for row in assets.status():
        size = f"{row.size / 1e6:.1f} MB" if row.size else "–"
        table.add_row(row.name, row.state, size, row.licence, row.source)
    out.print(table)
    out.print(f"cache: {assets.cache_dir()}", highlight=False)


@app.command("fetch")
def assets_fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Assets; without any, the defaults.")] = None,
) -> None:
    """Fetch assets that are missing."""
    from chatrec import assets

    for name in names or ["smollm2-135m-instruct", "all-minilm-l6-v2", "ml-100k", "wikidata-films"]:
        assets.asset_path(name)
        out.print(f"{name}: ready", highlight=False)


@app.command("verify")
def assets_verify(
    names: Annotated[list[str] | None, typer.Argument(help="Assets; without any, all that are here.")] = None,
) -> None:
    """Check every byte of what is here."""
    from chatrec import assets

    present = [row.name for row in assets.status() if row.state != "missing"]
    problems = []
    for name in names or present:
        found = assets.verify(name)
        problems += found
        out.print(f"{name}: {'; '.join(found) if found else 'good'}", highlight=False)
    if problems:
        raise BadInput(f"{len(problems)} file(s) are damaged or missing; `chatrec assets fetch` mends them")
