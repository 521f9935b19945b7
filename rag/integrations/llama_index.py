"""A corpus as a LlamaIndex retriever: `CitedeskRetriever(corpus).retrieve("…")`."""

from __future__ import annotations

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from ..corpus import Corpus
from ..filters import EVERYTHING, Filters


class CitedeskRetriever(BaseRetriever):
    """Returns passages as nodes, with the offsets of their text in the article, and its id, title, outlet and day."""

    def __init__(self, corpus: Corpus, *, k: int = 8, filters: Filters = EVERYTHING) -> None:
        super().__init__()
        self._corpus = corpus
        self._k = k
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(
                node=TextNode(
                    text=hit.passage.text,
                    id_=f"{hit.passage.article_id}:{hit.passage.start}",
                    start_char_idx=hit.passage.start,
                    end_char_idx=hit.passage.end,
                    metadata={
                        "article_id": hit.passage.article_id,
                        "title": hit.title,
                        "outlet": hit.outlet,
                        "published": hit.published and hit.published.isoformat(),
                        "source": hit.source,
                    },
                ),
                score=hit.score,
            )
            for hit in self._corpus.search(query_bundle.query_str, k=self._k, filters=self._filters)
        ]
