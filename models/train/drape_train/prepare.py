"""Runs the base detector over all training pictures once: landmarks to dress faces by, and faces that no label names.

    python -m drape_train.prepare
"""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .centerface import REPAIRED, Detector
from .data import all_pictures
from .paths import CACHE

FOUND = CACHE / "base-found.pkl"


def remember(target: Path, find: Callable[[np.ndarray], tuple]) -> None:
    """Keeps what `find` gives for every training picture that may show people, by the picture's name."""
    found = {}
    pictures = [p for p in all_pictures() if p.kind != "endo"]
    for n, picture in enumerate(pictures):
        found[picture.name] = find(picture.read())
        if n % 500 == 0:
            print(f"{n}/{len(pictures)} pictures", flush=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(pickle.dumps(found))
    partial.replace(target)


def main() -> None:
    detector = Detector(REPAIRED, ((384, 640),), threshold=0.3)
    remember(FOUND, lambda image: detector(image, with_landmarks=True))


if __name__ == "__main__":
    main()
