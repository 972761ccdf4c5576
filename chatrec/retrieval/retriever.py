"""The index as a LangChain retriever, for use in anybody's own chain."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from chatrec.catalogue.encoder import TextEncoder
from chatrec.catalogue.items import Catalogue, clean_text
from chatrec.retrieval.index import Constraints, ItemIndex


class ItemRetriever(BaseRetriever):
    """Items whose text is nearest to a query, as documents.

    Attributes:
        catalogue, index, encoder: of a workspace.
        constraints: that every item must satisfy.
        k: how many.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    catalogue: Catalogue
    index: ItemIndex
    encoder: TextEncoder
    constraints: Constraints = Constraints()
    k: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        query = clean_text(query, 2000)
        if not query:
            return []
        vector = self.encoder.encode([query])[0]
        found = self.index.nearest("text", vector, self.constraints, self.k)
        return [item_document(self.catalogue, row, score) for row, score in found]


def item_document(catalogue: Catalogue, row: int, score: float) -> Document:
    """An item as a document: its text, and what identifies it."""
    item = catalogue[row]
    metadata = {"item_id": item.item_id, "title": item.title, "year": item.year, "name": item.name, "score": score}
    return Document(page_content=item.text(), metadata=metadata, id=item.item_id)
