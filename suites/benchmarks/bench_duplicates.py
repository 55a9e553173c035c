"""The duplicate checker. It runs last (see conftest.py): near duplicates are the longest request there is."""

from __future__ import annotations

import pytest

from stashbench.analyse.request_cost import near_duplicate_seconds
from stashbench.harness.measure import Measure
from stashbench.stash.client import StashClient
from stashbench.target import OpenTarget

BEARABLE_SHARE = 1 / 3
"""Of the time one request may take: the estimate is rough, and a request given up goes on in the server."""


def bench_duplicates_exact(measure: Measure) -> None:
    """Equal phashes: one statement over all of them."""
    measure("duplicates", {"distance": 0}, page="Scene duplicate checker", title="Exact duplicates")


def bench_duplicates_near(measure: Measure, stash: StashClient, target: OpenTarget) -> None:
    """Phashes up to four bits apart: every pair is compared."""
    count = target.info.library.scene_count or 0
    seconds = near_duplicate_seconds(count)
    if seconds > stash.timeout_seconds * BEARABLE_SHARE:
        pytest.skip(
            f"comparing every pair of {count:,} scenes would keep a core of the server busy for {seconds:.0f} s or "
            f"more, even if we gave up; --stash-timeout {seconds / BEARABLE_SHARE:.0f} measures it all the same"
        )
    measure("duplicates", {"distance": 4}, page="Scene duplicate checker", title="Near duplicates")
