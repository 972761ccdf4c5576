"""Items, interactions, texts, and where they come from."""
