"""``chatrec nlu``: the corpus of understanding, and the tagger that is trained on it."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from chatrec.commands.console import JsonOption, err, out, report, show, write_json
from chatrec.errors import BadInput

app = typer.Typer(no_args_is_help=True, help="Understanding: check its corpus, train its tagger.")
FolderOption = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of annotated messages; default: the shipped one.")
]


@app.command("check")
def nlu_check(corpus: FolderOption = None, json_: JsonOption = None) -> None:
    """Read the corpus: counts by kind, and every line that cannot be read."""
    from chatrec.dialogue.nlu.corpus import FOLDER, check

    found = check(corpus or FOLDER)
    result: dict[str, Any] = {
        "examples": found.examples,
        "files": found.files,
        "doubled": found.doubled,
        "faults": list(found.faults),
        "kinds": dict(found.kinds.most_common()),
        "intents": dict(found.intents.most_common()),
    }
    write_json(json_, result)
    show({name: result[name] for name in ("examples", "files", "doubled")})
    for title in ("intents", "kinds"):
        out.print(f"[bold]{title}[/]")
        show(result[title])
    for fault in found.faults:
        err.print(f"[red]{escape(fault)}[/]", highlight=False)
    if found.faults:
        raise BadInput(f"{len(found.faults)} lines of the corpus cannot be read; mend or remove them")


@app.command("train")
def nlu_train(
    corpus: FolderOption = None,
    out_: Annotated[Path | None, typer.Option("--out", help="Folder to write; default: the shipped tagger's.")] = None,
    weak: Annotated[Path | None, typer.Option(help="Dialogues of ReDial whose answers teach attitudes too.")] = None,
    epochs: Annotated[float, typer.Option(min=0.01)] = 8,
    minutes: Annotated[float, typer.Option(help="At most so many minutes.", min=0.1)] = 60,
    seed: int = 0,
    json_: JsonOption = None,
) -> None:
    """Train the tagger on the corpus, calibrate it on the held-out part, and write it with its card."""
    from chatrec.config import settings
    from chatrec.dialogue.nlu.corpus import FOLDER, read_corpus
    from chatrec.dialogue.nlu.tagger import SHIPPED, Tagger
    from chatrec.dialogue.nlu.training import Recipe, train
    from chatrec.evaluation.dialogue.nlu import measure, weak_examples, write_card

    folder, target = corpus or FOLDER, out_ or SHIPPED
    held = read_corpus(folder, held_out=True)
    calibrated, measured = held[::2], held[1::2]
    taught = weak_examples(weak) if weak else []
    recipe = Recipe(settings().encoder, epochs=epochs, minutes=minutes, seed=seed)
    card = train(read_corpus(folder), calibrated, target, recipe, taught, report)
    figures = measure(Tagger(target), measured)
    write_card(target, card, figures)
    write_json(json_, card | {"held_out": figures})
    show(figures)


@app.command("read")
def nlu_read(message: str, before: Annotated[str, typer.Option(help="What was done in the turn before.")] = "") -> None:
    """Show what the tagger makes of one message: spans with scores, and intents."""
    from chatrec.dialogue.acts import Before
    from chatrec.dialogue.nlu.tagger import load_tagger

    if before not in list(Before):
        raise BadInput(
            f"{before!r} is no code for the turn before; there are {', '.join(code for code in Before if code)}"
        )
    tagged = load_tagger().read(message, Before(before))
    for note in tagged.spans:
        mark = ("?" if note.soft else "") + ("@" if note.other else "")
        said = escape(message[note.start : note.end])
        out.print(f"{said}: {note.kind} {note.certainty:.2f}, {note.attitude}{mark} {note.score:.2f}", highlight=False)
    show({str(intent): round(score, 2) for intent, score in tagged.intents.items() if score >= 0.1})
