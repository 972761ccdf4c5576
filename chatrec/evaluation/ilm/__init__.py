"""Measuring the Item-Language Model."""
