"""What the view gate lets through.

    python -m drape_train.view_measure

The least logit that may pass is found on pictures from outside of a body, those that were trained on and those that were
not. How many of them pass once they are turned and bordered, as endoscopes do it, is printed. Evaluation sets are read for the printed table alone.
"""

import sys

import numpy as np

from .centerface import session
from .paths import WEIGHTS
from .view_data import bordered, held_out, pictures, whole

MARGIN = 0.5


def logits(gate, images: list[np.ndarray]) -> np.ndarray:
    parts = [np.zeros(0, np.float32)]
    for start in range(0, len(images), 64):
        batch = np.ascontiguousarray(np.stack(images[start : start + 64]).transpose(0, 3, 1, 2))
        parts.append(gate.run(None, {"image": batch})[0][:, 0])
    return np.concatenate(parts)


def least_inside(path) -> tuple[float, int]:
    """The logit above which nothing from outside passes, with a margin, and how many pictures (variants counted) say so."""
    plain = [whole(p.read()) for p in pictures()[1]]
    return float(logits(session(path), plain).max()) + MARGIN, len(plain)


def as_by_endoscope(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    turned = np.ascontiguousarray(np.rot90(image, rng.integers(0, 4)))
    bordered(turned, rng)
    return turned


def shares(least: float, groups: dict[str, np.ndarray]) -> str:
    worst = [(float(np.mean(of > least)), name, len(of)) for name, of in groups.items()]
    return "  ".join(f"{name} {share:.2f} ({count})" for share, name, count in sorted(worst))


def main() -> None:
    from .evaluate_sets import demo, endoscopy, stills

    gate = session(WEIGHTS / "view-gate.onnx")
    least = float(sys.argv[1]) if len(sys.argv) > 1 else least_inside(WEIGHTS / "view-gate.onnx")[0]
    inside, outside = pictures()
    print(f"least logit {least:.2f}")
    by_source: dict[str, list] = {}
    for picture in inside:
        if held_out(picture):
            by_source.setdefault(picture.source, []).append(whole(picture.read()))
    print("accepted of held-out in-body sources:", shares(least, {k: logits(gate, v) for k, v in by_source.items()}))
    held = logits(gate, [whole(p.read()) for p in outside if held_out(p)])
    print(f"held-out others: {int((held > least).sum())} of {len(held)} pass; the most inside of them has {held.max():.2f}")
    rng = np.random.default_rng(10)
    framed = logits(gate, [as_by_endoscope(whole(p.read()), rng) for p in outside])
    print(f"all others turned and bordered: {int((framed > least).sum())} of {len(framed)} pass")
    cases = [*demo(5), *endoscopy(), *(c for n in ("or_scenes", "faces_images/wider_surgeons") for c in stills(n, "or"))]
    for group in ("endo", "overlay", "or"):
        of = [case for case in cases if case.group == group]
        score = logits(gate, [whole(case.image) for case in of])
        print(f"development sets, {group}: {int((score > least).sum())} of {len(of)} pass, median {np.median(score):.2f}, most {score.max():.2f}")


if __name__ == "__main__":
    main()
