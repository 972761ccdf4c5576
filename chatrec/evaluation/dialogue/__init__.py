"""Measuring conversation."""
