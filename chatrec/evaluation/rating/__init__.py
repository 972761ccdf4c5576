"""Measuring whether a like is foretold."""
