"""The command line. Each command calls one function elsewhere; errors a person can mend are one line."""

import json
import os
import sys
import time
import warnings
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chatrec.errors import BadInput, ChatrecError, StorageError

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # implicit and OpenBLAS get in each other's way otherwise
warnings.filterwarnings("ignore", category=FutureWarning)

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="A conversational recommender that runs on this machine."
)
assets_app = typer.Typer(no_args_is_help=True, help="Model and data files: what is there, fetch, verify.")
evaluate_app = typer.Typer(no_args_is_help=True, help="Measure. Every figure in the README comes from one of these.")
data_app = typer.Typer(no_args_is_help=True, help="The item texts: check them, extend them.")
app.add_typer(assets_app, name="assets")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(data_app, name="data")

out, err = Console(), Console(stderr=True)

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="Workspace directory; without it MovieLens 100K, built on first use."),
]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Write the result to this file as JSON.")]


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


def _report(line: str) -> None:
    err.print(f"[dim]{escape(line)}[/]", highlight=False)


def _write_json(path: Path | None, value: Any) -> None:
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error


def _show(values: dict[str, Any]) -> None:
    table = Table(box=None, show_header=False)
    for name, value in values.items():
        if not isinstance(value, (list, dict)):
            table.add_row(
                str(name),
                f"{value:.4f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value),
            )
    out.print(table)


@app.command()
def build(
    source: Annotated[str, typer.Option(help="ml-100k, or ml-latest-small:DIR.")] = "",
    items: Annotated[Path | None, typer.Option(help="A table of items of your own (csv, tsv, jsonl, parquet).")] = None,
    interactions: Annotated[Path | None, typer.Option(help="A table of interactions to go with --items.")] = None,
    texts: Annotated[Path | None, typer.Option(help="Checked item texts (JSON lines) to go with --items.")] = None,
    out_: Annotated[Path | None, typer.Option("--out", help="Directory of the workspace.")] = None,
    json_: JsonOption = None,
) -> None:
    """Build a workspace: catalogue, interactions, collaborative vectors, index."""
    from chatrec import sources, workspace
    from chatrec.catalogue.tables import own_tables

    if bool(source) == bool(items):
        raise BadInput("give either --source NAME or --items FILE (see `chatrec build --help`)")
    if out_ is None:
        raise BadInput("name the directory of the workspace with --out DIR")
    if items:
        made = workspace.build(
            sources.described(own_tables(items, interactions), texts), str(items), out_, report=_report
        )
    else:
        made = sources.build_source(source, out_, _report)
    manifest = made.manifest
    result = {
        **manifest.notes,
        **{name: getattr(manifest, name) for name in ("items", "interactions", "users", "matched")},
    }
    _write_json(json_, result)
    out.print(f"[bold]{manifest.name}[/] is ready in {escape(str(out_))}")
    _show(result)


@app.command()
def train(
    workspace: WorkspaceOption = None,
    phase: Annotated[str, typer.Option(help="1, 2 or 1,2.")] = "1,2",
    minutes: Annotated[float, typer.Option(help="Budget of both phases together.", min=0.01)] = 45.0,
    llm: Annotated[str, typer.Option(help="Frozen LLM: asset, folder or hub id; default: the settings'.")] = "",
    queries: Annotated[int, typer.Option(help="Query tokens.", min=5, max=64)] = 16,
    seed: int = 0,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start anew instead of continuing an interrupted run.")
    ] = False,
    json_: JsonOption = None,
) -> None:
    """Train the adapter: Q-Former, projection, prefix. Continues where an interrupted run left off."""
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
        open_workspace(workspace, _report), phases, minutes, llm, queries, seed, fresh, command, _report
    )
    _write_json(json_, result)
    for name in ("phase_1", "phase_2"):
        if name in result:
            out.print(f"[bold]{name.replace('_', ' ')}[/]")
            _show(result[name])
    out.print(f"LLM unchanged: {result['llm_hash_before'] == result['llm_hash_after']}")


@app.command()
def chat(
    workspace: WorkspaceOption = None,
    script: Annotated[Path | None, typer.Option(help="A file of lines to say, one a turn.")] = None,
    user: Annotated[str, typer.Option(help="Who is talking; conversations are kept by this name.")] = "terminal",
    json_: JsonOption = None,
) -> None:
    """Chat in the terminal, or play a script of lines and print the replies."""
    from chatrec.dialogue.sessions import Sessions
    from chatrec.dialogue.terminal import interactive, play
    from chatrec.recommender import Recommender

    if script is not None and not script.is_file():
        raise BadInput(f"there is no file {script}")
    lines = _lines(script) if script else []
    recommender = Recommender.open(workspace, Sessions("sqlite://") if script else None, _report)
    if script:
        replies = play(recommender, lines, out)
        _write_json(json_, {"replies": replies})
    else:
        interactive(recommender, user, out)


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
) -> None:
    """Open the chat page."""
    try:
        from chatrec_ui.app import launch
    except ImportError as error:
        raise BadInput(f"the page needs gradio: pip install 'chatrec[ui]' ({error})") from error
    from chatrec.recommender import Recommender

    began = time.monotonic()
    recommender = Recommender.open(workspace, report=_report)
    recommender.manager  # noqa: B018  # everything is read now, so that the first reply is quick
    _report(f"ready in {time.monotonic() - began:.1f} s")
    launch(recommender, host, port)


@assets_app.command("list")
def assets_list() -> None:
    """What there is, and whether it is here."""
    from chatrec import assets

    table = Table("asset", "state", "size", "licence", "from", box=None)
    for row in assets.status():
        size = f"{row.size / 1e6:.1f} MB" if row.size else "–"
        table.add_row(row.name, row.state, size, row.licence, row.source)
    out.print(table)
    out.print(f"cache: {assets.cache_dir()}", highlight=False)


@assets_app.command("fetch")
def assets_fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Assets; without any, the defaults.")] = None,
) -> None:
    """Fetch assets that are missing."""
    from chatrec import assets

    for name in names or ["smollm2-135m-instruct", "all-minilm-l6-v2", "ml-100k"]:
        assets.asset_path(name)
        out.print(f"{name}: ready", highlight=False)


@assets_app.command("verify")
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


@evaluate_app.command("scenarios")
def evaluate_scenarios(
    file: Annotated[Path, typer.Argument(help="YAML file of scripted conversations.")],
    workspace: WorkspaceOption = None,
    json_: JsonOption = None,
) -> None:
    """Play scripted conversations and check what they expect."""
    from chatrec.evaluation.scenarios import read_scenarios, run_scenarios
    from chatrec.recommender import Recommender

    scenarios = read_scenarios(file)
    result = run_scenarios(Recommender.open(workspace, report=_report), scenarios, err)
    _write_json(json_, result)
    for failure in result["failures"]:
        out.print(
            f"[red]{escape(failure['scenario'])}[/], turn {failure['turn']}: {escape(failure['check'])}: {escape(failure['got'])}",
            highlight=False,
        )
    _show(result)


class Task(StrEnum):
    """What :func:`evaluate_injection` can print."""

    all = "all"
    names = "names"
    swap = "swap"
    perplexity = "perplexity"
    likes = "likes"


@evaluate_app.command("injection")
def evaluate_injection(
    workspace: WorkspaceOption = None,
    only: Annotated[Task, typer.Option(help="One of the proofs alone.")] = Task.all,
    json_: JsonOption = None,
) -> None:
    """Show that the soft tokens do something: names said, swaps, perplexity, Yes–No accuracy."""
    from chatrec.evaluation.injection import prove
    from chatrec.sources import open_workspace

    result = prove(open_workspace(workspace, _report), only.value, _report)
    _write_json(json_, result)
    for name, block in result.items():
        out.print(f"[bold]{name}[/]")
        _show(block)


@evaluate_app.command("grounding")
def evaluate_grounding(
    workspace: WorkspaceOption = None,
    turns: Annotated[int, typer.Option(min=1)] = 200,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """Talk with simulated people and check that every reply names only items of the catalogue."""
    from chatrec.evaluation.grounding import run_grounding
    from chatrec.recommender import Recommender

    result = run_grounding(Recommender.open(workspace, report=_report), turns, seed, err)
    _write_json(json_, result)
    _show(result)
    for line in result["failures"][:10]:
        out.print(escape(line), highlight=False)


@evaluate_app.command("reasons")
def evaluate_reasons(
    workspace: WorkspaceOption = None,
    count: Annotated[int, typer.Option(min=1)] = 60,
    lora: Annotated[float, typer.Option(help="Minutes of LoRA training for the comparison; 0 leaves it out.")] = 0.0,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """Reasons said with the learned prefix, with LoRA, and with neither, checked against their facts."""
    from chatrec.evaluation.reasons import compare_speakers
    from chatrec.sources import open_workspace

    result = compare_speakers(open_workspace(workspace, _report), count, lora, seed, _report)
    _write_json(json_, result)
    table = Table("speaker", "true as said", "exact", "distinct-2", "an example", box=None)
    for name, block in result["speakers"].items():
        table.add_row(
            name,
            f"{block['passed']:.2f}",
            f"{block['exact']:.2f}",
            f"{block['distinct_2']:.2f}",
            escape(block["examples"][0]),
        )
    out.print(table)


@data_app.command("check")
def data_check(
    file: Annotated[Path | None, typer.Argument(help="Item texts, JSON lines; default: those that ship.")] = None,
    reference: Annotated[Path | None, typer.Option(help="Folder of reference data, for facts and originality.")] = None,
    usefulness: Annotated[bool, typer.Option(help="Also search for the films behind the paraphrases.")] = True,
    json_: JsonOption = None,
) -> None:
    """Measure the item texts: coverage, vocabulary, facts, originality, usefulness, language."""
    from chatrec.evaluation.texts import check_texts

    result = check_texts(file, reference, usefulness, _report)
    _write_json(json_, result)
    for name, block in result.items():
        out.print(f"[bold]{name}[/]")
        _show(block)


@data_app.command("template")
def data_template(
    out_: Annotated[Path, typer.Option("--out", help="File to write, JSON lines.")], workspace: WorkspaceOption = None
) -> None:
    """Write a file of empty item texts for a catalogue, to be filled in."""
    from chatrec.ilm.drafting import template
    from chatrec.sources import open_workspace

    count = template(open_workspace(workspace, _report).catalogue, out_)
    out.print(f"{count:,} records in {escape(str(out_))}; fill them in, then build with --texts", highlight=False)


@data_app.command("draft")
def data_draft(
    source: Annotated[Path, typer.Argument(help="A template with some facts filled in.")],
    out_: Annotated[Path, typer.Option("--out", help="File of drafts to write, JSON lines.")],
    limit: Annotated[int | None, typer.Option(help="At most so many records.", min=1)] = None,
) -> None:
    """Have the LLM draft synopses and pitches from given facts, for a person to correct."""
    from chatrec.config import settings
    from chatrec.ilm.drafting import draft
    from chatrec.ilm.llm import load_llm

    count = draft(load_llm(settings().llm), source, out_, limit, _report)
    out.print(
        f"{count:,} drafts in {escape(str(out_))}. Each is marked as a draft and is refused until you have checked it.",
        highlight=False,
    )
