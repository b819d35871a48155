"""What the head detector finds and paints: held-out groups, and the development sets with heads made from their faces.

    python -m drape_train.head_measure [WEIGHTS.onnx]

A head (on sets that label faces: the face in it) is covered when 80 % of its box lies under the boxes, grown by 12 % a side.
"""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from .centerface import Detector
from .data import all_pictures
from .evaluate_sets import everything
from .geometry import covered, grow, paint_mask
from .head_train import head_of
from .paths import WEIGHTS

CUTS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
GROWTH, COVERED = 0.12, 0.8


def cases():
    """Group, picture, boxes that count, whole heads."""
    for p in all_pictures():
        if p.held_out and p.kind == "heads":
            yield f"{p.source} held out", p.read(), p.heads, p.heads
        elif p.held_out and p.kind in ("faces", "scene"):
            yield f"{p.source if p.kind == 'faces' else 'scenes'} held out", p.read(), p.faces, head_of(p.faces)
    for case in everything():
        yield case.group, case.image, case.clear, head_of(np.concatenate([case.clear, case.hard]))
        if len(case.hard):
            yield f"{case.group} hard", case.image, case.hard, np.zeros((0, 4))


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS / "head-centerface.onnx"
    detector = Detector(path, ((384, 640),), min(CUTS))
    rows = defaultdict(lambda: defaultdict(list))
    for group, image, counted, heads in cases():
        height, width = image.shape[:2]
        boxes, scores = detector(image)
        truth = paint_mask(grow(heads, GROWTH), height, width).mean()
        for cut in CUTS:
            mask = paint_mask(grow(boxes[scores >= cut], GROWTH), height, width)
            found = sum(covered(box, mask, COVERED) for box in counted)
            rows[group][cut].append((found, len(counted), mask.mean(), truth))
    for group, cuts in rows.items():
        print(group)
        for cut, values in cuts.items():
            found, count, painted, truth = np.array(values, float).T
            recall = f"{found.sum() / count.sum():.3f} of {int(count.sum())}" if count.sum() else "no heads"
            beside = f", truth would paint {100 * truth.mean():.1f}%" if truth.sum() else ""
            print(f"  >= {cut:<4} {recall}  painted {100 * painted.mean():.2f}% (worst {100 * painted.max():.0f}%){beside}")


if __name__ == "__main__":
    main()
