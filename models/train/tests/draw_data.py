"""Draws a handful of pictures in the training data's layout, so that the whole chain can be run in a minute.

    python models/train/tests/draw_data.py FOLDER
"""

import csv
import json
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np

RNG = np.random.default_rng(1)
SIDE = (320, 240)


def plain(red: int, green: int, blue: int) -> np.ndarray:
    noise = RNG.normal(0, 12, (SIDE[1], SIDE[0], 3))
    return np.clip(np.array([blue, green, red]) + cv2.GaussianBlur(noise, (0, 0), 3) * 3, 0, 255).astype(np.uint8)


def draw_face(image: np.ndarray, x: int, y: int, side: int, blur: float = 1 / 60) -> list[float]:
    """Enough of a face for CenterFace to propose it; `blur` as share of its side."""
    half = side // 2
    brown, skin = (40, 50, 70), (140, 170, 215)

    def oval(dx: float, dy: float, across: float, down: float, colour: tuple) -> None:
        at = (int(x + dx * side), int(y + dy * side))
        cv2.ellipse(image, at, (max(1, int(across * side)), max(1, int(down * side))), 0, 0, 360, colour, -1, cv2.LINE_AA)

    oval(0, -0.12, 0.46, 0.52, brown)
    oval(0, 0, 0.38, 0.48, skin)
    for sign in (-1, 1):
        oval(sign * 0.17, -0.17, 0.1, 0.02, brown)
        oval(sign * 0.17, -0.08, 0.08, 0.04, (235, 235, 235))
        oval(sign * 0.17, -0.08, 0.035, 0.04, (20, 20, 20))
    oval(0, 0.1, 0.04, 0.09, (115, 145, 190))
    oval(0, 0.26, 0.14, 0.035, (80, 70, 160))
    x0, y0, x1, y1 = max(0, x - side), max(0, y - side), x + side, y + side
    image[y0:y1, x0:x1] = cv2.GaussianBlur(image[y0:y1, x0:x1], (0, 0), blur * side)
    return [x - 0.76 * half, y - 0.9 * half, 1.52 * half, 1.86 * half]


def with_mistake(image: np.ndarray) -> np.ndarray:
    """A face so faint that CenterFace proposes it without being sure: what the judge is for."""
    faced = image.copy()
    draw_face(faced, int(RNG.integers(80, 240)), 120, 30)
    return cv2.addWeighted(faced, 0.08, image, 0.92, 0)


def group_of(held_out: bool, number: int) -> str:
    """A name that the split by hash holds out, or does not."""
    names = (f"g{number}_{n}" for n in range(1000))
    return next(name for name in names if (zlib.crc32(f"wider:{name}".encode()) % 12 == 0) == held_out)


def draw_faces(folder: Path) -> None:
    for source in ("wider", "masked_kaggle", "hardhat_kaggle", "or_tiles"):
        (folder / source / "images").mkdir(parents=True)
        truth = {}
        for number in range(10 if source == "wider" else 2):
            image = plain(90, 120, 130)
            boxes = [draw_face(image, int(x), int(RNG.integers(70, 170)), int(RNG.integers(40, 90))) for x in (80, 230)]
            cv2.imwrite(str(folder / source / "images" / f"p{number}.jpg"), image)
            faces = [{"box": box, "label": "face", "easy": True, "medium": True, "hard": True} for box in boxes]
            truth[f"p{number}.jpg"] = {"event": group_of(number < 3, number), "faces": faces}
        (folder / source / "gt.json").write_text(json.dumps(truth))


def draw_views(folder: Path) -> None:
    rows = []
    sources = {"in_body": ("autolaparo", "artnet", "drawn_a", "drawn_b"), "out_of_body": ("site_totalsurgicare", "drawn_room")}
    for label, names in sources.items():
        for source in names:
            (folder / label / source).mkdir(parents=True)
            for number in range(3):
                image = plain(190, 90, 80) if label == "in_body" else plain(90, 150, 140)
                if label == "in_body" or number == 0:
                    image = with_mistake(image)
                file = f"{label}/{source}/v{number}.jpg"
                cv2.imwrite(str(folder / file), image)
                rows.append({"file": file, "label": label, "split_group": f"{source}{number}", "doubtful": ""})
    with open(folder / "index.csv", "w", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    root = Path(sys.argv[1]) / "train"
    draw_faces(root / "faces")
    draw_views(root / "view")
    (root / "README.md").write_text("Drawn for a test.\n")


if __name__ == "__main__":
    main()
