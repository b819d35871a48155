"""Trains the view gate.

    python -m drape_train.view_train [steps]

Goes on from its last checkpoint when it was interrupted.
"""

import sys
import time

import numpy as np
import torch
from torch.nn import functional

from .judge_net import Judge
from .judge_train import tensor
from .paths import CACHE
from .progress import Checkpoint, follow, set_rate
from .view_data import Maker, held_out, pictures, whole

STEPS = 2400
BATCH = 48
PEAK = 1.5e-3
EMA = 0.995
FINAL = CACHE / "view.pt"


@torch.no_grad()
def logits_of(model: Judge, images: list[np.ndarray]) -> np.ndarray:
    model.eval()
    parts = [np.zeros(0, np.float32)]
    for start in range(0, len(images), 64):
        parts.append(model(tensor(np.stack(images[start : start + 64])))[:, 0].numpy())
    return np.concatenate(parts)


def report(model: Judge, inside: list[np.ndarray], outside: list[np.ndarray]) -> str:
    """Share of held-out in-body pictures accepted where no (one in 100) held-out other picture is."""
    yes, no = logits_of(model, inside), logits_of(model, outside)
    return f"accepts {np.mean(yes > no.max()):.3f} at none, {np.mean(yes > np.quantile(no, 0.99)):.3f} at 1% of {len(no)}"


def main() -> None:
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else STEPS
    torch.set_num_threads(1)
    torch.manual_seed(9)
    model, average = Judge().to(memory_format=torch.channels_last), Judge()
    average.load_state_dict(model.state_dict())
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK, weight_decay=0.02)
    checkpoint = Checkpoint(CACHE / "view.ckpt", model=model, average=average, optimizer=optimizer)
    first = checkpoint.resume()
    maker = Maker()
    held = [[whole(p.read()) for p in of if held_out(p)] for of in pictures()]
    print(f"{len(maker.inside)} in-body, {len(maker.outside)} others; held out {[len(h) for h in held]}, step {first}", flush=True)
    started = time.time()
    for step in range(first, steps):
        rng = np.random.default_rng([9, step])
        made = [maker.make(rng) for _ in range(BATCH)]
        wanted = torch.tensor([float(inside) for _, inside in made])
        set_rate(optimizer, step, steps, PEAK, 1e-5)
        model.train()
        logits = model(tensor(np.stack([image for image, _ in made])))[:, 0]
        loss = functional.binary_cross_entropy_with_logits(logits, wanted * 0.98 + 0.01)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        follow(average.state_dict().values(), model.state_dict().values(), step, EMA)
        if step % 100 == 99 or step == steps - 1:
            checkpoint.save(step + 1)
            text = report(average, *held) if step % 400 == 399 or step == steps - 1 else ""
            print(f"step {step + 1}/{steps} loss {loss.item():.3f} {(time.time() - started) / (step + 1 - first):.2f} s/step {text}", flush=True)
    average.eval()
    torch.save(average.state_dict(), FINAL)


if __name__ == "__main__":
    main()
