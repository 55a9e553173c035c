"""What all suites share. The fixtures themselves (`stash`, `library`, `measure`, `audit`, ...) come with stashbench."""

from __future__ import annotations

import pytest

# The floor first, because others are judged against it; the longest requests last, so that little waits behind them.
# What changes data comes when all else is measured and judged, and the tasks that change most at the very end.
ORDER = {"bench_server.py": 0, "bench_duplicates.py": 2, "bench_saving.py": 4, "bench_tasks.py": 5}
CHECKS = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run benchmarks before checks: some checks judge what the benchmarks have measured of the same run."""
    items.sort(key=lambda item: CHECKS if "audits" in item.path.parts else ORDER.get(item.path.name, 1))
