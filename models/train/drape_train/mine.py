"""Mining for the judge: crops of a detector's proposals and of boxes drawn around the truth.

    python -m drape_train.mine base|turned

`base`: CenterFace's proposals; `turned`: those it makes in pictures turned by quarters and looked at in three sizes, for
what hands, gloves, drapes, lamps and caps look like to it there. Writes shards of 96×96 crops with, per crop: face (1, 0), endoscopy (1, 0), weight class and held-out flag.
"""

import pickle
import sys
from dataclasses import replace

import numpy as np

from .centerface import REPAIRED, Detector
from .crops import STORED_FACTOR, STORED_SIDE, crop
from .data import Picture, all_pictures
from .dress import dress
from .geometry import area, grow, iou, overlaps, turn_boxes
from .paths import CACHE
from .prepare import FOUND

MOST = {"faces": 6, "heads": 6, "endo": 14, "scene": 8}  # of each verdict, a look


def with_unlabelled(picture: Picture, found: dict) -> Picture:
    """The picture with strong detections that no label names among what is ignored."""
    boxes, scores, _ = found.get(picture.name, (np.zeros((0, 4)), np.zeros(0), None))
    strong = boxes[scores > 0.35]
    if len(strong) and len(picture.faces):
        strong = strong[iou(strong, picture.faces).max(1) < 0.2]
    return replace(picture, ignored=np.concatenate([picture.ignored, strong.reshape(-1, 4)]))


def judge_boxes(picture: Picture, boxes: np.ndarray) -> np.ndarray:
    """1 face, 0 not, -1 unknown, for each proposal."""
    verdict = np.zeros(len(boxes), int)
    if not len(boxes):
        return verdict
    if len(picture.faces):
        share = iou(boxes, picture.faces)
        held = overlaps(grow(boxes), picture.faces) / np.maximum(area(picture.faces)[None], 1e-9)
        ratio = area(boxes)[:, None] / np.maximum(area(picture.faces)[None], 1e-9)
        good = (share >= 0.35) | ((held >= 0.9) & (ratio > 0.35) & (ratio < 5))
        verdict[share.max(1) >= 0.06] = -1
        verdict[good.any(1)] = 1
    if len(picture.ignored):
        touched = overlaps(boxes, picture.ignored).max(1) / np.maximum(area(boxes), 1e-9)
        verdict[(touched > 0.1) & (verdict == 0)] = -1
    return verdict


def turned(image: np.ndarray, picture: Picture, quarter: int) -> tuple[np.ndarray, Picture]:
    """The picture and its boxes after `quarter` turns counter-clockwise."""
    size = image.shape[:2]
    made = Picture(picture.path, picture.kind, picture.source, picture.group, picture.held_out)
    made.faces, made.ignored = (turn_boxes(boxes, quarter, *size) for boxes in (picture.faces, picture.ignored))
    return np.ascontiguousarray(np.rot90(image, quarter)), made


class Shelf:
    """Collects crops and their labels."""

    def __init__(self) -> None:
        self.crops: list[np.ndarray] = []
        self.rows: list[tuple] = []
        self.names: list[str] = []

    def add(self, image, box, picture: Picture, face: int, score: float) -> None:
        self.crops.append(crop(image, box, STORED_FACTOR, STORED_SIDE))
        self.rows.append((face, picture.kind == "endo", picture.held_out, score, max(box[2:])))
        self.names.append(picture.name)

    def save(self, path) -> None:
        np.savez(path, crops=np.stack(self.crops), rows=np.array(self.rows, np.float32), names=np.array(self.names))


def random_boxes(rng, height: int, width: int, count: int) -> np.ndarray:
    side = np.exp(rng.uniform(np.log(14), np.log(0.7 * min(height, width)), count))
    return np.stack([rng.uniform(0, width, count) - side / 2, rng.uniform(0, height, count) - side / 2, side, side], 1)


def looks_at(picture: Picture, count: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """(quarter turn, detector) pairs: held-out pictures upright by all; faces once, backgrounds twice, turned too."""
    if count == 3:
        every = [(quarter, 0) for quarter in ((0, 1, 2, 3) if picture.kind == "scene" else rng.choice(4, 1))]
        return every + [(int(rng.integers(0, 4)), 1 + int(rng.random() < 0.6))]
    if picture.held_out:
        return [(0, which) for which in range(count)]
    once = [(int(rng.choice(4, p=[0.61, 0.13, 0.13, 0.13])), int(rng.random() < 0.35))]
    return once if picture.kind in ("faces", "heads") else [(0, 0), (int(rng.integers(0, 4)), 1)]


def mine_picture(shelf: Shelf, detectors: list, picture: Picture, found: dict, rng: np.random.Generator) -> None:
    image = picture.read()
    for quarter, which in looks_at(picture, len(detectors), rng):
        view, truth = turned(image, picture, quarter)
        boxes, scores = detectors[which](view)
        verdict = judge_boxes(truth, boxes)
        for face in (0, 1):
            for i in np.where(verdict == face)[0][: MOST[picture.kind]]:
                shelf.add(view, boxes[i], truth, face, float(scores[i]))
    if len(detectors) == 3:
        return  # Boxes around the truth are plenty from the first round.
    if picture.kind == "endo" or (picture.kind == "scene" and not len(picture.faces) and not len(picture.ignored)):
        for box in random_boxes(rng, *image.shape[:2], 6 if picture.kind == "endo" else 2):
            shelf.add(image, box, picture, 0, 0.0)
    around_truth(shelf, picture, image, rng)
    if len(picture.faces) and len(found.get(picture.name, [[]])[0]):
        dressed(shelf, picture, image, found[picture.name], rng)


def around_truth(shelf: Shelf, picture: Picture, image: np.ndarray, rng: np.random.Generator) -> None:
    """Jittered ground truth, at most 8 a picture."""
    big = picture.faces[picture.faces[:, 2:].max(1) >= 9] if len(picture.faces) else picture.faces
    for box in rng.permutation(big)[:8]:
        size = box[2:] * np.exp(rng.normal(0, 0.15, 2))
        middle = box[:2] + box[2:] / 2 + rng.normal(0, 0.09, 2) * box[2:]
        shelf.add(image, np.concatenate([middle - size / 2, size]), picture, 1, 0.0)


def dressed(shelf, picture: Picture, image, found, rng) -> None:
    """Faces with drawn masks, caps, goggles; at most 4 a picture, placed by the detector's landmarks."""
    boxes, scores, marks = found
    sure = np.where((scores > 0.35) & (iou(boxes, picture.faces).max(1) > 0.5) & (boxes[:, 2] > 16))[0]
    if not len(sure):
        return
    copy = image.copy()
    for i in rng.permutation(sure)[:4]:
        if dress(copy, marks[i], rng):
            shelf.add(copy, boxes[i], picture, 1, float(scores[i]))


def main() -> None:
    which = sys.argv[1]
    detectors = [Detector(REPAIRED, ((384, 640),)), Detector(REPAIRED, ((192, 320),))]
    if which == "turned":
        detectors = [Detector(REPAIRED, (look,)) for look in ((384, 640), (192, 320), (640, 1088))]
    rng = np.random.default_rng({"base": 20, "turned": 22}[which])
    found = pickle.loads(FOUND.read_bytes())
    shelf = Shelf()
    pictures = all_pictures()
    for n, picture in enumerate(pictures):
        if picture.kind in ("faces", "heads"):
            picture = with_unlabelled(picture, found)
        mine_picture(shelf, detectors, picture, found, rng)
        if n % 200 == 0:
            print(f"{n}/{len(pictures)} pictures, {len(shelf.crops)} crops", flush=True)
    target = CACHE / f"crops-{which}.npz"
    partial = target.with_suffix(".part.npz")
    shelf.save(partial)
    partial.replace(target)
    rows = np.array(shelf.rows)
    print(f"{len(rows)} crops: {int(rows[:, 0].sum())} faces, {int(rows[:, 1].sum())} endoscopy, {int(rows[:, 2].sum())} held out")


if __name__ == "__main__":
    main()
