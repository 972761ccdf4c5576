"""``chatrec evaluate``, what stands around the adapter: what the LLM reads and says, and what its parts are worth."""

from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table

from chatrec.commands.console import JsonOption, WorkspaceOption, err, out, report, show, write_json
from chatrec.commands.evaluate import app
from chatrec.errors import BadInput

TaskOption = Annotated[list[str] | None, typer.Option(help="A task; may be given several times. All without it.")]


class Task(StrEnum):
    """What :func:`evaluate_injection` can print."""

    all = "all"
    names = "names"
    swap = "swap"
    perplexity = "perplexity"
    likes = "likes"
    added = "added"


@app.command("injection")
def evaluate_injection(
    workspace: WorkspaceOption = None,
    only: Annotated[Task, typer.Option(help="One of the proofs alone.")] = Task.all,
    new: Annotated[
        Path | None,
        typer.Option(help="A table of items that the catalogue lacks; for MovieLens 100K films that ship."),
    ] = None,
    json_: JsonOption = None,
) -> None:
    """Show that the soft tokens do something: names said, swaps, perplexity, Yes–No accuracy, items added after training."""
    from chatrec.catalogue.tables import own_tables
    from chatrec.evaluation.ilm.injection import prove
    from chatrec.sources import ML_100K, NEW_FILMS, open_workspace

    opened = open_workspace(workspace, report)
    table = new or (NEW_FILMS if opened.manifest.source == ML_100K else None)
    if table is None and only == Task.added:
        raise BadInput(f"no items to add to {opened.manifest.name}; name a table of them with --new FILE")
    result = prove(opened, only.value, report, own_tables(table).catalogue.items if table else ())
    write_json(json_, result)
    for name, block in result.items():
        out.print(f"[bold]{name}[/]")
        show(block)
        for part, values in block.items():
            if isinstance(values, dict):
                out.print(f"[bold]{name}, {part}[/]")
                show(values)


@app.command("language")
def evaluate_language(
    workspace: WorkspaceOption = None,
    count: Annotated[int, typer.Option(help="Items of a task, at most.", min=1)] = 30,
    task: TaskOption = None,
    turns: Annotated[int, typer.Option(help="Simulated turns for grounded and faithful; 0 leaves them out.")] = 50,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """What the frozen LLM says from soft tokens, task by task, beside plain baselines; and whether replies are true."""
    from chatrec.evaluation.dialogue.grounding import run_grounding
    from chatrec.evaluation.ilm.language import measure_language
    from chatrec.recommender import Recommender
    from chatrec.sources import open_workspace

    tasks = _tasks(task)
    space = open_workspace(workspace, report)
    result = measure_language(space, count, seed, tasks, report)
    if turns:
        report(f"language: {turns} simulated turns")
        talk = run_grounding(Recommender.open(space.path, report=report), turns, seed, err)
        result |= {name: talk[name] for name in ("grounded", "faithful", "plain")}
    write_json(json_, result)
    variants = {"soft tokens": result, **result["baselines"]}
    for figure in ("log_perplexity", "semantic_consistency", "distinct_2"):
        table = Table(figure.replace("_", " "), *(name.replace("_", " ") for name in variants), box=None)
        for name in result["items"]:
            cells = (block[figure].get(name) for block in variants.values())
            table.add_row(name, *("" if cell is None else f"{cell:.3f}" for cell in cells))
        out.print(table)
    show({name: result[name] for name in ("grounded", "faithful", "plain") if name in result})


def _tasks(chosen: list[str] | None) -> list[str]:
    """The tasks that were asked for, or all."""
    from chatrec.evaluation.ilm.language import NAMES, TASKS

    if wrong := [name for name in chosen or () if name not in (*TASKS, *NAMES)]:
        raise BadInput(f"no task is called {wrong[0]!r}; there are {', '.join((*TASKS, *NAMES))}")
    return chosen or [*TASKS, *NAMES]


@app.command("samples")
def evaluate_samples(
    file: Annotated[Path, typer.Argument(help="Markdown file to write; one that is there is replaced.")],
    workspace: WorkspaceOption = None,
    count: Annotated[int, typer.Option(help="Samples of a task, at most.", min=1)] = 20,
    task: TaskOption = None,
    seed: int = 0,
) -> None:
    """Write down what the frozen LLM says from soft tokens, task by task, unedited, beside what is true."""
    from chatrec.evaluation.ilm.samples import write_samples
    from chatrec.sources import open_workspace

    tasks = _tasks(task)
    written = write_samples(open_workspace(workspace, report), file, count, seed, tasks, report)
    out.print(f"{written:,} samples in {file}", highlight=False, soft_wrap=True, markup=False)


@app.command("prompting")
def evaluate_prompting(
    workspace: WorkspaceOption = None,
    minutes: Annotated[float, typer.Option(help="Training of each way that is trained here.", min=0.0)] = 3,
    count: Annotated[int, typer.Option(help="Questions of a family; ratings are four times as many.", min=1)] = 32,
    only: Annotated[list[str] | None, typer.Option(help="A way; may be given several times.")] = None,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """How the LLM is told of items: in words, with examples, prompt tuning, LoRA, ILM. Goes on from its JSON file."""
    from chatrec.evaluation.ilm.prompting import FIGURES, WAYS, Prompting
    from chatrec.sources import open_workspace

    chosen = tuple(only or WAYS)
    if wrong := [name for name in chosen if name not in WAYS]:
        raise BadInput(f"no way is called {wrong[0]!r}; there are {'; '.join(WAYS)}")
    result = Prompting(open_workspace(workspace, report), minutes, count, seed, json_, report).run(chosen)
    for figure in FIGURES:
        families = [
            name for name in result["questions"] if any(figure in r["families"][name] for r in result["runs"].values())
        ]
        table = Table(
            figure.replace("_", " "), *(f"{name}, {result['questions'][name]}" for name in families), box=None
        )
        for way, run in result["runs"].items():
            cells = (run["families"][name].get(figure) for name in families)
            table.add_row(way, *("" if cell is None else f"{cell:.3f}" for cell in cells))
        if figure in result["item means"]:
            table.add_row("item means", f"{result['item means'][figure]:.3f}")
        out.print(table)
    steps = ", ".join(f"{way} {run['steps']}" for way, run in result["runs"].items() if run["steps"])
    if steps:
        out.print(f"{minutes:g} minutes of training each, in steps: {steps}", highlight=False)
    out.print(
        "The workspace's adapter was trained before, on these families among other tasks; its card says how long."
    )


@app.command("ablations")
def evaluate_ablations(
    workspace: WorkspaceOption = None,
    minutes: Annotated[float, typer.Option(help="Training of each variant and seed.", min=0.0)] = 10,
    seeds: Annotated[int, typer.Option(help="Runs of each variant.", min=1)] = 3,
    only: Annotated[list[str] | None, typer.Option(help="A variant; may be given several times.")] = None,
    items: Annotated[
        int, typer.Option(help="On the best-known items alone, which are learned sooner; 0 takes all.", min=0)
    ] = 0,
    json_: JsonOption = None,
) -> None:
    """What each part of the ILM is worth. Finished runs are kept in the JSON file; the same command goes on from there."""
    from chatrec.evaluation.ilm.ablation import FIGURES, PUBLISHED, VARIANTS, Ablations, best_known
    from chatrec.sources import open_workspace

    chosen = tuple(only or VARIANTS)
    if wrong := [name for name in chosen if name not in VARIANTS]:
        raise BadInput(f"no variant is called {wrong[0]!r}; there are {', '.join(VARIANTS)}")
    with TemporaryDirectory() as folder:
        opened = open_workspace(workspace, report)
        if items:
            opened = best_known(opened, items, Path(folder) / "items", report)
        result = Ablations(opened, minutes, seeds, json_, report).run(chosen)
    table = Table("variant", *FIGURES, box=None)
    for name, row in result["table"].items():
        cells = (row.get(figure) for figure in FIGURES)
        table.add_row(name, *("" if c is None else f"{c['mean']:.3f} ± {c['deviation']:.3f}" for c in cells))
    out.print(table)
    order = result["published_order"]
    if not order:
        out.print(f"The published order needs all of {', '.join(PUBLISHED)}, and a difference.", highlight=False)
        return
    found, not_found = ([name for name in order if order[name] == kind] for kind in (True, False))
    out.print(
        f"The published order, {' > '.join(PUBLISHED)} (means of {result['seeds']} seeds): "
        f"found in {', '.join(found) or 'no figure'}; not in {', '.join(not_found) or 'none'}.",
        highlight=False,
        soft_wrap=True,
    )
