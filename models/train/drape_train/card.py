"""Runs the evaluations that the cards quote and writes them between the cards' figure marks.

    python -m drape_train.card
"""

import subprocess
import sys

from .paths import ROOT

CARDS = ROOT / "models" / "cards"
OPEN, CLOSE = "<!-- figures -->", "<!-- /figures -->"

STEPS = "cautious,balanced,sparing"
# Module and its arguments.
RUNS = {
    "face-judge.md": [
        ["evaluate", "--detector", "base", "--cuts", "0.2,0.1,0.05,0.03"],
        *(["evaluate", "--setup", setup, "--steps", STEPS] for setup in ("base", "single", "turned")),
        ["placed_measure"],
    ],
    "head-centerface.md": [["head_measure"]],
    "person-centernet.md": [["person_measure"]],
    "view-gate.md": [["view_measure"]],
}


def figures(runs: list[list[str]]) -> str:
    parts = []
    for arguments in runs:
        command = [sys.executable, "-m", f"drape_train.{arguments[0]}", *arguments[1:]]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        parts.append(f"$ python -m drape_train.{' '.join(arguments)}\n{done.stdout.rstrip()}")
    return "```\n" + "\n\n".join(parts) + "\n```"


def main() -> None:
    for name, runs in RUNS.items():
        card = CARDS / name
        before, rest = card.read_text().split(OPEN)
        after = rest.split(CLOSE)[1]
        card.write_text(f"{before}{OPEN}\n{figures(runs)}\n{CLOSE}{after}")
        print("figures written:", name)


if __name__ == "__main__":
    main()
