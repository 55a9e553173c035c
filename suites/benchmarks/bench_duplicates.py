"""The duplicate checker. It runs last (see conftest.py): near duplicates are the longest request there is."""

from __future__ import annotations

from stashbench.harness.measure import Measure


def bench_duplicates_exact(measure: Measure) -> None:
    """Equal phashes: one statement over all of them."""
    measure("duplicates", {"distance": 0}, page="Scene duplicate checker", title="Exact duplicates")


def bench_duplicates_near(measure: Measure) -> None:
    """Phashes up to four bits apart: every pair is compared."""
    measure("duplicates", {"distance": 4}, page="Scene duplicate checker", title="Near duplicates")
