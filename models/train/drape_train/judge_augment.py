"""Augmentation of the stored 96×96 crops down to what the judge sees."""

import cv2
import numpy as np

from .crops import NET_FACTOR, NET_SIDE, STORED_FACTOR, STORED_SIDE

PLAIN_SCALE = NET_SIDE / STORED_SIDE * STORED_FACTOR / NET_FACTOR


def centre(crops: np.ndarray) -> np.ndarray:
    """The unaugmented 64×64 middles."""
    edge = (STORED_SIDE - NET_SIDE) // 2
    return crops[:, edge : edge + NET_SIDE, edge : edge + NET_SIDE]


def at_an_edge(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Black bands, as at the picture's edge: small endoscopy pictures have them often, and black must not mean endoscopy."""
    crop = crop.copy()
    for quarter in rng.permutation(4)[: rng.integers(1, 4)]:
        np.rot90(crop, quarter)[: int(rng.integers(8, 40))] = 0
    return crop


def augment(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One stored crop, turned, moved, relit, degraded; uint8 [64, 64, 3]."""
    if rng.random() < 0.15:
        crop = at_an_edge(crop, rng)
    angle = rng.normal(0, 14) + (90 * rng.integers(1, 4) if rng.random() < 0.4 else 0)
    scale = PLAIN_SCALE * np.exp(rng.uniform(-0.25, 0.25))
    matrix = cv2.getRotationMatrix2D((STORED_SIDE / 2 - 0.5, STORED_SIDE / 2 - 0.5), angle, scale)
    if rng.random() < 0.5:
        matrix[0] = -matrix[0]
        matrix[0, 2] += STORED_SIDE - 1
    matrix[:, 2] += (NET_SIDE - STORED_SIDE) / 2 + rng.normal(0, 0.05, 2) * NET_SIDE
    image = cv2.warpAffine(crop, matrix, (NET_SIDE, NET_SIDE), flags=cv2.INTER_LINEAR)
    if rng.random() < 0.4:
        small = int(rng.integers(12, 45))
        image = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
        image = cv2.resize(image, (NET_SIDE, NET_SIDE), interpolation=cv2.INTER_LINEAR)
    elif rng.random() < 0.15:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.6, 2.2))
    values = image.astype(np.float32)
    if rng.random() < 0.7:
        gains = np.exp(rng.normal(0, 0.22) + rng.normal(0, 0.09, 3))
        values = values * gains + rng.normal(0, 10)
    if rng.random() < 0.25:
        values = 255 * np.clip(values / 255, 0, 1) ** np.exp(rng.normal(0, 0.4))
    if rng.random() < 0.06:
        values = values[..., rng.permutation(3)]
    if rng.random() < 0.1:
        values = np.repeat(values.mean(2, keepdims=True), 3, 2)
    if rng.random() < 0.3:
        values = values + rng.normal(0, rng.uniform(2, 14), values.shape)
    if rng.random() < 0.3:
        w, h = rng.integers(8, 30, 2)
        x, y = rng.integers(0, NET_SIDE - w), rng.integers(0, NET_SIDE - h)
        values[y : y + h, x : x + w] = rng.uniform(0, 255, 3)
    return np.clip(values, 0, 255).astype(np.uint8)
