"""How far a fetch is: a bar on a terminal, elsewhere one plain line that says what is being fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

Report = Callable[[int, int | None], None]
"""Called with the bytes that have arrived so far and, where it is known, how many there will be."""


@contextmanager
def hub_bars(quiet: bool) -> Iterator[None]:
    """The hub draws its own bars: hidden where nobody could see them."""
    from huggingface_hub import utils

    hide = (quiet or not _console().is_terminal) and not utils.are_progress_bars_disabled()
    if hide:
        utils.disable_progress_bars()
    try:
        yield
    finally:
        if hide:
            utils.enable_progress_bars()


def _console() -> Console:
    return Console(stderr=True)


@contextmanager
def progress(label: str, total: int | None, quiet: bool, *, own_bar: bool = True) -> Iterator[Report]:
    """Say what is being fetched and, on a terminal, show how far it is; nothing if quiet. ``total`` is in bytes.

    With ``own_bar=False`` there is only the line, since whoever transfers draws bars itself.
    """
    console = _console()
    if not quiet:
        size = f" ({total / 1e6:.1f} MB)" if total else ""
        console.print(f"Fetching {label}{size}", markup=False, highlight=False, soft_wrap=True)
    if quiet or not own_bar or not console.is_terminal:
        yield lambda done, total: None
    else:
        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bars:
            task = bars.add_task("", total=total)
            yield lambda done, total: bars.update(task, completed=done, total=total)
