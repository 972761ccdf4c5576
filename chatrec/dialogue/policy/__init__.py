"""What to do next: recommend, answer, elicit, relax."""
