"""Trains the judge.

    python -m drape_train.judge_train base|turned [steps]

`base` starts from nothing on crops-base; `turned` goes on from it with the proposals of turned pictures added, and sees most
often what it is wrong about at its start.
Goes on from its last checkpoint when it was interrupted.
"""

import sys
import time

import numpy as np
import torch
from torch.nn import functional

from .judge_augment import augment, centre
from .judge_net import Judge
from .paths import CACHE
from .progress import Checkpoint, follow, set_rate

STEPS = {"base": 2000, "turned": 3000}
# How much oftener a crop is drawn that the judge is wholly wrong about. Hard faces are partly wrong labels.
WRONG_OTHER, WRONG_FACE = 8.0, 2.0
SHARES = {"face": 52, "other": 32, "endo": 44}
ENDO_WEIGHT = 0.3


def load(which: str) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Crop arrays, rows (face, endo, held out, score, side) and for every row (array, index)."""
    names = ["base"] if which == "base" else ["base", "turned"]
    crops, rows, where = [], [], []
    for n, name in enumerate(names):
        with np.load(CACHE / f"crops-{name}.npz") as shelf:
            crops.append(shelf["crops"])
            rows.append(shelf["rows"])
        where.append(np.stack([np.full(len(rows[-1]), n), np.arange(len(rows[-1]))], 1))
    return crops, np.concatenate(rows), np.concatenate(where)


def pools(rows: np.ndarray) -> dict[str, np.ndarray]:
    face, endo, held = rows[:, 0] > 0, rows[:, 1] > 0, rows[:, 2] > 0
    return {
        "face": np.where(face & ~held)[0],
        "other": np.where(~face & ~endo & ~held)[0],
        "endo": np.where(endo & ~held)[0],
        "held": np.where(held)[0],
    }


def tensor(images: np.ndarray) -> torch.Tensor:
    made = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2))).float()
    return made.contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def face_logits(model: Judge, crops, where, chosen: np.ndarray) -> np.ndarray:
    model.eval()
    logits = [np.zeros(0, np.float32)]
    for start in range(0, len(chosen), 256):
        part = centre(np.stack([crops[a][i] for a, i in where[chosen[start : start + 256]]]))
        logits.append(model(tensor(part))[:, 0].numpy())
    return np.concatenate(logits)


def drawn_weights(model: Judge, crops, where, pool: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """How often each crop is drawn: what the judge is wrong about now, more often."""
    weights = {}
    for kind in SHARES:
        wrong = 1 / (1 + np.exp(-face_logits(model, crops, where, pool[kind]).astype(float)))
        weights[kind] = 1 + (WRONG_FACE * (1 - wrong) if kind == "face" else WRONG_OTHER * wrong)
    return {kind: value / value.sum() for kind, value in weights.items()}


def report(model: Judge, crops, rows, where, held: np.ndarray) -> str:
    """Share of held-out faces found where one in 100 (200) of the other (in-body) crops passes."""
    score, face, endo = face_logits(model, crops, where, held), rows[held, 0] > 0, rows[held, 1] > 0
    other = np.quantile(score[~face & ~endo], 0.99)
    inside = np.quantile(score[endo], 0.995)
    return f"recall at 1% other {np.mean(score[face] > other):.3f}, at 0.5% endo {np.mean(score[face] > inside):.3f}"


def main() -> None:
    which = sys.argv[1]
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else STEPS[which]
    torch.set_num_threads(1)
    torch.manual_seed(4)
    model = Judge().to(memory_format=torch.channels_last)
    average = Judge()
    if which == "turned":
        average.load_state_dict(torch.load(CACHE / "judge-base.pt", weights_only=True))
    else:
        average.load_state_dict(model.state_dict())
    model.load_state_dict(average.state_dict())
    peak = 2e-3 if which == "base" else 1e-3
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=0.02)
    checkpoint = Checkpoint(CACHE / f"judge-{which}.ckpt", model=model, average=average, optimizer=optimizer)
    first = checkpoint.resume()
    crops, rows, where = load(which)
    pool = pools(rows)
    print({k: len(v) for k, v in pool.items()}, "from step", first, flush=True)
    weights: dict[str, np.ndarray | None] = dict.fromkeys(SHARES)
    if which == "turned":
        begun = Judge()
        begun.load_state_dict(torch.load(CACHE / "judge-base.pt", weights_only=True))
        weights |= drawn_weights(begun, crops, where, pool)
    started = time.time()
    for step in range(first, steps):
        rng = np.random.default_rng([4, step])
        chosen = np.concatenate([pool[k][rng.choice(len(pool[k]), n, p=weights[k])] for k, n in SHARES.items()])
        images = np.stack([augment(crops[a][i], rng) for a, i in where[chosen]])
        face = torch.from_numpy(rows[chosen, 0])
        endo = torch.from_numpy(rows[chosen, 1])
        set_rate(optimizer, step, steps, peak, 1e-5)
        model.train()
        logits = model(tensor(images))
        bce = functional.binary_cross_entropy_with_logits
        loss = bce(logits[:, 0], face * 0.98 + 0.01) + ENDO_WEIGHT * bce(logits[:, 1], endo)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        follow(average.state_dict().values(), model.state_dict().values(), step, 0.995)
        if step % 100 == 99 or step == steps - 1:
            checkpoint.save(step + 1)
            text = report(average, crops, rows, where, pool["held"]) if step % 500 == 499 or step == steps - 1 else ""
            pace = (time.time() - started) / (step + 1 - first)
            print(f"step {step + 1}/{steps} loss {loss.item():.3f} {pace:.2f} s/step {text}", flush=True)
    average.eval()
    torch.save(average.state_dict(), CACHE / f"judge-{which}.pt")


if __name__ == "__main__":
    main()
