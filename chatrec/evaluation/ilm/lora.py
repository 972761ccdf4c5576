"""LoRA on the LLM, for comparisons alone: put in, trained, and taken out again, so that the LLM is as it was."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from peft import LoraConfig, get_peft_model

from chatrec.ilm.llm import FrozenLLM


@contextmanager
def lora(llm: FrozenLLM) -> Iterator[list[torch.nn.Parameter]]:
    """Within it the LLM has LoRA of rank 8 on queries and values; what it yields is to be trained."""
    before = llm.weights_hash()
    config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"])
    adapted = get_peft_model(llm.model, config, adapter_name="compared")
    try:
        trained = [parameter for name, parameter in adapted.named_parameters() if "lora_" in name]
        for parameter in trained:
            parameter.data = parameter.data.float()
        # without the cache, which would go on reading the weights as they were before the first step
        halved = llm.embeddings.dtype == torch.bfloat16
        with torch.autocast(llm.embeddings.device.type, dtype=torch.bfloat16, enabled=halved, cache_enabled=False):
            yield trained
    finally:
        adapted.unload()
        assert llm.weights_hash() == before, "LoRA must leave the LLM as it was"
