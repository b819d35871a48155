"""Fine-tunes CenterFace for whole heads from any side: capped, bent, turned away.

    python -m drape_train.head_train [steps]

Heads are labelled in two sets only (hard hats, tiles of operating rooms); elsewhere they are faces, enlarged. Where the person
detector sees somebody whose head no label names, nothing is learned.
"""

import pickle
import sys
from dataclasses import replace

import numpy as np

from .data import Picture
from .detector_data import UNLABELLED_SCORE, Maker
from .detector_train import train
from .geometry import overlaps
from .people import PEOPLE

STEPS = 1800
# A WIDER box goes from the hairline to the chin: so much more, of its sides, is the head (left and right, above, below).
ASIDE, ABOVE, BELOW = 0.18, 0.35, 0.05


def head_of(faces: np.ndarray) -> np.ndarray:
    x, y, w, h = faces.reshape(-1, 4).T
    return np.stack([x - ASIDE * w, y - ABOVE * h, w * (1 + 2 * ASIDE), h * (1 + ABOVE + BELOW)], 1)


def holds(outer: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Boolean [len(outer), len(points)]: which boxes have which points inside."""
    low, high = outer[:, None, :2], outer[:, None, :2] + outer[:, None, 2:]
    return ((points[None] >= low) & (points[None] <= high)).all(2)


class HeadMaker(Maker):
    def __init__(self) -> None:
        super().__init__()
        self.people = pickle.loads(PEOPLE.read_bytes())
        self.true_faces = {p.name: p.faces for p in self.faces}
        labelled = [p for p in self.scenes if len(p.heads)]
        self.faces = [replace(p, faces=head_of(p.faces)) for p in self.faces] + [replace(p, faces=p.heads) for p in labelled]
        # Labelled heads are few, and the only ones from behind: half of what is drawn.
        share = np.array([1.0 if p.kind == "heads" else 0.0 for p in self.faces])
        self.face_weights = share / share.sum() / 2 + (1 - share) / (1 - share).sum() / 2
        self.scenes = [replace(p, faces=p.heads if p.kind == "heads" else head_of(p.faces)) for p in self.scenes]

    def regions(self, picture: Picture) -> np.ndarray:
        """What is neither head nor background: persons, and strong faces, whose head no label names."""
        people = self.people.get(picture.name, (np.zeros((0, 4)), None))[0]
        boxes, scores, _ = self.found.get(picture.name, (np.zeros((0, 4)), np.zeros(0), None))
        faces = head_of(boxes[scores > UNLABELLED_SCORE])
        middles = picture.faces[:, :2] + picture.faces[:, 2:] / 2
        unknown = people[~holds(people, middles).any(1)]
        if len(faces):
            faces = faces[overlaps(faces, picture.faces).sum(1) < 0.3 * faces[:, 2:].prod(1)]
        ignored = picture.ignored if picture.kind != "heads" else np.zeros((0, 4))
        return np.concatenate([unknown, faces, ignored])

    def dressed(self, picture: Picture, image: np.ndarray, rng) -> None:
        faces = self.true_faces.get(picture.name)
        if faces is not None:
            super().dressed(replace(picture, faces=faces), image, rng)


def main() -> None:
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else STEPS
    train("head", HeadMaker(), steps)


if __name__ == "__main__":
    main()
