"""``chatrec evaluate``: every figure in the README comes from one of these."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from chatrec.commands.console import JsonOption, WorkspaceOption, err, out, report, show, write_json

app = typer.Typer(no_args_is_help=True, help="Measure. Every figure in the README comes from one of these.")


@app.command("scenarios")
def evaluate_scenarios(
    file: Annotated[Path, typer.Argument(help="YAML file of scripted conversations.")],
    workspace: WorkspaceOption = None,
    json_: JsonOption = None,
) -> None:
    """Play scripted conversations and check what they expect."""
    from chatrec.evaluation.scenarios import read_scenarios, run_scenarios
    from chatrec.recommender import Recommender

    scenarios = read_scenarios(file)
    result = run_scenarios(Recommender.open(workspace, report=report), scenarios, err)
    write_json(json_, result)
    for failure in result["failures"]:
        out.print(
            f"[red]{escape(failure['scenario'])}[/], turn {failure['turn']}: {escape(failure['check'])}: {escape(failure['got'])}",
            highlight=False,
        )
    show(result)


class Task(StrEnum):
    """What :func:`evaluate_injection` can print."""

    all = "all"
    names = "names"
    swap = "swap"
    perplexity = "perplexity"
    likes = "likes"


@app.command("injection")
def evaluate_injection(
    workspace: WorkspaceOption = None,
    only: Annotated[Task, typer.Option(help="One of the proofs alone.")] = Task.all,
    json_: JsonOption = None,
) -> None:
    """Show that the soft tokens do something: names said, swaps, perplexity, Yes–No accuracy."""
    from chatrec.evaluation.injection import prove
    from chatrec.sources import open_workspace

    result = prove(open_workspace(workspace, report), only.value, report)
    write_json(json_, result)
    for name, block in result.items():
        out.print(f"[bold]{name}[/]")
        show(block)


@app.command("turns")
def evaluate_turns(
    turns: Annotated[Path, typer.Option(help="Turns of human dialogues (jsonl or jsonl.gz): context, rec.")],
    workspace: WorkspaceOption = None,
    folds: Annotated[
        int, typer.Option(help="Learn from the file itself, a share of its dialogues left out at a time.", min=0)
    ] = 0,
    json_: JsonOption = None,
) -> None:
    """Rank the catalogue after each context: is what people recommended next among the first?"""
    from chatrec.catalogue.turns import read_turns
    from chatrec.evaluation.turns import run_turns
    from chatrec.sources import context_ranker, open_workspace

    read = read_turns(turns)
    result = run_turns(context_ranker(open_workspace(workspace, report)), read, folds, report)
    write_json(json_, result)
    table = Table("ranking", "n", "recall@1", "recall@10", "recall@50", "ndcg@10", "mrr", box=None)
    rows = {"fusion": result, "fusion, new titles only": result["new_only"], **result["parts"], **result["baselines"]}
    for name, row in rows.items():
        figures = (f"{row[key]:.4f}" for key in ("recall@1", "recall@10", "recall@50", "ndcg@10", "mrr"))
        table.add_row(name, f"{row['n']:,}", *figures)
    out.print(table)
    if result["learned_from"]:
        share = f"{result['learned_from']:,} of {len(read):,}"
        err.print(f"[yellow]{share} turns are among those this workspace learned from; --folds 5 leaves them out[/]")


@app.command("understanding")
def evaluate_understanding(
    dialogues: Annotated[Path, typer.Option(help="Dialogues of ReDial with the answers about each film.")],
    workspace: WorkspaceOption = None,
    json_: JsonOption = None,
) -> None:
    """Read real dialogues: are the titles found, and what the person liked and disliked?"""
    from chatrec.catalogue.dialogues import read_dialogues
    from chatrec.dialogue.understanding import Understanding
    from chatrec.evaluation.understanding import run_understanding
    from chatrec.sources import open_workspace

    read = read_dialogues(dialogues)
    opened = open_workspace(workspace, report)
    known = opened.likes[1]
    result = run_understanding(Understanding(opened.catalogue, known), read, known, report)
    write_json(json_, result)
    show(result)
    for name in ("stated", *result["baselines"]):
        out.print(f"[bold]{name.replace('_', ' ')}[/]")
        show(result.get(name) or result["baselines"][name])


@app.command("grounding")
def evaluate_grounding(
    workspace: WorkspaceOption = None,
    turns: Annotated[int, typer.Option(min=1)] = 200,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """Talk with simulated people and check that every reply names only items of the catalogue."""
    from chatrec.evaluation.grounding import run_grounding
    from chatrec.recommender import Recommender

    result = run_grounding(Recommender.open(workspace, report=report), turns, seed, err)
    write_json(json_, result)
    show(result)
    for line in result["failures"][:10]:
        out.print(escape(line), highlight=False)


@app.command("reasons")
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

    result = compare_speakers(open_workspace(workspace, report), count, lora, seed, report)
    write_json(json_, result)
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
