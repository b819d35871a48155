"""Reads one line with Tesseract. What it reads stays in this file: only a score leaves it."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import tesserocr

from ..registry import MethodError
from .picture import Box, Gray, resized
from .text_lines import Line

LANGUAGES = ("kor", "eng")
# Height of a line at which Tesseract's networks read best, in pixels.
_LINE_HEIGHT_PX = 36
# A line that could not be read is no proof that there is none: it keeps a track alive.
UNREAD_SCORE = 0.12


def language_folder() -> Path:
    folder = os.environ.get("TESSDATA_PREFIX")
    if not folder:
        raise MethodError("model-missing", "TESSDATA_PREFIX names no folder of language data")
    return Path(folder)


class Reader:
    def __init__(self, folder: Path) -> None:
        try:
            self._api = tesserocr.PyTessBaseAPI(
                path=str(folder),
                lang="+".join(LANGUAGES),
                psm=tesserocr.PSM.SINGLE_LINE,
                oem=tesserocr.OEM.LSTM_ONLY,
            )
        except RuntimeError:
            raise MethodError("model-corrupt", f"language data {'+'.join(LANGUAGES)}") from None
        # It prints about what it sees.
        self._api.SetVariable("debug_file", os.devnull)

    def score(self, gray: Gray, line: Line) -> float:
        """How sure it is that this is text, 0..1."""
        crop = _prepared(gray, line)
        height, width = crop.shape
        self._api.SetImageBytes(crop.tobytes(), width, height, 1, width)
        letters = sum(character.isalnum() for character in self._api.GetUTF8Text())
        confidence = self._api.MeanTextConf() / 100
        self._api.Clear()
        if letters < 2:
            return UNREAD_SCORE
        return min(1.0, max(UNREAD_SCORE, confidence))


def _prepared(gray: Gray, line: Line) -> Gray:
    """The line and a little around it, dark on bright, at the height that is read best."""
    box = line.box
    margin = max(2.0, 0.3 * box.h)
    crop = cut(gray, box.grown(margin, margin))
    crop = resized(crop, min(4.0, max(0.3, _LINE_HEIGHT_PX / box.h)))
    if line.bright:
        crop = cv2.bitwise_not(crop)
    framed = cv2.copyMakeBorder(crop, 8, 8, 8, 8, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(framed)


def cut(gray: Gray, box: Box) -> Gray:
    height, width = gray.shape
    left, top = max(0, round(box.x)), max(0, round(box.y))
    return gray[top : min(height, round(box.y + box.h)), left : min(width, round(box.x + box.w))]
