"""Writes what training made into models/manifest.json: the judge's hash and the fusions."""

import json
from collections.abc import Callable

from .paths import MODELS

MANIFEST = MODELS / "manifest.json"


def change(model_id: str, edit: Callable[[dict], None]) -> None:
    """Edits one model's entry in place; order and the other entries stay."""
    manifest = json.loads(MANIFEST.read_text())
    [model] = [one for one in manifest["models"] if one["id"] == model_id]
    edit(model)
    MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def pin(model_id: str, sha256: str) -> None:
    """The hash of weights that are used as they are trained: one output, no steps."""

    def edit(model: dict) -> None:
        [output] = model["outputs"]
        model["source"]["sha256"] = output["sha256"] = sha256

    change(model_id, edit)


def write_fusions(fusions: dict[str, dict]) -> None:
    def edit(model: dict) -> None:
        model["postprocess"]["fusions"] = list(fusions.values())

    change("face-judge", edit)


def write_least_inside(logit: float, pictures: int) -> None:
    def edit(model: dict) -> None:
        model["postprocess"] |= {"leastLogit": round(logit, 2), "outsidePictures": pictures}

    change("view-gate", edit)
