"""Collaborative filtering: who likes what others like."""
