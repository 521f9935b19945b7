from collections.abc import Callable

import pytest

from rag import Article, plugins
from rag.filters import EVERYTHING, Filters
from rag.index.catalogue import Listing
from rag.ingest.indexer import Adder
from rag.plugins import Models
from rag.retrieval.library import Library
from rag.retrieval.topicality import Topicality, topicality
from rag.settings import Settings
from rag.testing import HashEmbedder

FIT = Topicality(coverage=6.0, closeness=20.0, unnamed=-1.5, bias=-10.0, least=-1.0, same_story=0.5)


def test_what_says_more_of_a_subject_is_likelier_about_it() -> None:
    shipped = topicality()
    plain = shipped.odds(coverage=0.6, closeness=0.4, unnamed=0.0)
    assert shipped.odds(coverage=0.9, closeness=0.4, unnamed=0.0) > plain
    assert shipped.odds(coverage=0.6, closeness=0.6, unnamed=0.0) > plain
    assert shipped.odds(coverage=0.6, closeness=0.4, unnamed=1.0) < plain


def test_an_article_in_other_words_is_about_a_subject_and_one_with_a_word_of_it_is_not() -> None:
    shipped = topicality()
    assert shipped.is_about(shipped.odds(coverage=0.4, closeness=0.5, unnamed=0.0))
    assert not shipped.is_about(shipped.odds(coverage=0.4, closeness=0.2, unnamed=0.0))


@pytest.mark.parametrize(
    ("odds", "best", "alike"),
    [
        (9.0, 20.0, True),
        (-0.5, 1.0, True),
        (0.5, 3.0, True),
        (-0.5, 3.0, False),
        (-1.5, 3.0, False),
        (-1.0, 8.0, False),
        (-3.0, -3.0, True),
    ],
)
def test_what_is_nearly_as_likely_as_the_best_tells_of_the_same(odds: float, best: float, alike: bool) -> None:
    assert FIT.alike(odds, best=best) is alike


def test_how_close_an_article_is_that_only_its_words_found_is_measured(article_of: Callable[..., Article]) -> None:
    settings = Settings(candidates=20)
    models = Models(settings, embedder=HashEmbedder())
    index = plugins.load("index", "local", settings, folder=None, embedder=models.embedder)
    others = [article_of(f"pier {at}", f"Pier {at} of the harbour was built for boats.") for at in range(100)]
    far = (
        "Obock lies by the sea. Salt, camels, tea, goats, dates and coffee are sold there to those who wait for boats."
    )
    Adder(index, models.embedder, settings, progress=None).add([*others, article_of("obock", far)])
    library = Library(index, models, settings, Listing(index), EVERYTHING)
    subject = "harbour boats built Obock"
    found = next(one for one in library.ranked(subject) if one.listed.title == "obock")
    within = library.search(subject, k=1, filters=Filters(articles=(found.id,)))
    assert found.closeness == pytest.approx(within[0].dense, abs=1e-6)
    assert found.closeness < max(one.closeness for one in library.ranked(subject))
