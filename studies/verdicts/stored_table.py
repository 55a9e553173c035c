"""The table of the study of stored mode, from the lines that `stored.py` appended.

python studies/verdicts/stored_table.py stored.jsonl
"""

from __future__ import annotations

import json
import statistics
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from table import share

_FEWEST_SESSIONS = 5
_CALLED = {"regressed", "improved"}


def main() -> None:
    """Print the table as Markdown, of the turns whose baseline held five sessions or more."""
    records: list[dict[str, Any]] = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
    sharp = [record for record in records if _session_count(record["healthy"]) >= _FEWEST_SESSIONS]
    hours = (records[-1]["began_unix_seconds"] - records[0]["began_unix_seconds"]) / 3600
    print(f"{len(records)} turns over {hours:.1f} h; {len(sharp)} against five sessions or more")
    print("| | |\n|---|---|")
    rows = {
        'unchanged server: runs with a false "regressed"': [_has(record["healthy"], {"regressed"}) for record in sharp],
        'unchanged server: runs with a false "regressed" or "improved"': [
            _has(record["healthy"], _CALLED) for record in sharp
        ],
        "unchanged server: the whole suite called regressed": [
            (record["healthy"]["suite"] or {}).get("verdict") == "regressed" for record in sharp
        ],
        "one page slowed by 10 %: found": [_planted(record) == "regressed" for record in sharp],
        "one page slowed by 10 %: found or called suspect": [
            _planted(record) in {"regressed", "suspect"} for record in sharp
        ],
    }
    for words, flags in rows.items():
        print(f"| {words} | {share(flags)} |")
    print(f"\nVerdicts on the slowed page: {dict(Counter(map(_planted, sharp)))}")
    for name in ("healthy", "slowed"):
        walls = [record[name]["wall_seconds"] for record in records]
        print(f"Wall time of an audit ({name}): median {statistics.median(walls):.0f} s, longest {max(walls):.0f} s")


def _session_count(audit: dict[str, Any]) -> int:
    return max((item["session_count"] or 0 for item in audit["benchmarks"]), default=0)


def _has(audit: dict[str, Any], verdicts: set[str]) -> bool:
    return any(item["verdict"] in verdicts for item in audit["benchmarks"])


def _planted(record: dict[str, Any]) -> str:
    return str(record["slowed"]["benchmarks"][record["planted"]]["verdict"])


if __name__ == "__main__":
    main()
