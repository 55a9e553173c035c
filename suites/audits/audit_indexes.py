"""Does the database have the indexes that Stash's own migrations make?"""

from __future__ import annotations

import pytest

from stashbench.analyse.checks.indexes import missing_indexes
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.database import DatabaseFacts


@pytest.mark.audit(
    id="missing-index",
    category="database",
    severity="critical",
    title="Indexes of Stash's schema",
    warning=1,
    critical=5,
    unit="indexes",
)
def audit_missing_index(audit: EvidenceRecorder, database: DatabaseFacts) -> None:
    """A lost index makes whole pages read whole tables."""
    missing_indexes(database).tell(audit)
