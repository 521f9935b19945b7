from pathlib import Path

import pytest

from rag import Corpus, Settings
from rag.errors import SettingsError, UnknownPluginError
from rag.index.local import LocalIndex
from rag.plugins import Index, load
from rag.testing import HashEmbedder, check_index


def test_an_index_in_a_folder_keeps_the_contract(tmp_path: Path) -> None:
    index = LocalIndex(Settings(), folder=tmp_path / "index", embedder=HashEmbedder())
    assert isinstance(index, Index)
    check_index(index, HashEmbedder().embed_texts)
    index.close()


def test_an_index_in_memory_keeps_the_contract() -> None:
    index = load("index", "local", Settings(), folder=None, embedder=HashEmbedder())
    check_index(index, HashEmbedder().embed_texts)
    index.close()


class Forgetful(LocalIndex):
    """Finds what was removed from any article but the first."""

    def remove(self, article_id: str) -> None:
        pass


def test_an_index_that_does_not_remove_is_seen_through() -> None:
    index = Forgetful(Settings(), folder=None, embedder=HashEmbedder())
    with pytest.raises(AssertionError):
        check_index(index, HashEmbedder().embed_texts)
    index.close()


def test_a_folder_is_not_opened_with_settings_for_an_index_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"name the index 'milvus:x'.+Corpus.connect"):
        Corpus.create(tmp_path / "index", Settings(index="milvus:x"), embedder=HashEmbedder())
    assert not (tmp_path / "index").exists()


def test_connecting_needs_an_index_that_lies_in_no_folder() -> None:
    with pytest.raises(SettingsError, match="expected one elsewhere"):
        Corpus.connect(Settings(), embedder=HashEmbedder())


def test_an_unknown_index_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownPluginError, match=r"no index is called 'locl'. Did you mean 'local'"):
        Corpus.connect(Settings(index="locl"), embedder=HashEmbedder())


def test_the_environment_names_a_folder_or_an_address() -> None:
    assert Settings.from_environment({"CITEDESK_INDEX": "/some/folder"}).index == "local"
    assert Settings.from_environment({"CITEDESK_INDEX": "milvus:http://host:19530"}).index == "milvus:http://host:19530"
