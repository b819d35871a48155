"""The training pictures, split by group. Evaluation sets are not reachable from here."""

import csv
import json
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from .paths import LABELS, need_data

# In-body sources that nothing is trained on: the painting budget is chosen on them (129 pictures).
HELD_OUT_IN_BODY = frozenset(
    "autolaparo wce_oneforawe shehzad_web endogaussian artnet sarrarp_v42 larynx_yucong ead2019 gastro_anhnn".split()
)
# Operating-room sites kept apart to watch the painting of hands, drapes and lamps.
HELD_OUT_SCENES = frozenset("site_totalsurgicare site_laparomed".split())
# Doubtful as negatives or no camera picture at all.
UNUSED_SCENES = frozenset("gynsurg_trocar".split())


@dataclass
class Picture:
    """One picture. `kind`: faces (boxes complete), heads (head boxes, faces unknown), endo, scene (boxes from labels/)."""

    path: Path
    kind: str
    source: str
    group: str
    held_out: bool
    faces: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))
    ignored: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))
    # Whole heads, from any side, where `kind` is heads.
    heads: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))

    @property
    def name(self) -> str:
        return f"{self.source}/{self.path.name}"

    def read(self) -> np.ndarray:
        image = cv2.imread(str(self.path), cv2.IMREAD_COLOR)
        if image is None:
            raise SystemExit(f"Cannot decode the training picture {self.path}.")
        return np.ascontiguousarray(image[..., ::-1])


def _held_out(group: str, one_in: int) -> bool:
    return zlib.crc32(group.encode()) % one_in == 0


def _boxes(rows: list) -> np.ndarray:
    return np.array(rows, float).reshape(-1, 4)


def face_pictures() -> list[Picture]:
    """wider and masked_kaggle (faces), hardhat_kaggle and or_tiles (heads)."""
    root = need_data() / "train" / "faces"
    pictures = []
    for source in ("wider", "masked_kaggle", "hardhat_kaggle", "or_tiles"):
        truth = json.loads((root / source / "gt.json").read_text())
        for name, entry in sorted(truth.items()):
            if entry.get("person_in_eval"):
                continue
            group = f"{source}:{entry.get('event') or entry.get('group') or name}"
            heads = source in ("hardhat_kaggle", "or_tiles")
            kept, ignored, whole = [], [], []
            for face in entry["faces"]:
                unsure = face["hard"] is False or face["label"] in ("ignore", "mannequin", "person")
                (ignored if unsure or heads else kept).append(face["box"])
                if heads and not unsure:
                    whole.append(face["box"])
            pictures.append(
                Picture(
                    root / source / "images" / name,
                    "heads" if heads else "faces",
                    source,
                    group,
                    _held_out(group, 12),
                    _boxes(kept),
                    _boxes(ignored),
                    _boxes(whole),
                )
            )
    return pictures


def view_pictures() -> list[Picture]:
    """In-body pictures (no face anywhere) and scenes outside; faces in scenes come from labels/scenes.json."""
    root = need_data() / "train" / "view"
    labels_file = LABELS / "scenes.json"
    labels = json.loads(labels_file.read_text()) if labels_file.exists() else {}
    pictures = []
    with open(root / "index.csv", newline="") as handle:
        for row in csv.DictReader(handle):
            label, source = row["file"].split("/")[:2]
            if source in UNUSED_SCENES or (label == "in_body" and row["doubtful"].startswith("flat")):
                continue
            endo = label == "in_body"
            known = labels.get(f"{source}/{Path(row['file']).name}", {})
            pictures.append(
                Picture(
                    root / row["file"],
                    "endo" if endo else "scene",
                    source,
                    source if endo else f"{source}:{row['split_group']}",
                    source in (HELD_OUT_IN_BODY if endo else HELD_OUT_SCENES),
                    _boxes(known.get("faces", [])),
                    _boxes(known.get("ignored", [])),
                )
            )
    return pictures


def all_pictures() -> list[Picture]:
    return face_pictures() + view_pictures()
