"""What the person detector covers of the development sets, and what it paints: the table of its card.

    python -m drape_train.person_measure [.12,.15,.22,.3]

A face is covered when 90 % of its box lies under the persons' boxes, each grown by 10 % a side.
"""

import sys
from collections import defaultdict

import numpy as np

from .evaluate_sets import everything
from .geometry import covered, grow, paint_mask
from .people import find, session

CUTS = (0.12, 0.15, 0.22, 0.3)
GROWTH = 0.1


def main() -> None:
    cuts = [float(cut) for cut in sys.argv[1].split(",")] if len(sys.argv) > 1 else CUTS
    run = session()
    rows = defaultdict(lambda: defaultdict(list))
    for case in everything():
        boxes, scores = find(run, case.image, min(cuts))
        for cut in cuts:
            mask = paint_mask(grow(boxes[scores >= cut], GROWTH), *case.image.shape[:2])
            clear, hard = (sum(covered(box, mask) for box in kind) for kind in (case.clear, case.hard))
            rows[cut][case.group].append((clear, len(case.clear), hard, len(case.hard), mask.mean()))
    for cut, groups in rows.items():
        print(f">= {cut}")
        for group, values in groups.items():
            clear, clears, hard, hards, paint = np.array(values, float).T
            faces = f"clear {clear.sum():.0f} of {clears.sum():.0f}, hard {hard.sum():.0f} of {hards.sum():.0f}, "
            print(f"  {group:<16}{faces if clears.sum() else ''}painted {100 * paint.mean():.0f}%")


if __name__ == "__main__":
    main()
