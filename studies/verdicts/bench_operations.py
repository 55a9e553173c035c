"""The operations as a suite of ours."""

from __future__ import annotations

import pytest
from operations import Operation, operations

from stashbench.harness.measure import Measure

ALL = operations()


@pytest.mark.parametrize("operation", ALL, ids=[operation.name for operation in ALL])
def bench_operation(measure: Measure, operation: Operation) -> None:
    """One small piece of work."""
    measure.get(operation.path, page="study", title=operation.name)
