"""The tables of the 3-5-30 study, from the lines that `study.py` appended.

    python studies/verdicts/table.py study.jsonl [truth.json]

`truth.json` holds the measured effect of each planted slowdown (`truth.py`); without it the planted one is the truth.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stashbench.analyse.statistics import wilson_interval

PERCENTS = (3, 5, 10, 20)
_SIGNS = {"regressed": 1, "improved": -1}
Record = dict[str, Any]
Signs = Callable[[Record], list[int]]


def main() -> None:
    """Print the tables as Markdown."""
    records = [json.loads(line) for path in sys.argv[1:2] for line in Path(path).read_text().splitlines()]
    truth = json.loads(Path(sys.argv[2]).read_text()) if len(sys.argv) > 2 else {}  # noqa: PLR2004 - an argument
    methods: dict[str, Signs] = {"stashbench compare": _ours}
    for name in records[0]["peers"].get("decisions", {}):
        methods[name] = _peer(name)
    print("| | A/A runs with a false alarm | false alarms on untouched, A/B | 3 % | 5 % | 10 % | 20 % |")
    print("|---|---|---|---|---|---|---|")
    for name, signs in methods.items():
        print(f"| {name} | {' | '.join(_row(records, signs))} |")
    _wall(records)
    _coverage(records, truth)


def _ours(record: Record) -> list[int]:
    return [_SIGNS.get(item["verdict"], 0) for item in record["ours"]["benchmarks"]]


def _peer(name: str) -> Signs:
    def signs(record: Record) -> list[int]:
        found: list[int] = record["peers"]["decisions"][name]
        return found

    return signs


def _row(records: list[Record], signs_of: Signs) -> list[str]:
    aa = [any(signs_of(record)) for record in records if not record["is_ab"]]
    untouched, found = [], defaultdict(list)
    for record in records:
        if not record["is_ab"]:
            continue
        right = 1 if record["arm"] == "b" else -1
        for index, sign in enumerate(signs_of(record)):
            percent = record["planted"].get(str(index))
            if percent is None:
                untouched.append(sign != 0)
            else:
                found[percent].append(sign == right)
    cells = [share(aa), share(untouched)]
    return cells + [share(found[percent]) for percent in PERCENTS]


def share(flags: list[bool]) -> str:
    """Write k of n with its 95 % interval (Wilson, 1927)."""
    n, k = len(flags), sum(flags)
    if not n:
        return "not measured"
    low, high = wilson_interval(k, n)
    return f"{k} of {n} [{low:.0%} to {high:.0%}]"


def _wall(records: list[Record]) -> None:
    ours = [record["ours"]["wall_seconds"] for record in records]
    print(f"\nWall time of ours: median {statistics.median(ours):.1f} s, longest {max(ours):.1f} s.")
    peers = [record["peers"]["wall_seconds"] for record in records if record["peers"]]
    if peers:
        print(f"Wall time of the peers' two sessions: median {statistics.median(peers):.1f} s.")
    for is_loaded in (False, True):
        sigmas = [record["ours"]["sigma"] for record in records if record["is_loaded"] is is_loaded]
        if sigmas:
            word = "beside load" if is_loaded else "alone"
            print(f"Typical noise {word}: median sigma {statistics.median(sigmas):.2%}, largest {max(sigmas):.2%}.")


def _coverage(records: list[Record], truth: dict[str, Any]) -> None:
    groups: dict[str, list[bool]] = defaultdict(list)
    for record in records:
        for index, item in enumerate(record["ours"]["benchmarks"]):
            if item["ci_low"] is None:
                continue
            percent = record["planted"].get(str(index), 0)
            ratio = truth.get(str(percent), {}).get(str(index), 1 + percent / 100) if percent else 1.0
            if record["arm"] == "a":
                ratio = 1 / ratio
            groups["all"].append(item["ci_low"] <= ratio <= item["ci_high"])
            groups["slowed" if percent else "untouched"].append(groups["all"][-1])
    for name, flags in groups.items():
        print(f"95 % intervals that held the truth, {name}: {share(flags)}")


if __name__ == "__main__":
    main()
