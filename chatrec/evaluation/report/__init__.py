"""One report for people: the quick evaluations as a page that stands alone, and as JSON."""
