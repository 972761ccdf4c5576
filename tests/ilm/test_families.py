"""Any causal LLM: the same training and the same chat with models of other families, tiny and of random weights."""

import shutil

import pytest
import torch
from transformers import AutoModelForCausalLM, Gemma2Config, LlamaConfig, Qwen2Config

from chatrec.dialogue.tracking.store import Sessions
from chatrec.ilm.llm import load_llm
from chatrec.ilm.recipe import train_workspace
from chatrec.recommender import Recommender
from chatrec.workspace import Workspace

SHAPE = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
FAMILIES = {
    "llama": LlamaConfig(**SHAPE, num_key_value_heads=2),
    "qwen": Qwen2Config(**SHAPE, num_key_value_heads=2, tie_word_embeddings=True),
    "gemma": Gemma2Config(**SHAPE, num_key_value_heads=2, head_dim=8, query_pre_attn_scalar=8),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_of_another_family_is_trained_and_talks(family, small_workspace, tiny_llm_folder, tmp_path):
    torch.manual_seed(0)
    tokenizer = load_llm(str(tiny_llm_folder)).tokenizer
    config = FAMILIES[family]
    config.vocab_size = len(tokenizer)
    AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path / "llm")
    tokenizer.save_pretrained(tmp_path / "llm")
    shutil.copytree(small_workspace, tmp_path / "workspace")
    space = Workspace(tmp_path / "workspace")
    result = train_workspace(space, (1, 2), 0.05, str(tmp_path / "llm"), 8, 0, True, "tests")
    assert result["llm_hash_before"] == result["llm_hash_after"]
    recommender = Recommender.open(tmp_path / "workspace", Sessions("sqlite://"))
    reply = recommender.reply("me", "I loved Heat and Fargo. What should I watch?")
    assert reply.cards and all(card.reason for card in reply.cards)
