"""The command line. Each command calls one function elsewhere; errors a person can mend are one line."""

import os
import sys
import time
import warnings
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from chatrec.commands import assets, data, evaluate_llm, nlu
from chatrec.commands.console import JsonOption, WorkspaceOption, err, out, report, show, write_json
from chatrec.commands.report import make_report
from chatrec.errors import BadInput, ChatrecError

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # implicit and OpenBLAS get in each other's way otherwise
warnings.filterwarnings("ignore", category=FutureWarning)

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="A conversational recommender that runs on this machine."
)
app.add_typer(assets.app, name="assets")
app.add_typer(evaluate_llm.app, name="evaluate")  # the one of evaluate, with more in it
app.add_typer(data.app, name="data")
app.add_typer(nlu.app, name="nlu")
app.command("report")(make_report)


def main() -> None:
    """Entry point: run a command, and show what a person can mend as one line."""
    try:
        app()
    except ChatrecError as error:
        err.print(f"[red]chatrec:[/] {escape(str(error))}", highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("stopped")
        sys.exit(130)


@app.command()
def build(
    source: Annotated[str, typer.Option(help="ml-100k, ml-latest-small:DIR, redial:DIR or opendialkg:DIR.")] = "",
    items: Annotated[Path | None, typer.Option(help="A table of items of your own (csv, tsv, jsonl, parquet).")] = None,
    interactions: Annotated[Path | None, typer.Option(help="A table of interactions to go with --items.")] = None,
    ratings_from: Annotated[
        str, typer.Option(help="Another source whose ratings are added, items matched by title and year.")
    ] = "",
    texts: Annotated[Path | None, typer.Option(help="Checked item texts (JSON lines) to go with --items.")] = None,
    out_: Annotated[Path | None, typer.Option("--out", help="Directory of the workspace.")] = None,
    json_: JsonOption = None,
) -> None:
    """Build a workspace: catalogue, interactions, collaborative vectors, index."""
    from chatrec import sources, workspace
    from chatrec.catalogue.joins import with_ratings
    from chatrec.catalogue.tables import own_tables

    if bool(source) == bool(items):
        raise BadInput("give either --source NAME or --items FILE (see `chatrec build --help`)")
    if out_ is None:
        raise BadInput("name the directory of the workspace with --out DIR")
    if items:
        own = sources.described(own_tables(items, interactions), texts)
        if ratings_from:
            own = with_ratings(own, sources.read_source(ratings_from))
        made = workspace.build(own, str(items), out_, report=report)
    else:
        made = sources.build_source(source, out_, report, ratings_from)
    manifest = made.manifest
    result = {
        **manifest.notes,
        **{name: getattr(manifest, name) for name in ("items", "interactions", "users", "matched")},
    }
    write_json(json_, result)
    out.print(f"[bold]{manifest.name}[/] is ready in {escape(str(out_))}")
    show(result)


@app.command()
def train(
    workspace: WorkspaceOption = None,
    phase: Annotated[str, typer.Option(help="1, 2 or 1,2.")] = "1,2",
    minutes: Annotated[float, typer.Option(help="Budget of both phases together.", min=0.01)] = 60.0,
    llm: Annotated[str, typer.Option(help="Frozen LLM: asset, folder or hub id; default: the settings'.")] = "",
    queries: Annotated[int, typer.Option(help="Query tokens.", min=5, max=64)] = 20,
    seed: int = 0,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start anew instead of continuing an interrupted run.")
    ] = False,
    further: Annotated[
        bool, typer.Option("--further", help="Go on from the trained adapter: phase 2 alone, in smaller steps.")
    ] = False,
    json_: JsonOption = None,
) -> None:
    """Train the adapter: Q-Former, projection, prefix. Continues where an interrupted run left off."""
    from chatrec.ilm.devices import processes
    from chatrec.ilm.recipe import train_workspace
    from chatrec.sources import open_workspace

    try:
        phases = tuple(sorted({int(number) for number in phase.split(",")}))
    except ValueError:
        phases = ()
    if not phases or not set(phases) <= {1, 2}:
        raise BadInput(f"--phase {phase!r}: give 1, 2 or 1,2")
    command = "chatrec " + " ".join(sys.argv[1:])
    result = train_workspace(
        open_workspace(workspace, report), phases, minutes, llm, queries, seed, fresh, command, report, further
    )
    if not processes().is_main_process:  # one of several speaks
        return
    write_json(json_, result)
    for name in ("phase_1", "phase_2"):
        if name in result:
            out.print(f"[bold]{name.replace('_', ' ')}[/]")
            show(result[name])
    out.print(f"LLM unchanged: {result['llm_hash_before'] == result['llm_hash_after']}")


@app.command()
def chat(
    workspace: WorkspaceOption = None,
    script: Annotated[Path | None, typer.Option(help="A file of lines to say, one a turn.")] = None,
    user: Annotated[str, typer.Option(help="Who is talking; conversations are kept by this name.")] = "terminal",
    record: Annotated[Path | None, typer.Option(help="Write the chat to this file as a scenario.")] = None,
    json_: JsonOption = None,
) -> None:
    """Chat in the terminal, or play a script of lines and print the replies."""
    from chatrec.dialogue.terminal import interactive, play
    from chatrec.dialogue.tracking.store import Sessions
    from chatrec.evaluation.dialogue.recording import Recorder
    from chatrec.recommender import Recommender

    if script is not None and not script.is_file():
        raise BadInput(f"there is no file {script}")
    lines = _lines(script) if script else []
    recommender = Recommender.open(workspace, Sessions("sqlite://") if script else None, report)
    heard = Recorder(record).add if record else lambda _: None
    if script:
        replies = play(recommender, lines, out, heard=heard)
        write_json(json_, {"replies": replies})
    else:
        interactive(recommender, user, out, heard)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text") from error


@app.command()
def ui(
    workspace: WorkspaceOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on; loopback by default.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 7860,
    demo: Annotated[bool, typer.Option("--demo", help="Play a guided tour on the page, in large type.")] = False,
    script: Annotated[Path | None, typer.Option(help="A tour of your own (YAML like data/demo.yaml).")] = None,
) -> None:
    """Open the chat page."""
    try:
        from chatrec_ui.app import launch
        from chatrec_ui.demo import read_tour
    except ImportError as error:
        raise BadInput(f"the page needs gradio: pip install 'chatrec[ui]' ({error})") from error
    from chatrec.recommender import Recommender

    tour = read_tour(script) if demo or script else None
    began = time.monotonic()
    recommender = Recommender.open(workspace, report=report)
    recommender.manager  # noqa: B018  # everything is read now, so that the first reply is quick
    report(f"ready in {time.monotonic() - began:.1f} s")
    launch(recommender, host, port, tour=tour)
