"""``chatrec data``: the item texts."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from chatrec.commands.console import JsonOption, WorkspaceOption, out, report, show, write_json

app = typer.Typer(no_args_is_help=True, help="The item texts: check them, extend them.")


@app.command("check")
def data_check(
    file: Annotated[Path | None, typer.Argument(help="Item texts, JSON lines; default: those that ship.")] = None,
    reference: Annotated[Path | None, typer.Option(help="Folder of reference data, for facts and originality.")] = None,
    usefulness: Annotated[bool, typer.Option(help="Also search for the films behind the paraphrases.")] = True,
    json_: JsonOption = None,
) -> None:
    """Measure the item texts: coverage, vocabulary, facts, originality, usefulness, language."""
    from chatrec.evaluation.texts import check_texts

    result = check_texts(file, reference, usefulness, report)
    write_json(json_, result)
    for name, block in result.items():
        out.print(f"[bold]{name}[/]")
        show(block)


@app.command("template")
def data_template(
    out_: Annotated[Path, typer.Option("--out", help="File to write, JSON lines.")], workspace: WorkspaceOption = None
) -> None:
    """Write a file of empty item texts for a catalogue, to be filled in."""
    from chatrec.ilm.drafting import template
    from chatrec.sources import open_workspace

    count = template(open_workspace(workspace, report).catalogue, out_)
    out.print(f"{count:,} records in {escape(str(out_))}; fill them in, then build with --texts", highlight=False)


@app.command("draft")
def data_draft(
    source: Annotated[Path, typer.Argument(help="A template with some facts filled in.")],
    out_: Annotated[Path, typer.Option("--out", help="File of drafts to write, JSON lines.")],
    limit: Annotated[int | None, typer.Option(help="At most so many records.", min=1)] = None,
) -> None:
    """Have the LLM draft synopses and pitches from given facts, for a person to correct."""
    from chatrec.config import settings
    from chatrec.ilm.drafting import draft
    from chatrec.ilm.llm import load_llm

    count = draft(load_llm(settings().llm), source, out_, limit, report)
    out.print(
        f"{count:,} drafts in {escape(str(out_))}. Each is marked as a draft and is refused until you have checked it.",
        highlight=False,
    )
