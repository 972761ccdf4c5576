"""What the frozen LLM says from soft tokens, task by task and unedited, as Markdown: the bad ones are in."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from chatrec.catalogue.items import Catalogue
from chatrec.evaluation.ilm.language import TASKS, records_of
from chatrec.ilm.bridge import Special
from chatrec.ilm.generation import say_all
from chatrec.ilm.tasks import Place
from chatrec.ilm.telling import NAMES
from chatrec.workspace import Report, Workspace, writing

INTRODUCTION = """# What the frozen LLM says

The first {count} of each task that chance drew (seed {seed}), with nothing left out and nothing changed. Made by
`chatrec evaluate samples`, with the adapter for {catalogue}.

*Asked* is the prompt. In brackets stands what was there as soft tokens, of which the LLM read no name: an item, or, for a
person and for a blend, which have no name, the items nearest to them. *True* is what training would have had it say. Texts of
items are of held-out items and ratings are held-out ones; names, and the facts of reasons, were learned from.
"""


def write_samples(
    workspace: Workspace,
    path: Path,
    count: int = 20,
    seed: int = 0,
    tasks: Sequence[str] = (*TASKS, *NAMES),
    report: Report = lambda _: None,
) -> int:
    """Write the samples, task after task, so that what is done is there if the rest is cut off.

    Args:
        workspace: with an adapter.
        path: the file; replaced.
        count: samples of a task; fewer where the catalogue cannot give them.
        seed: of the drawing.
        tasks: of :data:`~chatrec.evaluation.ilm.language.TASKS` and :data:`~chatrec.ilm.telling.NAMES`.
        report: told of each task.

    Returns:
        How many samples there are.
    """
    catalogue = _plain(workspace.catalogue.name)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(INTRODUCTION.format(count=count, seed=seed, catalogue=catalogue), encoding="utf-8")
    written = 0
    for task in tasks:
        lines = list(_samples(workspace, task, count, seed))
        if not lines:
            continue
        report(f"samples: {task}, {len(lines)}")
        written += len(lines)
        with writing(path), path.open("a", encoding="utf-8") as file:
            file.write("\n".join(["", f"## {task.capitalize()}", "", *lines, ""]))
    return written


def _samples(workspace: Workspace, task: str, count: int, seed: int) -> Iterator[str]:
    records = records_of(workspace, task, count, seed)
    said = say_all(workspace.model, [record.prompt for record in records])
    for number, (record, text) in enumerate(zip(records, said, strict=True), 1):
        asked = "".join(_shown(part, workspace.catalogue) for part in record.prompt)
        answer = _plain(text) or "(nothing)"
        yield f"{number}. *Asked:* {_plain(asked)}<br>*True:* {_plain(record.target)}<br>*Said:* {answer}"


def _shown(part: str | Place | Special, catalogue: Catalogue) -> str:
    if isinstance(part, str):
        return part
    rows = [part.row] if isinstance(part, Place) else part.near.tolist()
    return f" [{', '.join(catalogue[row].name for row in rows)}]"


def _plain(text: str) -> str:
    """Text as Markdown that shows it as it is, on one line."""
    return re.sub(r"([\\`*_\[\]<>|#&~])", r"\\\1", " ".join(text.split()))
