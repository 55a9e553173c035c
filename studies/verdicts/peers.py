"""Two sessions of pytest-benchmark, one a side, as its users run them: today's numbers after yesterday's."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rules import RULES

from stashbench.target.server import ServerOptions, running_server

HERE = Path(__file__).parent


def run_peers(
    specs: dict[str, list[str]], environment: dict[str, str], seconds: float, chance: random.Random
) -> dict[str, Any]:
    """Measure both sides, in random order, and decide by each peer's rule: 1 is "B slower", -1 "B faster"."""
    begin = time.monotonic()
    sides = {side: _session(specs[side], environment, seconds) for side in chance.sample("ab", 2)}
    wall_seconds = time.monotonic() - begin
    decisions = {
        name: [rule(a, b) for a, b in zip(sides["a"], sides["b"], strict=True)] for name, rule in RULES.items()
    }
    return {"wall_seconds": wall_seconds, "rounds": [len(times) for times in sides["a"]], "decisions": decisions}


def _session(faults: list[str], environment: dict[str, str], seconds: float) -> list[list[float]]:
    """Return the raw rounds of each benchmark, in order."""
    options = ServerOptions(scene_count=500, seed=1, faults=tuple(faults))
    with running_server(options) as server, tempfile.TemporaryDirectory(prefix="stashbench-peer-") as folder:
        out = Path(folder) / "benchmark.json"
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-c", str(HERE / "pytest.ini"), str(HERE / "peer_operations.py")),
            *(f"--benchmark-max-time={seconds}", "--benchmark-min-time=0.000005", f"--benchmark-json={out}"),
        ]
        done = subprocess.run(
            command,
            env=environment | {"STASHBENCH_STUDY_URL": server.url},
            cwd=folder,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            message = f"The peer's session failed:\n{done.stdout[-3000:]}{done.stderr[-2000:]}"
            raise SystemExit(message)
        return [item["stats"]["data"] for item in json.loads(out.read_bytes())["benchmarks"]]
