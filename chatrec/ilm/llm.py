"""The frozen language model: loaded once, never changed, and proved so by its hash."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging as hf_logging

from chatrec.assets import cache_dir, resolve_model
from chatrec.errors import AssetError
from chatrec.ilm.devices import arithmetic, chosen_device


@dataclass
class FrozenLLM:
    """A causal language model whose weights take no gradient, with its tokenizer.

    Attributes:
        name: what it was asked for by (asset, folder, or hub id).
        model: in evaluation mode, every parameter frozen.
        tokenizer: its tokenizer; text is tokenised without special tokens unless a template asks for them.
    """

    name: str
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase

    def __post_init__(self) -> None:
        self.model.eval()
        self.model.requires_grad_(False)

    @property
    def width(self) -> int:
        """Size of the model's embeddings."""
        return int(self.embeddings.shape[1])

    @property
    def body(self) -> torch.nn.Module:
        """The transformer without its output layer, so that logits are made at target positions only."""
        return self.model.base_model

    @property
    def embeddings(self) -> torch.Tensor:
        """The frozen input embedding table, (vocabulary, width)."""
        table: Any = self.model.get_input_embeddings()
        return table.weight

    @property
    def device(self) -> torch.device:
        """Where the weights are, and with them all that is computed."""
        return self.embeddings.device

    def tensor(self, values: Any) -> torch.Tensor:
        """Numbers as a tensor on the model's device."""
        return torch.tensor(values, device=self.device)

    @cached_property
    def embedding_scale(self) -> float:
        """Root mean square of one embedding number: the scale at which soft tokens must arrive."""
        return float(self.embeddings.float().pow(2).mean().sqrt())

    @property
    def end_of_text(self) -> int:
        """Token that ends an answer."""
        return int(self.tokenizer.eos_token_id or 0)

    def tokens(self, text: str, markers: bool = False) -> list[int]:
        """Token ids of ``text``.

        Args:
            text: the text.
            markers: whether ``<|im_start|>`` and its like are special. Only templates may say True; for text from
                people and catalogues they are ordinary characters.
        """
        return self.tokenizer(text, add_special_tokens=False, split_special_tokens=not markers)["input_ids"]

    @contextmanager
    def plain_attention(self) -> Iterator[None]:
        """Attention written out, for training on a CPU: backward through its fused kernel takes a third longer there."""
        if self.device.type != "cpu":
            yield
            return
        before = self.model.config._attn_implementation
        self.model.set_attn_implementation("eager")
        try:
            yield
        finally:
            self.model.set_attn_implementation(before or "sdpa")

    def weights_hash(self) -> str:
        """SHA-256 over all weights, names included. The same before and after training, or something is wrong.

        Taken in float32, in which every bfloat16 number is exact, so that it does not depend on the device's arithmetic.
        """
        digest = hashlib.sha256()
        for name, tensor in sorted(self.model.state_dict().items()):
            if "prompt_encoder" in name or "lora_" in name:
                continue
            digest.update(name.replace("base_model.model.", "").replace(".base_layer", "").encode())
            digest.update(tensor.detach().cpu().float().contiguous().view(torch.uint8).numpy().tobytes())
        return digest.hexdigest()


def load_llm(spec: str, dtype: torch.dtype | None = None) -> FrozenLLM:
    """Load a frozen LLM onto :func:`~chatrec.ilm.devices.chosen_device`.

    Args:
        spec: an asset's name, a local folder, or a hub id.
        dtype: the weights' type; without one, what the device computes quickest in (:func:`~chatrec.ilm.devices.arithmetic`).

    Raises:
        AssetError: if it cannot be fetched or read.
        BadInput: if ``spec`` names nothing, or the settings' device is not there.
    """
    device = chosen_device()
    folder = resolve_model(spec)
    gguf = sorted(folder.glob("*.gguf"))
    if gguf and not (folder / "config.json").exists():
        folder = _unpacked(gguf[0])
    hf_logging.set_verbosity_error()
    hf_logging.disable_progress_bar()
    try:
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder, dtype=dtype or arithmetic(device), local_files_only=True, use_safetensors=True
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().splitlines()[0]
        raise AssetError(f"{folder} does not hold a causal language model that can be read: {reason}") from error
    return FrozenLLM(spec, model.to(device), tokenizer)


def _unpacked(gguf: Path) -> Path:
    """The bf16 safetensors form of a GGUF file, made once and kept beside the other models."""
    target = cache_dir() / "models" / f"{gguf.stem}-{gguf.stat().st_size}"
    if (target / "config.json").exists():
        return target
    hf_logging.set_verbosity_error()
    hf_logging.disable_progress_bar()
    print(f"unpacking {gguf.name} (once, about 20 s)", file=sys.stderr)
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):  # its progress bars cannot be switched off
        model = _dequantized(gguf)
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        made = Path(temporary) / "model"
        model.save_pretrained(made)
        tokenizer.save_pretrained(made)
        if not (target / "config.json").exists():
            os.replace(made, target)
    return target


def _dequantized(gguf: Path) -> PreTrainedModel:
    """A GGUF file's weights, unpacked."""
    from transformers import GgufConfig  # heavy, and needed the first time only

    return AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.bfloat16, quantization_config=GgufConfig(dequantize=True)
    )
