"""The words at the end of a run."""

from __future__ import annotations

import pytest

from stashbench.harness.terminal import facts_of, top_recommendations
from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.environment import Environment
from stashbench.model.finding import CheckCategory, Finding, Outcome, Severity
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.result import AuditResult
from stashbench.model.score import Band, Score
from stashbench.model.target import Target, TargetKind


@pytest.fixture
def facts():
    def of(**parts):
        fields = {
            "schema_version": 1,
            "run_id": "r",
            "stashbench_version": "0",
            "started_at": "",
            "finished_at": "",
            "duration_seconds": 1.0,
            "target": Target(kind=TargetKind.ATTACHED, url="http://127.0.0.1:1"),
            "environment": Environment(
                fingerprint="f", os="o", kernel="k", architecture="a", cpu_model="c", cpu_count=1
            ),
            "verdict": "Healthy",
            "score": Score(overall=91.2, band=Band.GOOD),
            "measurements": (),
            "findings": (),
            "recommendations": (),
            "comparisons": (),
            "alerts": (),
            "partial": False,
        }
        return AuditResult(**(fields | parts))

    return of


def regressed(name, ratio, verdict=Verdict.REGRESSED):
    return Comparison(benchmark_id=name, baseline_name="b", verdict=verdict, reason="r", ratio=ratio)


def measurement(outcome):
    return Measurement(id="m", nodeid="m", title="m", group="g", page="p", outcome=outcome)


def finding(outcome):
    return Finding(
        id="f", title="f", category=CheckCategory.API, outcome=outcome, severity=Severity.WARNING, message="m"
    )


def test_what_was_not_tried_is_not_mentioned(facts):
    assert dict(facts_of(facts())) == {
        "Verdict": "Healthy",
        "Score": "91 of 100 (good)",
        "Server": "http://127.0.0.1:1 (Stash of unknown version)",
    }
    assert top_recommendations(facts()) == []


def test_outcomes_are_counted_the_most_frequent_first(facts):
    ok, gone = MeasurementOutcome.OK, MeasurementOutcome.NOT_OFFERED
    result = facts(
        measurements=tuple(measurement(outcome) for outcome in (gone, ok, ok)),
        findings=tuple(finding(outcome) for outcome in (Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)),
    )
    said = dict(facts_of(result))
    assert said["Pages"] == "3 tried: 2 measured, 1 not-offered"
    assert said["Checks"] == "3 run: 2 passed, 1 failed"


def test_the_slowest_pages_are_named_worst_first(facts):
    result = facts(
        comparisons=(
            regressed("a", 1.2),
            regressed("b", 3.0),
            regressed("c", 9.0, Verdict.INCONCLUSIVE),
            regressed("d", 1.5),
            regressed("e", 1.3),
        ),
        baseline_name="before",
        baseline_reason="chosen by name",
    )
    said = dict(facts_of(result))
    assert said["Slower"] == "b 3.00x, d 1.50x, e 1.30x, and 1 more"
    assert said["Baseline"] == "before: chosen by name"


def test_no_score_gives_its_reason(facts):
    result = facts(score=Score(overall=None, band=Band.UNKNOWN, reason="nothing could be measured"))
    assert dict(facts_of(result))["Score"] == "unknown: nothing could be measured"


def test_an_audit_whose_reader_leaves_goes_on_to_its_report(server, start, suite, latest):
    mark = '@pytest.mark.audit(id="one", category="api", severity="info")'
    body = f'{mark}\ndef audit_one(audit, stash):\n    audit.judge(0, message="")\n'
    with start("stashbench", "audit", "--suite", suite(body), "--stash-url", server.url) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 0, process.stderr.read()
        assert process.stderr.read() == ""
    assert [item.id for item in latest().findings] == ["one"]
