"""Detector, judge and fusion as one: what the TypeScript carriers repeat."""

import json
from dataclasses import dataclass

import numpy as np

from .centerface import Detector, session
from .crops import crop
from .geometry import area, non_maximum, overlaps, turn_boxes
from .paths import WEIGHTS

FUSION = WEIGHTS / "face-fusion.json"
FEATURES = ("detectorLogit", "judgeFace", "neighbourFace")
NEIGHBOUR_SHARE = 0.1
MOST_PROPOSALS = 200


@dataclass
class Proposals:
    """What one frame offers: boxes [n, 4] (x, y, w, h, picture pixels), detector scores [n], judge logits [n, 2]."""

    boxes: np.ndarray
    scores: np.ndarray
    judged: np.ndarray

    def features(self) -> np.ndarray:
        """[n, 3] in the order of FEATURES."""
        if not len(self.boxes):
            return np.zeros((0, 3))
        size = area(self.boxes)
        share = overlaps(self.boxes, self.boxes) / np.maximum(np.minimum(size[:, None], size[None]), 1e-9)
        near = share >= NEIGHBOUR_SHARE
        best = np.where(near | np.eye(len(size), dtype=bool), self.scores[None], 0).max(1)
        best = np.clip(best, 1e-4, 1 - 1e-4)
        others = near & ~np.eye(len(size), dtype=bool)
        count = others.sum(1)
        mean = (others * self.judged[None, :, 0]).sum(1) / np.maximum(count, 1)
        neighbour = np.where(count > 0, mean, self.judged[:, 0])
        return np.stack([np.log(best / (1 - best)), self.judged[:, 0], neighbour], 1)


class Judge:
    """The exported judge on a frame's boxes."""

    def __init__(self, path) -> None:
        self.session = session(path)

    def __call__(self, image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        if not len(boxes):
            return np.zeros((0, 2))
        crops = np.stack([crop(image, box) for box in boxes]).transpose(0, 3, 1, 2)
        return self.session.run(None, {"crops": np.ascontiguousarray(crops)})[0].astype(float)


class Cascade:
    """A detector on the upright picture, others on turned ones (`more`: detector and its quarter turns), the judge."""

    def __init__(self, detector: Detector, judge: Judge | None, more: tuple[tuple[Detector, list[int]], ...] = ()) -> None:
        self.judge = judge
        upright = [(detector, 0)] if detector.looks else []
        self.looks = upright + [(other, quarter) for other, quarters in more for quarter in quarters]

    def propose(self, image: np.ndarray) -> Proposals:
        views = {quarter: np.ascontiguousarray(np.rot90(image, quarter)) for _, quarter in self.looks}
        boxes, scores, quarters = [], [], []
        for detector, quarter in self.looks:
            found, score = detector(views[quarter])
            boxes.append(turn_boxes(found, 4 - quarter, *views[quarter].shape[:2]))
            scores.append(score)
            quarters.append(np.full(len(score), quarter))
        box, score, quarter = np.concatenate(boxes), np.concatenate(scores), np.concatenate(quarters)
        kept = non_maximum(box, score, self.looks[0][0].limit)[:MOST_PROPOSALS]
        box, score, quarter = box[kept], score[kept], quarter[kept]
        judged = np.zeros((len(box), 2))
        for turn, view in views.items():
            seen = np.where(quarter == turn)[0]
            if self.judge and len(seen):
                judged[seen] = self.judge(view, turn_boxes(box[seen], turn, *image.shape[:2]))
        return Proposals(box, score, judged)


def fuse(features: np.ndarray, fusion: dict) -> np.ndarray:
    """Score in logits for each proposal."""
    return features @ np.array([fusion["weights"][name] for name in FEATURES]) + fusion["bias"]


def surely_outside(judged: np.ndarray, below: float) -> np.ndarray:
    """Which proposals lie surely outside the body: their own endoscopy logit and the frame's mean are under `below`.

    Only where this holds is the lower threshold used; everywhere else the search goes on with the higher one.
    """
    if not len(judged):
        return np.zeros(0, bool)
    return (judged[:, 1] < below) & (judged[:, 1].mean() < below)


def painted(row: dict, fusion: dict, step: str | dict = "balanced") -> np.ndarray:
    """Which proposals of a row (features, judged, scores) are painted; `step` names a pair of thresholds or is one."""
    pair = fusion["thresholds"][step] if isinstance(step, str) else step
    outside = surely_outside(row["judged"], fusion["outsideBelow"])
    threshold = np.where(outside, pair["outside"], pair["inside"])
    return (fuse(row["features"], fusion) >= threshold) | (row["scores"] >= fusion["sureScore"])


def load_fusion(key: str) -> dict:
    return json.loads(FUSION.read_text())[key]
