"""From a message to what it says."""
