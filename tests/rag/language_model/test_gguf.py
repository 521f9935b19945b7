"""A GGUF file as language model: what is said when it cannot be run; and with a real one, its words, JSON and limits."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag import Corpus, Settings
from rag.errors import AnswererError, MissingExtraError
from rag.language_model.deadline import Deadline
from rag.language_model.failures import OutOfTokensError
from rag.language_model.gguf import GgufModel

FILE = os.environ.get("TEST_GGUF", "")
ASKED = [{"role": "user", "content": "How many legs has a dog? Answer in one word."}]
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sure", "legs"],
    "properties": {"sure": {"type": "string", "enum": ["yes", "no"]}, "legs": {"type": "integer"}},
}


def write(model: GgufModel, *, seconds: float = 600.0, tokens: int = 40, **more: object) -> str:
    return "".join(model.write(ASKED, deadline=Deadline(seconds), tokens=tokens, **more))  # type: ignore[arg-type]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    with pytest.raises(AnswererError, match=r"there is no file .*absent\.gguf.*Correct the path after 'gguf:'"):
        write(GgufModel(str(tmp_path / "absent.gguf")))


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    path = tmp_path / "letter.gguf"
    path.write_text("Dear Ida,", encoding="utf-8")
    with pytest.raises(AnswererError, match="expected a language model in GGUF"):
        write(GgufModel(str(path)))


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(MissingExtraError, match=r"pip install citedesk\[gguf\]"):
        write(GgufModel("any.gguf"))


@pytest.fixture(scope="module")
def model() -> GgufModel:
    if not FILE:
        pytest.skip("TEST_GGUF names no file: set it to a small language model in GGUF, such as SmolLM2-135M-Instruct")
    pytest.importorskip("xllamacpp", reason="the package xllamacpp is not installed: pip install citedesk[gguf]")
    return GgufModel(FILE)


@pytest.mark.slow
def test_json_is_held_to_its_schema(model: GgufModel) -> None:
    said = json.loads(write(model, schema=SCHEMA))
    assert said.keys() == {"sure", "legs"}
    assert said["sure"] in ("yes", "no")
    assert isinstance(said["legs"], int)


@pytest.mark.slow
def test_a_reply_that_is_cut_says_so(model: GgufModel) -> None:
    with pytest.raises(OutOfTokensError):
        write(model, tokens=1)


@pytest.mark.slow
def test_the_time_limit_holds_and_the_next_answer_comes(model: GgufModel) -> None:
    started = time.monotonic()
    with pytest.raises(AnswererError, match=r"had not finished after 0\.05 seconds"):
        write(model, seconds=0.05)
    assert time.monotonic() - started < 5
    assert json.loads(write(model, schema=SCHEMA))


@pytest.mark.slow
def test_a_program_ends_well_while_it_still_writes(model: GgufModel) -> None:
    program = (
        "from rag.language_model.deadline import Deadline\n"
        "from rag.language_model.gguf import GgufModel\n"
        "asked = [{'role': 'user', 'content': 'Tell a long story of a dog. ' * 20}]\n"
        f"pieces = GgufModel({FILE!r}).write(asked, deadline=Deadline(600), tokens=400)\n"
        "print(next(pieces))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=500)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


@pytest.mark.slow
def test_a_question_that_is_too_long_is_told(model: GgufModel) -> None:
    asked = [{"role": "user", "content": "word " * 20_000}]
    with pytest.raises(AnswererError, match=r"expected a shorter question\. Lower k"):
        list(model.write(asked, deadline=Deadline(600), tokens=10))


@pytest.mark.slow
def test_it_listens_where_nobody_else_can_ask(model: GgufModel) -> None:
    write(model, schema=SCHEMA)
    address = model._server.listening_address
    if os.name != "posix":
        assert address.startswith("http://127.0.0.1")
        return
    socket = Path(address.removeprefix("unix://"))
    assert socket.parent.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_a_question_is_answered_and_its_footnotes_stand(model: GgufModel) -> None:
    """What a model of this size writes is not foreseen; that a sure question is answered, from the article, is."""
    settings = Settings(
        embedder="rag.testing:HashEmbedder",
        reader="rag.testing:WordReader",
        entailment="none",
        consistency="none",
        answerer=f"gguf:{FILE}",
        chat_seconds=900.0,
    )
    with Corpus.in_memory(settings) as corpus:
        corpus.add({"title": "Apples", "text": "The orchard in Tarvik has 41 apple trees. Wasps came in June."})
        answer = corpus.ask("How many apple trees has the orchard in Tarvik?")
    assert answer.status == "answered", answer.reason
    assert "41" in answer.text
    assert Path(FILE).name in answer.made_by["answerer"]
