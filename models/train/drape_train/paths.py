"""Where things are. Data is read in place; everything made on the way lies in the git-ignored cache."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = Path(os.environ.get("DRAPE_TRAIN_CACHE", ROOT / ".cache" / "train"))
# Where the weights and the manifest lie that are written: models, but for tests.
MODELS = Path(os.environ.get("DRAPE_TRAIN_OUT", ROOT / "models"))
WEIGHTS = MODELS / "weights"
LABELS = Path(__file__).resolve().parents[1] / "labels"
DATA = Path(os.environ.get("DRAPE_DATA", ROOT.parent / "shared" / "data"))


def need_data() -> Path:
    """The data folder, or a clear end of the program where it is absent."""
    if not (DATA / "train" / "README.md").exists():
        raise SystemExit(f"No training data at {DATA}. Put it there or set DRAPE_DATA to its folder.")
    CACHE.mkdir(parents=True, exist_ok=True)
    WEIGHTS.mkdir(parents=True, exist_ok=True)
    return DATA
