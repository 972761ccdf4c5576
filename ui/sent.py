"""What a browser sent to a function of the tabs, checked: it may be anything."""

import logging
import math
from collections.abc import Callable
from typing import Any

from chatrec.errors import ChatrecError

from .desk import OOPS, one_line

log = logging.getLogger(__name__)


def _field(data: object, name: str) -> object:
    data = data[0] if isinstance(data, list) and data else data
    return data.get(name) if isinstance(data, dict) else None


def texts(data: object, name: str) -> list[str]:
    """The texts of a list; what is anything else is left out."""
    found = _field(data, name)
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []


def text(data: object, name: str) -> str:
    """A text, or an empty one in place of anything else."""
    found = _field(data, name)
    return found if isinstance(found, str) else ""


def number(data: object, name: str) -> float:
    """A finite number, or 0 in place of anything else."""
    found = _field(data, name)
    return float(found) if isinstance(found, (int, float)) and math.isfinite(found) else 0.0


def answered(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The work's answer, or what went wrong as one line under ``problem``."""
    try:
        return work()
    except ChatrecError as error:
        return {"problem": one_line(error)}
    except Exception:
        log.exception("a function of the page failed")
        return {"problem": OOPS}
