"""A real Stash v0.30.1 and the embedded server give the same answers from the same file.

The recording was made by loading `stash-v0.30.1-library.sql.gz` (40 generated scenes and what belongs to them) into an
SQLite file, starting the release on it, and keeping its answers with the address of the server cut out: every
criterion of every list with several modifiers, every sort in both directions, and all fields of all objects.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

RECORDING = Path(__file__).parents[2] / "data" / "recordings" / "stash-v0.30.1-answers.jsonl.gz"


def test_answers_are_those_of_a_real_server(server):
    recorded = [json.loads(line) for line in gzip.decompress(RECORDING.read_bytes()).splitlines()]
    assert len(recorded) > 1500
    different = []
    for entry in recorded:
        result = server.execute(entry["query"], is_valid=True)  # a real server accepted it
        if "error" in entry:
            agrees = bool(result.errors) and result.errors[0].message == entry["error"]
        else:
            agrees = not result.errors and result.data == entry["data"]
        if not agrees:
            different.append((entry["query"], result.errors))
    assert different == []
