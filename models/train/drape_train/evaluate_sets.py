"""The evaluation sets, read in place and only here: nothing that trains imports this file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from .data import view_pictures
from .paths import need_data


@dataclass
class Case:
    """One picture: RGB, boxes that must be covered, hard ones reported apart. Both float [n, 4]."""

    group: str
    name: str
    image: np.ndarray
    clear: np.ndarray
    hard: np.ndarray


def _read(path) -> np.ndarray:
    return np.ascontiguousarray(cv2.imread(str(path), cv2.IMREAD_COLOR)[..., ::-1])


def _boxes(rows: list) -> np.ndarray:
    return np.array(rows, float).reshape(-1, 4)


def frames(path, every: int) -> Iterator[tuple[int, np.ndarray]]:
    video = cv2.VideoCapture(str(path))
    n = 0
    while video.grab():
        if n % every == 0:
            ok, image = video.retrieve()
            if ok:
                yield n, np.ascontiguousarray(image[..., ::-1])
        n += 1


def stills(folder: str, group: str, tag: str | None = None) -> Iterator[Case]:
    """Annotated pictures. Of wider_mix, what WIDER itself calls hard (mostly under 20 pixels) is reported as hard."""
    root = need_data() / folder
    for name, entry in json.loads((root / "gt.json").read_text()).items():
        if tag and entry.get("tag") != tag:
            continue
        clear, hard = [], []
        for face in entry["faces"]:
            if face.get("ignore") or face.get("hard") is False or face.get("vis") == "ignore":
                continue
            small = group == "mix" and not face["medium"]
            (hard if face.get("vis") == "hard" or small else clear).append(face["box"])
        yield Case(group, name, _read(root / name), _boxes(clear), _boxes(hard))


def demo(every: int) -> Iterator[Case]:
    root = need_data() / "demo"
    truth = json.loads((root / "demo_dev_720p.gt.json").read_text())["frames_gt"]
    for n, image in frames(root / "demo_dev_720p.mp4", every):
        entry = truth[n]
        group = "endo" if entry["state"] == "in_body" else "or"
        clear = [f["box"] for f in entry["faces"] if f["vis"] == "clear"]
        hard = [f["box"] for f in entry["faces"] if f["vis"] == "hard"]
        yield Case(group, f"demo {n} {entry['seg']}", image, _boxes(clear), _boxes(hard))


def endoscopy() -> Iterator[Case]:
    root = need_data()
    for folder in ("surgical/kvasir_no_text", "surgical/cvc612", "surgical/sinus_1080p"):
        for path in sorted((root / folder).glob("*.jpg")):
            yield Case("endo", f"{folder}/{path.name}", _read(path), _boxes([]), _boxes([]))
    for clip, every in (("lap_cholecystectomy_720p", 10), ("cholec80_v01_000-035_inbody_256", 40)):
        for n, image in frames(root / "surgical" / f"{clip}.mp4", every):
            yield Case("endo", f"{clip} {n}", image, _boxes([]), _boxes([]))
    for folder in ("text/lx_endoscopy_overlay", "text/kvasir_text"):
        for path in sorted((root / folder).iterdir()):
            if path.suffix in (".png", ".jpg"):
                yield Case("overlay", f"{folder}/{path.name}", _read(path), _boxes([]), _boxes([]))


def held_out_in_body() -> Iterator[Case]:
    for picture in view_pictures():
        if picture.held_out and picture.kind == "endo":
            yield Case("val-B", picture.name, picture.read(), _boxes([]), _boxes([]))


def everything() -> Iterator[Case]:
    yield from stills("faces_images/wider_surgeons", "or", "operating-room")
    yield from stills("or_scenes", "or")
    yield from demo(25)
    yield from stills("faces_images/wider_surgeons", "surgeons-other", "other")
    yield from stills("faces_images/masked_kaggle", "mask")
    yield from stills("faces_images/wider_mix", "mix")
    yield from stills("faces_images/dlib_faces", "dlib")
    yield from endoscopy()
    yield from held_out_in_body()
