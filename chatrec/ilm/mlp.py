"""CoLLM's bridge (arXiv 2310.19488), for comparison: an MLP in the place of keys and Q-Former."""

import torch
from torch import Tensor, nn

from chatrec.ilm.adapter import Adapter, AdapterConfig
from chatrec.ilm.bridge import ItemFeatures


class MLPAdapter(Adapter):
    """An adapter whose soft tokens come from an item's vectors through two layers, without attention.

    The vectors are those of ratings, title and text; nothing is dropped in training. It has no phase 1 but vocabulary
    alignment, since no text can be read beside its outputs.
    """

    def __init__(self, config: AdapterConfig) -> None:
        super().__init__(config)
        width = self.qformer.config.hidden_size
        size = config.factors + 2 * config.text_width
        self.mlp = nn.Sequential(
            nn.Linear(size, 4 * width), nn.GELU(), nn.Dropout(0.1), nn.Linear(4 * width, config.queries * width)
        )
        for unused in (self.qformer, self.bridge):
            unused.requires_grad_(False)

    def outputs(self, rows: Tensor, features: ItemFeatures, taste_only: bool = False) -> Tensor:
        """See :class:`~chatrec.ilm.adapter.Adapter`."""
        vectors = torch.cat([features.cf[rows], features.title[rows], features.text[rows]], dim=1)
        outputs = self.mlp(vectors).view(len(rows), self.config.queries, -1)
        return outputs[:, :1] if taste_only else outputs
