"""Citedesk: answers questions about a corpus of articles, with a checked footnote behind every sentence."""

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .corpus import Corpus
    from .default import answer, default_index, open_default
    from .errors import CitedeskError
    from .ingest.report import AddReport
    from .schema import Answer, Article, Citation, Hit, Passage, Section, Statement
    from .settings import Settings

__all__ = [
    "AddReport",
    "Answer",
    "Article",
    "Citation",
    "CitedeskError",
    "Corpus",
    "Hit",
    "Passage",
    "Section",
    "Settings",
    "Statement",
    "answer",
    "default_index",
    "open_default",
]

# torch keeps the kernels of so many shapes of a batch, 1,024 unless told: hundreds of megabytes, for no time saved. It asks
# when it is first imported.
os.environ.setdefault("LRU_CACHE_CAPACITY", "128")

# Loaded at first use, so that `import rag` takes milliseconds: numpy alone takes a tenth of a second.
_HOMES = {
    "AddReport": "ingest.report",
    "Corpus": "corpus",
    "answer": "default",
    "default_index": "default",
    "open_default": "default",
    "CitedeskError": "errors",
    "Settings": "settings",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(f"rag.{_HOMES.get(name, 'schema')}"), name)
