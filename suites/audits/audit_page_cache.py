"""Does SQLite's page cache hold what one request needs?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stashbench.analyse.checks.page_cache import rereads
from stashbench.collect.probes.operations import prepare
from stashbench.collect.probes.reads import count_reads
from stashbench.collect.sampler import Sampler
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.database import DatabaseFacts
from stashbench.model.target import Facility
from stashbench.stash.client import StashClient

# Joins scenes, files and folders in the order of scenes, so pages of the other tables are asked for again and again.
BY_PATH = {"filter": {"sort": "path", "direction": "ASC", "per_page": 40}}


@pytest.mark.audit(
    id="page-cache",
    category="database",
    severity="warning",
    title="Page cache holds what a request needs",
    warning=1.5,
    critical=30,
    unit="x database",
)
def audit_page_cache(
    audit: EvidenceRecorder,
    needs: Callable[[Facility], None],
    database: DatabaseFacts,
    stash: StashClient,
    resources: Sampler,
) -> None:
    """A cache that loses pages before they are needed again makes a request read the database several times over."""
    needs(Facility.PROCESS)
    read_bytes, views = count_reads(stash, resources, prepare(stash, "scene_ids", BY_PATH))
    rereads(read_bytes, views, database.file_bytes).tell(audit)
