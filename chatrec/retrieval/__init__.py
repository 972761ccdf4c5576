"""Finding items: by text, by taste, by title."""
