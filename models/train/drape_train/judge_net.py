"""The judge: is this proposal a face, and does the crop show endoscopy? 64×64 RGB in, two logits out."""

import torch
from torch import nn

MEAN, SPREAD = 127.5, 64.0


def step(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = step(width, width, 1)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.second(self.first(x)))


class Judge(nn.Module):
    """Input float [n, 3, 64, 64], 0..255; output [n, 2]: logits of face and of endoscopy."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            step(3, 24, 2), step(24, 48, 2), Residual(48), step(48, 96, 2), Residual(96), step(96, 128, 2)
        )
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(256, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.body((x - MEAN) / SPREAD)
        return self.head(self.drop(torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)))
