"""Measuring what is ranked."""
