"""code-zxing-python: bar codes and 2D codes with zxing-cpp, those with errors included."""

from __future__ import annotations

from typing import Any

import numpy as np
import zxingcpp

from ..context import CallContext
from ..registry import method
from .picture import Box, Gray, Look, read_picture, resized

_MAX_SIDE_PX = 2560
_MIN_SIDE_PX = 640
_LINEAR_SHARE = 0.35


@method("look", private=True)
def look(_context: CallContext, args: Any, payload: memoryview | None) -> Any:
    picture = read_picture(args, payload)
    longest = max(picture.gray.shape)
    factor = min(1.0, _MAX_SIDE_PX / longest)
    if longest < _MIN_SIDE_PX:
        factor = min(4.0, _MIN_SIDE_PX / longest)
    work = resized(picture.gray, factor)
    out = Look(picture)
    # A code that is damaged is a code: somebody may restore it.
    for code in zxingcpp.read_barcodes(work, return_errors=True):
        score = 0.95 if code.valid else 0.5
        out.add(_place(work, code).scaled(1 / factor), score)
    return out.reply()


@method("forget")
def forget(_context: CallContext, _args: Any, _payload: memoryview | None) -> None:
    """It keeps nothing per stream."""


def _place(gray: Gray, code: Any) -> Box:
    at = code.position
    corners = np.array(
        [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)], float
    )
    left, top = corners.min(axis=0)
    width, height = np.maximum(corners.max(axis=0) - corners.min(axis=0), 1)
    box = Box(float(left), float(top), float(width), float(height))
    # Of a linear code only the scanned rows are known: a thin box. The bars go on.
    if height < _LINEAR_SHARE * width:
        box = _along_bars(gray, box)
    elif width < _LINEAR_SHARE * height:
        turned = _along_bars(gray.T, Box(box.y, box.x, box.h, box.w))
        box = Box(turned.y, turned.x, turned.h, turned.w)
    margin = 0.04 * max(box.w, box.h) + 2
    return box.grown(margin, margin)


def _along_bars(gray: Gray, box: Box) -> Box:
    """As far up and down as rows look like the row in the middle, and some more."""
    height, width = gray.shape
    left, right = max(0, int(box.x)), min(width, int(box.x + box.w) + 1)
    middle = min(height - 1, max(0, int(box.y + box.h / 2)))
    rows = gray[:, left:right].astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(rows, axis=1) + 1e-6
    alike = rows @ rows[middle] / (norms * norms[middle]) > 0.5
    top, bottom = middle, middle
    while top > 0 and alike[max(0, top - 4) : top].any():
        top -= 1
    while bottom < height - 1 and alike[bottom + 1 : bottom + 5].any():
        bottom += 1
    return Box(box.x, float(top), box.w, float(bottom - top + 1))
