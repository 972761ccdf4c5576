"""Text from catalogues and people, made safe to stand in the page.

Everything that comes from outside passes through :func:`plain` or :func:`lines`; nothing else may. The chat's text goes
through Gradio's Markdown and sanitiser, which shapes three habits of all that is shown there:

- each block is one line that begins with a block-level tag, so that Markdown leaves it as it is; blocks are joined by
  blank lines, so that a change re-draws only the block it is in;
- the sanitiser keeps ``class``, ``title``, ``name``, ``value``, ``id`` and ``style``, but no ``aria-*`` or ``data-*``:
  names for screen readers stand in visually hidden text (class ``cr-vh``);
- buttons say what they do by ``name`` and to what by ``value``; one listener on the page passes both to the server.
"""

import html
import re
import zlib
from collections.abc import Sequence

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _scrub(text: str) -> str:
    """Escaped text without control characters, text-direction overrides and lone surrogates (JSON has none)."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    # "%" too: Gradio's Markdown uses %%%LATEX_BLOCK_n%%% as its own placeholder.
    return html.escape(_CONTROL.sub(" ", text)).replace("%", "&#37;")


def plain(text: str) -> str:
    """Text as one escaped line, safe between tags and inside a quoted attribute."""
    return " ".join(_scrub(text).split())


def lines(text: str) -> str:
    """Text of several lines, escaped, on one source line: line ends become ``<br>``."""
    text = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text.strip())
    return "<br>".join(line.rstrip() for line in _scrub(text).split("\n"))


def listed(names: Sequence[str]) -> str:
    """``a, b and c``."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def checksum(text: str) -> int:
    """A number that is the same for the same text, on every machine."""
    return zlib.crc32(text.encode("utf-8", "replace"))


def hidden(text: str) -> str:
    """Text for screen readers alone."""
    return f'<span class="cr-vh">{plain(text)}</span>'
