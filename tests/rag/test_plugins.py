from pathlib import Path

import pytest

from rag import Settings
from rag.answering.extractive import ExtractiveAnswerer
from rag.errors import MissingExtraError, UnknownPluginError
from rag.plugins import BUILT_IN, Answerer, Embedder, load


def test_a_short_name_leads_to_the_built_in_part() -> None:
    answerer = load("answerer", "extractive", Settings())
    assert isinstance(answerer, ExtractiveAnswerer)
    assert isinstance(answerer, Answerer)


def test_a_path_leads_to_a_class_of_ones_own() -> None:
    assert isinstance(load("embedder", "rag.testing:HashEmbedder", Settings()), Embedder)


@pytest.mark.parametrize("role", ["embedder", "reader", "answerer"])
def test_an_unknown_name_is_answered_with_the_known_ones(role: str) -> None:
    with pytest.raises(UnknownPluginError) as raised:
        load(role, "nonesuch", Settings())
    message = str(raised.value)
    assert f"no {role} is called 'nonesuch'" in message
    for known in (key.partition(":")[2] for key in BUILT_IN if key.startswith(role)):
        assert known in message
    assert "package.module:Class" in message


def test_a_slip_of_the_pen_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UnknownPluginError, match="Did you mean 'extractive'"):
        load("answerer", "extractiv", Settings())


@pytest.mark.parametrize("name", ["no_such_package:Embedder", "rag.no_such_module:Embedder", "rag.testing:NoSuchClass"])
def test_a_path_that_leads_nowhere_is_an_unknown_plug_in(name: str) -> None:
    with pytest.raises(UnknownPluginError):
        load("embedder", name, Settings())


def test_a_part_whose_package_is_missing_says_which_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "needy_embedder.py").write_text("import absent_vectors\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MissingExtraError, match="Install the package that provides it"):
        load("embedder", "needy_embedder:Needy", Settings())


def test_an_installed_package_that_breaks_inside_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_embedder.py").write_text("raise ZeroDivisionError('inside')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ZeroDivisionError, match="inside"):
        load("embedder", "broken_embedder:Broken", Settings())
