"""What the planted slowdowns really cost: long comparisons in which all thirty operations are slowed alike.

python studies/verdicts/truth.py --calibration study.calibration.json --out truth.json
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
from pathlib import Path
from typing import Any

from calibration import calibrate
from operations import COUNT, NAMES_VARIABLE, random_names
from study import PERCENTS, compare


def main() -> None:
    """Write, for each percentage, the measured ratio of each operation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budget", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calibration", type=Path, required=True, help="the file that the study kept")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="stashbench-truth-") as folder:
        work = Path(folder)
        calibration = calibrate(options.calibration, seed=options.seed)
        for percent in PERCENTS:
            names = random_names(random.Random(percent))
            (work / "names.json").write_text(json.dumps(names), encoding="utf-8")
            environment = os.environ | {NAMES_VARIABLE: str(work / "names.json")}
            planted = [f"busy={name}:{calibration.turns(index, percent)}" for index, name in enumerate(names)]
            decoys = [f"busy={name}:1" for name in random_names(random.Random(percent + 1), COUNT)]
            ours = compare({"a": decoys, "b": planted}, environment, options.budget, percent, work)
            ratios = [item["ratio"] for item in ours["benchmarks"]]
            found[str(percent)] = {str(index): ratio for index, ratio in enumerate(ratios)}
            found[f"{percent} detail"] = ours["benchmarks"]
            print(
                f"{percent} % planted: median {statistics.median(ratios):.4f}, {min(ratios):.4f} to {max(ratios):.4f}"
            )
    options.out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
