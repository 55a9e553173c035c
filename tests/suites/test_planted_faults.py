"""Every check against the real server: with its fault planted it fails, on the healthy twin it is silent.

Faults that do not disturb each other share a server, because a server and an audit cost seconds.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from stashbench.model.finding import CheckCategory, Outcome, Severity
from stashbench.recommend.engine import advise
from stashbench.recommend.facts import Facts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# fault -> (the check that must catch it, the rule that must answer it)
STANDING = {
    "drop-index=index_scenes_tags_on_tag_id": ("missing-index", "recreate-missing-index"),
    "stale-statistics": ("stale-statistics", "refresh-statistics"),
    "fragmented-file": ("fragmentation", "compact-database"),
    "oversized-wal": ("wal-size", "shrink-write-ahead-log"),
    "failing-job": ("failed-job", "repeat-failed-job"),
    "log-flood=200": ("log-rate", "silence-log-flood"),
    "disk-writer=2000000": ("idle-writes", "stop-idle-writes"),
    "cpu-burner": ("idle-cpu", "stop-idle-cpu-use"),
}
STANDING_FILES = (
    "audit_indexes.py",
    "audit_planner_statistics.py",
    "audit_database_file.py",
    "audit_jobs.py",
    "audit_idle.py",
)
OF_REQUESTS = {
    "latency=findStudios:600": ("waiting-time", "find-what-requests-wait-for"),
    "n-plus-one=findScenes": ("statements-per-row", "avoid-statements-per-row"),
    "memory-leak=65536": ("memory-growth", "contain-memory-growth"),
    "tiny-page-cache": ("page-cache", "enlarge-page-cache"),
    "slow-hook=400": ("slow-update", "speed-up-saving"),
}
REQUEST_FILES = (
    "audit_latency.py",
    "audit_requests.py",
    "audit_memory.py",
    "audit_page_cache.py",
    "audit_updates.py",
)
# An error rate disturbs every other check that asks something, and work beside it hides a stall.
ALONE = {
    "errors=0.2": ("error-rate", "stop-request-errors"),
    "stalled-scan": ("stalled-job", "free-stalled-job"),
    "latency=systemStatus:60": ("latency-floor", "shorten-the-way"),
    "latency=findGalleries:1300": ("slow-pages", "ease-slow-pages"),
}
ALONE_FILES = {
    "errors=0.2": ("audit_requests.py::audit_error_rate",),
    "stalled-scan": ("audit_jobs.py::audit_stalled_job",),
    "latency=systemStatus:60": ("audit_latency.py::audit_latency_floor",),
    "latency=findGalleries:1300": ("../benchmarks/bench_galleries.py", "audit_pages.py"),
}
# Only benchmarks become shorter by these; what the checks do is the same.
QUICKLY = ("--stash-quick", "--stash-no-profile")
FAULTS = {**STANDING, **OF_REQUESTS, **ALONE}


@pytest.fixture(scope="session")
def healthy(run_audit):
    return run_audit(files=("../benchmarks/bench_galleries.py", "."), options=("--allow-writes", *QUICKLY))


@pytest.fixture(scope="session")
def standing(run_audit):
    return run_audit(*STANDING, files=STANDING_FILES)


@pytest.fixture(scope="session")
def of_requests(run_audit):
    return run_audit(*OF_REQUESTS, files=REQUEST_FILES, options=("--allow-writes",))


@pytest.fixture(scope="session")
def alone(run_audit):
    """Each has a server and an audit of its own; they mostly wait, and being disturbed makes no fault smaller."""
    with ThreadPoolExecutor(len(ALONE)) as pool:
        begun = {fault: pool.submit(run_audit, fault, files=ALONE_FILES[fault], options=QUICKLY) for fault in ALONE}
        return {fault: running.result() for fault, running in begun.items()}


def finding_of(result, check_id):
    return next(finding for finding in result.findings if finding.id == check_id)


@pytest.fixture
def faulty(request, fault):
    if fault in ALONE:
        return request.getfixturevalue("alone")[fault]
    return request.getfixturevalue("standing" if fault in STANDING else "of_requests")


@pytest.mark.parametrize("fault", FAULTS)
def test_the_check_catches_its_fault_and_is_silent_on_the_healthy_twin(fault, faulty, healthy):
    check_id, _ = FAULTS[fault]
    caught = finding_of(faulty, check_id)
    assert caught.outcome is Outcome.FAILED, caught
    assert caught.severity is not Severity.INFO
    assert finding_of(healthy, check_id).outcome not in {Outcome.FAILED, Outcome.ERROR, Outcome.NOT_MEASURED}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_first_or_second_recommendation_names_it(fault, faulty, healthy):
    """The faulty finding among all findings of the healthy server, as if it were the only fault."""
    check_id, rule_id = FAULTS[fault]
    findings = tuple(
        finding_of(faulty, check_id) if finding.id == check_id else finding for finding in healthy.findings
    )
    advice = advise(Facts(target=faulty.target, environment=faulty.environment, findings=findings))
    assert advice.notes == ()
    assert rule_id in [item.id for item in advice.recommendations[:2]]


def test_nothing_is_wrong_with_the_healthy_server(healthy):
    server = [finding for finding in healthy.findings if finding.category is not CheckCategory.HARNESS]
    assert len(server) >= 30
    wrong = [item for item in server if item.outcome is Outcome.FAILED and item.severity is not Severity.INFO]
    assert wrong == []
    assert [item for item in healthy.findings if item.outcome is Outcome.ERROR] == []


def test_waiting_is_told_from_queueing_on_a_crowded_machine(healthy):
    """On a busy test machine the healthy twin may be undecided, but it must never be accused."""
    assert finding_of(healthy, "waiting-time").outcome in {Outcome.PASSED, Outcome.INCONCLUSIVE}


def test_the_evidence_survives_the_document(standing):
    again = msgspec.json.decode(msgspec.json.encode(standing), type=type(standing))
    assert advise(Facts(target=again.target, environment=again.environment, findings=again.findings)) == advise(
        Facts(target=standing.target, environment=standing.environment, findings=standing.findings)
    )
