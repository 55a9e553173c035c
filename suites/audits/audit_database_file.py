"""Is the database file compact, its log small, its last migration finished?"""

from __future__ import annotations

import pytest

from stashbench.analyse.checks.database_file import blobs_in_database, dirty_schema, fragmentation, wal_size
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.database import DatabaseFacts


@pytest.mark.audit(
    id="fragmentation",
    category="storage",
    severity="warning",
    title="Unused part of the database file",
    warning=15,
    critical=60,
    unit="%",
)
def audit_fragmentation(audit: EvidenceRecorder, database: DatabaseFacts) -> None:
    """Free pages are carried along by every backup and every full scan."""
    fragmentation(database).tell(audit)


@pytest.mark.audit(
    id="wal-size",
    category="storage",
    severity="warning",
    title="Size of the write-ahead log",
    warning=64,
    critical=1024,
    unit="MiB",
)
def audit_wal_size(audit: EvidenceRecorder, database: DatabaseFacts) -> None:
    """A log that is not folded back slows every query and shows a reader that never lets go."""
    wal_size(database).tell(audit)


@pytest.mark.audit(id="dirty-schema", category="database", severity="critical", title="Last migration was finished")
def audit_dirty_schema(audit: EvidenceRecorder, database: DatabaseFacts) -> None:
    """A migration that was broken off leaves a schema that Stash does not know."""
    dirty_schema(database).tell(audit)


@pytest.mark.audit(
    id="blobs-in-database",
    category="storage",
    severity="info",
    title="Pictures inside the database",
    warning=50,
    unit="%",
)
def audit_blobs_in_database(audit: EvidenceRecorder, database: DatabaseFacts) -> None:
    """Pictures kept as rows make the database several times larger than what queries look at."""
    blobs_in_database(database).tell(audit)
