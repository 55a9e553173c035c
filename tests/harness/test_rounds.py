"""How many rounds a benchmark gets, for every speed of server."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashbench.harness.rounds import (
    FEWEST_ROUNDS,
    FEWEST_SLOW_ROUNDS,
    MOST_ROUNDS,
    MOST_WARMUPS,
    SLOW_CAP_SECONDS,
    make_plan,
    plan_rounds,
    warm_up,
)

durations = st.floats(min_value=1e-6, max_value=600.0)


@given(estimate=durations, budget=st.floats(min_value=0.01, max_value=30.0))
def test_rounds_stay_within_budget_and_bounds(estimate, budget):
    rounds = plan_rounds(estimate, budget)
    assert 1 <= rounds <= MOST_ROUNDS
    if rounds > FEWEST_ROUNDS:
        assert rounds * estimate <= budget * 1.000001
    elif rounds >= FEWEST_SLOW_ROUNDS:
        assert estimate < SLOW_CAP_SECONDS
    else:
        assert (rounds, estimate >= SLOW_CAP_SECONDS) == (1, True)


def test_fast_requests_fill_the_budget_slow_ones_still_get_an_interval():
    assert plan_rounds(0.001, 0.6) == MOST_ROUNDS
    assert plan_rounds(0.01, 0.6) == 60
    assert plan_rounds(0.5, 0.6) == 5
    assert plan_rounds(1.9, 0.6) == 5
    assert plan_rounds(3.0, 0.6) == 3
    assert plan_rounds(9.0, 0.6) == 3
    assert plan_rounds(60.0, 0.6) == 1


def test_warm_up_ends_when_two_calls_agree():
    times = iter([1.0, 0.2, 0.1, 0.101, 5.0])
    assert warm_up(lambda: next(times)) == (0.1, 4)


def test_warm_up_makes_at_least_two_calls():
    times = iter([0.1, 0.1, 9.0])
    assert warm_up(lambda: next(times)) == (0.1, 2)


def test_warm_up_gives_up_on_an_unsteady_server():
    times = iter([0.4, 0.1] * 10)
    _, count = warm_up(lambda: next(times))
    assert count == MOST_WARMUPS


def test_a_request_of_a_minute_is_not_called_twice_to_warm_up():
    calls = []
    plan = make_plan(lambda: calls.append(1) or 60.0, 0.6)
    assert (len(calls), plan.round_count, plan.warmup_count) == (1, 1, 1)
