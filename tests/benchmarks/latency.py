"""How long a person waits: first visible change, cards, and the whole reply.

    python tests/benchmarks/latency.py [--json FILE] [--type bfloat16|float32]

Prints medians and the worst of the lines below on the default workspace, and each as a ratio of one plain pass of the
frozen LLM over 300 tokens on the same machine, so that figures of different machines can be compared. With ``--type`` the
LLM computes in that type, whether or not it is the quicker one here.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

from chatrec.dialogue.events import ItemsShown, StateChanged
from chatrec.dialogue.tracking.store import Sessions
from chatrec.ilm import llm as llms
from chatrec.recommender import Recommender

LINES = (
    "I loved Pulp Fiction and Fargo. What should I watch?",
    "Something before 1980, and no horror please",
    "seen the first one. more",
    "why the second one?",
    "something lighter with Bill Murray",
    "five westerns",
    "a film about a weatherman who lives the same day again",
    "I hated Evita. Something like Blade Runner?",
    "what is Heat about?",
    "surprise me, any genre, any year",
)


def main() -> None:
    """Measure and print."""
    if "--type" in sys.argv:
        forced = getattr(torch, sys.argv[sys.argv.index("--type") + 1])
        llms.arithmetic = lambda _: forced
    began = time.monotonic()
    recommender = Recommender.open(sessions=Sessions("sqlite://"))
    recommender.manager  # noqa: B018
    ready = time.monotonic() - began
    llm = recommender.workspace.model.llm
    with torch.no_grad():
        inputs = torch.nn.functional.embedding(torch.arange(300)[None], llm.embeddings)
        llm.body(inputs_embeds=inputs)
        began = time.monotonic()
        for _ in range(3):
            llm.body(inputs_embeds=inputs)
        unit = (time.monotonic() - began) / 3
    recommender.reply("warm", LINES[0])
    first, cards, last = [], [], []
    for line in LINES:
        began = time.monotonic()
        for event in recommender.chat("bench", line):
            if isinstance(event, StateChanged):
                first.append(time.monotonic() - began)
            elif isinstance(event, ItemsShown):
                cards.append(time.monotonic() - began)
        last.append(time.monotonic() - began)
    result = {"open_s": ready, "llm_pass_300_tokens_s": unit}
    for name, values in (("first_change", first), ("cards", cards), ("last", last)):
        result |= {f"{name}_median_s": float(np.median(values)), f"{name}_worst_s": float(max(values))}
        result[f"{name}_median_in_llm_passes"] = float(np.median(values) / unit)
    print(f"the LLM computes in {llm.embeddings.dtype}")
    for name, value in result.items():
        print(f"{name:32} {value:.3f}")
    if "--json" in sys.argv:
        Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
