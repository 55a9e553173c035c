"""What is kept of a real server's log while it scans: statements without their arguments, and little else."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from stashbench.stash import statement_stream
from stashbench.stash.attribution import Run, attribute
from stashbench.stash.server_time import parse_time
from stashbench.stash.statement_stream import Intake

RECORDINGS = Path(__file__).parent.parent / "data" / "recordings"
ARGUMENT = "My Private Film"


@pytest.fixture(scope="module")
def scan():
    """All lines of a scan, in the order they arrived: (nanoseconds, message)."""
    content = lzma.decompress((RECORDINGS / "stash-v0.22.1-logs.jsonl.xz").read_bytes()).decode()
    batches = [json.loads(line)["data"]["loggingSubscribe"] for line in content.splitlines()]
    return [(parse_time(entry["time"]), entry["message"]) for batch in batches for entry in batch]


def test_a_scan_beside_a_request_is_noticed_and_its_paths_are_not_kept(scan):
    intake = Intake()
    begin, end = intake.new_mark(), intake.new_mark()
    middle = sorted(when for when, _ in scan)[len(scan) // 2]
    window = (middle, middle + 200_000_000)
    for when, word in ((window[0], begin), (window[1], end)):
        intake.take(when, f"SQL [9µs]: SELECT COUNT(*) FROM tags, args: [%{word}%]")
    for when, message in scan:
        intake.take(when, message)
    statements = [when for when, message in scan if message.startswith(("SQL", "SLOW SQL"))]
    assert len(intake.executions) == len(statements) > 1000
    assert "/stash/" in repr(scan)
    assert "/stash/" not in repr(intake)

    (found,) = attribute(intake.marks, intake.executions, [Run(begin, end, 0.2)])
    near = [
        when for when in statements if window[0] - 10**9 <= when < window[0] or window[1] < when <= window[1] + 10**9
    ]
    # The scan was under way before the first mark, from which on statements are watched.
    assert found.foreign_count == sum(when > window[1] for when in near) > 0
    assert not found.is_clean


@pytest.mark.parametrize(
    "message",
    [
        f"SQL [9µs]: SELECT a FROM b WHERE c = ? AND d = '{ARGUMENT}', args: [{ARGUMENT}]",
        f"SLOW SQL [1s]: SELECT a FROM b WHERE c LIKE ?, args: [%{ARGUMENT}% {ARGUMENT}, args: [{ARGUMENT}]",
        f"SQL: INSERT INTO a (b) VALUES (?) [[{ARGUMENT} {ARGUMENT}]]",
        f"SQL: UPDATE a SET b = ? WHERE c = '{ARGUMENT}' [[{ARGUMENT}]]",
        f"Scanning /media/{ARGUMENT}.mp4",
        f"[Plugin] SQL [9µs]: {ARGUMENT}",
    ],
)
def test_arguments_are_gone_as_soon_as_a_line_is_taken(message):
    intake = Intake()
    intake.take(1, message)
    assert ARGUMENT not in repr(intake)


def test_marks_are_counted_by_lines_however_often_a_line_names_them():
    intake = Intake()
    first, second = intake.new_mark(), intake.new_mark()
    intake.take(5, f"SQL [9µs]: SELECT 1, args: [%{first}% %{first}% %{first}%]")
    intake.take(7, f"SQL [9µs]: SELECT 1, args: [%{second}%]")
    intake.take(8, f"SQL [9µs]: SELECT 1, args: [%{intake.token}%]")
    assert intake.marks == {first: [5], second: [7]}
    assert intake.executions == []
    assert len({intake.new_mark() for _ in range(1000)}) == 1000


def test_a_flood_is_bounded_and_makes_all_counts_uncertain(monkeypatch):
    monkeypatch.setattr(statement_stream, "EXECUTIONS_AT_MOST", 10)
    intake = Intake()
    for number in range(50):
        intake.take(number, "SQL [9µs]: SELECT 1, args: []")
    assert len(intake.executions) == 10
    assert intake.is_full
