"""Linking words of a message to items of the catalogue."""
