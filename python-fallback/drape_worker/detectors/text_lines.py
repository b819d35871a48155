"""Where lines of text may be: places of thin strokes, brighter or darker than around them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .picture import Box, Gray

# Strokes of letters up to this height (pixels of the working picture) are found whole.
_STROKE_PX = 21
# Grey levels by which strokes differ from their surroundings.
_MIN_CONTRAST = 30
_FAINT_CONTRAST = 40
_MIN_HEIGHT_PX = 6
_MIN_WIDTH_PX = 8


@dataclass(frozen=True)
class Line:
    box: Box
    bright: bool
    """Bright strokes on dark ground, or dark ones on bright ground."""


def find_lines(gray: Gray) -> list[Line]:
    """Candidates, good and bad: they are read afterwards."""
    return [
        Line(box, bright)
        for bright in (True, False)
        for strokes in _strokes(gray, bright)
        for box in _components(strokes)
    ]


def _strokes(gray: Gray, bright: bool) -> list[Gray]:
    """Strokes as strong as the picture's strongest; and faint ones, where those are far apart."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_STROKE_PX, _STROKE_PX))
    how = cv2.MORPH_TOPHAT if bright else cv2.MORPH_BLACKHAT
    contrast = cv2.morphologyEx(gray, how, kernel)
    strongest = float(np.percentile(contrast, 99.7))
    thresholds = [max(_MIN_CONTRAST, 0.5 * strongest)]
    if thresholds[0] > 1.5 * _FAINT_CONTRAST:
        thresholds.append(_FAINT_CONTRAST)
    return [(contrast > threshold).astype(np.uint8) for threshold in thresholds]


def _components(strokes: Gray) -> list[Box]:
    # Letters of a line are joined, lines are not.
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_STROKE_PX, 3))
    joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, kernel)
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = []
    for x, y, w, h, area in stats[1:]:
        if h < _MIN_HEIGHT_PX or h > 3 * _STROKE_PX or w < max(_MIN_WIDTH_PX, 0.8 * h):
            continue
        ink = float(strokes[y : y + h, x : x + w].mean())
        # Neither a few specks nor a filled area, and joined it fills its box.
        if 0.08 <= ink <= 0.75 and area >= 0.3 * w * h:
            boxes.append(Box(float(x), float(y), float(w), float(h)))
    return boxes
