"""The About tab: what this recommender is made of, in the words of the very files it is made from."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from .service import Service
from .text import plain

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

SHIPPED = "ml-100k"  # the source whose texts and licence ship with the program


def catalogue(recommender: "Recommender") -> str:
    """The workspace's own record of what it holds, as Markdown."""
    manifest, words = recommender.workspace.manifest, recommender.catalogue.words
    years = recommender.catalogue.years
    rows = {
        "Name": manifest.name,
        "Source": manifest.source,
        words.many.capitalize(): f"{manifest.items:,}",
        "Ratings": f"{manifest.interactions:,}",
        "People who rated": f"{manifest.users:,}",
        "Years": f"{years[0]} to {years[1]}" if years else "",
        "Text encoder": manifest.encoder,
        **{name.replace("_", " ").capitalize(): _figure(value) for name, value in manifest.notes.items()},
    }
    first, *lines = [f"| {safe(name)} | {safe(value)} |" for name, value in rows.items() if value]
    return "\n".join((first, "|---|---|", *lines))


def model_card(recommender: "Recommender") -> str:
    """The trained adapter's card."""
    card = _read(recommender.workspace.adapter_folder / "README.md")
    return card or "This workspace has no trained adapter; `chatrec train` makes one, and its card stands here then."


def data(recommender: "Recommender") -> str:
    """Where the item texts come from, and their licence; for another catalogue, that nothing is known of it."""
    if recommender.workspace.manifest.source != SHIPPED:
        return "This catalogue was made from tables of your own; their licence is for you to know."
    import chatrec_data

    folder = Path(chatrec_data.__file__).parent
    origin = _read(folder / "README.md").split("\n#### Schema")[0]  # what follows is for those who write texts
    return "\n\n".join(filter(None, (_read(folder / "LICENSE"), origin)))


def programs(recommender: "Recommender") -> str:
    """The endpoints for programs, from their own descriptions."""
    lines = []
    for function in Service(recommender).endpoints:
        first = (function.__doc__ or "").split("Args:")[0]
        lines.append(f"- `{function.__name__}`: {' '.join(first.split())}")
    return "\n".join(
        (
            *lines,
            "",
            'From Python, with this page\'s address: `gradio_client.Client(ADDRESS).predict(message="I loved Fargo", '
            'api_name="/chat")`. The same as MCP tools: `ADDRESS/gradio_api/mcp/`. The page in another one: '
            '`<iframe src="ADDRESS" title="chatrec"></iframe>`.',
        )
    )


def sections(recommender: "Recommender") -> dict[str, str]:
    """All of it as Markdown, by heading."""
    return {
        "The catalogue": catalogue(recommender),
        "Model card, figures and limits": model_card(recommender),
        "Data and licences": data(recommender),
        "For programs": programs(recommender),
    }


def safe(text: str) -> str:
    """Text of a file as Markdown that holds no HTML, fetches no picture, and breaks no table cell."""
    return plain(text).replace("|", "\\|").replace("![", "!\\[")


def _figure(value: object) -> str:
    return f"{value:,}" if type(value) is int else str(value)


def _read(path: Path) -> str:
    """A Markdown file for the page: headings two steps down, no HTML, no pictures from elsewhere; empty without it."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("![", "!\\[")
    return re.sub(r"^(#{1,4})\s", r"##\1 ", text, flags=re.MULTILINE)
