"""The luma plane of a frame, upright, and the way back to its coded pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]

# Threads are the pool's business: one process per core.
cv2.setNumThreads(1)


@dataclass(frozen=True)
class Box:
    """In pixels: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    def grown(self, x_px: float, y_px: float) -> Box:
        return Box(self.x - x_px, self.y - y_px, self.w + 2 * x_px, self.h + 2 * y_px)

    def share_in(self, other: Box) -> float:
        """Which share of its area lies in the other box, 0..1."""
        w = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        h = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return w * h / (self.w * self.h) if w > 0 and h > 0 else 0.0

    def scaled(self, factor: float) -> Box:
        return Box(self.x * factor, self.y * factor, self.w * factor, self.h * factor)


@dataclass(frozen=True)
class Picture:
    gray: Gray
    """Rows from top to bottom as a person sees them. A view: never written to."""
    rotation_deg: int

    def to_coded(self, box: Box) -> Box:
        """From upright pixels to those of the coded picture."""
        height, width = self.gray.shape
        if self.rotation_deg == 90:
            return Box(box.y, width - box.x - box.w, box.h, box.w)
        if self.rotation_deg == 180:
            return Box(width - box.x - box.w, height - box.y - box.h, box.w, box.h)
        if self.rotation_deg == 270:
            return Box(height - box.y - box.h, box.x, box.h, box.w)
        return box


def read_picture(args: Any, payload: memoryview | None) -> Picture:
    """From a call's arguments `{widthPx, heightPx, strideBytes, rotationDeg, fullRange}`."""
    if payload is None:
        raise ValueError("a look without a picture")
    width, height, stride = args["widthPx"], args["heightPx"], args["strideBytes"]
    # The last row may end with its pixels, without padding.
    if stride < width or len(payload) < stride * (height - 1) + width:
        raise ValueError("the picture is smaller than it says")
    rows = np.lib.stride_tricks.as_strided(
        np.frombuffer(payload, np.uint8), (height, width), (stride, 1), writeable=False
    )
    # rot90 turns counter-clockwise.
    upright = np.rot90(rows, -args["rotationDeg"] // 90)
    return Picture(upright, args["rotationDeg"])


def resized(gray: Gray, factor: float) -> Gray:
    """A contiguous copy, `factor` times as large, at least one pixel."""
    if factor == 1:
        return np.ascontiguousarray(gray)
    height, width = gray.shape
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(np.ascontiguousarray(gray), size, interpolation=how)


class Look:
    """What was found, on its way to the caller: `[x, y, w, h, score]` in coded pixels."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._found: list[list[float]] = []
        self._saturated: list[list[float]] = []

    def add(self, box: Box, score: float) -> None:
        place = self._picture.to_coded(box)
        self._found.append(
            [float(place.x), float(place.y), float(place.w), float(place.h), float(score)]
        )

    def saturate(self, box: Box) -> None:
        """More was found in there than can be told apart."""
        place = self._picture.to_coded(box)
        self._saturated.append([float(place.x), float(place.y), float(place.w), float(place.h)])

    def reply(self) -> dict[str, Any]:
        return {"found": self._found, "saturated": self._saturated}
