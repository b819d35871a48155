"""A model of your own: replace `find` by it. Frames are 4:2:0, planes one after the other."""

import numpy as np

from drape_worker import Reply, method


def find(luma):
    """Boxes (x, y, w, h) of what is to be covered. Here: whatever is nearly white."""
    rows, columns = np.nonzero(luma > 220)
    if rows.size:
        left, top = columns.min(), rows.min()
        yield left, top, columns.max() - left + 1, rows.max() - top + 1


@method("paint")
def paint(context, args, frame):
    width, height = args["widthPx"], args["heightPx"]
    # The frame lies in memory shared with Node: what is painted there is not copied.
    luma = np.frombuffer(frame, np.uint8)[: width * height].reshape(height, width)
    for x, y, w, h in find(luma):
        luma[y : y + h, x : x + w] = 16
    return Reply(in_place=len(frame))
