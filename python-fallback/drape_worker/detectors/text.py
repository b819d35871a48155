"""text-tesseract: lines of text, found by their strokes and read in Korean and English."""

from __future__ import annotations

import math
from typing import Any

from ..context import CallContext
from ..registry import method, model
from .picture import Box, Look, read_picture, resized
from .text_lines import find_lines
from .text_memory import Memory
from .text_reader import LANGUAGES, Reader, UNREAD_SCORE, language_folder

# Working width of a picture: 1080p overlays have letters of 16 px and more, small pictures
# have letters of 10 px.
_WORK_PX = 1280
_MAX_ENLARGE = 2.0
# A line is read in about 25 ms: those past the cap are reported unread.
_MAX_READ = 120
_MAX_LINES = 400
_SURE = 0.6

for _language in LANGUAGES:
    model(f"tesseract {_language}", language_folder() / f"{_language}.traineddata")
_reader = Reader(language_folder())
_memory = Memory()


@method("look", private=True)
def look(context: CallContext, args: Any, payload: memoryview | None) -> Any:
    picture = read_picture(args, payload)
    factor = min(_MAX_ENLARGE, _WORK_PX / max(picture.gray.shape))
    work = resized(picture.gray, factor)
    lines = find_lines(work)
    out = Look(picture)
    if len(lines) > _MAX_LINES:
        out.saturate(_around([line.box for line in lines]).scaled(1 / factor))
        return out.reply()
    reads = 0
    sure: list[tuple[Box, float]] = []

    def read() -> float:
        nonlocal reads
        context.check()
        reads += 1
        return _reader.score(work, line) if reads <= _MAX_READ else UNREAD_SCORE

    for line in lines:
        # Seen twice: as strong and as faint strokes; and the ground between bright letters looks
        # like dark ones.
        same = next((known for box, known in sure if line.box.share_in(box) > 0.8), None)
        score = same or _memory.score(context.key or "", work, line, read)
        if score >= _SURE:
            sure.append((line.box, score))
        # Strokes end a pixel before the letters do.
        margin = 1 + 0.15 * line.box.h
        out.add(line.box.grown(margin, margin).scaled(1 / factor), score)
    return out.reply()


@method("forget")
def forget(context: CallContext, _args: Any, _payload: memoryview | None) -> None:
    _memory.forget(context.key or "")


def _around(boxes: list[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right = max(box.x + box.w for box in boxes)
    bottom = max(box.y + box.h for box in boxes)
    return Box(left, top, math.ceil(right - left), math.ceil(bottom - top))
