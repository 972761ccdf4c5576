"""Measuring what the others do."""
