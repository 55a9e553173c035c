"""Does SQLite's page cache hold what one request needs?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stashbench.analyse.checks.page_cache import PageReads, rereads
from stashbench.collect.probes.operations import prepare
from stashbench.collect.probes.reads import count_reads
from stashbench.collect.sampler import Sampler
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.database import DatabaseFacts
from stashbench.model.target import Facility
from stashbench.stash.client import StashClient
from stashbench.target import OpenTarget

# Both go through tables by index in an order that is not the file's. A healthy cache of SQLite's default size reads the
# database up to twice for the second of them on a library of 20,000 scenes; one that is too small, several times.
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "the scenes page by path": ("scene_ids", {"filter": {"sort": "path", "direction": "ASC", "per_page": 40}}),
    "the tags page with counts": ("tags", {"filter": {"per_page": 40}}),
}


@pytest.mark.audit(
    id="page-cache",
    category="database",
    severity="warning",
    title="Page cache holds what a request needs",
    warning=2.5,
    critical=50,
    unit="x database",
)
def audit_page_cache(
    audit: EvidenceRecorder,
    needs: Callable[[Facility], None],
    database: DatabaseFacts,
    stash: StashClient,
    target: OpenTarget,
    resources: Sampler,
) -> None:
    """A cache that loses pages before they are needed again makes a request read the database several times over."""
    needs(Facility.PROCESS)
    reads = []
    for page, (document, variables) in PAGES.items():
        read_bytes, views = count_reads(stash, resources, prepare(stash, document, variables, adapter=target.adapter))
        reads.append(PageReads(page=page, view_count=views, logical_read_bytes=read_bytes))
    rereads(reads, database.file_bytes).tell(audit)
