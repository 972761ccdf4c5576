"""What is said: templates, answers, comparisons, explanations."""
