"""Small pieces of the page: everything that comes from data is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any


def plain(value: Any) -> str:
    """Any value as text of the page."""
    return escape(str(value))


def percent(value: float | None, digits: int = 0) -> str:
    """A share as a percentage; a dash where there is none."""
    return "–" if value is None else f"{value:.{0 if value in (0, 1) else digits}%}"


def number(value: float | None, digits: int = 3) -> str:
    """A figure; a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def tile(figure: str, what: str, beside: str) -> str:
    """One figure, what it is, and what stands beside it."""
    return f"<li><b>{plain(figure)}</b><span>{plain(what)}</span><small>{plain(beside)}</small></li>"


def table(caption: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], own: str = "chatrec") -> str:
    """A table whose rows have a name each; the row called ``own`` stands out."""
    head = "".join(
        f'<th scope="col"{" class=n" if place else ""}>{plain(name)}</th>' for place, name in enumerate(columns)
    )
    body = "".join(
        f"<tr{' class=own' if name == own else ''}><th scope=row>{plain(name)}</th>"
        f"{''.join(f'<td class=n>{plain(value)}</td>' for value in values)}</tr>"
        for name, values in rows
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{plain(caption)}"><table><caption>{plain(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def figure(caption: str, chart: str) -> str:
    """A chart with its caption."""
    return f"<figure><figcaption>{plain(caption)}</figcaption>{chart}</figure>"


def section(name: str, title: str, *blocks: str) -> str:
    """A part of the page that can be linked to."""
    return f'<section id="{plain(name)}" aria-labelledby="{plain(name)}-title"><h2 id="{plain(name)}-title">{plain(title)}</h2>{"".join(blocks)}</section>'


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{plain(text)}</p>"


def failures(lines: Sequence[tuple[str, str]], anchors: dict[str, str], none: str) -> str:
    """What went wrong, as (what, name of the transcript); each linked to its whole conversation where that is kept."""
    if not lines:
        return f'<p class="good">{plain(none)}</p>'
    items = "".join(
        f"<li>{plain(what)}{f' <a href=#{anchors[name]}>whole conversation</a>' if name in anchors else ''}</li>"
        for what, name in lines
    )
    return f'<ul class="failures">{items}</ul>'


def transcript(name: str, anchor: str, entry: dict[str, Any]) -> str:
    """One conversation; those that failed are open."""
    turns = "".join(
        f'<p class="said">{plain(turn["user"])}</p><p class="reply">{plain(turn["before"])}</p>'
        + (
            '<ul class="shown">'
            + "".join(f"<li><b>{plain(card['name'])}</b> {plain(card['reason'])}</li>" for card in turn["cards"])
            + "</ul>"
            if turn["cards"]
            else ""
        )
        + (f'<p class="reply">{plain(turn["after"])}</p>' if turn["after"] else "")
        for turn in entry["turns"]
    )
    opened = " open" if entry.get("failed") else ""
    return f'<details id="{anchor}"{opened}><summary>{plain(name)}</summary>{turns}</details>'
