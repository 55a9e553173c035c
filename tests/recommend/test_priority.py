from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashbench.model.finding import Severity
from stashbench.model.recommendation import Basis, Impact, Implementation, Priority
from stashbench.recommend.priority import effort_score, impact_score, priority_of, rank_score


def impact(percent=None, complexity=3):
    return Impact(performance_percent=percent, complexity=complexity, basis=Basis.ESTIMATED)


def work(minutes):
    return Implementation(steps=("do it",), estimated_minutes=minutes, requirements=(), risks=())


def test_severity_decides_the_priority_and_a_large_saving_raises_it(make_finding):
    def priority(severity, percent=None):
        return priority_of(impact_score([make_finding("x", severity=severity)], impact(percent)))

    assert priority(Severity.INFO, 100.0) is Priority.LOW
    assert priority(Severity.WARNING) is Priority.MEDIUM
    assert priority(Severity.WARNING, 60.0) is Priority.HIGH
    assert priority(Severity.CRITICAL) is Priority.CRITICAL


def test_effort_grows_with_complexity_and_time():
    assert effort_score(impact(complexity=1), work(0)) == 1.0
    assert effort_score(impact(complexity=4), work(0)) == 2.0
    assert effort_score(impact(complexity=1), work(90)) == 2.0


@given(st.integers(1, 10), st.floats(0, 600), st.floats(0.5, 1.0), st.floats(0, 100))
def test_no_setting_however_easy_outranks_a_critical_fault(make_finding, complexity, minutes, confidence, percent):
    trivial = impact_score([make_finding("a", severity=Severity.INFO)], impact(percent))
    critical = impact_score([make_finding("b", severity=Severity.CRITICAL)], impact())
    hard = effort_score(impact(complexity=complexity), work(minutes))
    easy = effort_score(impact(complexity=1), work(5))
    assert rank_score(critical, max(confidence, 0.6), hard) > rank_score(trivial, 0.9, easy) * 0.99 or hard > 8.5


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_larger_saving_never_ranks_lower(make_finding, one, two):
    low, high = sorted((one, two))
    finding = [make_finding("a")]
    assert impact_score(finding, impact(low)) <= impact_score(finding, impact(high))
