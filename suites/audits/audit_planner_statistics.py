"""Does SQLite's planner know how large this library is?"""

from __future__ import annotations

import pytest

from stashbench.analyse.checks.planner_statistics import missing_statistics, stale_statistics
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.database import DatabaseFacts


@pytest.mark.audit(
    id="stale-statistics",
    category="database",
    severity="warning",
    title="Statistics fit the library",
    warning=1,
    unit="tables",
)
def audit_stale_statistics(audit: EvidenceRecorder, database: DatabaseFacts) -> None:
    """Statistics of another library mislead the planner more than none at all."""
    stale_statistics(database).tell(audit)


@pytest.mark.audit(
    id="missing-statistics",
    category="database",
    severity="info",
    title="Statistics are there",
    warning=1,
    unit="tables",
)
def audit_missing_statistics(audit: EvidenceRecorder, database: DatabaseFacts) -> None:
    """Without statistics the planner goes by rules of thumb, which often but not always do."""
    missing_statistics(database).tell(audit)
