"""The thirty operations that are compared: plain work of five kinds in six sizes, 1.5 to 3 ms each.

Their names come from a file that each run makes anew (`STASHBENCH_STUDY_NAMES`), so that nothing that measures or
decides can know which of them was slowed.
"""

from __future__ import annotations

import json
import os
import random
import string
from dataclasses import dataclass
from pathlib import Path

NAMES_VARIABLE = "STASHBENCH_STUDY_NAMES"
COUNT = 30
_TURNS_PER_MILLISECOND = {"count": 26_000, "text": 4_500, "encode": 500, "sort": 145, "look-up": 16_500}
_MILLISECONDS = (1.3, 1.5, 1.7, 1.9, 2.1, 2.3)
"""Of the work alone; what a request costs besides comes on top."""


@dataclass(frozen=True)
class Operation:
    """One request: its name in this run and its path."""

    name: str
    path: str


def random_names(chance: random.Random, count: int = COUNT) -> list[str]:
    """Return names that say nothing."""
    return ["Q" + "".join(chance.choices(string.ascii_lowercase, k=8)) for _ in range(count)]


def operations(names: list[str] | None = None) -> list[Operation]:
    """Return all thirty, under the names given or those of this run."""
    if names is None:
        names = json.loads(Path(os.environ[NAMES_VARIABLE]).read_text(encoding="utf-8"))
    assert names is not None
    kinds = [(flavour, size) for flavour in _TURNS_PER_MILLISECOND for size in _MILLISECONDS]
    return [
        Operation(name, f"/exercise/{name}/{flavour}/{round(_TURNS_PER_MILLISECOND[flavour] * size)}")
        for name, (flavour, size) in zip(names, kinds, strict=True)
    ]
