"""Does the database lie on a disk that suits it?"""

from __future__ import annotations

import pytest

from stashbench.analyse.checks.database_file import free_space, network_filesystem
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.database import DatabaseFacts


@pytest.mark.audit(
    id="network-filesystem", category="storage", severity="critical", title="Database on a local file system"
)
def audit_network_filesystem(audit: EvidenceRecorder, database: DatabaseFacts) -> None:
    """SQLite's write-ahead log needs shared memory that network file systems do not have."""
    network_filesystem(database).tell(audit)


@pytest.mark.audit(
    id="free-disk-space",
    category="storage",
    severity="critical",
    title="Free space beside the database",
    warning=3,
    critical=1,
    unit="x database",
    upper=False,
)
def audit_free_disk_space(audit: EvidenceRecorder, database: DatabaseFacts) -> None:
    """Backup, optimising and migration each need room for another copy."""
    free_space(database).tell(audit)
