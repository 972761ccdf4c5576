"""The chat page: ``app`` wires Gradio to a recommender, ``cards`` turns what there is to show into HTML."""
