"""Which known performance problems does the server's release still have?"""

from __future__ import annotations

import pytest

from stashbench.analyse.checks.release import outdated_release
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.target import OpenTarget


@pytest.mark.audit(
    id="outdated-release",
    category="configuration",
    severity="info",
    title="Performance fixes of later releases",
    warning=1,
    unit="fixes",
)
def audit_outdated_release(audit: EvidenceRecorder, target: OpenTarget) -> None:
    """Some releases cured what no setting can."""
    info = target.info
    outdated_release(info.app_schema_version or info.schema_version, info.server_version).tell(audit)
