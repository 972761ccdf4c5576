"""From dialogue acts to the state of a person: what is kept, for how long, and where."""
