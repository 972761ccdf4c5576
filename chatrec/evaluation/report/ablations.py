"""The ablation table as charts, for the notebook."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chatrec.evaluation.ilm.ablation import VARIANTS
from chatrec.evaluation.report.charts import spread

CHARTS = {
    "title": "Share of exact titles read from soft tokens alone",
    "spelling": "Share of soft tokens whose nearest word is the one they are drawn to",
    "ndcg@10": "NDCG@10 of the next item, all items ranked",
    "log_perplexity": "Log-perplexity of held-out texts in nats a token (less is better)",
}


def by_variant(result: Mapping[str, Any], figure: str) -> str:
    """A figure of every variant that has it, with its deviation over the seeds; nothing where none has it.

    Args:
        result: of :class:`~chatrec.evaluation.ilm.ablation.Ablations`.
        figure: of :data:`CHARTS`.
    """
    rows = {name: _both(row[figure]) for name, row in result["table"].items() if figure in row}
    return _styled(spread(f"{CHARTS[figure]}, by variant", rows, CHARTS[figure])) if rows else ""


def by_queries(result: Mapping[str, Any]) -> str:
    """Share of exact titles by number of query tokens."""
    shared = [name for name in result["table"] if name == "ILM" or "query token" in name]
    counts = {VARIANTS[name].queries: _both(result["table"][name]["title"]) for name in shared}
    return _styled(spread("Query tokens", {str(count): counts[count] for count in sorted(counts)}, CHARTS["title"]))


def _both(cell: Mapping[str, float]) -> tuple[float, float]:
    return cell["mean"], cell["deviation"]


def _styled(svg: str) -> str:
    """A chart with its part of the report's style, which leaves the page around it alone."""
    style = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    kept = (line for line in style.splitlines() if line.startswith((".chart", ":root", "@media (prefers-color")))
    return f"<style>{' '.join(kept)}</style>{svg}"
