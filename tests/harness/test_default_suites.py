"""The suites that come with stashbench, whole, against a healthy server."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashbench.collect.database import content_hash
from stashbench.model.finding import CheckCategory, Outcome, Severity
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.sample import SpanKind

SUITES = Path(__file__).parent.parent.parent / "suites"


@pytest.mark.slow
def test_a_healthy_server_is_measured_whole_judged_healthy_and_left_as_it_was(server, run_inside, latest):
    before = content_hash(server.database)
    done = run_inside(SUITES, "--stash-url", server.url, "--stash-quick")
    assert done.returncode == 0, done.stdout + done.stderr
    result = latest()

    assert len(result.measurements) >= 26
    left_out = [item for item in result.measurements if item.outcome is not MeasurementOutcome.OK]
    assert [item.reason for item in left_out if item.group not in {"saving", "tasks"}] == []
    assert all("--allow-writes" in item.reason or "stashbench starts" in item.reason for item in left_out)
    measured = [item for item in result.measurements if item.outcome is MeasurementOutcome.OK]
    assert [item.id for item in measured if not item.page or item.resources is None] == []
    assert len({item.id for item in result.measurements}) == len(result.measurements)

    assert len(result.findings) >= 12
    assert len({item.id for item in result.findings}) == len(result.findings)
    assert [(item.id, item.message) for item in result.findings if item.outcome is Outcome.ERROR] == []
    bad = [item for item in result.findings if item.outcome is Outcome.FAILED and item.severity is Severity.CRITICAL]
    assert [(item.id, item.message) for item in bad] == []
    assert {item.category for item in result.findings} >= set(CheckCategory) - {CheckCategory.SYSTEM}
    assert result.score.overall is not None

    kinds = [span.kind for span in sorted(result.spans, key=lambda span: span.begin_seconds)]
    # Pages are timed again and statements read after the last benchmark and before the first check.
    assert kinds == sorted(kinds, key=[SpanKind.BENCHMARK, SpanKind.OPERATION, SpanKind.AUDIT].index)
    assert kinds.count(SpanKind.OPERATION) == 2
    measured = [item for item in result.measurements if item.outcome is MeasurementOutcome.OK]
    assert [(item.id, item.trace.reason) for item in measured if not item.trace.is_clean] == []
    assert result.sampler_cost.cpu_seconds < 0.05 * result.sampler_cost.duration_seconds
    assert not result.partial, result.partial_reasons
    assert content_hash(server.database) == before
    assert done.stdout.index(f"reports/{result.run_id}/report.html") > done.stdout.index("Legend:")
