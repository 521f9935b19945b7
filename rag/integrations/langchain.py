"""A corpus as a LangChain retriever: `CitedeskRetriever(corpus=corpus) | …`."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from ..corpus import Corpus
from ..filters import EVERYTHING, Filters


class CitedeskRetriever(BaseRetriever):
    """Returns passages as documents. `metadata` tells the article and the place, so that a quote can be checked:
    `corpus.article(metadata["article_id"]).text[metadata["start"] : metadata["end"]] == page_content`."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    corpus: Corpus
    k: int = 8
    filters: Filters = EVERYTHING

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                page_content=hit.passage.text,
                id=f"{hit.passage.article_id}:{hit.passage.start}",
                metadata={
                    "article_id": hit.passage.article_id,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "title": hit.title,
                    "outlet": hit.outlet,
                    "published": hit.published and hit.published.isoformat(),
                    "source": hit.source,
                    "score": hit.score,
                },
            )
            for hit in self.corpus.search(query, k=self.k, filters=self.filters)
        ]
