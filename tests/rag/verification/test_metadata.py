from collections.abc import Callable
from datetime import date

import pytest

from rag import Article
from rag.drafts import Draft, Quote
from rag.schema import Citation
from rag.verification.metadata import resolve_field, unproved


@pytest.fixture
def article(article_of: Callable[..., Article]) -> Article:
    return article_of("fire", "A fire.", outlet="Lomvik Post", published=date(2024, 5, 7))


def quoted(article: Article, field: str, words: str) -> Citation | str:
    return resolve_field(Quote(article.id, 0, 0, words, field), lambda _: article)  # type: ignore[arg-type]


def test_a_field_is_quoted_as_the_article_has_it(article: Article) -> None:
    found = quoted(article, "published", "2024-05-07")
    assert isinstance(found, Citation)
    assert (found.field, found.quote) == ("published", "2024-05-07")


@pytest.mark.parametrize(
    ("field", "words"), [("outlet", "Hesta Daily"), ("author", "Tove Aker"), ("published", "2024-05-08")]
)
def test_another_value_gives_no_footnote(article: Article, field: str, words: str) -> None:
    assert isinstance(quoted(article, field, words), str)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("1 article of 3:", True),
        ("2 articles of 3:", False),
        ("“fire”, Lomvik Post, 7 May 2024.", True),
        ("“fire”, Hesta Daily, 7 May 2024.", False),
        ("“fire”, Lomvik Post, 8 May 2024.", False),
    ],
)
def test_a_statement_of_fields_says_nothing_else(article: Article, text: str, holds: bool) -> None:
    names = {"title": "fire", "outlet": "Lomvik Post", "published": "2024-05-07"}
    citations = [one for field, words in names.items() if isinstance(one := quoted(article, field, words), Citation)]
    assert (unproved(Draft(text, ()), citations, articles=3) is None) == holds
