"""Burned-in text stands still for minutes: a line that looks the same is not read again."""

from __future__ import annotations

from collections import OrderedDict
from typing import Callable

import cv2
import numpy as np

from .picture import Gray
from .text_lines import Line
from .text_reader import cut

_MAX_STREAMS = 16
_MAX_LINES = 400
_THUMB = (32, 8)
# Mean difference of thumbnails, in grey levels, below which a line is the same.
_SAME = 4.0


class Memory:
    """Scores of lines, per stream, by their place. Bounded; the oldest goes first."""

    def __init__(self) -> None:
        self._streams: OrderedDict[str, OrderedDict[tuple[int, ...], tuple[Gray, float]]] = (
            OrderedDict()
        )

    def score(self, key: str, gray: Gray, line: Line, read: Callable[[], float]) -> float:
        lines = self._streams.setdefault(key, OrderedDict())
        self._streams.move_to_end(key)
        # Boxes of the same line move by a pixel or two from frame to frame.
        box = line.box
        place = (line.bright, *(round(side / 4) for side in (box.x, box.y, box.w, box.h)))
        thumb = cv2.resize(cut(gray, box), _THUMB, interpolation=cv2.INTER_AREA)
        known = lines.get(place)
        if known is not None and float(np.mean(cv2.absdiff(known[0], thumb))) < _SAME:
            lines.move_to_end(place)
            return known[1]
        score = read()
        lines[place] = (thumb, score)
        while len(lines) > _MAX_LINES:
            lines.popitem(last=False)
        while len(self._streams) > _MAX_STREAMS:
            self._streams.popitem(last=False)
        return score

    def forget(self, key: str) -> None:
        self._streams.pop(key, None)
