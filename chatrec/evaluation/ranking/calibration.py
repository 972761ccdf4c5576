"""How honest the match score is: predicted against observed share of likes, on each person's last rating."""

from typing import Any

import numpy as np

from chatrec.ilm.calibration import Calibration, held_out_logits
from chatrec.workspace import Report, Workspace

BINS = 10


def measure_calibration(workspace: Workspace, keep: bool = False, report: Report = lambda _: None) -> dict[str, Any]:
    """Fit on validation ratings, measure on test ratings.

    Args:
        workspace: with an adapter.
        keep: whether to store the fitted calibration beside the adapter, from where the cards read it.
        report: told of each step.

    Returns:
        ``ratings`` measured, ``share_liked``; and for each of ``calibrated``, ``uncalibrated`` and ``constant`` (the
        share of likes of the validation ratings, whatever the item) ``ece`` (expected calibration error over ten bins of
        equal count), ``brier``, and ``bins`` of predicted, observed, count; ``slope`` and ``offset``.
    """
    model, split = workspace.model, workspace.split
    report("calibration: fitting on validation ratings")
    logits, liked = held_out_logits(model, split.train, split.valid)
    fitted = Calibration.fit(logits, liked)
    report("calibration: measuring on test ratings")
    asked, truth = held_out_logits(model, split.train, split.test)
    result: dict[str, Any] = {"ratings": len(truth), "share_liked": float(truth.mean()) if len(truth) else None}
    if fitted is None or not len(truth):
        return result
    if keep:
        fitted.save(workspace.adapter_folder)
    predictions = {
        "calibrated": fitted.probability(asked),
        "uncalibrated": 1 / (1 + np.exp(-asked)),
        "constant": np.full(len(truth), liked.mean()),
    }
    result |= {"slope": fitted.slope, "offset": fitted.offset, "fitted_on": fitted.ratings}
    return result | {name: reliability(values, truth) for name, values in predictions.items()}


def reliability(predicted: np.ndarray, liked: np.ndarray) -> dict[str, Any]:
    """Expected calibration error, Brier score and bins of equal count, of predicted shares (n,) and what was liked (n,)."""
    order = np.argsort(predicted, kind="stable")
    bins = [
        {"predicted": float(predicted[part].mean()), "observed": float(liked[part].mean()), "count": len(part)}
        for part in np.array_split(order, min(BINS, len(np.unique(predicted))))
    ]
    error = sum(bin_["count"] * abs(bin_["predicted"] - bin_["observed"]) for bin_ in bins) / max(len(liked), 1)
    return {"ece": float(error), "brier": float(((predicted - liked) ** 2).mean()), "bins": bins}
