"""What is said of an article itself: each field as the article has it, and no name, day or number besides."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..drafts import Draft, Quote
from ..errors import UnknownArticleError
from ..language.facts import facts_of
from ..language.headings import day_words
from ..language.stems import stem
from ..language.words import content_words
from ..schema import Article, Citation, Field

NO_ORIGIN = "given with the article"
# The words with which the program tells of articles; the rest stands in a field.
_OWN = frozenset(
    map(
        stem,
        "article articles newest oldest published outlet author day title first last there are is the of by and on in".split(),
    )
)


def resolve_field(quote: Quote, article: Callable[[str], Article]) -> Citation | str:
    """Return the footnote to a field (its marker still 0), or the reason why there can be none."""
    assert quote.field is not None
    try:
        whole = article(quote.article_id)
    except UnknownArticleError:
        return "the article was removed meanwhile"
    if value_of(whole, quote.field) != quote.words:
        return f"the {quote.field} of the article is another one"
    return Citation(
        marker=0,
        article_id=whole.id,
        title=whole.title,
        outlet=whole.outlet,
        published=whole.published,
        source=whole.source,
        kind="byline",
        start=0,
        end=0,
        quote=quote.words,
        field=quote.field,
        origin=whole.origins.get(quote.field, NO_ORIGIN),
        author=whole.author,
        address=whole.address,
    )


def value_of(article: Article, field: Field) -> str | None:
    """Return what a footnote quotes of a field: the day as an ISO date."""
    if field == "published":
        return article.published.isoformat() if article.published else None
    return {"title": article.title, "outlet": article.outlet, "author": article.author}[field]


def unproved(draft: Draft, citations: Sequence[Citation], *, articles: int) -> str | None:
    """Return why a statement of fields does not hold; None where it does.

    Its words stand in the fields or are the program's own; its counts are of the articles it cites, or of all `articles`.
    """
    told = " ".join(one.quote if one.field != "published" else day_words(one.published) for one in citations)
    said = set(map(stem, content_words(told))) | _OWN
    cited = len({one.article_id for one in citations})
    counts = {f"{cited}", f"{articles}"}
    for word in content_words(draft.text.replace(",", "")):
        if stem(word) not in said and word not in counts and word not in content_words(told.replace(",", "")):
            return f"no field of the article says {word!r}"
    wrong = [one.words for one in facts_of(draft.text).amounts if one.words.replace(",", "").isdigit()]
    return None if all(word.replace(",", "") in counts or word in told for word in wrong) else "it counts otherwise"
