"""The table of the card: coverage of faces and painting, for any combination of detector, judge and fusion.

    python -m drape_train.evaluate --detector base|NAME.onnx|PATH [--short 384,192] [--threshold .03]
        [--setup base|single|turned] [--judge NAME.onnx] [--fusion KEY] [--steps cautious,balanced] [--cuts .2,.1] [--turns 0,1,2,3] [--groups or,endo] [--missed FOLDER]

A face is covered when 90 % of its box lies inside the union of the painted boxes, grown as the product grows them (a
detector's alone: by 30 % a side). Painting is the share of pixels inside that union; for OR pictures it is divided by what
the ground truth, grown by 30 % a side, would paint.
"""

import argparse
import pickle
from pathlib import Path

import cv2
import numpy as np

from .cascade import Cascade, Judge, load_fusion, painted
from .centerface import REPAIRED, Detector
from .evaluate_sets import Case, everything
from .fuse import cascade_of, drawn
from .geometry import covered, grow, paint_mask
from .mine import turned
from .data import Picture
from .paths import CACHE, WEIGHTS

TURNED_GROUPS = ("or", "endo")
LONG = {384: 640, 192: 320, 256: 448, 320: 544, 512: 864}


def weights_path(name: str) -> Path:
    if name == "base":
        return REPAIRED
    return WEIGHTS / name if (WEIGHTS / name).exists() else Path(name)


def turn_case(case: Case, quarter: int) -> Case:
    frame = Picture(Path(case.name), "faces", "", "", False, case.clear, case.hard)
    image, moved = turned(case.image, frame, quarter)
    return Case(case.group, f"{case.name} turned {90 * quarter}", image, moved.faces, moved.ignored)


def rows_of(cascade: Cascade, turns: list[int], groups: set[str]) -> list[dict]:
    rows = []
    for case in everything():
        if groups and case.group not in groups:
            continue
        for quarter in turns if case.group in TURNED_GROUPS else turns[:1]:
            now = turn_case(case, quarter) if quarter else case
            offered = cascade.propose(now.image)
            rows.append(
                {
                    "group": case.group,
                    "name": now.name,
                    "turn": quarter,
                    "size": now.image.shape[:2],
                    "clear": now.clear,
                    "hard": now.hard,
                    "boxes": offered.boxes,
                    "scores": offered.scores,
                    "features": offered.features(),
                    "judged": offered.judged,
                }
            )
    return rows


def score(rows: list[dict], choose, grown=lambda row, chosen: grow(row["boxes"][chosen])) -> tuple[dict, list]:
    """Per group and turn: faces covered, painting and its ratio to grown truth; and the missed faces.

    `choose` says which boxes of a row are painted, `grown` how large.
    """
    table: dict[tuple[str, int], dict] = {}
    missed = []
    for row in rows:
        mask = paint_mask(grown(row, choose(row)), *row["size"])
        cell = table.setdefault(
            (row["group"], row["turn"]),
            {"clear": [], "hard": [], "paint": [], "truth": [], "offered": []},
        )
        for kind in ("clear", "hard"):
            for box in row[kind]:
                ok = covered(box, mask)
                cell[kind].append(ok)
                if not ok and kind == "clear":
                    missed.append((row["name"], box))
        cell["paint"].append(mask.mean())
        cell["truth"].append(paint_mask(grow(np.concatenate([row["clear"], row["hard"]])), *row["size"]).mean())
        cell["offered"].append(len(row["boxes"]))
    return table, missed


def text_of(table: dict) -> str:
    parts = []
    for (group, turn), cell in table.items():
        head = f"{group}{'@' + str(90 * turn) if turn else ''}"
        if cell["clear"] or cell["hard"]:
            truth = float(np.mean(cell["truth"]))
            hard = f" hard {np.mean(cell['hard']):.2f}({len(cell['hard'])})" if cell["hard"] else ""
            ratio = f" paint÷gt {np.mean(cell['paint']) / max(truth, 1e-9):.2f}"
            parts.append(f"{head} {np.mean(cell['clear']):.3f}({len(cell['clear'])}){hard}{ratio}")
        else:
            worst = 100 * np.max(cell["paint"])
            parts.append(f"{head} {100 * np.mean(cell['paint']):.2f}% (worst {worst:.1f}%)")
    return "\n    ".join(parts)


def save_missed(missed: list, folder: Path) -> None:
    """Crops of missed faces, for looking at; only into the git-ignored cache."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted: dict[str, list] = {}
    for name, box in missed:
        wanted.setdefault(name, []).append(box)
    for case in everything():
        for quarter in (0, 1, 2, 3):
            name = case.name if not quarter else f"{case.name} turned {90 * quarter}"
            if name not in wanted:
                continue
            image = np.ascontiguousarray(np.rot90(case.image, quarter))[..., ::-1].copy()
            for x, y, w, h in wanted[name]:
                cv2.rectangle(image, (int(x), int(y)), (int(x + w), int(y + h)), (0, 0, 255), 2)
            small = cv2.resize(image, None, fx=640 / max(image.shape[:2]), fy=640 / max(image.shape[:2]))
            cv2.imwrite(str(folder / (name.replace("/", "_").replace(" ", "_") + ".png")), small)


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--detector", default="base")
    ask.add_argument("--short", default="384")
    ask.add_argument("--threshold", type=float, default=0.03)
    ask.add_argument("--judge")
    ask.add_argument("--setup", help="detector, looks, judge and fusion as fuse.py has them")
    ask.add_argument("--fusion", default="base")
    ask.add_argument("--steps", default="balanced", help="names, or inside/outside thresholds as numbers")
    ask.add_argument("--cuts", default="")
    ask.add_argument("--turns", default="0,1,2,3")
    ask.add_argument("--groups", default="")
    ask.add_argument("--cache")
    ask.add_argument("--missed")
    given = ask.parse_args()
    looks = [(int(s), LONG[int(s)]) for s in given.short.split(",")]
    if given.setup:
        cascade, given.fusion = cascade_of(given.setup), given.setup
    else:
        detector = Detector(weights_path(given.detector), looks, given.threshold)
        cascade = Cascade(detector, Judge(weights_path(given.judge)) if given.judge else None)
    turns = [int(t) for t in given.turns.split(",")]
    kept = CACHE / f"evaluation-{given.cache}.pkl" if given.cache else None
    if kept and kept.exists():
        rows = pickle.loads(kept.read_bytes())
    else:
        rows = rows_of(cascade, turns, {g for g in given.groups.split(",") if g})
        if kept:
            kept.write_bytes(pickle.dumps(rows))
    print(f"proposals a picture: {np.mean([len(r['boxes']) for r in rows]):.1f}")
    missed = []
    if not cascade.judge:
        for cut in [float(c) for c in given.cuts.split(",") if c] or [given.threshold]:
            table, missed = score(rows, lambda row: row["scores"] >= cut)
            print(f"detector alone >= {cut}\n    {text_of(table)}")
    else:
        fusion = load_fusion(given.fusion)
        for step in given.steps.split(","):
            pair = fusion["thresholds"].get(step)
            if pair is None:
                inside, outside = (float(v) for v in step.split("/"))
                pair = {"inside": inside, "outside": outside}
            table, missed = score(rows, lambda row: painted(row, fusion, pair), lambda row, chosen: drawn(row, fusion, chosen))
            print(f"fusion {given.fusion}, {step}: {pair}\n    {text_of(table)}")
    if given.missed:
        save_missed(missed, Path(given.missed))


if __name__ == "__main__":
    main()
