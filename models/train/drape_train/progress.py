"""What every training does beside learning: its rate, its running mean, and going on after an interruption."""

import math
from collections.abc import Iterable
from pathlib import Path

import torch


def set_rate(optimizer: torch.optim.Optimizer, step: int, steps: int, peak: float, least: float) -> None:
    """Up in 100 steps, then down a cosine."""
    rate = peak * min(1, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
    for group in optimizer.param_groups:
        group["lr"] = max(rate, least)


@torch.no_grad()
def follow(means: Iterable[torch.Tensor], now: Iterable[torch.Tensor], step: int, most: float) -> None:
    """The running mean of the weights, quicker at the start; what is counted is copied."""
    keep = min(most, (step + 1) / (step + 10))
    for mean, value in zip(means, now):
        mean.lerp_(value, 1 - keep) if mean.is_floating_point() else mean.copy_(value)


class Checkpoint:
    """One file with all that a training needs to go on as if it had never stopped."""

    def __init__(self, path: Path, **parts) -> None:
        self.path = path
        self.parts = parts

    def resume(self) -> int:
        """Loads what is there; the step to go on with."""
        if not self.path.exists():
            return 0
        state = torch.load(self.path, weights_only=True)
        for name, part in self.parts.items():
            part.load_state_dict(state[name])
        return state["step"]

    def save(self, step: int) -> None:
        partial = self.path.with_suffix(".part")
        torch.save({name: part.state_dict() for name, part in self.parts.items()} | {"step": step}, partial)
        partial.replace(self.path)
