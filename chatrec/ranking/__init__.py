"""From candidates to a slate."""
