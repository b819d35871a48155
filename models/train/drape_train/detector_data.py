"""Training crops for the detector: faces at any angle and size, dressed, beside and inside endoscopy."""

import pickle

import cv2
import numpy as np

from .data import Picture, all_pictures
from .dress import cloth_colour, dress
from .geometry import iou, rotate_box
from .prepare import FOUND

SMALLEST = 8.0
UNLABELLED_SCORE = 0.35
SKIN = np.array([[205, 160, 135], [150, 105, 80], [95, 65, 50], [225, 225, 230], [150, 190, 220], [235, 225, 190]], float)


def warp(image: np.ndarray, matrix: np.ndarray, side: int, border) -> np.ndarray:
    """Affine warp that shrinks by areas first, so that small faces are not aliased."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    while scale < 0.6 and min(image.shape[:2]) > 16:
        height, width = image.shape[:2]
        image = cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        back = np.array([[width / (width // 2), 0], [0, height / (height // 2)]])
        matrix = np.concatenate([matrix[:, :2] @ back, matrix[:, 2:]], 1)
        scale *= 2
    return cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR, borderValue=border)


def placement(rng, point, angle: float, scale: float, target) -> np.ndarray:
    """2×3 matrix that turns by `angle` degrees, scales, maybe mirrors, and brings `point` to `target`."""
    turn = np.deg2rad(angle)
    linear = scale * np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    if rng.random() < 0.5:
        linear[:, 0] = -linear[:, 0]
    shift = np.asarray(target, float) - linear @ np.asarray(point, float)
    return np.concatenate([linear, shift[:, None]], 1)


def any_angle(rng) -> float:
    if rng.random() < 0.55:
        return float(rng.normal(0, 12))
    return float(rng.uniform(-180, 180)) if rng.random() < 0.5 else float(rng.integers(1, 4) * 90 + rng.normal(0, 8))


def occlude(image: np.ndarray, boxes: np.ndarray, rng) -> None:
    """A hand, glove or instrument across part of a face, in place."""
    for x, y, w, h in boxes:
        if rng.random() > 0.18 or min(w, h) < 12:
            continue
        middle = (int(x + rng.uniform(-0.1, 1.1) * w), int(y + rng.uniform(0.1, 1.2) * h))
        axes = (max(1, int(rng.uniform(0.1, 0.35) * w)), max(1, int(rng.uniform(0.25, 0.8) * h)))
        colour = SKIN[rng.integers(len(SKIN))] if rng.random() < 0.6 else cloth_colour(rng)
        colour = tuple(float(v) for v in colour * rng.uniform(0.5, 1.1))
        cv2.ellipse(image, middle, axes, float(rng.uniform(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)


def relight(image: np.ndarray, rng) -> np.ndarray:
    """Gamma, casts, lamp glare, low light, blur, noise, JPEG, grey."""
    values = image.astype(np.float32)
    side = image.shape[0]
    if rng.random() < 0.7:
        values *= np.exp(rng.normal(0, 0.2) + rng.normal(0, 0.07, 3)).astype(np.float32)
    if rng.random() < 0.3:
        values = 255 * np.clip(values / 255, 0, 1) ** np.float32(np.exp(rng.normal(0, 0.4)))
    if rng.random() < 0.12:
        values *= np.float32(rng.uniform(0.15, 0.5))
    if rng.random() < 0.1:
        values *= np.array([[0.7, 1.05, 0.8], [0.6, 0.75, 1.2], [1.2, 0.8, 0.7]][rng.integers(3)], np.float32)
    if rng.random() < 0.12:
        y, x = np.mgrid[0:side, 0:side]
        cx, cy = rng.uniform(0, side, 2)
        glare = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * (side * rng.uniform(0.05, 0.3)) ** 2))
        values += (rng.uniform(60, 220) * glare)[..., None].astype(np.float32)
    if rng.random() < 0.12:
        values = np.repeat(values.mean(2, keepdims=True), 3, 2)
    if rng.random() < 0.2:
        values = cv2.GaussianBlur(values, (0, 0), float(rng.uniform(0.5, 1.8)))
    if rng.random() < 0.3:
        values = values + rng.normal(0, rng.uniform(2, 12), values.shape).astype(np.float32)
    result = np.clip(values, 0, 255).astype(np.uint8)
    if rng.random() < 0.25:
        _, coded = cv2.imencode(".jpg", result, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
        result = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return result


class Maker:
    """Makes (image, faces, ignored): uint8 [side, side, 3] and boxes in its pixels."""

    def __init__(self) -> None:
        self.found = pickle.loads(FOUND.read_bytes())
        pictures = [p for p in all_pictures() if not p.held_out]
        self.faces = [p for p in pictures if p.kind in ("faces", "scene") and self.sizes(p).size]
        operating = ("site_", "surgeon_site", "masked_kaggle", "masked_people")
        self.face_weights = np.array([1.6 if p.source.startswith(operating) else 1.0 for p in self.faces])
        self.face_weights /= self.face_weights.sum()
        self.endo = [p for p in pictures if p.kind == "endo"]
        self.scenes = [p for p in pictures if p.kind in ("scene", "heads")]
        self.endo_sources = self.by_source(self.endo)

    @staticmethod
    def sizes(picture: Picture) -> np.ndarray:
        return np.where(picture.faces[:, 2:].max(1) >= SMALLEST)[0] if len(picture.faces) else np.zeros(0, int)

    @staticmethod
    def by_source(pictures: list[Picture]) -> list[list[Picture]]:
        sources: dict[str, list[Picture]] = {}
        for picture in pictures:
            sources.setdefault(picture.source, []).append(picture)
        return list(sources.values())

    def regions(self, picture: Picture) -> np.ndarray:
        """What is neither face nor background: ignored labels and strong detections that no label names."""
        if picture.kind == "scene":
            return picture.ignored  # Looked at by eye: see labels/.
        boxes, scores, _ = self.found.get(picture.name, (np.zeros((0, 4)), np.zeros(0), None))
        strong = boxes[scores > UNLABELLED_SCORE]
        if len(strong) and len(picture.faces):
            strong = strong[iou(strong, picture.faces).max(1) < 0.2]
        return np.concatenate([picture.ignored, strong.reshape(-1, 4)])

    def dressed(self, picture: Picture, image: np.ndarray, rng) -> None:
        boxes, scores, marks = self.found.get(picture.name, (np.zeros((0, 4)), np.zeros(0), None))
        if not len(boxes) or not len(picture.faces):
            return
        matched = iou(boxes, picture.faces).max(1) > 0.5
        for i in np.where(matched & (scores > 0.4) & (boxes[:, 2] > 14))[0]:
            if rng.random() < 0.8:
                dress(image, marks[i], rng)

    def placed(self, picture: Picture, image, matrix, side: int, rng, occluded: bool = True):
        border = (0, 0, 0) if rng.random() < 0.6 else tuple(float(v) for v in rng.integers(0, 200, 3))
        view = warp(image, matrix, side, border)
        faces, ignored = [], []
        for box in picture.faces:
            moved = rotate_box(box, matrix)
            cx, cy = moved[:2] + moved[2:] / 2
            inside = 0 <= cx < side and 0 <= cy < side
            (faces if inside and moved[2:].max() >= SMALLEST else ignored).append(moved)
        ignored += [rotate_box(box, matrix) for box in self.regions(picture)]
        faces, ignored = np.array(faces).reshape(-1, 4), np.array(ignored).reshape(-1, 4)
        if occluded:
            occlude(view, faces, rng)
        return view, faces, ignored

    def face_crop(self, side: int, rng):
        picture = self.faces[rng.choice(len(self.faces), p=self.face_weights)]
        image = picture.read()
        if rng.random() < 0.6:
            self.dressed(picture, image, rng)
        box = picture.faces[rng.choice(self.sizes(picture))]
        smallest, largest = (11, 200) if side < 300 else (60, 350)
        scale = min(np.exp(rng.uniform(np.log(smallest), np.log(largest))) / box[2:].max(), 5.0)
        point = box[:2] + box[2:] / 2
        target = rng.uniform(0.15 * side, 0.85 * side, 2)
        return self.placed(picture, image, placement(rng, point, any_angle(rng), scale, target), side, rng)

    def background(self, picture: Picture, side: int, rng):
        image = picture.read()
        height, width = image.shape[:2]
        scale = np.exp(rng.uniform(np.log(190), np.log(620))) / min(height, width)
        point = rng.uniform(0.2, 0.8, 2) * [width, height]
        angle = any_angle(rng)
        return self.placed(picture, image, placement(rng, point, angle, scale, (side / 2, side / 2)), side, rng)

    def endo_crop(self, side: int, rng):
        # Half by source, so that the largest source is not most of what is seen.
        source = self.endo_sources[rng.integers(len(self.endo_sources))] if rng.random() < 0.5 else self.endo
        return self.background(source[rng.integers(len(source))], side, rng)

    def mosaic(self, side: int, rng):
        """A window with faces in front of endoscopy, or the other way round."""
        back, over = self.endo_crop(side, rng), self.face_crop(side, rng)
        if rng.random() < 0.5:
            back, over = over, back
        w, h = rng.uniform(0.35, 0.9, 2) * side
        x, y = rng.uniform(0, side - w), rng.uniform(0, side - h)
        x0, y0, x1, y1 = int(x), int(y), int(x + w), int(y + h)
        image = back[0].copy()
        image[y0:y1, x0:x1] = over[0][y0:y1, x0:x1]

        def share(boxes):
            low, high = np.maximum(boxes[:, :2], [x0, y0]), np.minimum(boxes[:, :2] + boxes[:, 2:], [x1, y1])
            return np.clip(high - low, 0, None).prod(1) / np.maximum(boxes[:, 2:].prod(1), 1e-6)

        behind, front = 1 - share(back[1]), share(over[1])
        faces = np.concatenate([back[1][behind >= 0.7], over[1][front >= 0.7]])
        torn = [back[1][(behind < 0.7) & (behind > 0.05)], over[1][(front < 0.7) & (front > 0.05)]]
        return image, faces, np.concatenate([back[2], over[2], *torn])

    def make(self, side: int, rng):
        kind = rng.random()
        if kind < 0.5:
            image, faces, ignored = self.face_crop(side, rng)
        elif kind < 0.72:
            image, faces, ignored = self.endo_crop(side, rng)
        elif kind < 0.86:
            image, faces, ignored = self.background(self.scenes[rng.integers(len(self.scenes))], side, rng)
        else:
            image, faces, ignored = self.mosaic(side, rng)
        return relight(image, rng), faces, ignored


def targets(faces: np.ndarray, ignored: np.ndarray, side: int) -> dict[str, np.ndarray]:
    """Heatmap, its weight, log size and offset with their weights, at stride 4."""
    cells = side // 4
    heat, weight = np.zeros((cells, cells), np.float32), np.ones((cells, cells), np.float32)
    shape, shape_weight = np.zeros((4, cells, cells), np.float32), np.zeros((cells, cells), np.float32)
    grid = np.arange(cells)
    for x, y, w, h in ignored:
        x0, y0 = max(0, int(x / 4)), max(0, int(y / 4))
        weight[y0 : max(0, int(np.ceil((y + h) / 4))), x0 : max(0, int(np.ceil((x + w) / 4)))] = 0
    for x, y, w, h in sorted(faces.tolist(), key=lambda b: -b[2] * b[3]):
        cx, cy = (x + w / 2) / 4, (y + h / 2) / 4
        column, row = min(int(cx), cells - 1), min(int(cy), cells - 1)
        across = np.exp(-((grid - column) ** 2) / (2 * max(0.7, 0.09 * w / 4) ** 2))
        down = np.exp(-((grid - row) ** 2) / (2 * max(0.7, 0.09 * h / 4) ** 2))
        bump = down[:, None] * across[None]
        heat = np.maximum(heat, bump.astype(np.float32))
        for r in range(max(0, row - 1), min(cells, row + 2)):
            for c in range(max(0, column - 1), min(cells, column + 2)):
                shape[:, r, c] = [np.log(h / 4), np.log(w / 4), cy - r - 0.5, cx - c - 0.5]
                shape_weight[r, c] = 1.0 if (r, c) == (row, column) else 0.3
        weight[row, column] = 1
    return {"heat": heat, "weight": weight, "shape": shape, "shape_weight": shape_weight}
