"""Boxes are float arrays [n, 4] of x, y, w, h in pixels, origin top left."""

import numpy as np


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection areas, [len(a), len(b)]."""
    a, b = np.asarray(a, float).reshape(-1, 4), np.asarray(b, float).reshape(-1, 4)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    side = np.clip(high - low, 0, None)
    return side[..., 0] * side[..., 1]


def area(a: np.ndarray) -> np.ndarray:
    a = np.asarray(a, float).reshape(-1, 4)
    return a[:, 2] * a[:, 3]


def iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    shared = overlaps(a, b)
    return shared / np.maximum(area(a)[:, None] + area(b)[None] - shared, 1e-9)


def grow(a: np.ndarray, share: float | np.ndarray = 0.3) -> np.ndarray:
    """Each side moves out by `share` (one, or [n, 1]) of the box's width or height, as the painter does."""
    a = np.asarray(a, float).reshape(-1, 4)
    return np.concatenate([a[:, :2] - share * a[:, 2:], a[:, 2:] * (1 + 2 * share)], 1)


def placed(a: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Faces' boxes by how sure the detector is [0..1]: sure ones a little smaller, doubtful ones larger. As placed-face.ts."""
    return grow(a, np.clip(0.2 * (0.76 - np.asarray(scores, float)), -0.05, 0.08)[:, None])


def non_maximum(boxes: np.ndarray, scores: np.ndarray, limit: float = 0.3) -> np.ndarray:
    """Indices kept, best first: a box goes when its IoU with a better one reaches `limit`."""
    order = np.argsort(-scores, kind="stable")
    kept = []
    while len(order):
        kept.append(int(order[0]))
        order = order[1:][iou(boxes[order[:1]], boxes[order[1:]])[0] < limit]
    return np.array(kept, int)


def paint_mask(boxes: np.ndarray, height: int, width: int) -> np.ndarray:
    """Boolean [height, width]: which pixels the union of the boxes (already grown) covers."""
    mask = np.zeros((height, width), bool)
    for x, y, w, h in np.asarray(boxes, float).reshape(-1, 4):
        x0, y0 = max(0, int(np.floor(x))), max(0, int(np.floor(y)))
        mask[y0 : max(0, int(np.ceil(y + h))), x0 : max(0, int(np.ceil(x + w)))] = True
    return mask


def turn_boxes(boxes: np.ndarray, quarter: int, height: int, width: int) -> np.ndarray:
    """Boxes of a height × width picture after `quarter` turns of it counter-clockwise, as numpy.rot90 turns."""
    x, y, w, h = np.asarray(boxes, float).reshape(-1, 4).T
    corners = {
        0: [x, y, w, h],
        1: [y, width - x - w, h, w],
        2: [width - x - w, height - y - h, w, h],
        3: [height - y - h, x, h, w],
    }
    return np.stack(corners[quarter % 4], 1)


def rotate_box(box: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Axis-aligned box of the ellipse inscribed in `box` after the 2×3 affine `matrix` (rotation and scale)."""
    x, y, w, h = box
    cx, cy = matrix @ np.array([x + w / 2, y + h / 2, 1.0])
    half = np.hypot(matrix[:, 0] * w / 2, matrix[:, 1] * h / 2)
    return np.array([cx - half[0], cy - half[1], 2 * half[0], 2 * half[1]])


def covered(box: np.ndarray, mask: np.ndarray, share: float = 0.9) -> bool:
    """Whether `share` of a box is painted."""
    x0, y0 = max(0, round(box[0])), max(0, round(box[1]))
    part = mask[y0 : max(y0, round(box[1] + box[3])), x0 : max(x0, round(box[0] + box[2]))]
    return bool(part.size) and part.mean() >= share
