"""The text encoder (sentence-transformers): items' texts and people's words in one space."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from transformers.utils import logging as hf_logging

from chatrec.assets import resolve_model
from chatrec.errors import AssetError

BATCH = 64
BLOCK = 1024
"""Texts between two reports of progress: a minute or so on one thread."""


class TextEncoder:
    """Encodes texts to unit vectors.

    Args:
        spec: an asset's name, a local folder, or a hub id.

    Raises:
        AssetError: if the encoder cannot be read.
    """

    def __init__(self, spec: str) -> None:
        from sentence_transformers import SentenceTransformer  # heavy: seconds of import

        self.spec = spec
        self.folder = resolve_model(spec)
        hf_logging.disable_progress_bar()
        try:
            self.model: SentenceTransformer = SentenceTransformer(str(self.folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise AssetError(f"{self.folder} does not hold a text encoder that can be read: {error}") from error

    @property
    def width(self) -> int:
        """Size of the vectors."""
        return int(self.model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], report: Callable[[str], None] = lambda _: None) -> np.ndarray:
        """Unit vectors, (len(texts), width) float32; an empty text gets the vector of an empty string.

        Args:
            texts: those that occur several times are encoded once.
            report: told how far it has come, where there are many.
        """
        place = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        unique = list(place)
        vectors = np.zeros((len(unique), self.width), dtype=np.float32)
        for start in range(0, len(unique), BLOCK):
            if len(unique) > BLOCK:
                report(f"encoding: {start:,} of {len(unique):,} passages")
            vectors[start : start + BLOCK] = self.model.encode(
                unique[start : start + BLOCK], batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return vectors[[place[text] for text in texts]]


@cache
def load_encoder(spec: str) -> TextEncoder:
    """The encoder of a name, loaded once a process."""
    return TextEncoder(spec)
