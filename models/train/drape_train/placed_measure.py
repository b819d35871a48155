"""How far a face's box must be grown until 90 % of the face lies in it, by the detector's score, on held-out groups.

    python -m drape_train.placed_measure

Reads the proposals that `fuse` kept of `single`. `placed` and the growth of painting are chosen by this table.
"""

import pickle

import numpy as np

from .cascade import load_fusion, painted
from .fuse import STILL_GROWTH
from .geometry import area, grow, iou, overlaps, placed
from .paths import CACHE

BINS = (0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.01)
SHARES = (0.5, 0.8, 0.9, 0.95, 0.98)
SAME_FACE_IOU, COVERED, LEAST_SIDE_PX = 0.2, 0.9, 12
STEP, MOST = 0.02, 1.0


def needed(box: np.ndarray, face: np.ndarray) -> float:
    """Least growth on every side after which `box` holds 90 % of `face`."""
    for share in np.arange(-0.1, MOST, STEP):
        if overlaps(grow(box[None], share), face[None])[0, 0] >= COVERED * area(face[None])[0]:
            return float(share)
    return MOST


def main() -> None:
    fusion, rows = load_fusion("single"), pickle.loads((CACHE / "fuse-single.pkl").read_bytes())
    found = []
    for row in rows:
        chosen = painted(row, fusion)
        boxes, scores = row["boxes"][chosen], row["scores"][chosen]
        for face in row["truth"].faces if len(boxes) else []:
            same = iou(boxes, face[None])[:, 0]
            best = int(same.argmax())
            if max(face[2:]) >= LEAST_SIDE_PX and same[best] >= SAME_FACE_IOU:
                found.append((scores[best], needed(boxes[best], face)))
    score, need = np.array(found).T
    given = grow(placed(np.tile([0.0, 0, 1, 1], (len(score), 1)), score), STILL_GROWTH)[:, 2] / 2 - 0.5
    print("detector score   faces   growth that " + "  ".join(f"{100 * s:.0f} %" for s in SHARES) + " of them need   a still's growth")
    for low, high in zip(BINS, BINS[1:]):
        here = (score >= low) & (score < high)
        if here.any():
            quantiles = "  ".join(f"{q:5.2f}" for q in np.quantile(need[here], SHARES))
            print(f"{low:<4} - {min(high, 1):<10}{here.sum():>5}   {'':12}{quantiles}   {'':17}{given[here].mean():5.2f}")


if __name__ == "__main__":
    main()
