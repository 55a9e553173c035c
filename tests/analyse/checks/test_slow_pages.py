from __future__ import annotations

import pytest

from stashbench.analyse.checks.slow_pages import slow_pages
from stashbench.analyse.statistics import summarise
from stashbench.model.finding import Outcome
from stashbench.model.measurement import Measurement, MeasurementOutcome


def page(name, rounds_seconds, group="scenes", outcome=MeasurementOutcome.OK):
    return Measurement(
        id=name,
        nodeid=f"suites/benchmarks/{name}",
        title=name.replace("-", " "),
        group=group,
        page="Scenes",
        outcome=outcome,
        rounds_seconds=tuple(rounds_seconds),
        statistics=summarise(rounds_seconds) if rounds_seconds else None,
    )


FAST = page("scenes-by-date", [0.05] * 9)
SLOW = page("scenes-by-path", [2.0, 2.1, 2.2, 2.1, 2.0, 2.1, 2.3, 2.2, 2.1])


def test_fast_pages_are_passed_with_the_slowest_named():
    observation = slow_pages([FAST, page("tags", [0.4] * 9)])
    assert observation.value == pytest.approx(0.4)
    assert observation.message.startswith("No page keeps you waiting; the slowest, tags, takes")
    assert observation.fact("slow_pages") == ()


def test_a_slow_page_is_named_with_its_times():
    observation = slow_pages([FAST, SLOW])
    assert observation.value == pytest.approx(SLOW.statistics.median_ci_low_seconds)
    assert "1 page of 2 keep" in observation.message
    (row,) = observation.fact("slow_pages")
    assert (row["id"], row["median_seconds"]) == ("scenes-by-path", SLOW.statistics.median_seconds)


def test_a_page_that_may_or_may_not_be_slow_is_inconclusive():
    unsure = page("stats", [0.3, 0.4, 0.5, 1.2, 1.3, 1.4, 1.5])
    observation = slow_pages([FAST, unsure])
    assert observation.outcome is Outcome.INCONCLUSIVE
    assert "reaches down to" in observation.message


def test_the_limit_in_force_decides_what_is_slow():
    unsure = page("stats", [0.3, 0.4, 0.5, 1.2, 1.3, 1.4, 1.5])
    assert slow_pages([FAST, unsure], 3.0).value == pytest.approx(0.3)
    assert slow_pages([FAST, SLOW], 3.0).fact("slow_pages") == ()
    assert [row["id"] for row in slow_pages([FAST, SLOW], 0.04).fact("slow_pages")] == ["scenes-by-path", FAST.id]


def test_tools_to_wait_for_are_no_pages():
    assert slow_pages([FAST, page("duplicates-near", [30.0] * 5, group="duplicates")]).value < 1.0


@pytest.mark.parametrize("measured", [[], [page("stats", [], outcome=MeasurementOutcome.FAILED)]])
def test_without_benchmarks_nothing_is_judged(measured):
    assert slow_pages(measured).outcome is Outcome.NOT_MEASURED
