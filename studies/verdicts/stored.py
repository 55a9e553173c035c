"""The study of stored mode: one session after another against the rolling baseline, over hours.

    python studies/verdicts/stored.py --sessions 45 --minutes 125 --out stored.jsonl

Each turn makes two audits of a server started anew, as a user types them: one of the server as it is, which feeds the
rolling baseline if it is accepted, and one with one operation, picked by chance, slowed by a tenth, against a copy of
the same baseline, which it cannot feed. Turns are spread over the time given. A line of JSON each is appended at once;
`stored_table.py` reads it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from calibration import calibrate
from operations import COUNT, NAMES_VARIABLE, random_names

HERE = Path(__file__).parent
PERCENT = 10
_KEPT = ("verdict", "ratio", "ci_low", "ci_high", "sigma", "smallest_visible", "session_count", "first_ratio")


def main() -> None:
    """Make the turns that are still missing in the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=45, help="the first five fill the baseline")
    parser.add_argument("--minutes", type=float, default=125.0, help="time that they are spread over")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replay", choices=("auto", "off"), default="off")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--baselines", type=Path, required=True, help="folder that the rolling baseline is kept in")
    options = parser.parse_args()
    done = len(options.out.read_text().splitlines()) if options.out.exists() else 0
    begin = time.monotonic()
    names = random_names(random.Random(options.seed))
    calibration = calibrate(options.out.with_suffix(".calibration.json"), seed=options.seed)
    for number in range(done, options.sessions):
        due = begin + 60 * options.minutes * (number - done) / options.sessions
        time.sleep(max(0.0, due - time.monotonic()))
        chance = random.Random(f"{options.seed}:{number}")
        index = chance.randrange(COUNT)
        (decoy,) = random_names(chance, 1)
        turns = calibration.turns(index, PERCENT)
        record: dict[str, Any] = {"turn": number, "began_unix_seconds": time.time(), "planted": index}
        record["healthy"] = _audit(names, f"busy={decoy}:{turns}", options.baselines, options.replay)
        with tempfile.TemporaryDirectory(prefix="stashbench-study-") as copied:
            if options.baselines.exists():
                shutil.copytree(options.baselines, copied, dirs_exist_ok=True)
            record["slowed"] = _audit(names, f"busy={names[index]}:{turns}", Path(copied), options.replay)
        with options.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        print(_in_words(record, index), flush=True)


def _audit(names: list[str], fault: str, baselines: Path, replay: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="stashbench-study-") as folder:
        work = Path(folder)
        (work / "names.json").write_text(json.dumps(names), encoding="utf-8")
        command = [
            *(
                sys.executable,
                "-m",
                "stashbench",
                "audit",
                "--suite",
                str(HERE / "bench_operations.py"),
                "--no-profile",
            ),
            *("--stash-library", "500", "--baseline", "auto", "--baseline-dir", str(baselines), "--fault", fault),
            *("--replay", replay, "--out", str(work / "reports")),
        ]
        begin = time.monotonic()
        environment = os.environ | {NAMES_VARIABLE: str(work / "names.json")}
        done = subprocess.run(command, env=environment, cwd=work, check=False, capture_output=True, text=True)
        wall_seconds = time.monotonic() - begin
        if done.returncode:
            raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
        result = json.loads((work / "reports" / "latest" / "result.json").read_bytes())
    by_id = {item["benchmark_id"]: item for item in result["comparisons"]}
    ids = [item["id"] for item in result["measurements"]]
    # The suite keeps its order, whatever its benchmarks are called.
    return {
        "wall_seconds": wall_seconds,
        "benchmarks": [{key: by_id.get(name, {}).get(key) for key in _KEPT} for name in ids],
        "suite": result["suite_shift"],
        "machine": result["machine"],
        "baseline": result["baseline_reason"],
        "warnings": result["warnings"],
    }


def _in_words(record: dict[str, Any], index: int) -> str:
    told = []
    for name in ("healthy", "slowed"):
        verdicts = [item["verdict"] for item in record[name]["benchmarks"]]
        others = {word: verdicts.count(word) for word in ("regressed", "improved", "suspect")}
        told.append(f"{name}: {others} in {record[name]['wall_seconds']:.0f} s")
    return f"turn {record['turn']}: {'; '.join(told)}; planted one: {record['slowed']['benchmarks'][index]['verdict']}"


if __name__ == "__main__":
    main()
