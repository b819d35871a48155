"""Pictures for the view gate: is everything in this picture inside the body?"""

import zlib

import cv2
import numpy as np

from .data import UNUSED_SCENES, Picture, face_pictures, view_pictures
from .detector_data import relight

SIDE = 128


def held_out(picture: Picture) -> bool:
    """Besides the sources that nothing is trained on, one group in six of what lies outside."""
    if picture.kind == "endo":
        return picture.held_out
    return picture.held_out or zlib.crc32(f"view {picture.group}".encode()) % 6 == 0


def pictures() -> tuple[list[Picture], list[Picture]]:
    """In-body pictures, and everything else: rooms, people, hands, screens, wounds, open surgery."""
    seen = view_pictures()
    inside = [p for p in seen if p.kind == "endo"]
    outside = [p for p in seen if p.kind != "endo" and p.source not in UNUSED_SCENES]
    return inside, outside + face_pictures()


def whole(image: np.ndarray, side: int = SIDE) -> np.ndarray:
    """The whole picture, stretched to a square: borders would say more than what they surround."""
    return cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)


def small(picture: Picture) -> np.ndarray:
    """Kept in memory: 192 pixels a side leave room for cropping."""
    return whole(picture.read(), 192)


def part(image: np.ndarray, rng: np.random.Generator, least: float = 0.55) -> np.ndarray:
    size = image.shape[0]
    w, h = (int(round(size * rng.uniform(least, 1))) for _ in range(2))
    x, y = int(rng.integers(0, size - w + 1)), int(rng.integers(0, size - h + 1))
    return whole(image[y : y + h, x : x + w])


def bordered(image: np.ndarray, rng: np.random.Generator) -> None:
    """What endoscopes put around a picture, inside the body and outside of it: a round field, black bars. In place."""
    side = image.shape[0]
    if rng.random() < 0.6:
        y, x = np.mgrid[0:side, 0:side]
        cx, cy = side * (0.5 + rng.normal(0, 0.05, 2))
        rx, ry = side * rng.uniform(0.36, 0.68, 2)
        image[((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 > 1] = rng.integers(0, 14)
        return
    for quarter in rng.permutation(4)[: rng.integers(1, 4)]:
        np.rot90(image, quarter)[: int(rng.integers(3, 0.28 * side))] = 0


def lettered(image: np.ndarray, rng: np.random.Generator) -> None:
    """A few lines of burned-in text: it says nothing of the view. In place."""
    for _ in range(int(rng.integers(1, 5))):
        text = "".join(rng.choice(list("ABCDEFG 0123456789:-./")) for _ in range(int(rng.integers(3, 14))))
        at = tuple(int(v) for v in rng.integers(0, image.shape[0], 2))
        shade = tuple(int(v) for v in rng.integers(140, 256, 3))
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_PLAIN, float(rng.uniform(0.4, 0.9)), shade, 1, cv2.LINE_AA)


def degrade(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turned, bordered, lettered, relit."""
    image = np.ascontiguousarray(np.rot90(image, rng.integers(0, 4)))
    if rng.random() < 0.5:
        image = np.ascontiguousarray(image[:, ::-1])
    if rng.random() < 0.35:
        bordered(image, rng)
    if rng.random() < 0.2:
        lettered(image, rng)
    return relight(image, rng)


class Maker:
    """Makes (image uint8 [128, 128, 3], 1 where all of it is inside the body)."""

    def __init__(self) -> None:
        inside, outside = pictures()
        self.inside = [(p.source, small(p)) for p in inside if not held_out(p)]
        self.outside = [(p.source, small(p)) for p in outside if not held_out(p)]
        self.weights = [self.drawn(of) for of in (self.inside, self.outside)]

    @staticmethod
    def drawn(of: list) -> np.ndarray:
        """By the root of a source's size, so that the largest are not most of what is seen."""
        sources = [source for source, _ in of]
        weights = np.array([sources.count(source) ** -0.5 for source in sources])
        return weights / weights.sum()

    def one(self, kind: int, rng: np.random.Generator) -> np.ndarray:
        of = (self.inside, self.outside)[kind]
        return of[rng.choice(len(of), p=self.weights[kind])][1]

    def make(self, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        kind = rng.random()
        if kind < 0.45:
            return degrade(part(self.one(0, rng), rng), rng), 1
        if kind < 0.85:
            return degrade(part(self.one(1, rng), rng), rng), 0
        # A window of one in the other, as screens and pictures in pictures have it: not surely inside.
        back, over = part(self.one(0, rng), rng), part(self.one(1, rng), rng)
        if rng.random() < 0.4:
            back, over = over, back
        w, h = (int(SIDE * rng.uniform(0.3, 0.7)) for _ in range(2))
        x, y = int(rng.integers(0, SIDE - w)), int(rng.integers(0, SIDE - h))
        back[y : y + h, x : x + w] = cv2.resize(over, (w, h), interpolation=cv2.INTER_AREA)
        return degrade(back, rng), 0
