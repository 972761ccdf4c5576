"""The turn as LangChain runnables, so that each part can be used in somebody's own application.

>>> understand | retrieve | explain                                    # doctest: +SKIP
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableLambda

from chatrec.dialogue.events import Reply
from chatrec.dialogue.tracking.state import State
from chatrec.ilm.chat_model import ILMChatModel
from chatrec.retrieval.retriever import ItemRetriever

if TYPE_CHECKING:
    from chatrec.recommender import Recommender

PROMPT = ChatPromptTemplate.from_messages(
    [
        ("system", "You talk about {many}. Use only the facts that are given."),
        ("human", "Facts: {facts}\n\nQuestion: {question}"),
    ]
)
"""A prompt for free questions about retrieved items; braces in values are data, LangChain does not read them again."""


@dataclass(frozen=True)
class Parts:
    """What a workspace gives to a LangChain application.

    Attributes:
        chat_model: the ILM as a chat model.
        retriever: the text index.
        turn: ``{"user_id", "text"}`` → :class:`~chatrec.dialogue.events.Reply`, a whole stored turn.
        understand: text → what it says, as a dictionary of the state it leads to.
        ask: question → answer about retrieved items, by prompt and chat model. A small model's own words, unchecked.
    """

    chat_model: ILMChatModel
    retriever: ItemRetriever
    turn: Runnable[dict[str, str], Reply]
    understand: Runnable[str, dict[str, object]]
    ask: Runnable[str, str]


def parts(recommender: "Recommender") -> Parts:
    """The parts of a recommender as runnables."""
    from chatrec.dialogue.tracking.tracker import apply

    manager = recommender.manager
    model = recommender.workspace.model
    chat_model = ILMChatModel(ilm=model)
    retriever = ItemRetriever(catalogue=recommender.catalogue, index=manager.ranker.index, encoder=manager.encoder)

    def understand(text: str) -> dict[str, object]:
        state = State()
        apply(manager.understanding.read(text, state), state, recommender.catalogue)
        return state.profile(recommender.catalogue).as_dict()

    def facts(question: str) -> dict[str, Any]:
        documents = retriever.invoke(question, k=3)
        return {
            "many": recommender.catalogue.words.many,
            "facts": "\n".join(document.page_content for document in documents[:3]),
            "question": question,
        }

    return Parts(
        chat_model,
        retriever,
        RunnableLambda(lambda asked: recommender.reply(asked["user_id"], asked["text"])),
        RunnableLambda(understand),
        RunnableLambda(facts) | PROMPT | chat_model | RunnableLambda(lambda message: str(message.text)),
    )
