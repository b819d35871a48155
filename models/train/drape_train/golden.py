"""Golden vectors of the judge's crop, for the carriers' tests: a picture given by a formula, boxes, and what comes out.

    python -m drape_train.golden
"""

import json

import numpy as np

from .crops import crop
from .paths import ROOT

TARGET = ROOT / "models" / "train" / "golden" / "crops.json"
WIDTH, HEIGHT = 320, 200
BOXES = [[100, 60, 40, 52], [3, 5, 9, 12], [250, 120, 160, 140], [-20, 150, 60, 30], [120.5, 70.25, 17.75, 20.5]]


def picture() -> np.ndarray:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([(x * 5 + y) % 256, (y * 7 + 40) % 256, (x * y // 16) % 256], 2).astype(np.uint8)


def main() -> None:
    image, cases = picture(), []
    for box in BOXES:
        made = crop(image, np.array(box, float))
        spots = [[r, c, *(int(v) for v in made[r, c])] for r in range(2, 64, 12) for c in range(2, 64, 12)]
        cases.append({"box": box, "rowColumnRgb": spots, "meanRgb": [round(float(v), 3) for v in made.mean((0, 1))]})
    formula = "r = (5x + y) % 256, g = (7y + 40) % 256, b = floor(x * y / 16) % 256"
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps({"width": WIDTH, "height": HEIGHT, "formula": formula, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
