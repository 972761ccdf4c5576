"""All that is trained: bridge, Q-Former, projection, ranking head, and the answer scale. Saved like any model."""

import json
import os
import tempfile
from pathlib import Path
from typing import Self

import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import Blip2QFormerConfig

from chatrec.errors import WorkspaceError
from chatrec.ilm.bridge import Bridge, ItemFeatures
from chatrec.ilm.qformer import QFormer

FORMAT = 3
"""Version of the files; another version is refused with a clear message."""
WITHOUT_RATINGS = 0.2
"""Share of the items that the ranking head reads by title and text alone in a training step: new items have no ratings."""


class AdapterConfig(BaseModel):
    """Shape of an adapter and what it was made for."""

    model_config = ConfigDict(extra="forbid")
    format: int = FORMAT
    llm: str
    llm_width: int
    encoder: str
    text_width: int
    factors: int
    queries: int
    cf_tokens: int = 4
    neighbours: int = 8
    rank_width: int = 128
    prefix_tokens: int = 0
    embedding_scale: float
    qformer: dict[str, object]


class RankHead(nn.Module):
    """Next item as ranking: a hidden state of the frozen LLM scores the whole catalogue at once.

    Items enter by their features (collaborative vector, title, text), not by an id, so that a new item has a score.
    """

    def __init__(self, factors: int, text_width: int, llm_width: int, width: int) -> None:
        super().__init__()
        size = factors + 2 * text_width
        self.item = nn.Sequential(nn.Linear(size, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.state = nn.Sequential(nn.LayerNorm(llm_width), nn.Linear(llm_width, width))
        self.scale = nn.Parameter(torch.tensor(1.0))

    def items(self, features: ItemFeatures) -> Tensor:
        """Vectors of all items, (items, width); in training some items go without their collaborative vector."""
        vectors = features.cf
        if self.training:
            vectors = vectors * (torch.rand(len(vectors), 1, device=vectors.device) >= WITHOUT_RATINGS)
        return self.item(torch.cat([vectors, features.title, features.text], dim=1))

    def forward(self, states: Tensor, items: Tensor) -> Tensor:
        """Logits (states, items) from hidden states (states, llm width) and :meth:`items`."""
        return self.state(states.float()) @ items.T * self.scale / items.shape[1] ** 0.5


class Adapter(nn.Module):
    """Item features in, soft tokens for the frozen LLM out."""

    def __init__(self, config: AdapterConfig, qformer: QFormer | None = None) -> None:
        super().__init__()
        self.config = config
        shape = Blip2QFormerConfig(**config.qformer)  # type: ignore[arg-type]
        self.qformer = qformer or QFormer(config.queries, shape)
        self.bridge = Bridge(config.factors, config.text_width, config.llm_width, shape.hidden_size, config.cf_tokens)
        self.project = nn.Linear(shape.hidden_size, config.llm_width)
        self.norm = nn.LayerNorm(config.llm_width)
        self.gain = nn.Parameter(torch.tensor(config.embedding_scale))
        self.rank = RankHead(config.factors, config.text_width, config.llm_width, config.rank_width)
        self.answer = nn.Parameter(torch.tensor([1.0, 0.0]))
        """Scale and offset of the Yes–No logit, as :meth:`answer_scale` reads them."""

    def outputs(self, rows: Tensor, features: ItemFeatures, taste_only: bool = False) -> Tensor:
        """The Q-Former's outputs, (batch, queries or 1, width)."""
        keys, mask = self.bridge(rows, features)
        return self.qformer(keys, mask, taste_only)

    def to_soft(self, outputs: Tensor) -> Tensor:
        """Project outputs into the LLM's embedding space, at the scale of its own embeddings."""
        return self.norm(self.project(outputs)) * self.gain

    def forward(self, rows: Tensor, features: ItemFeatures, taste_only: bool = False) -> Tensor:
        """Soft tokens, (batch, queries or 1, llm width) float32."""
        return self.to_soft(self.outputs(rows, features, taste_only))

    def answer_scale(self) -> tuple[Tensor, Tensor]:
        """Scale and offset of the Yes–No logit: two numbers that must travel far, so each step moves them 20 times as far."""
        return 1 + 20 * (self.answer[0] - 1), 20 * self.answer[1]

    @torch.no_grad()
    def table(self, features: ItemFeatures, batch: int = 128) -> Tensor:
        """Soft tokens of the whole catalogue, (items, queries, llm width): computed once an adapter, then looked up."""
        training = self.training
        self.eval()
        rows = torch.arange(len(features), device=features.cf.device).split(batch)
        table = torch.cat([self(part, features) for part in rows]) if len(features) else torch.zeros(0)
        self.train(training)
        return table

    def save_pretrained(self, folder: Path, extra: dict[str, Tensor] | None = None, card: str = "") -> None:
        """Write config.json, model.safetensors and README.md (the card), all or nothing.

        Args:
            folder: made if missing; files in it are replaced.
            extra: further tensors, such as the prefix.
            card: the model card, Markdown.
        """
        tensors = {name: t for name, t in self.state_dict().items() if not _text_branch(name)}
        tensors = {
            name: t.detach().to("cpu", torch.bfloat16).contiguous() for name, t in {**tensors, **(extra or {})}.items()
        }
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            staged = Path(temporary)
            save_file(tensors, staged / "model.safetensors")
            (staged / "config.json").write_text(self.config.model_dump_json(indent=2) + "\n", encoding="utf-8")
            (staged / "README.md").write_text(card, encoding="utf-8")
            for name in ("model.safetensors", "config.json", "README.md"):
                os.replace(staged / name, folder / name)

    @classmethod
    def from_pretrained(cls, folder: Path) -> tuple[Self, dict[str, Tensor]]:
        """Read an adapter and the further tensors saved with it.

        Raises:
            WorkspaceError: if files are missing, damaged, or of another version.
        """
        try:
            raw = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            if raw.get("format") != FORMAT:
                raise WorkspaceError(
                    f"{folder} holds an adapter of format {raw.get('format')!r}, this version reads {FORMAT}; "
                    "train it again with `chatrec train`"
                )
            config = AdapterConfig.model_validate(raw)
            tensors = load_file(folder / "model.safetensors")
        except FileNotFoundError as error:
            missing = Path(error.filename or "model.safetensors").name
            raise WorkspaceError(f"{folder} holds no adapter ({missing} is missing)") from error
        except (ValidationError, ValueError) as error:
            raise WorkspaceError(f"{folder}/config.json is damaged: {str(error).splitlines()[0]}") from error
        except WorkspaceError:
            raise
        except Exception as error:  # safetensors has its own error for damage
            raise WorkspaceError(f"{folder}/model.safetensors is damaged: {error}") from error
        config.qformer["use_qformer_text_input"] = False
        adapter = cls(config)
        own = {name: tensors.pop(name).float() for name in list(tensors) if name in adapter.state_dict()}
        adapter.load_state_dict(own)
        return adapter.eval(), {name: tensor.float() for name, tensor in tensors.items()}


def _text_branch(name: str) -> bool:
    """Whether a weight serves text in phase 1 only (and is the encoder's own, unchanged)."""
    return ".layer." in name and (".intermediate.dense" in name or (".output." in name and "attention" not in name))
