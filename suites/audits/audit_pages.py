"""Do the pages that were benchmarked keep a person waiting?"""

from __future__ import annotations

import pytest

from stashbench.analyse.checks.slow_pages import NOTICED_SECONDS, slow_pages
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.measurement import Measurement


@pytest.mark.audit(
    id="slow-pages",
    category="api",
    severity="warning",
    title="Pages that keep you waiting",
    warning=1,
    critical=10,
    unit="s",
)
def audit_slow_pages(audit: EvidenceRecorder, measurements: tuple[Measurement, ...]) -> None:
    """A page of a second interrupts the train of thought, one of ten seconds loses the attention."""
    slow_pages(measurements, audit.threshold.warning or NOTICED_SECONDS).tell(audit)
