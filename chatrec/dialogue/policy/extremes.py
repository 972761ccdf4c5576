"""The oldest and the newest of what fits."""

from chatrec.catalogue.items import Catalogue
from chatrec.retrieval.index import Constraints


def extreme_rows(which: str, constraints: Constraints, catalogue: Catalogue, count: int) -> list[int]:
    """Rows of the ``count`` oldest or newest items that the constraints allow, the most extreme first."""
    dated = [(item.year, row) for row, item in enumerate(catalogue) if item.year and constraints.allows(row, item)]
    return [row for _, row in sorted(dated, key=lambda pair: pair[0] if which == "oldest" else -pair[0])][:count]
