"""How many query tokens? Each count gets the same minutes of phase 1, from the same seed.

    python tests/benchmarks/queries.py [--minutes M] [--json FILE]

Prints, for each count: the share of items whose whole name (title, year and categories) has a soft token for every
token; the share whose every soft token is nearest to its own word after training; and what an item then costs in a
prompt. The taste token alone stands for an item in histories and reasons, so the count is paid for only where an item
is read out or described.
"""

import argparse
import json
import logging
from dataclasses import replace
from pathlib import Path

import torch
from torch.nn import functional

from chatrec.ilm.recipe import material, new_model
from chatrec.ilm.tuning import Recipe, train
from chatrec.sources import open_workspace

COUNTS = (6, 8, 12, 16, 20, 24)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    workspace = open_workspace()
    result = {}
    for count in COUNTS:
        model = new_model(workspace, queries=count)
        spelling, whole = model.features.spelling, new_model(workspace, queries=64).features.spelling
        recipe = Recipe(minutes=asked.minutes, phases=(1,))
        train(model, replace(material(workspace), events={}), recipe, quiet=True)
        soft = functional.normalize(model.adapter.table(model.features), dim=-1)
        found = (soft @ functional.normalize(spelling.table, dim=-1).T).argmax(-1)
        right = ((found == spelling.targets) | (spelling.targets < 0)).all(1)
        fits = (spelling.targets >= 0).sum(1) == (whole.targets >= 0).sum(1)
        result[count] = {"fits": float(fits.float().mean()), "right": float((right & fits).float().mean())}
        print(f"{count:3} queries: fits {result[count]['fits']:.3f}, spelled right {result[count]['right']:.3f}")
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    torch.manual_seed(0)
    main()
