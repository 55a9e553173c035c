"""Which settings cost more than they may be worth? Advice, not faults: all but the log level are of severity info."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stashbench.analyse.checks import settings
from stashbench.collect.machine_size import MachineSize
from stashbench.collect.probes.rounds import insist
from stashbench.errors import NotOfferedError
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.target import Facility
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.reading import reading
from stashbench.target import OpenTarget


@pytest.mark.audit(id="log-level", category="configuration", severity="warning", title="Log level")
def audit_log_level(audit: EvidenceRecorder, configuration: dict[str, Any]) -> None:
    """At Debug and Trace every statement is written to the log."""
    settings.log_level(configuration).tell(audit)


@pytest.mark.audit(
    id="preview-cost",
    category="configuration",
    severity="info",
    title="Work for one preview",
    warning=1.5,
    unit="x default",
)
def audit_preview_cost(audit: EvidenceRecorder, configuration: dict[str, Any]) -> None:
    """Preset, number and length of segments multiply."""
    settings.preview_cost(configuration).tell(audit)


@pytest.mark.audit(
    id="parallel-tasks",
    category="configuration",
    severity="info",
    title="Parallel tasks for the cores there are",
    warning=1.01,
    unit="tasks/core",
)
def audit_parallel_tasks(
    audit: EvidenceRecorder, needs: Callable[[Facility], None], configuration: dict[str, Any], machine: MachineSize
) -> None:
    """Each task starts an ffmpeg that takes several cores by itself."""
    needs(Facility.HOST)
    settings.parallel_tasks(configuration, machine.cpu_count).tell(audit)


@pytest.mark.audit(id="md5-hashing", category="configuration", severity="info", title="Hashing of videos")
def audit_md5_hashing(audit: EvidenceRecorder, configuration: dict[str, Any]) -> None:
    """MD5 reads every byte of every video, oshash 128 KiB."""
    settings.md5_hashing(configuration).tell(audit)


@pytest.mark.audit(id="image-thumbnails", category="configuration", severity="info", title="Thumbnails are kept")
def audit_image_thumbnails(audit: EvidenceRecorder, configuration: dict[str, Any]) -> None:
    """Without kept thumbnails each view of the images page scales the originals again."""
    settings.image_thumbnails(configuration).tell(audit)


@pytest.mark.audit(id="hardware-encoding", category="configuration", severity="info", title="Hardware encoding")
def audit_hardware_encoding(audit: EvidenceRecorder, configuration: dict[str, Any], stash: StashClient) -> None:
    """A live transcode on the CPU takes it from everything else."""
    answer = insist(lambda: stash.execute(load("logs")))
    with reading(stash.url, "the question for its log"):
        messages = [str(entry["message"]) for entry in answer["logs"]]
    settings.hardware_encoding(configuration, messages).tell(audit)


@pytest.mark.audit(
    id="unpaged-filter",
    category="configuration",
    severity="info",
    title="Saved filters ask for pages",
    warning=1,
    unit="filters",
)
def audit_unpaged_filter(audit: EvidenceRecorder, stash: StashClient, target: OpenTarget) -> None:
    """A filter that shows everything at once costs the whole list for each view."""
    try:
        prepared = target.adapter.prepare(stash, load("saved_filters"))
    except NotOfferedError:
        audit.not_applicable("This release of Stash does not tell the page sizes of saved filters.")
        return
    answer = insist(lambda: stash.run(prepared))
    with reading(stash.url, "the question for its saved filters"):
        seen = settings.unpaged_filters(answer["findSavedFilters"])
    seen.tell(audit)
