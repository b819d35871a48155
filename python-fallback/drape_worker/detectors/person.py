"""person-opencv: people by their outline (HOG) and by their motion (background subtraction)."""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from typing import Any

import cv2
import numpy as np

from ..context import CallContext
from ..registry import MODELS, method
from .picture import Box, Gray, Look, Picture, read_picture, resized

_HOG_LONG_PX = 640
_HOG_WINDOW = (64, 128)
_MOTION_LONG_PX = 320
_MAX_STREAMS = 16
# More of the picture moves than people do: the camera moved, or the picture changed.
_ALL_MOVES = 0.6
_MIN_AREA = 0.01
_MIN_HEIGHT = 0.15
_MOTION_SCORE = 0.4

_weights = cv2.HOGDescriptor.getDefaultPeopleDetector()
_hog = cv2.HOGDescriptor()
_hog.setSVMDetector(_weights)
MODELS.append(
    {"id": "opencv hog people", "sha256": hashlib.sha256(_weights.tobytes()).hexdigest()}
)


class _Motion:
    """The background of one stream, as it was seen so far."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self._model = cv2.createBackgroundSubtractorMOG2(
            history=200, varThreshold=25, detectShadows=False
        )
        self._seen = 0

    def mask(self, gray: Gray) -> Gray | None:
        """What moves; None while nothing is known to compare with."""
        moving = self._model.apply(cv2.GaussianBlur(gray, (5, 5), 0))
        self._seen += 1
        return None if self._seen < 2 else moving


_motions: OrderedDict[str, _Motion] = OrderedDict()


@method("look", private=True)
def look(context: CallContext, args: Any, payload: memoryview | None) -> Any:
    picture = read_picture(args, payload)
    out = Look(picture)
    _find_outlines(picture, out)
    context.check()
    _find_motion(context.key or "", picture, out)
    return out.reply()


@method("forget")
def forget(context: CallContext, _args: Any, _payload: memoryview | None) -> None:
    _motions.pop(context.key or "", None)


def _find_outlines(picture: Picture, out: Look) -> None:
    height, width = picture.gray.shape
    # People fill at least a fifth of the height here: smaller ones have no outline to speak of.
    factor = min(2.0, _HOG_LONG_PX / max(height, width))
    work = resized(picture.gray, factor)
    missing_y = max(0, _HOG_WINDOW[1] + 16 - work.shape[0])
    missing_x = max(0, _HOG_WINDOW[0] + 16 - work.shape[1])
    padded = cv2.copyMakeBorder(work, 0, missing_y, 0, missing_x, cv2.BORDER_REPLICATE)
    boxes, weights = _hog.detectMultiScale(
        padded, winStride=(8, 8), padding=(8, 8), scale=1.08, hitThreshold=0.0
    )
    for (x, y, w, h), weight in zip(boxes, np.ravel(weights)):
        box = Box(float(x), float(y), float(w), float(h)).scaled(1 / factor)
        if box.x < width and box.y < height:
            # The margin of the classifier, as a probability-like number: 0 is even.
            out.add(box, 1 / (1 + math.exp(-3 * (float(weight) - 0.3))))


def _find_motion(key: str, picture: Picture, out: Look) -> None:
    height, width = picture.gray.shape
    factor = min(1.0, _MOTION_LONG_PX / max(height, width))
    work = resized(picture.gray, factor)
    motion = _motions.get(key)
    if motion is None or motion.shape != work.shape:
        motion = _motions[key] = _Motion(work.shape)
    _motions.move_to_end(key)
    while len(_motions) > _MAX_STREAMS:
        _motions.popitem(last=False)
    moving = motion.mask(work)
    if moving is None:
        return
    if float((moving > 0).mean()) > _ALL_MOVES:
        # It can't tell who moves: the caller covers the whole picture. The new one is learnt.
        _motions[key] = _Motion(work.shape)
        _motions[key].mask(work)
        out.saturate(Box(0.0, 0.0, float(width), float(height)))
        return
    opened = cv2.morphologyEx(moving, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    # Head, trunk and legs move apart: they are one.
    joined = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((15, 9), np.uint8))
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for x, y, w, h, area in stats[1:]:
        if area >= _MIN_AREA * work.size and h >= _MIN_HEIGHT * work.shape[0]:
            # Blur and opening took its edge.
            box = Box(float(x), float(y), float(w), float(h)).grown(3, 3)
            out.add(box.scaled(1 / factor), _MOTION_SCORE)
