from __future__ import annotations

import math
import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.selftest import count_pairs, session_scatter, share_of, stale_reason, worst_of
from stashbench.model.baseline import Verdict
from stashbench.model.quality import MachineQuality
from stashbench.model.side_by_side import SCHEMA, SCHEMA_VERSION, ComparedSide, PairedBenchmark, SideBySide, SideFigures


def page(name, verdict=Verdict.UNCHANGED, ratio=1.0, low=0.97, high=1.03, seconds=0.01):
    figures = SideFigures(sample_count=10, q10_seconds=seconds)
    return PairedBenchmark(
        id=name,
        title=name,
        group="g",
        page="p",
        verdict=verdict,
        reason="",
        ratio=ratio,
        ci_low=low,
        ci_high=high,
        a=figures,
        b=figures,
    )


def pair(document, *pages, **more):
    return msgspec.structs.replace(
        document, benchmarks=pages, **{"sigma": 0.02, "detection_limit": 1.05, "suite_ci_low": 0.99, **more}
    )


@pytest.fixture
def document(make_baseline):
    base = make_baseline()
    side = ComparedSide(label="A", given="embedded", target=base.target)
    return SideBySide(
        schema=SCHEMA,
        schema_version=SCHEMA_VERSION,
        run_id="r",
        stashbench_version="0.1.0",
        started_at="2026-11-23T12:00:00Z",
        finished_at="2026-11-23T12:01:00Z",
        wall_seconds=60.0,
        verdict="",
        a=side,
        b=side,
        benchmarks=(),
        environment=base.environment,
        seed=1,
        budget_seconds=30.0,
        minimum_effect=1.02,
        suite_ratio=1.0,
        suite_ci_low=0.99,
        suite_ci_high=1.01,
    )


def test_whatever_is_called_changed_is_a_false_alarm(document):
    clean = pair(document, page("x"), page("y"))
    alarmed = pair(
        document,
        page("x", Verdict.REGRESSED, 1.1, 1.05, 1.15),
        page("y", Verdict.IMPROVED, 0.9, 0.85, 0.95),
        sigma=0.04,
        suite_ci_low=1.005,
    )
    found = count_pairs([clean, alarmed, clean], wanted=3, duration_seconds=9.0)
    assert (found.pages.count, found.pages.total) == (2, 6)
    assert (found.pairs.count, found.pairs.total) == (1, 3)
    assert (found.suites.count, found.suites.total) == (1, 3)
    assert (found.coverage.count, found.coverage.total) == (4, 6)
    assert found.sigma == 0.02
    assert found.detection_limit == 1.05
    assert found.wanted_pair_count == 3
    assert found.partial_reason == ""


def test_pages_without_times_and_pairs_on_an_unfit_machine_are_not_counted(document):
    untimed = page("z", Verdict.NOT_COMPARABLE, None, None, None)
    fit = pair(document, page("x"), untimed)
    unfit = pair(document, page("x", Verdict.INCONCLUSIVE), machine=MachineQuality(unfit_reasons=("swapping",)))
    found = count_pairs([fit, unfit], wanted=2, duration_seconds=9.0)
    assert (found.pages.total, found.pairs.total, found.unfit_pair_count) == (1, 1, 1)
    assert found.machine.unfit_reasons == ("swapping",)
    assert found.session_sigma is None
    assert "1 whole comparisons are too few" in found.session_reason


def test_where_nothing_was_judged_no_share_is_known(document):
    found = count_pairs([pair(document)], wanted=1, duration_seconds=1.0)
    assert found.pages.share is None
    assert found.coverage.share is None


def test_scatter_between_sessions_is_found_again(document):
    chance = random.Random(4)
    documents = []
    for _ in range(30):
        whole = chance.gauss(0, 0.08)
        times = [0.01 * (n + 1) * math.exp(whole + chance.gauss(0, 0.03)) for n in range(60)]
        documents.append(pair(document, *(page(str(n), seconds=seconds) for n, seconds in enumerate(times))))
    own, whole_sigma, why = session_scatter(documents)
    assert own == pytest.approx(0.03, rel=0.1)
    assert whole_sigma == pytest.approx(0.08, rel=0.35)
    assert why == ""


def test_a_self_test_is_stale_after_another_kernel_or_release(document):
    found = count_pairs([pair(document, page("x"))], wanted=1, duration_seconds=1.0)
    environment = document.environment
    assert stale_reason(found, environment, found.stashbench_version) == ""
    newer = msgspec.structs.replace(environment, kernel="99.1")
    assert stale_reason(found, newer, found.stashbench_version).endswith("now 99.1")
    assert "stashbench" in stale_reason(found, environment, "99.0")
    other = msgspec.structs.replace(environment, fingerprint="another")
    assert stale_reason(found, other, found.stashbench_version) == "it was taken on another machine"


def test_the_worst_of_a_machine_is_kept_and_what_nobody_measured_stays_unknown():
    worst = worst_of(
        [MachineQuality(steal_percent=1.0, swapped_bytes=None), MachineQuality(steal_percent=4.0, unfit_reasons=("x",))]
    )
    assert worst.steal_percent == 4.0
    assert worst.swapped_bytes is None
    assert worst.unfit_reasons == ("x",)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    # R: binom::binom.wilson
    [(0, 10, 0.0, 0.2775), (1, 40, 0.0044, 0.1288), (5, 10, 0.2366, 0.7634), (97, 100, 0.9155, 0.9897)],
)
def test_shares_have_wilsons_interval(count, total, low, high):
    share = share_of(count, total)
    assert share.low == pytest.approx(low, abs=1e-4)
    assert share.high == pytest.approx(high, abs=1e-4)


@given(st.integers(1, 2000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_an_interval_holds_its_share_and_mirrors(pair_of_numbers):
    count, total = pair_of_numbers
    share, mirror = share_of(count, total), share_of(total - count, total)
    assert 0 <= share.low <= share.share <= share.high <= 1
    assert share.low == pytest.approx(1 - mirror.high, abs=1e-9)
