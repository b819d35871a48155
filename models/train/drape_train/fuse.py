"""Fits the fusion on held-out groups and chooses thresholds by the painting budget on held-out in-body sources.

    python -m drape_train.fuse [base tuned]

The logistic's five numbers are fitted on held-out faces, scenes and one half of the held-out in-body sources; the
budget is measured on all of them and reported for the other half apart.
"""

import json
import sys

import numpy as np

from .cascade import FEATURES, FUSION, Cascade, Judge, fuse
from .centerface import REPAIRED, Detector
from .data import HELD_OUT_IN_BODY, all_pictures
from .geometry import area, grow, overlaps, paint_mask
from .mine import judge_boxes, turned
from .paths import WEIGHTS

SETUPS = {
    "base": {"detector": "face-centerface", "looks": [[384, 640]], "proposalThreshold": 0.03},
    "tuned": {"detector": "face-tuned", "looks": [[384, 640], [192, 320]], "proposalThreshold": 0.04},
}
# Largest mean share painted in body, and largest of one source.
BUDGETS = {"cautious": (0.003, 0.02), "balanced": (0.001, 0.007), "sparing": (0.0002, 0.002)}
FITTED_SOURCES = frozenset(sorted(HELD_OUT_IN_BODY)[::2])


def cascade_of(key: str) -> Cascade:
    setup = SETUPS[key]
    path = REPAIRED if key == "base" else WEIGHTS / f"{setup['detector']}.onnx"
    looks = [tuple(look) for look in setup["looks"]]
    return Cascade(Detector(path, looks, setup["proposalThreshold"]), Judge(WEIGHTS / "face-judge.onnx"))


def rows_of(key: str) -> list[dict]:
    cascade, rows = cascade_of(key), []
    rng = np.random.default_rng(9)
    for picture in all_pictures():
        if not picture.held_out or picture.kind == "heads":
            continue
        quarters = [0, int(rng.integers(1, 4))] if picture.kind == "endo" or key == "tuned" else [0]
        for quarter in quarters:
            image, truth = turned(picture.read(), picture, quarter)
            offered = cascade.propose(image)
            verdict = judge_boxes(truth, offered.boxes)
            row = {"kind": picture.kind, "source": picture.source, "size": image.shape[:2], "turn": quarter}
            rows.append({**row, "truth": truth, "boxes": offered.boxes, "features": offered.features(), "face": verdict})
    return rows


def logistic(features: np.ndarray, face: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weights and bias, by Newton's method with a small ridge."""
    x = np.concatenate([features, np.ones((len(features), 1))], 1)
    beta = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        slope = x.T @ (weight * (p - face)) + 1e-3 * len(x) * np.r_[beta[:-1], 0] * 0.01
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + 1e-5 * len(x) * np.eye(x.shape[1])
        beta = beta - np.linalg.solve(curve, slope)
    return beta


def painting(rows: list[dict], fusion: dict, threshold: float) -> dict[str, float]:
    """Mean share painted, by in-body source."""
    shares: dict[str, list] = {}
    for row in rows:
        if row["kind"] == "endo":
            kept = row["boxes"][fuse(row["features"], fusion) >= threshold]
            shares.setdefault(row["source"], []).append(paint_mask(grow(kept), *row["size"]).mean())
    return {source: float(np.mean(values)) for source, values in shares.items()}


def recall(rows: list[dict], fusion: dict, threshold: float) -> float:
    """Share of held-out faces ≥ 12 px whose box lies to 90 % in one painted box (one box alone: a lower bound)."""
    found = []
    for row in rows:
        if row["kind"] != "faces":
            continue
        kept = grow(row["boxes"][fuse(row["features"], fusion) >= threshold])
        for face in row["truth"].faces:
            if max(face[2:]) >= 12:
                held = overlaps(kept, face[None])[:, 0].max() / area(face[None])[0] if len(kept) else 0
                found.append(held >= 0.9)
    return float(np.mean(found))


def scene_ratio(rows: list[dict], fusion: dict, threshold: float) -> float:
    """Painting of held-out operating-room pictures and people over what grown truth would paint."""
    mine, truth = 0.0, 0.0
    for row in rows:
        if row["kind"] == "scene" or row["kind"] == "faces":
            kept = row["boxes"][fuse(row["features"], fusion) >= threshold]
            mine += paint_mask(grow(kept), *row["size"]).mean()
            both = np.concatenate([row["truth"].faces, row["truth"].ignored])
            truth += paint_mask(grow(both), *row["size"]).mean()
    return mine / max(truth, 1e-9)


def chosen(rows: list[dict], fusion: dict, budget: tuple[float, float]) -> float:
    """The lowest threshold, in steps of 0.05, within the budget."""
    for threshold in np.arange(-8, 8, 0.05):
        by_source = painting(rows, fusion, threshold)
        mean = np.mean([v for v in by_source.values()])
        if mean <= budget[0] and max(by_source.values()) <= budget[1]:
            return round(float(threshold), 2)
    raise SystemExit("No threshold keeps the painting budget: the judge is not trained well enough.")


def main() -> None:
    written = json.loads(FUSION.read_text()) if FUSION.exists() else {}
    for key in sys.argv[1:] or SETUPS:
        rows = rows_of(key)
        fitted = [r for r in rows if (r["kind"] != "endo" or r["source"] in FITTED_SOURCES) and len(r["boxes"])]
        features = np.concatenate([r["features"] for r in fitted])
        face = np.concatenate([r["face"] for r in fitted])
        inside = np.concatenate([np.full(len(r["boxes"]), r["kind"] == "endo") for r in fitted])
        weight = np.where(face == 1, 1.0, np.where(inside, 2.0, 1.0))
        known = face >= 0
        beta = logistic(features[known], face[known].astype(float), weight[known])
        fusion = {**SETUPS[key], "nonMaximumIou": 0.3, "neighbourShare": 0.1, "maxProposals": 200}
        fusion["weights"] = {name: round(float(v), 4) for name, v in zip(FEATURES, beta)}
        fusion["bias"] = round(float(beta[-1]), 4)
        fusion["thresholds"], fusion["chosenBy"] = {}, {}
        for name, budget in BUDGETS.items():
            threshold = chosen(rows, fusion, budget)
            by_source = painting(rows, fusion, threshold)
            unseen = [v for k, v in by_source.items() if k not in FITTED_SOURCES]
            fusion["thresholds"][name] = threshold
            fusion["chosenBy"][name] = {
                "budgetMeanPercent": 100 * budget[0],
                "budgetWorstSourcePercent": 100 * budget[1],
                "meanPercent": round(100 * float(np.mean(list(by_source.values()))), 3),
                "worstSourcePercent": round(100 * max(by_source.values()), 3),
                "otherHalfMeanPercent": round(100 * float(np.mean(unseen)), 3),
                "heldOutFaceRecall": round(recall(rows, fusion, threshold), 4),
                "paintOverGrownTruth": round(scene_ratio(rows, fusion, threshold), 2),
            }
        fusion["threshold"] = fusion["thresholds"]["balanced"]
        written[key] = fusion
        print(key, json.dumps(fusion, indent=1))
    FUSION.write_text(json.dumps(written, indent=2) + "\n")


if __name__ == "__main__":
    main()
