"""The 3-5-30 study: comparisons of equal servers and of slightly slowed ones, ours beside its peers.

    python studies/verdicts/study.py --runs 80 --budget 24 --out study.jsonl

Half of the runs compare equal servers (A/A), half have four operations slowed by 3, 5, 10 and 20 % on one side (A/B),
in random order; half of either run beside a generator of load. Each is done by `stashbench compare` as a user types it
and, for as long, by two sessions of pytest-benchmark. A line of JSON for each is appended at once; `table.py` reads it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from calibration import Calibration, calibrate
from operations import COUNT, NAMES_VARIABLE, random_names
from peers import run_peers
from rich.console import Console
from rich.progress import track

HERE = Path(__file__).parent
PERCENTS = (3, 5, 10, 20)


def main() -> None:
    """Make the runs that are still missing in the file."""
    options = _options()
    done = len(options.out.read_text().splitlines()) if options.out.exists() else 0
    plan = _plan(options.runs, options.seed)
    with tempfile.TemporaryDirectory(prefix="stashbench-study-") as folder:
        work = Path(folder)
        calibration = calibrate(options.out.with_suffix(".calibration.json"), seed=options.seed)
        console = Console(stderr=True)
        console.print(f"one turn takes {calibration.turn_seconds * 1e9:.1f} ns; operations: {calibration.in_words()}")
        for number in track(range(done, options.runs), "runs", console=console, disable=not console.is_terminal):
            record = _one(number, plan[number], calibration, options, work)
            with options.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
            console.print(_in_words(record), highlight=False)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=80)
    parser.add_argument("--budget", type=float, default=24.0, help="--budget of our comparisons, in seconds")
    parser.add_argument("--peer-seconds", type=float, default=0.36, help="time for one benchmark of a peer's session")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--no-peers", action="store_true")
    return parser.parse_args()


def _plan(count: int, seed: int) -> list[tuple[bool, bool]]:
    """Return (is A/B, is beside load) of each run, in random order, each of the four kinds equally often."""
    kinds = [(is_ab, is_loaded) for is_ab in (False, True) for is_loaded in (False, True)]
    plan = [kinds[number % len(kinds)] for number in range(count)]
    random.Random(seed).shuffle(plan)
    return plan


def _one(
    number: int, kind: tuple[bool, bool], calibration: Calibration, options: argparse.Namespace, work: Path
) -> dict[str, Any]:
    chance = random.Random(f"{options.seed}:{number}")
    is_ab, is_loaded = kind
    names = random_names(chance)
    names_file = work / "names.json"
    names_file.write_text(json.dumps(names), encoding="utf-8")
    slowed = chance.sample(range(COUNT), len(PERCENTS))
    arm = chance.choice("ab")
    turns = [calibration.turns(index, percent) for index, percent in zip(slowed, PERCENTS, strict=True)]
    specs = {}
    for side in "ab":
        # Both sides have four operations slowed, so that they look alike; decoys are asked for by nobody.
        is_real = is_ab and side == arm
        targets = [names[index] for index in slowed] if is_real else random_names(chance, len(PERCENTS))
        planted = [f"busy={name}:{count}" for name, count in zip(targets, turns, strict=True)]
        chance.shuffle(planted)
        specs[side] = planted
    environment = os.environ | {NAMES_VARIABLE: str(names_file)}
    with load(number) if is_loaded else _nothing():
        ours = compare(specs, environment, options.budget, number, work)
        peers = {} if options.no_peers else run_peers(specs, environment, options.peer_seconds, chance)
    planted_now = dict(zip(slowed, PERCENTS, strict=True)) if is_ab else {}
    return {
        "run": number,
        "is_ab": is_ab,
        "is_loaded": is_loaded,
        "arm": arm,
        "planted": planted_now,
        "names": names,
        "ours": ours,
        "peers": peers,
    }


@contextmanager
def load(seed: int) -> Iterator[None]:
    """Keep the generator of load running meanwhile."""
    with subprocess.Popen([sys.executable, str(HERE / "load.py"), str(seed)]) as process:
        try:
            yield
        finally:
            process.kill()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def compare(
    specs: dict[str, list[str]], environment: dict[str, str], budget_seconds: float, number: int, work: Path
) -> dict[str, Any]:
    """Run `stashbench compare` as a user types it; return what of its document is kept."""
    out = work / "compare.json"
    out.unlink(missing_ok=True)
    command = [
        *(sys.executable, "-m", "stashbench", "compare"),
        *(f"embedded:{','.join(specs[side])}" for side in "ab"),
        *("--suite", str(HERE / "bench_operations.py"), "--budget", str(budget_seconds), "--seed", str(number)),
        *("--json", str(out), "--out", str(work / "reports"), "--no-profile", "--stash-library", "500"),
    ]
    begin = time.monotonic()
    subprocess.run(command, env=environment, cwd=work, check=True, stdout=subprocess.DEVNULL)
    wall_seconds = time.monotonic() - begin
    document = json.loads(out.read_bytes())
    kept = ("verdict", "time_verdict", "ratio", "ci_low", "ci_high", "sigma", "threshold_ratio", "stage", "cpu_ratio")
    return {
        "wall_seconds": wall_seconds,
        "detection_limit": document["detection_limit"],
        "sigma": document["sigma"],
        "benchmarks": [{name: item.get(name) for name in kept} for item in document["benchmarks"]],
        "machine": document["machine"],
        "stages": document["stages"],
    }


def _in_words(record: dict[str, Any]) -> str:
    ours = record["ours"]
    called = {
        index: f"{item['verdict']} {item['ratio']:.3f}"
        for index, item in enumerate(ours["benchmarks"])
        if item["verdict"] in {"regressed", "improved"}
    }
    kind = f"{'A/B' if record['is_ab'] else 'A/A'}{' loaded' if record['is_loaded'] else ''}"
    planted = f" planted on {record['arm']}: {record['planted']}" if record["is_ab"] else ""
    return f"{record['run']}: {kind}, {ours['wall_seconds']:.0f} s, sigma {ours['sigma']:.4f}{planted}; called {called}"


if __name__ == "__main__":
    main()
