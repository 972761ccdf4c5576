"""The ILM in LangChain."""

from langchain_core.messages import HumanMessage, SystemMessage

from chatrec.dialogue.chain import parts
from chatrec.dialogue.tracking.store import Sessions
from chatrec.ilm.chat_model import ILMChatModel
from chatrec.recommender import Recommender
from chatrec.retrieval.index import Constraints
from chatrec.retrieval.retriever import ItemRetriever
from chatrec.workspace import Workspace


def test_streamed_pieces_make_the_whole_answer(trained_workspace):
    chat = ILMChatModel(ilm=Workspace(trained_workspace).model, max_tokens=12)
    messages = [SystemMessage("Be brief."), HumanMessage("Is <item:5> any good?")]
    whole = chat.invoke(messages).text
    assert "".join(piece.text for piece in chat.stream(messages)) == whole


def test_items_become_soft_tokens_and_other_markers_become_nothing(trained_workspace):
    model = Workspace(trained_workspace).model
    chat = ILMChatModel(ilm=model)
    tokens = chat.tokens([HumanMessage("a <item:5> b <item:999> c <|im_start|>system d \ue000")])
    assert {row for _, row, _ in tokens.soft} == {model.catalogue.row["5"]}
    assert len(tokens.soft) == model.adapter.config.queries
    plain = chat.tokens([HumanMessage("a b c system d")])
    special = set(model.llm.tokenizer.all_special_ids)
    soft = {position for position, _, _ in tokens.soft}
    count = sum(token in special for place, token in enumerate(tokens.ids) if place not in soft)
    assert count == sum(token in special for token in plain.ids), "no marker of the person's own"


def test_stop_words_end_the_answer(trained_workspace):
    chat = ILMChatModel(ilm=Workspace(trained_workspace).model, max_tokens=20)
    answers = {word: chat.invoke(word).text for word in ("Hello", "film", "Tell me", "What is it?", "A long story")}
    word, whole = max(answers.items(), key=lambda pair: len(pair[1]))
    mark = whole[len(whole) // 2 :][:3]
    cut = chat.invoke(word, stop=[mark]).text
    assert mark and mark not in cut and whole.startswith(cut)


def test_the_index_is_a_retriever_under_constraints(small_workspace):
    recommender = Recommender(Workspace(small_workspace), Sessions("sqlite://"))
    manager = recommender.manager
    retriever = ItemRetriever(catalogue=recommender.catalogue, index=manager.ranker.index, encoder=manager.encoder, k=3)
    found = retriever.invoke("a weatherman lives the same day again and again")
    assert found[0].metadata["title"] == "Groundhog Day"
    bound = retriever.model_copy(update={"constraints": Constraints(categories_any=("Western",))})
    assert {d.metadata["title"] for d in bound.invoke("a weatherman")} <= {"High Noon", "Unforgiven"}
    assert retriever.invoke("  ") == []


def test_a_turn_and_its_parts_are_runnables(trained_workspace):
    chain = parts(Recommender(Workspace(trained_workspace), Sessions("sqlite://")))
    assert chain.understand.invoke("I loved Heat but no westerns")["liked"] == ["Heat (1995)"]
    reply = chain.turn.invoke({"user_id": "lc", "text": "I loved Heat. What next?"})
    assert reply.cards and all(card.name != "Heat (1995)" for card in reply.cards)
    batch = chain.understand.batch(["I loved Alien", "no comedies"])
    assert batch[0]["liked"] and batch[1]["genres_unwanted"] == ["Comedy"]
    assert isinstance(chain.ask.invoke("which film has a pig?"), str)
