"""The Q-Former (BLIP-2, arXiv 2301.12597; for items: ILM, arXiv 2406.02844).

Transformers' ``Blip2QFormerModel`` with the weights of the MiniLM text encoder: 1,700 items are far too little text to
learn a text branch from nothing, and MiniLM's own layers already read text, so only cross-attention and the queries'
feed-forward start fresh (the latter from a copy). The text branch's feed-forward and word embeddings stay MiniLM's, so
an adapter need not carry them.

Query 0 is the **taste** query: in self-attention it sees itself alone, so its soft token can be computed without the
others, at a fraction of the cost. It stands for the item in a history. The other queries (the **words**) see all.
"""

import torch
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer, Blip2QFormerConfig, Blip2QFormerModel

TEXT_LENGTH = 40
"""Tokens of text that the Q-Former reads in phase 1."""


class QFormer(nn.Module):
    """Queries that attend to an item's keys, with a text branch that shares their self-attention.

    Args:
        queries: number of query tokens, the taste query included.
        config: shape of the transformer.
    """

    visible: Tensor

    def __init__(self, queries: int, config: Blip2QFormerConfig) -> None:
        super().__init__()
        self.config = config
        self.queries = nn.Parameter(torch.randn(queries, config.hidden_size) * 0.3)
        self.transformer = Blip2QFormerModel._from_config(config, attn_implementation="sdpa")
        visible = torch.ones(queries, queries, dtype=torch.bool)
        visible[0, 1:] = False
        self.register_buffer("visible", visible, persistent=False)

    @classmethod
    def from_encoder(cls, folder: str, queries: int, layers: int = 3, text: bool = True) -> "QFormer":
        """Start from the weights of a BERT-like encoder.

        Args:
            folder: local folder of the encoder.
            queries: number of query tokens.
            layers: how many of the encoder's layers to take, from the first; each gets a cross-attention.
            text: whether to keep a text branch (phase 1 needs it, the finished adapter does not).
        """
        bert = AutoModel.from_pretrained(folder, local_files_only=True)
        made = cls(queries, qformer_config(bert.config, layers, text))
        made.load_encoder(bert)
        if text:
            for layer in made.transformer.encoder.layer:  # the text's own feed-forward stays the encoder's
                layer.intermediate.requires_grad_(False)
                layer.output.requires_grad_(False)
        return made

    @torch.no_grad()
    def load_encoder(self, bert: nn.Module) -> None:
        """Copy a BERT-like encoder's layers: self-attention, and feed-forward for the text and for the queries."""
        source = bert.state_dict()
        own = self.transformer.state_dict()
        for name in own:
            where = name.replace("attention.attention.", "attention.self.")
            where = where.replace("intermediate_query", "intermediate").replace("output_query", "output")
            if "crossattention" not in name and where in source:
                own[name] = source[where]
        own["layernorm.weight"] = source["embeddings.LayerNorm.weight"]
        own["layernorm.bias"] = source["embeddings.LayerNorm.bias"]
        self.transformer.load_state_dict(own)

    def forward(self, keys: Tensor, mask: Tensor, taste_only: bool = False) -> Tensor:
        """Query outputs (batch, queries, width), or (batch, 1, width) for the taste query alone.

        Args:
            keys: (batch, keys, width) from the bridge.
            mask: (batch, keys), True where a key may be attended to.
            taste_only: compute query 0 only; the same value, cheaper.
        """
        queries = self.queries[:1] if taste_only else self.queries
        count = len(queries)
        visible = self.visible[:count, :count]
        output = self.run(
            query_embeds=queries.expand(len(keys), -1, -1),
            attention_mask=visible.expand(len(keys), 1, -1, -1),
            encoder_hidden_states=keys,
            encoder_attention_mask=mask[:, None, None].expand(-1, 1, count, -1),
        )
        return output

    def run(self, **inputs: object) -> Tensor:
        """The transformer's last hidden states."""
        return self.transformer(**inputs).last_hidden_state


class TextBranch(nn.Module):
    """The text side of phase 1: word embeddings of the encoder (frozen), read by the Q-Former's own layers."""

    def __init__(self, folder: str, qformer: QFormer) -> None:
        super().__init__()
        bert = AutoModel.from_pretrained(folder, local_files_only=True)
        table = bert.embeddings
        self.words = nn.Embedding.from_pretrained(table.word_embeddings.weight.detach().clone(), freeze=True)
        places = table.position_embeddings.weight + table.token_type_embeddings.weight[0]
        self.places = nn.Embedding.from_pretrained(places.detach().clone(), freeze=True)
        self.qformer = qformer
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)

    def tokenize(self, texts: list[str]) -> tuple[Tensor, Tensor]:
        """Ids and mask, (batch, tokens); at most :data:`TEXT_LENGTH` tokens."""
        done = self.tokenizer(texts, padding=True, truncation=True, max_length=TEXT_LENGTH, return_tensors="pt")
        device = self.words.weight.device
        return done["input_ids"].to(device), done["attention_mask"].bool().to(device)

    def embed(self, ids: Tensor) -> Tensor:
        """(batch, tokens, width), before the layer norm that the transformer applies."""
        return self.words(ids) + self.places.weight[: ids.shape[1]]

    def alone(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Text read by itself; the mean of its tokens' outputs (as the encoder pools them), (batch, width)."""
        seen = mask[:, None, None].expand(-1, 1, ids.shape[1], -1)
        output = self.qformer.run(query_embeds=self.embed(ids), query_length=0, attention_mask=seen)
        return (output * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)

    def together(self, ids: Tensor, mask: Tensor, keys: Tensor, key_mask: Tensor, causal: bool) -> Tensor:
        """Queries and text in one sequence, (batch, queries + tokens, width).

        Args:
            ids, mask: the text.
            keys, key_mask: the items'.
            causal: True for grounded generation: the text sees the queries and its own past, the queries see no text.
                False for matching: all see all, but for the taste query, which always sees itself alone.
        """
        count, length, batch = len(self.qformer.queries), ids.shape[1], len(ids)
        seen = torch.zeros(batch, count + length, count + length, dtype=torch.bool, device=ids.device)
        seen[:, :count, :count] = self.qformer.visible
        seen[:, count:, :count] = True
        past = torch.ones(length, length, dtype=torch.bool, device=ids.device)
        seen[:, count:, count:] = (past.tril() if causal else past) & mask[:, None]
        if not causal:
            seen[:, 1:count, count:] = mask[:, None]
        embedded = torch.cat([self.qformer.queries.expand(batch, -1, -1), self.embed(ids)], dim=1)
        return self.qformer.run(
            query_embeds=embedded,
            query_length=count,
            attention_mask=seen[:, None],
            encoder_hidden_states=keys,
            encoder_attention_mask=key_mask[:, None, None].expand(-1, 1, count, -1),
        )


def qformer_config(encoder: object, layers: int = 3, text: bool = True) -> Blip2QFormerConfig:
    """The Q-Former's shape after an encoder's configuration."""
    width = encoder.hidden_size  # type: ignore[attr-defined]
    return Blip2QFormerConfig(
        vocab_size=1,
        hidden_size=width,
        num_hidden_layers=min(layers, encoder.num_hidden_layers),  # type: ignore[attr-defined]
        num_attention_heads=encoder.num_attention_heads,  # type: ignore[attr-defined]
        intermediate_size=encoder.intermediate_size,  # type: ignore[attr-defined]
        hidden_act=encoder.hidden_act,  # type: ignore[attr-defined]
        layer_norm_eps=encoder.layer_norm_eps,  # type: ignore[attr-defined]
        hidden_dropout_prob=0.05,
        attention_probs_dropout_prob=0.0,
        encoder_hidden_size=width,
        cross_attention_frequency=1,
        use_qformer_text_input=text,
    )
