"""Runs the person detector over all training pictures once: where a head may be that no label names.

    python -m drape_train.people
"""

import cv2
import numpy as np
import onnxruntime

from .geometry import non_maximum
from .paths import CACHE, ROOT
from .prepare import remember

PEOPLE = CACHE / "people.pkl"
MODEL = ROOT / ".cache" / "models" / "person-centernet.onnx"
SIDES = (384, 640)
# Low: what is only perhaps a person is neither head nor background.
THRESHOLD = 0.1


def session() -> onnxruntime.InferenceSession:
    if not MODEL.exists():
        raise SystemExit(f"{MODEL} is missing. Run `npm run setup` first.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(MODEL), options)


def find(run: onnxruntime.InferenceSession, image: np.ndarray, threshold: float = THRESHOLD) -> tuple[np.ndarray, np.ndarray]:
    """Boxes and scores of persons in an RGB picture."""
    height, width = image.shape[:2]
    short, long = SIDES
    h, w = (short, long) if width >= height else (long, short)
    ratio = min(w / width, h / height)
    small = cv2.resize(image, (max(1, round(width * ratio)), max(1, round(height * ratio))), interpolation=cv2.INTER_AREA)
    held = np.zeros((h, w, 3), np.uint8)
    held[: small.shape[0], : small.shape[1]] = small
    heat, sides = run.run(None, {"image": held.transpose(2, 0, 1)[None].copy()})
    person = heat[0, 0]
    peaks = (person == cv2.dilate(person, np.ones((3, 3)))) & (person >= threshold)
    rows, columns = np.where(peaks)
    left, top, right, bottom = sides[0][:, rows, columns]
    boxes = np.stack([columns * 4 - left, rows * 4 - top, left + right, top + bottom], 1) / ratio
    scores = person[rows, columns]
    kept = non_maximum(boxes, scores, 0.6) if len(boxes) else np.zeros(0, int)
    return boxes[kept], scores[kept]


def main() -> None:
    run = session()
    remember(PEOPLE, lambda image: find(run, image))


if __name__ == "__main__":
    main()
