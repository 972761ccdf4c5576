"""``chatrec report``: the quick evaluations as one page for people, and as JSON."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from chatrec.commands.console import WorkspaceOption, err, out, report, write_json
from chatrec.errors import BadInput, StorageError


def make_report(
    out_: Annotated[Path, typer.Option("--out", help="Directory for index.html and report.json.")],
    workspace: WorkspaceOption = None,
    scenarios: Annotated[
        list[Path] | None,
        typer.Option(help="YAML files of scripted conversations; for MovieLens 100K those that ship."),
    ] = None,
    conversations: Annotated[int, typer.Option(help="Scripted conversations, at most.", min=0)] = 200,
    users: Annotated[int, typer.Option(help="Simulated people; 0 leaves them out.", min=0)] = 40,
    turns: Annotated[int, typer.Option(help="Simulated turns whose truth is checked; 0 leaves them out.", min=0)] = 100,
    from_: Annotated[
        Path | None, typer.Option("--from", help="Make the page from JSON files of earlier runs instead of running.")
    ] = None,
) -> None:
    """Measure, and write one page that stands alone: tables, curves, failures with whole conversations."""
    from chatrec.evaluation.report.collect import collect, earlier
    from chatrec.evaluation.report.page import page

    if out_.exists() and not out_.is_dir():
        raise BadInput(f"{out_} is a file; name a directory for the report")
    if from_ is not None:
        if not from_.is_dir():
            raise BadInput(f"there is no directory {from_}")
        results = earlier(from_)
    else:
        import chatrec_data

        from chatrec.evaluation.dialogue.scenarios import read_scenarios
        from chatrec.recommender import Recommender
        from chatrec.sources import ML_100K

        read = [scenario for path in scenarios or () for scenario in read_scenarios(path)]
        recommender = Recommender.open(workspace, report=report)
        if scenarios is None and recommender.workspace.manifest.source == ML_100K:
            shipped = sorted((chatrec_data.ROOT / "scenarios").glob("*.yaml"))
            read = [scenario for path in shipped for scenario in read_scenarios(path)]
        results = collect(recommender, read[:conversations], users, turns, err, report)
    try:
        html = page(results)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise BadInput(f"the results are not what the evaluations write: {error!r} is missing or odd") from error
    write_json(out_ / "report.json", results)
    try:
        (out_ / "index.html").write_text(html, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"cannot write {out_}/index.html: {error.strerror or error}") from error
    out.print(f"The report is {escape(str(out_ / 'index.html'))}", highlight=False)
