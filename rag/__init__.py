"""Citedesk: answers questions about a corpus of articles, with a checked footnote behind every sentence."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .corpus import Corpus
    from .default import answer, default_index, open_default
    from .errors import (
        AnswererError,
        CitedeskError,
        ConversationsError,
        FilterError,
        IndexBusyError,
        IndexFolderError,
        IndexMismatchError,
        MissingExtraError,
        QuestionError,
        ReadingError,
        RecordError,
        SettingsError,
        UnknownArticleError,
        UnknownPluginError,
    )
    from .filters import Filters
    from .ingest.report import AddReport
    from .schema import (
        Account,
        Answer,
        Article,
        ArticleSummary,
        Citation,
        Disagreement,
        Hit,
        Passage,
        Section,
        Statement,
    )
    from .serving.async_corpus import AsyncCorpus
    from .settings import Settings

__version__ = "0.1.0"

__all__ = [
    "Account",
    "AddReport",
    "Answer",
    "AnswererError",
    "Article",
    "ArticleSummary",
    "AsyncCorpus",
    "Citation",
    "CitedeskError",
    "ConversationsError",
    "Corpus",
    "Disagreement",
    "FilterError",
    "Filters",
    "Hit",
    "IndexBusyError",
    "IndexFolderError",
    "IndexMismatchError",
    "MissingExtraError",
    "Passage",
    "QuestionError",
    "ReadingError",
    "RecordError",
    "Section",
    "Settings",
    "SettingsError",
    "Statement",
    "UnknownArticleError",
    "UnknownPluginError",
    "__version__",
    "answer",
    "default_index",
    "open_default",
]

# Loaded at first use, so that `import rag` takes milliseconds: numpy alone takes a tenth of a second.
_HOMES = {
    "AddReport": "ingest.report",
    "AsyncCorpus": "serving.async_corpus",
    "Corpus": "corpus",
    "Filters": "filters",
    "Settings": "settings",
    "answer": "default",
    "default_index": "default",
    "open_default": "default",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    home = "errors" if name.endswith("Error") else _HOMES.get(name, "schema")
    return getattr(import_module(f"rag.{home}"), name)
