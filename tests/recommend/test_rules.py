"""Every rule: silent without its finding, and with it a recommendation that has all its parts and its numbers."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import msgspec
import pytest

from stashbench.model.finding import Outcome, Severity
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.recommendation import Basis, Priority
from stashbench.recommend.discovery import discover_rules
from stashbench.recommend.engine import advise, recommend

AUDITS = Path(__file__).parents[2] / "suites" / "audits"
INDEX = {
    "name": "index_scenes_tags_on_tag_id",
    "table": "scenes_tags",
    "statement": 'CREATE INDEX "index_scenes_tags_on_tag_id" ON "scenes_tags" ("tag_id");',
    "rollback": 'DROP INDEX "index_scenes_tags_on_tag_id";',
}
WAITING = {
    "operation": "findTags",
    "latency_ms": 500.0,
    "cpu_ms": 40.0,
    "waiting_ms": 450.0,
    "logged_sql_ms": 20.0,
    "rounds": 3,
}
# check id -> (value, evidence, words the recommendation must hold)
CASES = {
    "missing-index": (
        1.0,
        {"missing_indexes": (INDEX,)},
        ["index_scenes_tags_on_tag_id", ("CREATE INDEX"), "DROP INDEX"],
    ),
    "stale-statistics": (3.0, {"tables": ({"table": "scenes_tags"},), "file_bytes": 2**30}, ["scenes_tags", "ANALYZE"]),
    "missing-statistics": (3.0, {"file_bytes": 2**30}, ["five times slower", "sqlite_stat"]),
    "fragmentation": (40.0, {"free_bytes": 2**22, "file_bytes": 2**23}, ["40 %", "VACUUM"]),
    "wal-size": (72.0, {}, ["72 MiB", "Never delete -wal", "integrity_check"]),
    "page-cache": (4.5, {"database_bytes": 180 * 2**20}, ["STASH_SQLITE_CACHE_SIZE=-65536", "4.5 times"]),
    "waiting-time": (450.0, {"worst_operation": "findTags", "operations": (WAITING,)}, ["findTags", "450 ms", "proxy"]),
    "latency-floor": (300.0, {"rounds": 20}, ["300", "proxy"]),
    "slow-pages": (
        2.0,
        {
            "slow_pages": (
                {"id": "scenes-by-path", "title": "Scenes by path", "page": "Scenes", "median_seconds": 2.1},
                {"id": "tags", "title": "Tags with counts", "page": "Tags", "median_seconds": 1.2},
            )
        },
        ["Scenes by path (2.1 s)", "Sort by date instead of path", "Show fewer cards"],
    ),
    "error-rate": (
        10.0,
        {"error_count": 12, "request_count": 120, "errors": ({"message": "database is locked", "count": 12},)},
        ["12 of 120", "lsof"],
    ),
    "statements-per-row": (
        1.0,
        {
            "worst_operation": "findScenes",
            "operations": (
                {"operation": "findScenes", "statement_count": 27, "rows": 25, "statement": "SELECT tags.id FROM t"},
            ),
        },
        ["findScenes", "SELECT tags.id FROM t", "1000 statements"],
    ),
    "memory-growth": (
        65000.0,
        {"slope_bytes_per_request": 65536.0, "slope_low": 65000.0, "slope_high": 66000.0, "request_count": 320},
        ["64.0 KiB", "320"],
    ),
    "idle-cpu": (98.0, {"observed_seconds": 3.0, "running_jobs": ""}, ["98 % of a core", "No job was running"]),
    "idle-writes": (2000.0, {"observed_seconds": 3.0, "running_jobs": "Scanning..."}, ["2000 KiB", "Scanning..."]),
    "log-rate": (200.0, {"sources": ({"source": "Info log flood", "count": 600},)}, ["200", "Info log flood"]),
    "stalled-job": (
        5.0,
        {"description": "Scanning...", "progress": 0.42, "watched_seconds": 5.0, "cpu_seconds": 0.0, "read_bytes": 0},
        ["Scanning...", "42 %", "stopJob"],
    ),
    "failed-job": (1.0, {"jobs": ({"description": "Scanning...", "error": "no such folder"},)}, ["no such folder"]),
    "log-level": (1.0, {"log_level": "Trace"}, ["Trace", "Info"]),
    "slow-update": (800.0, {"median_ms": 810.0, "floor_ms": 10.0}, ["810 ms", "hook"]),
    "image-totals": (
        8000.0,
        {"share_percent": 88.9, "image_count": 4000000, "with_totals_ms": 9000.0, "plain_ms": 1000.0},
        ["9000 ms", "megapixels"],
    ),
    "unpaged-filter": (1.0, {"filters": ({"name": "all scenes", "mode": "SCENES", "per_page": -1},)}, ["all scenes"]),
    "network-filesystem": (1.0, {"filesystem": "cifs"}, ["cifs", "local disk"]),
    "blobs-in-database": (70.0, {"blob_bytes": 700 * 2**20}, ["700 MiB", "70 %"]),
    "preview-cost": (3.0, {"preset": "veryslow"}, ["veryslow", "3.0 times"]),
    "parallel-tasks": (4.0, {"parallel_tasks": 8, "cores": 2, "setting": 8}, ["8 tasks", "2 cores"]),
    "md5-hashing": (1.0, {"naming_algorithm": "MD5", "calculate_md5": True}, ["128 KiB", "migrateHashNaming"]),
    "outdated-release": (
        1.0,
        {"fixes": ({"release": "v0.27.1", "reference": "stashapp/stash#5335", "what": "slow studio pages"},)},
        ["slow studio pages", "v0.27.1"],
    ),
    "image-thumbnails": (1.0, {}, ["thumbnails"]),
    "hardware-encoding": (1.0, {"codecs": "h264_vaapi"}, ["h264_vaapi"]),
    "free-disk-space": (0.5, {"free_bytes": 2**30, "file_bytes": 2**31}, ["1.0 GiB", "2.0 GiB"]),
    "dirty-schema": (1.0, {"schema_version": 75}, ["schema 75", "backup"]),
    "available-memory": (4.0, {"available_bytes": 300 * 2**20}, ["300 MiB"]),
    "cpu-steal": (14.0, {}, ["quiet"]),
    "foreign-load": (80.0, {}, ["quiet"]),
    "log-stream": (1.0, {}, ["websocket", "Upgrade"]),
}
# A share of the client itself calls for no change of the server.
WITHOUT_RULE = {"client-overhead"}


def check_ids():
    found = set()
    for path in AUDITS.glob("audit_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.audit":
                found |= {keyword.value.value for keyword in node.keywords if keyword.arg == "id"}
    return found


def text_of(recommendation):
    return msgspec.json.encode(recommendation).decode().replace('\\"', '"')


@pytest.fixture(scope="session")
def facts_of(make_facts, make_finding):
    def make(check_id, **changes):
        value, evidence, _ = CASES[check_id]
        return make_facts(make_finding(check_id, value=value, **{**evidence, **changes}))

    return make


def test_every_check_has_a_rule_and_every_rule_a_check():
    answered = {check_id for rule in discover_rules() for check_id in rule.META.check_ids}
    assert answered == check_ids() - WITHOUT_RULE
    assert set(CASES) == answered


@pytest.mark.parametrize("check_id", CASES)
def test_a_failed_check_gets_one_whole_recommendation(check_id, facts_of):
    advice = advise(facts_of(check_id))
    assert advice.notes == ()
    (found,) = advice.recommendations
    assert found.finding_ids == (check_id,)
    for part in CASES[check_id][2]:
        assert part in text_of(found), f"{part!r} is not in {text_of(found)}"
    assert found.description
    assert found.rationale
    assert found.impact.affected
    assert found.impact.resources
    assert 1 <= found.impact.complexity <= 10
    assert found.implementation.steps
    assert found.implementation.requirements
    assert found.implementation.risks
    assert found.implementation.estimated_minutes > 0
    assert found.validation.metrics
    assert found.validation.tests
    assert found.validation.success_criteria
    assert found.rollback.steps
    assert found.rollback.requirements
    assert 0 < found.confidence <= 1
    assert found.rank_score > 0


@pytest.mark.parametrize("check_id", CASES)
def test_a_promise_in_per_cent_is_computed_from_evidence(check_id, facts_of):
    (found,) = recommend(facts_of(check_id))
    if found.impact.performance_percent is None:
        assert found.impact.basis is Basis.UNKNOWN
    else:
        assert found.impact.basis is Basis.ESTIMATED
        assert "estimate is" in found.rationale
        assert 0 < found.impact.performance_percent <= 100


@pytest.mark.parametrize("check_id", CASES)
@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.FAILED])
def test_anything_but_a_failure_gets_no_advice(check_id, outcome, make_facts, make_finding):
    value, evidence, _ = CASES[check_id]
    assert recommend(make_facts(make_finding(check_id, outcome=outcome, value=value, **evidence))) == ()


@pytest.mark.parametrize("check_id", CASES)
def test_missing_evidence_costs_words_not_the_advice(check_id, make_facts, make_finding):
    advice = advise(make_facts(make_finding(check_id)))
    assert advice.notes == ()
    if check_id != "missing-index":
        assert len(advice.recommendations) == 1


@pytest.mark.parametrize("check_id", CASES)
def test_info_findings_give_low_priority_only(check_id, make_facts, make_finding):
    value, evidence, _ = CASES[check_id]
    (found,) = recommend(make_facts(make_finding(check_id, severity=Severity.INFO, value=value, **evidence)))
    assert found.priority is Priority.LOW


def test_references_are_links_or_threads():
    for rule in discover_rules():
        for reference in rule.META.references:
            assert re.fullmatch(r"stashapp/stash#\d+|https://\S+", reference)


def test_all_advice_together_holds_no_two_of_one_kind(make_facts, make_finding):
    findings = [make_finding(check_id, value=value, **evidence) for check_id, (value, evidence, _) in CASES.items()]
    advice = advise(make_facts(*findings))
    kinds = [item.type for item in advice.recommendations]
    assert len(kinds) == len(set(kinds))
    assert {finding_id for item in advice.recommendations for finding_id in item.finding_ids} >= set(CASES) - {
        "foreign-load"
    }


def test_the_cache_fits_into_the_memory_that_is_left(make_facts, make_finding):
    page_cache = make_finding("page-cache", value=9.0, database_bytes=4 * 2**30)
    memory = make_finding("available-memory", outcome=Outcome.PASSED, value=50.0, available_bytes=2**30)
    (roomy,) = recommend(make_facts(page_cache))
    (tight,) = recommend(make_facts(page_cache, memory))
    assert "STASH_SQLITE_CACHE_SIZE=-262144" in text_of(roomy)
    assert "STASH_SQLITE_CACHE_SIZE=-32768" in text_of(tight)


def test_slow_near_duplicate_search_is_advised_against(make_facts):
    from stashbench.analyse.statistics import summarise

    def measured(seconds):
        return Measurement(
            id="near",
            nodeid="n",
            title="Near duplicates",
            group="g",
            page="Scene duplicate checker",
            outcome=MeasurementOutcome.OK,
            rounds_seconds=(seconds,),
            statistics=summarise([seconds]),
        )

    (found,) = recommend(make_facts(measurements=[measured(12.0)]))
    assert found.priority is Priority.LOW
    assert found.measurement_ids == ("near",)
    assert "48 s" in found.description
    assert recommend(make_facts(measurements=[measured(0.3)])) == ()
