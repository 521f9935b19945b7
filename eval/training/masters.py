"""Trained weights, in bfloat16 where that is fast, with float32 copies in the optimiser; their state can be saved and gone on from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from rag.index.embedding import fastest_dtype

_MOMENTS = ("exp_avg", "exp_avg_sq")


def fastest_device() -> torch.device:
    """Return the GPU where there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Masters:
    """The trained weights of a network whose encoder works in the fastest type. What does not require a gradient is left alone."""

    def __init__(self, network: nn.Module, encoder: nn.Module, *, decay: float) -> None:
        """Move the network to the default device, see `torch.set_default_device`."""
        network.to(torch.get_default_device())
        trained = [(name, weight) for name, weight in network.named_parameters() if weight.requires_grad]
        self._masters = {name: nn.Parameter(weight.detach().clone()) for name, weight in trained}
        encoder.to(fastest_dtype() if torch.get_default_device().type == "cpu" else torch.bfloat16)
        self._working = {name: weight for name, weight in network.named_parameters() if weight.requires_grad}
        matrices = [weight for weight in self._masters.values() if weight.ndim > 1]
        vectors = [weight for weight in self._masters.values() if weight.ndim <= 1]
        grouped = [{"params": matrices, "weight_decay": decay}, {"params": vectors, "weight_decay": 0.0}]
        self._optimiser = torch.optim.AdamW(grouped, lr=1e-4, fused=True)

    def step(self, *, rate: float) -> None:
        """Move the weights by the gradients that lie in the network, and take those away."""
        for name, weight in self._working.items():
            self._masters[name].grad = None if weight.grad is None else weight.grad.float()
            weight.grad = None
        torch.nn.utils.clip_grad_norm_(self._masters.values(), 1.0)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        self._copy()

    def save(self, path: Path, *, step: int) -> None:
        """Write weights and optimiser, whole or not at all."""
        state = {f"weight.{name}": weight for name, weight in self.weights().items()}
        for name, master in self._masters.items():
            if master in self._optimiser.state:  # before the first step there is none
                state |= {f"{moment}.{name}": self._optimiser.state[master][moment] for moment in _MOMENTS}
        part = path.with_name(path.name + ".part")
        save_file(state, part, metadata={"step": str(step)})
        part.replace(path)

    def restore(self, path: Path) -> int:
        """Take the state from `path` and return the step it was saved at."""
        with safe_open(path, framework="pt") as opened:
            step = int(opened.metadata()["step"])
        state = load_file(path)
        for name, master in self._masters.items():
            master.data.copy_(state[f"weight.{name}"])
            if f"{_MOMENTS[0]}.{name}" in state:
                moments: dict[str, Tensor] = {
                    moment: state[f"{moment}.{name}"].to(master.device) for moment in _MOMENTS
                }
                self._optimiser.state[master] = {"step": torch.tensor(float(step)), **moments}
        self._copy()
        return step

    def weights(self) -> dict[str, Tensor]:
        """Return a copy of the weights in float32, by name."""
        return {name: master.detach().clone() for name, master in self._masters.items()}

    def average(self, states: Sequence[Mapping[str, Tensor]]) -> None:
        """Make each weight the mean of those of the same name in `states`."""
        for name, master in self._masters.items():
            master.data.copy_(torch.stack([state[name] for state in states]).mean(0))
        self._copy()

    @torch.no_grad()
    def _copy(self) -> None:
        for name, weight in self._working.items():
            weight.copy_(self._masters[name])
