"""SASRec (Kang and McAuley, 2018) as transformers' small GPT-2 whose tokens are items, with cross-entropy over all items
in place of sampled negatives, which is what lifts it above its later rivals (Klenitskiy and Vasilev, 2023).
"""

from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional
from transformers import GPT2Config, GPT2LMHeadModel

from chatrec.catalogue.items import Catalogue
from chatrec.collab.common import check_rows, indicator, liked_rows, load_state, save_state
from chatrec.collab.scorer import History

WEIGHT_DECAY = 0.1
NO_TARGET = -100
"""The label that cross-entropy leaves out."""


class SASRec:
    """What people like next, given what they liked before, in order. A dislike has no vote.

    Args:
        width, layers, heads: shape of the transformer.
        window: most recent likes that are read.
        dropout: everywhere in the transformer; people are few, so it is high.
        steps, batch, rate, seed: of the training (AdamW, one cycle of the learning rate); a batch is of windows.
    """

    name = "sasrec"
    file = "sasrec.safetensors"

    def __init__(
        self,
        width: float = 64,
        layers: float = 2,
        heads: float = 2,
        window: float = 50,
        dropout: float = 0.3,
        steps: float = 400,
        batch: float = 64,
        rate: float = 3e-3,
        seed: float = 7,
    ) -> None:
        self.width, self.layers, self.heads, self.window = int(width), int(layers), int(heads), int(window)
        self.dropout, self.rate = dropout, rate
        self.steps, self.batch, self.seed = int(steps), int(batch), int(seed)
        self.popularity = np.zeros(0, dtype=np.float32)
        self.model = self._new(1)

    def fit(self, catalogue: Catalogue, interactions: pd.DataFrame) -> Self:
        """See :class:`~chatrec.collab.scorer.Scorer`. Only likes are read."""
        histories = liked_rows(catalogue, interactions)
        self.popularity = np.asarray(indicator(histories, len(catalogue)).sum(axis=0), dtype=np.float32).ravel()
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            self.model = self._new(len(catalogue) or 1)
            self._train([rows for rows in histories if len(rows) > 1])
        return self

    def _train(self, histories: list[list[int]]) -> None:
        if not histories or not self.steps:
            return
        random = np.random.default_rng(self.seed)
        events = np.array([len(rows) - 1 for rows in histories])
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=self.rate, weight_decay=WEIGHT_DECAY)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, self.rate, total_steps=self.steps, pct_start=0.1)
        self.model.train()
        for _ in range(self.steps):
            people = random.choice(len(histories), size=self.batch, p=events / events.sum())
            ends = [int(random.integers(2, len(histories[person]) + 1)) for person in people]
            windows = [
                histories[person][max(0, end - self.window - 1) : end] for person, end in zip(people, ends, strict=True)
            ]
            items, labels = (
                _padded([rows[:-1] for rows in windows], 0),
                _padded([rows[1:] for rows in windows], NO_TARGET),
            )
            logits = self.model(items).logits
            loss = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=NO_TARGET)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        self.model.eval()

    @torch.no_grad()
    def score(self, history: History) -> np.ndarray:
        """See :class:`~chatrec.collab.scorer.Scorer`; without a like, the order of popularity."""
        check_rows(history, len(self.popularity))
        if not history.liked:
            return np.log1p(self.popularity)
        items = torch.tensor([history.liked[-self.window :]])
        return self.model(items, logits_to_keep=1).logits[0, -1].numpy()

    def save(self, folder: Path) -> None:
        """Write ``sasrec.safetensors``."""
        names = ("width", "layers", "heads", "window", "dropout", "steps", "batch", "rate", "seed")
        weights = {name: value.numpy() for name, value in self.model.transformer.state_dict().items()}
        tensors = {**weights, "popularity": self.popularity}
        save_state(folder / self.file, tensors, {name: getattr(self, name) for name in names})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what :meth:`save` wrote; ``WorkspaceError`` where it is missing or damaged."""
        tensors, options = load_state(folder / cls.file, ("popularity",))
        scorer = cls(**options)
        scorer.popularity = tensors.pop("popularity")
        scorer.model = scorer._new(len(scorer.popularity) or 1)
        weights = {name: torch.from_numpy(value) for name, value in tensors.items()}
        scorer.model.transformer.load_state_dict(weights)  # the output layer is the table of items
        return scorer

    def _new(self, items: int) -> GPT2LMHeadModel:
        """An untrained model, in evaluation mode."""
        config = GPT2Config(
            vocab_size=items,
            n_positions=self.window,
            n_embd=self.width,
            n_layer=self.layers,
            n_head=self.heads,
            resid_pdrop=self.dropout,
            embd_pdrop=self.dropout,
            attn_pdrop=self.dropout,
            bos_token_id=None,
            eos_token_id=None,
            use_cache=False,
        )
        return GPT2LMHeadModel(config).eval()


def _padded(rows: list[list[int]], value: int) -> Tensor:
    """(lists, longest) int64, filled up on the right; what stands there is never attended to, since it comes later."""
    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows])
