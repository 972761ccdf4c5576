"""Describe a film in a conversation, without its title: is it the first card, or among the first three?

    python tests/benchmarks/descriptions.py [--workspace W] [--json FILE]

Plays the paraphrases that ship, each to a person who has said that they love two other films. The rules that tell a plot
from a request were tuned with these paraphrases in view, so the figure flatters.
"""

import argparse
import json
from pathlib import Path

import chatrec_data

from chatrec.dialogue.tracking.store import Sessions
from chatrec.recommender import Recommender


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    recommender = Recommender.open(asked.workspace, Sessions("sqlite://"))
    recommender.manager.reasoner.model = None  # reasons are said plainly: they are not what is measured
    lines = (chatrec_data.ROOT / "paraphrases.jsonl").read_text(encoding="utf-8").splitlines()
    ranks = []
    for number, query in enumerate(map(json.loads, lines)):
        recommender.reply(str(number), "I loved Pulp Fiction and Fargo")
        reply = recommender.reply(str(number), query["query"])
        cards = [card.item_id for card in reply.cards]
        ranks.append(cards.index(query["item_id"]) if query["item_id"] in cards else 99)
    result = {f"first_{k}": sum(rank < k for rank in ranks) / len(ranks) for k in (1, 3)}
    for name, value in result.items():
        print(f"{name:8} {value:.3f} of {len(ranks)}")
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
