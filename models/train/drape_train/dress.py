"""Draws what an operating room puts on a face: masks, caps, hoods, goggles, shields, gowns, and things in front of it.

A face is a frame of reference from its landmarks: origin between the eyes, `down` to the mouth, unit = eyes to mouth.
"""

import cv2
import numpy as np

CLOTH = np.array(
    [[120, 180, 205], [90, 150, 190], [60, 120, 170], [40, 110, 100], [70, 150, 130], [150, 200, 190], [225, 230, 232]]
    + [[200, 210, 220], [40, 60, 110], [170, 190, 215], [235, 215, 220], [30, 30, 34], [110, 190, 220]],
    float,
)

MASK = [(-1.15, 0.1), (-0.5, 0.2), (0, 0.02), (0.5, 0.2), (1.15, 0.1), (1.1, 1.0), (0.6, 1.75), (0, 1.95)]
MASK += [(-0.6, 1.75), (-1.1, 1.0)]
CAP = [(-1.45, -0.1), (-1.5, -0.9), (-1.1, -1.7), (-0.4, -2.15), (0.4, -2.15), (1.1, -1.7), (1.5, -0.9), (1.45, -0.1)]
CAP += [(0.9, -0.5), (0, -0.6), (-0.9, -0.5)]
HOOD_SIDES = [(-1.6, -0.6), (-1.1, -0.5), (-1.1, 1.6), (-0.7, 2.4), (-1.9, 2.6), (-1.8, 0.8)]
GOGGLES = [(-1.2, -0.35), (1.2, -0.35), (1.2, 0.3), (0.45, 0.4), (0, 0.15), (-0.45, 0.4), (-1.2, 0.3)]
SHIELD = [(-1.5, -1.1), (1.5, -1.1), (1.45, 1.3), (0.8, 2.3), (-0.8, 2.3), (-1.45, 1.3)]
GOWN = [(-0.8, 2.1), (0.8, 2.1), (2.9, 3.2), (3.3, 6.0), (-3.3, 6.0), (-2.9, 3.2)]


def face_frame(marks: np.ndarray) -> np.ndarray | None:
    """2×3 affine from (right, down) units to pixels; None where the landmarks are too small or twisted to be trusted."""
    eyes, mouth = marks[:2].mean(0), marks[3:].mean(0)
    down = mouth - eyes
    unit = float(np.hypot(*down))
    if unit < 4:
        return None
    right = np.array([down[1], -down[0]])
    if right @ (marks[1] - marks[0]) < 0:
        right = -right
    spread = abs((marks[1] - marks[0]) @ right) / unit**2
    right = right * np.clip(spread / 0.95, 0.55, 1.15)
    return np.stack([right, down, eyes], 1)


def cloth_colour(rng: np.random.Generator) -> np.ndarray:
    return np.clip(CLOTH[rng.integers(len(CLOTH))] * rng.uniform(0.6, 1.15) + rng.normal(0, 10, 3), 0, 255)


def lay(image: np.ndarray, frame: np.ndarray, shape: list, colour: np.ndarray, rng, alpha: float = 1.0) -> None:
    """Fills a polygon given in face units with shaded, slightly noisy cloth, in place."""
    points = np.array(shape, float) * rng.uniform(0.92, 1.1, (1, 2)) + rng.normal(0, 0.05, (len(shape), 2))
    spots = points @ frame[:, :2].T + frame[:, 2]
    low = np.floor(spots.min(0)).astype(int) - 3
    high = np.ceil(spots.max(0)).astype(int) + 4
    low, high = np.maximum(low, 0), np.minimum(high, [image.shape[1], image.shape[0]])
    if (high <= low).any():
        return
    stencil = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
    cv2.fillPoly(stencil, [np.round((spots - low) * 8).astype(np.int32)], 255, cv2.LINE_AA, 3)
    soft = cv2.GaussianBlur(stencil, (3, 3), 0)[..., None] / 255.0 * alpha
    rows, columns = np.mgrid[0 : stencil.shape[0], 0 : stencil.shape[1]]
    angle, period = rng.uniform(0, np.pi), rng.uniform(0.25, 1.2) * float(np.hypot(*frame[:, 1]))
    fold = np.sin((columns * np.cos(angle) + rows * np.sin(angle)) / max(period, 2) * 2 * np.pi)
    part = image[low[1] : high[1], low[0] : high[0]].astype(float)
    light = part.mean() / 110.0 if part.size else 1.0
    shade = (1 + rng.uniform(0, 0.14) * fold + rng.normal(0, 0.03, fold.shape))[..., None]
    cloth = colour * shade * np.clip(light, 0.35, 1.25)
    if rng.random() < 0.15:
        dots = (np.sin(columns * 2 * np.pi / max(period, 4)) * np.sin(rows * 2 * np.pi / max(period, 4)) > 0.4)[..., None]
        cloth = np.where(dots, cloth_colour(rng), cloth)
    image[low[1] : high[1], low[0] : high[0]] = np.clip(part * (1 - soft) + cloth * soft, 0, 255).astype(np.uint8)


def dress(image: np.ndarray, marks: np.ndarray, rng: np.random.Generator) -> bool:
    """Dresses one face in place; landmarks [5, 2] in pixels (eyes, nose, mouth corners). False where it could not."""
    frame = face_frame(marks)
    if frame is None:
        return False
    suit = cloth_colour(rng)
    if rng.random() < 0.35:
        lay(image, frame, GOWN, suit, rng)
    if rng.random() < 0.75:
        lay(image, frame, MASK, cloth_colour(rng), rng)
    if rng.random() < 0.75:
        lay(image, frame, CAP, suit if rng.random() < 0.6 else cloth_colour(rng), rng)
        if rng.random() < 0.25:
            lay(image, frame, HOOD_SIDES, suit, rng)
            lay(image, frame, [(-x, y) for x, y in HOOD_SIDES], suit, rng)
    if rng.random() < 0.2:
        lay(image, frame, GOGGLES, np.array([150, 170, 180.0]), rng, rng.uniform(0.2, 0.8))
    if rng.random() < 0.12:
        lay(image, frame, SHIELD, np.array([235, 240, 245.0]), rng, rng.uniform(0.1, 0.4))
    return True
