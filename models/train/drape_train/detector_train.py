"""Fine-tunes CenterFace on what a maker draws. Goes on from its last checkpoint when it was interrupted."""

import time

import numpy as np
import onnx
import torch
from torch.nn import functional

from .detector_data import Maker, targets
from .detector_net import CenterFace
from .paths import CACHE
from .progress import Checkpoint, follow, set_rate

PEAK = 4e-4
FROZEN = 9
EMA = 0.998
SMALL, LARGE = (224, 16), (384, 5)
LARGE_EVERY = 4


def loss_of(out: dict[str, torch.Tensor], want: dict[str, torch.Tensor]) -> torch.Tensor:
    """CenterNet's focal loss (alpha 2, beta 4) and L1 of log size and offset around the centres."""
    logits = out["heatmap"][:, 0]
    p = torch.sigmoid(logits).clamp(1e-5, 1 - 1e-5)
    centre = want["heat"] > 0.999
    found = functional.logsigmoid(logits) * (1 - p) ** 2
    quiet = functional.logsigmoid(-logits) * p**2 * (1 - want["heat"]) ** 4
    count = centre.sum().clamp(min=1)
    heat = -(torch.where(centre, found, quiet) * want["weight"]).sum() / count
    mass = want["shape_weight"].sum().clamp(min=1)
    size = functional.smooth_l1_loss(out["scale"], want["shape"][:, :2], reduction="none", beta=0.1).sum(1)
    place = functional.smooth_l1_loss(out["offset"], want["shape"][:, 2:], reduction="none", beta=0.3).sum(1)
    return heat + ((size + 0.5 * place) * want["shape_weight"]).sum() / mass


def batch(maker: Maker, step: int) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    rng = np.random.default_rng([7, step])
    side, count = LARGE if step % LARGE_EVERY == LARGE_EVERY - 1 else SMALL
    made = [maker.make(side, rng) for _ in range(count)]
    images = torch.from_numpy(np.stack([m[0] for m in made]).transpose(0, 3, 1, 2).copy()).float()
    wants = [targets(m[1], m[2], side) for m in made]
    stacked = {k: torch.from_numpy(np.stack([w[k] for w in wants])) for k in wants[0]}
    return images.contiguous(memory_format=torch.channels_last), stacked


def train(name: str, maker: Maker, steps: int) -> None:
    """From CenterFace to `.cache/train/{name}.onnx`."""
    torch.set_num_threads(1)
    torch.manual_seed(7)
    cv_threads_off()
    model, average = CenterFace().to(memory_format=torch.channels_last), CenterFace()
    model.freeze_first(FROZEN)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=PEAK, weight_decay=1e-3)
    checkpoint = Checkpoint(CACHE / f"{name}.ckpt", model=model, average=average, optimizer=optimizer)
    first = checkpoint.resume()
    print(f"{len(maker.faces)} face pictures, {len(maker.endo)} in-body, {len(maker.scenes)} scenes, step {first}", flush=True)
    started, total = time.time(), 0.0
    for step in range(first, steps):
        images, want = batch(maker, step)
        set_rate(optimizer, step, steps, PEAK, 2e-6)
        loss = loss_of(model(images), want)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 10.0)
        optimizer.step()
        follow(average.parameters(), model.parameters(), step, EMA)
        total += loss.item()
        if step % 100 == 99 or step == steps - 1:
            checkpoint.save(step + 1)
            pace = (time.time() - started) / (step + 1 - first)
            print(f"step {step + 1}/{steps} loss {total / 100:.3f} {pace:.2f} s/step", flush=True)
            total = 0.0
    onnx.save(average.exported(), str(CACHE / f"{name}.onnx"))
    print(f"written: {name}.onnx", flush=True)


def cv_threads_off() -> None:
    import cv2

    cv2.setNumThreads(1)
