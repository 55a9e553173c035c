"""Many benchmarks at one run are one event; what was recorded to change there is its cause, and nothing else is."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path

import msgspec
import pytest

from stashbench.analyse.attribution import CauseKind
from stashbench.analyse.trend_events import by_machine, find_events
from stashbench.model.trend import Circumstances

spec = importlib.util.spec_from_file_location("trend_series", Path(__file__).parent / "trend_series.py")
trend_series = importlib.util.module_from_spec(spec)
sys.modules["trend_series"] = trend_series
spec.loader.exec_module(trend_series)

OLD = Circumstances(fingerprint="f", server_version="v0.29.3", library={"scene": 1000})
NEW = msgspec.structs.replace(OLD, server_version="v0.30.1")


def suite(seed=1, count=40, benchmarks=12, steps=None, deviation=0.03):
    rng = trend_series.noise(seed)
    return {
        f"page-{n:02}": trend_series.series(
            rng, count, deviation=deviation, odd_share=0.02, steps=(steps or {}).get(n, ())
        )
        for n in range(benchmarks)
    }


def test_a_release_that_slowed_several_pages_and_sped_up_one_is_one_event():
    steps = {0: [(20, 1.2)], 1: [(20, 1.3)], 2: [(20, 1.15)], 3: [(20, 0.6)]}
    findings = find_events(trend_series.history(suite(steps=steps), {20: NEW}))
    (event,) = findings.events
    assert event.run == 20
    assert {step.benchmark_id for step in event.steps} == {"page-00", "page-01", "page-02", "page-03"}
    assert [(cause.kind, event.is_exact) for cause in event.causes] == [(CauseKind.RELEASE, True)]
    (improved,) = findings.steps_of("page-03")
    assert improved.found.ci_low < 0.6 < improved.found.ci_high
    assert findings.steps_of("page-07") == ()


def test_two_changes_far_apart_are_two_events_and_each_has_its_own_cause():
    steps = {n: [(15, 1.25)] for n in range(4)} | {n: [(30, 1.25)] for n in range(4, 8)}
    grown = msgspec.structs.replace(NEW, library={"scene": 1500})
    findings = find_events(trend_series.history(suite(steps=steps, count=45), {15: NEW, 30: grown}))
    assert [(event.run, [cause.kind for cause in event.causes]) for event in findings.events] == [
        (15, [CauseKind.RELEASE]),
        (30, [CauseKind.LIBRARY]),
    ]


def test_two_changes_in_neighbouring_runs_stay_apart_where_pages_agree_on_each():
    steps = {n: [(20, 1.5)] for n in range(4)} | {n: [(21, 1.5)] for n in range(4, 8)}
    findings = find_events(trend_series.history(suite(steps=steps, deviation=0.01), {20: NEW}))
    assert [event.run for event in findings.events] == [20, 21]


def test_a_step_without_anything_recorded_has_no_cause():
    findings = find_events(trend_series.history(suite(steps={0: [(20, 1.4)]}), {5: NEW}))
    (event,) = findings.events
    assert event.causes == ()
    assert event.growth == ""


def test_a_cause_one_run_beside_the_step_is_told_as_one_that_may_be():
    findings = find_events(trend_series.history(suite(steps={0: [(20, 1.2)]}), {21: NEW}))
    (event,) = findings.events
    assert [(cause.run, event.is_exact) for cause in event.causes] == [(21, False)]


def test_a_benchmark_not_measured_for_a_while_may_have_changed_in_any_of_those_runs():
    columns = suite(steps={0: [(15, 1.4)]})
    columns["page-00"][12:20] = [None] * 8
    (event,) = find_events(trend_series.history(columns, {14: NEW})).events
    assert event.run == 20
    assert event.is_exact
    assert [cause.run for cause in event.causes] == [14]


def test_a_changed_benchmark_is_its_own_cause():
    trend = trend_series.history({"page": trend_series.series(trend_series.noise(4), 30, steps=[(15, 1.5)])})
    (line,) = trend.lines
    values = tuple(msgspec.structs.replace(item, definition_hash="ab"[item.run >= 15]) for item in line.values)
    trend = msgspec.structs.replace(trend, lines=(msgspec.structs.replace(line, values=values),))
    (event,) = find_events(trend).events
    assert [cause.kind for cause in event.causes] == [CauseKind.BENCHMARK]


def test_runs_of_a_disturbed_machine_do_not_count_unless_most_are():
    columns = {f"page-{n}": [0.01, 0.0101, 0.0099] * 10 for n in range(4)}
    for times in columns.values():
        times[12:17] = [0.02] * 5
    assert find_events(trend_series.history(columns, unfit=range(12, 17))).events == ()
    assert len(find_events(trend_series.history(columns)).events) == 2
    assert len(find_events(trend_series.history(columns, unfit=range(20))).events) == 2


def test_servers_whose_times_never_moved_seldom_show_an_event():
    shown = sum(bool(find_events(trend_series.history(suite(seed=seed, benchmarks=15))).events) for seed in range(30))
    assert shown <= 5  # 1.5 expected, and heavy tails


def test_machines_in_turn_get_a_history_each_and_one_that_moved_stays_whole():
    columns = {"page": [0.01 if run % 2 else 0.02 for run in range(20)]}
    other = msgspec.structs.replace(OLD, fingerprint="g")
    in_turn = trend_series.history(columns, {run: OLD if run % 2 else other for run in range(20)})
    parts = by_machine(in_turn)
    assert [(len(part.runs), {value.q10_seconds for value in part.lines[0].values}) for part in parts] == [
        (10, {0.02}),
        (10, {0.01}),
    ]
    assert [value.run for value in parts[1].lines[0].values] == list(range(10))
    moved = trend_series.history(suite(steps={n: [(20, 1.5)] for n in range(12)}), {20: other})
    assert by_machine(moved) == (moved,)
    (event,) = find_events(moved).events
    assert [cause.kind for cause in event.causes] == [CauseKind.MACHINE]


def test_the_order_of_benchmarks_does_not_matter():
    columns = suite(steps={n: [(20, 1.2)] for n in range(5)})
    trend = trend_series.history(columns, {20: NEW})
    turned = msgspec.structs.replace(trend, lines=trend.lines[::-1])
    assert find_events(trend).events == find_events(turned).events


@pytest.mark.parametrize("count", [100])
def test_a_hundred_runs_of_forty_benchmarks_take_no_time(count):
    trend = trend_series.history(suite(count=count, benchmarks=40, steps={0: [(50, 1.2)]}))
    begin = time.process_time()
    find_events(trend)
    assert time.process_time() - begin < 8
