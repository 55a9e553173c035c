from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from stashbench.compare.schedule import (
    FEWEST_ROUNDS,
    MOST_PASSES,
    MOST_SAMPLES,
    allot,
    block_seconds,
    plan_round,
    taking_part,
    too_slow,
)

ESTIMATES = st.dictionaries(st.integers(0, 200), st.floats(1e-4, 2.0), min_size=1, max_size=40)


def cost(planned, estimates):
    return sum(block_seconds(estimates[block.benchmark], block.visits[0].sample_count) for block in planned)


@given(ESTIMATES, st.floats(0.0, 300.0), st.integers(1, 20), st.integers())
def test_both_sides_get_equally_many_samples_of_every_benchmark(estimates, budget, rounds, seed):
    planned = plan_round(allot(estimates, budget, rounds), estimates, random.Random(seed))
    counts = Counter()
    for block in planned:
        first, middle, last = block.visits
        assert first.side == last.side != middle.side
        for visit in block.visits:
            counts[block.benchmark, visit.side] += visit.sample_count
    assert {benchmark for benchmark, _ in counts} == set(estimates)
    assert all(counts[benchmark, "a"] == counts[benchmark, "b"] > 0 for benchmark in estimates)


@given(ESTIMATES, st.floats(1.0, 300.0), st.integers(1, 20), st.integers())
def test_the_budget_is_kept_wherever_single_samples_fit_into_it(estimates, budget, rounds, seed):
    single = sum(block_seconds(seconds, 1) for seconds in estimates.values()) * rounds
    planned = plan_round(allot(estimates, budget, rounds), estimates, random.Random(seed))
    if single <= budget:
        # The shortest visit is a millisecond, which for the quickest requests is more than one sample.
        shortest = sum(block_seconds(seconds, 10) for seconds in estimates.values() if seconds < 0.001) * rounds
        assert cost(planned, estimates) * rounds <= budget * 1.01 + shortest
    else:
        assert all(block.visits[0].sample_count <= 10 for block in planned)


@given(ESTIMATES, st.floats(0.0, 300.0), st.integers(1, 20))
def test_samples_and_passes_stay_within_reason(estimates, budget, rounds):
    for item in allot(estimates, budget, rounds).values():
        assert 1 <= item.samples <= MOST_SAMPLES
        assert 1 <= item.passes <= MOST_PASSES


@given(st.integers(0, 10**6))
def test_a_seed_gives_one_order_and_rounds_differ(seed):
    estimates = dict.fromkeys(range(30), 0.002)
    allotted = allot(estimates, 10.0, 6)
    first, again = (plan_round(allotted, estimates, random.Random(seed)) for _ in range(2))
    assert first == again
    chance = random.Random(seed)
    rounds = [[block.benchmark for block in plan_round(allotted, estimates, chance)] for _ in range(2)]
    assert rounds[0] != rounds[1]


def test_over_many_rounds_neither_side_and_no_benchmark_comes_first_more_often():
    estimates = dict.fromkeys(range(5), 0.01)
    allotted = allot(estimates, 1.0, 1)
    chance = random.Random(1)
    begins, firsts = Counter(), Counter()
    for _ in range(1000):
        planned = plan_round(allotted, estimates, chance)
        firsts[planned[0].benchmark] += 1
        begins.update(block.visits[0].side for block in planned)
    assert abs(begins["a"] / begins.total() - 0.5) < 0.03
    assert all(abs(firsts[index] / 1000 - 0.2) < 0.06 for index in estimates)


def test_quick_requests_settle_after_a_change_of_side_and_slow_ones_do_not():
    estimates = {0: 0.001, 1: 0.3}
    planned = plan_round(allot(estimates, 10.0, 2), estimates, random.Random(1))
    settling = {block.benchmark: block.visits[0].is_settling for block in planned}
    assert settling == {0: True, 1: False}


@given(ESTIMATES, st.floats(0.0, 100.0), st.integers(1, 12), st.integers(0, 12))
def test_a_budget_too_small_leaves_out_the_slowest_but_owes_everyone_four_rounds(estimates, budget, left, done):
    chosen = taking_part(estimates, dict.fromkeys(estimates, done), budget, left)
    if done < FEWEST_ROUNDS:
        assert chosen == sorted(estimates)
    elif len(chosen) < len(estimates):
        slowest_in = max((estimates[index] for index in chosen), default=0.0)
        assert all(estimates[index] >= slowest_in for index in set(estimates) - set(chosen))


def test_all_take_part_where_the_budget_allows():
    assert taking_part({0: 0.1, 1: 0.2}, {}, 100.0, 6) == [0, 1]
    assert taking_part({0: 0.1, 1: 50.0}, {0: 6, 1: 6}, 10.0, 2) == [0]


@given(ESTIMATES, st.floats(1, 600))
def test_no_benchmark_takes_the_time_of_all_others(estimates, budget):
    left_out = too_slow(estimates, budget)
    share = max(0.2, 2 / len(estimates))
    for index, seconds in estimates.items():
        assert (FEWEST_ROUNDS * block_seconds(seconds, 1) > budget * share) == (index in left_out)


def test_the_budget_that_would_do_is_told_and_does():
    others = dict.fromkeys(range(8, 30), 0.001)
    (reason,) = too_slow({7: 7.45} | others, 120).values()
    assert reason.startswith(
        "one answer takes 7.5 s, and 4 rounds of it 119 s of the 120 s there are for all; --budget 600"
    )
    assert not too_slow({7: 7.45} | others, 600)
