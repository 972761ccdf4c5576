"""The Item-Language Model as a LangChain chat model.

In a message ``<item:ID>`` stands for an item: the LLM reads its soft tokens there. Only ids of the catalogue are taken
for items; anything else that looks like a marker is taken out of the text.
"""

import re
from collections.abc import Iterator
from typing import Any

import torch
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ChatMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict

from chatrec.catalogue.items import clean_text
from chatrec.ilm.model import ItemLanguageModel, Tokens

_PLACE = re.compile(r"<item:([^<>\s]{1,80})>")
ROLES = {"human": "user", "ai": "assistant", "system": "system", "user": "user", "assistant": "assistant"}


class ILMChatModel(BaseChatModel):
    """A frozen LLM that reads items between the words.

    Attributes:
        ilm: the model.
        max_tokens: of an answer.
        prefix: whether the learned prefix speaks; without it this is the LLM as it was published.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    ilm: ItemLanguageModel
    max_tokens: int = 96
    prefix: bool = False

    @property
    def _llm_type(self) -> str:
        return "chatrec-ilm"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"llm": self.ilm.llm.name, "catalogue": self.ilm.catalogue.name, "prefix": self.prefix}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        pieces = [str(chunk.message.content) for chunk in self._stream(messages, stop, run_manager, **kwargs)]
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content="".join(pieces)))])

    @torch.no_grad()
    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        ilm, tokenizer = self.ilm, self.ilm.llm.tokenizer
        embedded = ilm.embed([self.tokens(messages)])
        cache = ilm.prefix_cache(1) if self.prefix else None
        head, end = ilm.llm.model.get_output_embeddings(), ilm.llm.end_of_text
        ids: list[int] = []
        said = ""
        output = ilm.llm.body(inputs_embeds=embedded, past_key_values=cache, use_cache=True)
        for _ in range(int(kwargs.get("max_tokens", self.max_tokens))):
            token = int(head(output.last_hidden_state[:, -1]).argmax(-1))
            if token == end:
                break
            ids.append(token)
            text = str(tokenizer.decode(ids, skip_special_tokens=True))
            cut = min((place for mark in stop or [] if (place := text.find(mark)) >= 0), default=-1)
            text = text[:cut] if cut >= 0 else text
            piece = "" if text.endswith("�") else text[len(said) :]  # half a character is held back
            if piece:
                said += piece
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece))
                if run_manager:
                    run_manager.on_llm_new_token(piece, chunk=chunk)
                yield chunk
            if cut >= 0:
                break
            word = torch.nn.functional.embedding(ilm.llm.tensor([[token]]), ilm.llm.embeddings)
            output = ilm.llm.body(inputs_embeds=word, past_key_values=output.past_key_values, use_cache=True)
        yield ChatGenerationChunk(message=AIMessageChunk(content="", chunk_position="last"))

    def tokens(self, messages: list[BaseMessage]) -> Tokens:
        """The chat template's tokens, with items' soft tokens in their places."""
        rows: list[int] = []
        spoken = [{"role": self._role(message), "content": self._content(message, rows)} for message in messages]
        tokenizer = self.ilm.llm.tokenizer
        if tokenizer.chat_template:
            text = tokenizer.apply_chat_template(spoken, tokenize=False, add_generation_prompt=True)
        else:
            text = "".join(f"{turn['role']}: {turn['content']}\n" for turn in spoken) + "assistant:"
        ids: list[int] = []
        soft: list[tuple[int, int, int]] = []
        for number, part in enumerate(re.split(r"\ue000", str(text))):
            if number:
                for query in range(self.ilm.adapter.config.queries):
                    soft.append((len(ids), rows[number - 1], query))
                    ids.append(self.ilm.llm.end_of_text)
            ids += self.ilm.llm.tokens(part, markers=True)
        return Tokens(ids, soft)

    @staticmethod
    def _role(message: BaseMessage) -> str:
        return ROLES.get(message.role if isinstance(message, ChatMessage) else message.type, "user")

    def _content(self, message: BaseMessage, rows: list[int]) -> str:
        """A message's text as data, with a private-use character where an item stands."""
        raw = message.text if isinstance(message.text, str) else str(message.content)
        pieces = []
        for number, part in enumerate(_PLACE.split(raw.replace("\ue000", " "))):
            if number % 2 == 0:
                pieces.append(clean_text(part))
            elif part in self.ilm.catalogue.row:
                rows.append(self.ilm.catalogue.row[part])
                pieces.append("\ue000")
        return " ".join(piece for piece in pieces if piece)
