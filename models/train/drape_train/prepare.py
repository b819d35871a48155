"""Runs the base detector over all training pictures once: landmarks to dress faces by, and faces that no label names.

    python -m drape_train.prepare
"""

import pickle

from .centerface import REPAIRED, Detector
from .data import all_pictures
from .paths import CACHE

FOUND = CACHE / "base-found.pkl"


def main() -> None:
    detector = Detector(REPAIRED, ((384, 640),), threshold=0.3)
    found = {}
    pictures = [p for p in all_pictures() if p.kind != "endo"]
    for n, picture in enumerate(pictures):
        boxes, scores, marks = detector(picture.read(), with_landmarks=True)
        found[picture.name] = (boxes, scores, marks)
        if n % 500 == 0:
            print(f"{n}/{len(pictures)} pictures", flush=True)
    partial = FOUND.with_suffix(".part")
    partial.write_bytes(pickle.dumps(found))
    partial.replace(FOUND)


if __name__ == "__main__":
    main()
