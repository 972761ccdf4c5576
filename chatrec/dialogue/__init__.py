"""Conversation: state, understanding, policy, reasons."""
