"""Which articles a request is put to, as programs say it: days, outlets, ids of articles. The faces share these names."""

from __future__ import annotations

from pydantic import BaseModel, Field

from rag.corpus import Corpus
from rag.errors import FilterError
from rag.filters import Filters


class Selection(BaseModel):
    """Without any of these, all articles are asked. Days are ISO strings and inclusive."""

    published_after: str | None = None
    published_before: str | None = None
    outlets: list[str] | None = None
    articles: list[str] | None = Field(default=None, description="Ids, as GET /v1/articles lists them.")

    @property
    def filters(self) -> Filters:
        return Filters(self.published_after, self.published_before, self.outlets, self.articles)


def check_selection(corpus: Corpus, filters: Filters | None) -> None:
    """Raise where nothing could be found because of a slip: an empty list, or an article that is not there.

    Raises:
        FilterError: no outlet or no article is in a list.
        UnknownArticleError: an id is of no article.
    """
    if filters is None:
        return
    for name, chosen in (("outlets", filters.outlets), ("articles", filters.articles)):
        if chosen is not None and not chosen:
            raise FilterError(f"{name} is empty, expected one at least. Leave it out to ask all articles.")
    for article_id in filters.articles or ():
        corpus.article(article_id)
