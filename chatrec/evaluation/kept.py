"""Results kept run by run in a JSON file, so that long work which was cut off goes on where it stood."""

import json
import os
from pathlib import Path
from typing import Any

from chatrec.errors import BadInput
from chatrec.workspace import writing


def read_kept(path: Path | None, settings: dict[str, Any]) -> dict[str, Any]:
    """The ``runs`` that an earlier call kept; nothing without a file.

    Args:
        path: the file, or None where nothing is kept.
        settings: what all runs in it must have in common, as the file has them beside ``runs``.

    Raises:
        BadInput: if the file is none of these, or was made with other settings; it is left as it is.
    """
    if path is None or not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        runs, before = dict(kept["runs"]), {name: kept[name] for name in settings}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path} holds no earlier runs to go on with ({error!r}); name another file") from error
    for name, value in settings.items():
        if before[name] != value:
            raise BadInput(f"{path} was made with {name} {before[name]!r}, not {value!r}; name another file")
    return runs


def keep(path: Path | None, result: dict[str, Any]) -> None:
    """Write a result, all or nothing; nowhere without a file."""
    if path is None:
        return
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(temporary, path)
