from pathlib import Path

import pytest
import torch

from rag.reader import weights
from rag.reader.weights import WORD_EMBEDDINGS, digest, load_weights, save_weights

NAME = "encoder.layer.0.weight"


@pytest.fixture
def state() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return {
        NAME: torch.randn(40, 30) * torch.logspace(-3, 1, 40)[:, None],
        WORD_EMBEDDINGS: torch.randn(50, 30),
        "encoder.layer.0.bias": torch.randn(30),
        "spans.weight": torch.randn(2, 30),
    }


def test_a_weight_in_one_byte_is_off_by_at_most_half_a_step_of_its_row(
    state: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    save_weights(state, tmp_path, one_byte=True)
    loaded = load_weights(tmp_path)
    step = state[NAME].abs().amax(dim=1, keepdim=True) / 127
    assert ((loaded[NAME] - state[NAME]).abs() <= step / 2 + 1e-7).all()
    assert torch.equal(loaded["spans.weight"], state["spans.weight"])
    assert torch.equal(loaded["encoder.layer.0.bias"], state["encoder.layer.0.bias"])


def test_large_weights_are_spread_over_files(
    state: dict[str, torch.Tensor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "LARGEST_FILE", 4000)
    save_weights(state, tmp_path)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 3
    assert all(torch.equal(tensor, state[name]) for name, tensor in load_weights(tmp_path).items())


def test_fewer_files_leave_none_of_the_earlier_ones(
    state: dict[str, torch.Tensor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(weights, "LARGEST_FILE", 4000)
        save_weights(state, tmp_path)
    save_weights(state, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["weights.safetensors"]


def test_shared_embeddings_come_from_the_package(state: dict[str, torch.Tensor], tmp_path: Path) -> None:
    save_weights(state, tmp_path, shared_embeddings=True)
    assert load_weights(tmp_path)[WORD_EMBEDDINGS].shape == (30522, 384)


def test_other_weights_have_another_digest(state: dict[str, torch.Tensor], tmp_path: Path) -> None:
    save_weights(state, tmp_path / "one")
    save_weights(state, tmp_path / "two")
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    save_weights(state | {NAME: state[NAME] + 0.01}, tmp_path / "two")
    assert digest(tmp_path / "one") != digest(tmp_path / "two")


def test_an_empty_folder_has_no_weights(tmp_path: Path) -> None:
    assert load_weights(tmp_path) == {}
