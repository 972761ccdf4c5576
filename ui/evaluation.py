"""The Evaluation tab: scripted conversations played live, and the last report."""

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatrec.dialogue.tracking.store import Sessions
from chatrec.errors import BadInput, ChatrecError
from chatrec.evaluation.dialogue.scenarios import Played, Scenario, play_scenario, read_scenarios, summary

from .desk import OOPS, one_line
from .text import plain

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

log = logging.getLogger(__name__)
LARGEST_REPORT = 10_000_000  # bytes of a report that the page shows


def scripts() -> dict[str, Path]:
    """The files of scenarios that ship, by name."""
    import chatrec_data

    return {path.stem: path for path in sorted(Path(chatrec_data.__file__).parent.glob("scenarios/*.yaml"))}


class Evaluation:
    """One run at a time for the whole server; everybody who looks sees the same one.

    Args:
        recommender: plays the scenarios with conversations of their own, of which nothing is kept.
    """

    def __init__(self, recommender: "Recommender") -> None:
        self.recommender = recommender
        self._lock = threading.Lock()
        self._played: list[tuple[str, Played]] = []
        self._wanted: list[Scenario] = []
        self._thread: threading.Thread | None = None
        self._cancelled = False
        self._problem = ""

    def start(self, name: str, count: int) -> dict[str, Any]:
        """Begin to play the first ``count`` scenarios of a file; while a run goes on, nothing new begins.

        Raises:
            BadInput: for a file that does not ship, or a number below 1.
        """
        files = scripts()
        if name not in files:
            raise BadInput(f"there is no file of scenarios {name[:40]!r}; there are {', '.join(files)}")
        if count < 1:
            raise BadInput(f"{count} conversations cannot be played; give 1 or more")
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._wanted = read_scenarios(files[name])[:count]
                self._played, self._cancelled, self._problem = [], False, ""
                self._thread = threading.Thread(target=self._run, name="chatrec-evaluation", daemon=True)
                self._thread.start()
        return self.look()

    def cancel(self) -> dict[str, Any]:
        """Stop after the conversation that is being played."""
        self._cancelled = True
        return self.look()

    def look(self) -> dict[str, Any]:
        """How far it is: ``running``, ``done`` of ``total``, a row for each conversation, and the summary so far."""
        played, running = list(self._played), self._thread is not None and self._thread.is_alive()
        rows = [
            {
                "id": name,
                "checks": one.checks,
                "failed": [f"turn {f['turn']}: {f['check']}: {f['got']}"[:300] for f in one.failures],
                "seconds": round(max(one.seconds), 2),
            }
            for name, one in played
        ]
        whole = summary([one for _, one in played]) if played else {}
        whole.pop("failures", None)
        return {
            "running": running,
            "cancelled": self._cancelled,
            "done": len(played),
            "total": len(self._wanted),
            "rows": rows,
            "summary": whole,
            "problem": self._problem,
        }

    def report(self) -> dict[str, Any]:
        """The last report of the workspace as HTML text, to be shown in a frame that may do nothing; ``problem`` without one."""
        path = self.recommender.workspace.path / "report" / "index.html"
        try:
            if path.stat().st_size > LARGEST_REPORT:
                raise BadInput(
                    "the report is too large to be shown here; open report/index.html of the workspace in a browser"
                )
            return {"html": path.read_text(encoding="utf-8", errors="replace")}
        except OSError:
            raise BadInput(
                "there is no report in this workspace W yet; chatrec report --workspace W --out W/report writes one"
            ) from None

    def _run(self) -> None:
        try:
            aside = self.recommender.with_parts(sessions=Sessions("sqlite://"))
            for number, scenario in enumerate(self._wanted):
                if self._cancelled:
                    return
                self._played.append((scenario.id, play_scenario(aside, number, scenario)))
        except ChatrecError as error:
            self._problem = one_line(error)
        except Exception:
            log.exception("the evaluation failed")
            self._problem = OOPS


def skeleton(workspace: str, one: str) -> str:
    """The tab's HTML; the browser's script fills it.

    Args:
        workspace: what the catalogue is called.
        one: what one of its things is called.
    """
    options = "".join(f"<option>{plain(name)}</option>" for name in scripts())
    return (
        '<section><h2>Conversations, played now</h2><p class="cr-soft">Scripted conversations are played with the recommender '
        f"that you talk to, and every reply is checked: years, genres and people of each {plain(one)}, what was understood, "
        "what is said. They were written for MovieLens 100K; with another catalogue many of them must fail. This one is "
        f'{plain(workspace)}.</p><form id="cr-play" class="cr-ask"><label>Script <select name="file">{options}</select></label>'
        '<label>Conversations <input type="number" name="count" min="1" max="999" value="10" required></label>'
        '<button class="cr-quiet">Play them</button><button type="button" class="cr-quiet" name="cr-play-stop" hidden>'
        'Stop</button></form><div id="cr-play-out"><p class="cr-vh" role="status"></p><progress max="1" value="0" hidden '
        'aria-label="Conversations played"></progress><div class="cr-figures"></div></div></section>'
        '<section><h2>The last report</h2><div id="cr-report" class="cr-soft">Open this tab to see it.</div></section>'
    )
