from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from stashbench.compare.schedule import (
    FEWEST_ROUNDS,
    LEAST_SECONDS,
    MOST_BLOCKS,
    MOST_SAMPLES,
    block_seconds,
    blocks_in_a_pass,
    plan_pass,
    samples_for,
    taking_part,
    too_slow,
    with_short_blocks,
)

ESTIMATES = st.dictionaries(st.integers(0, 200), st.floats(1e-4, 2.0), min_size=1, max_size=40)


@given(ESTIMATES, st.integers(0, 20), st.integers())
def test_both_sides_get_equally_many_samples_of_every_benchmark(estimates, first, seed):
    counts = Counter()
    for block in plan_pass(estimates, random.Random(seed), first):
        begin, middle, end = block.visits
        assert begin.side == end.side != middle.side
        for visit in block.visits:
            counts[block.benchmark, visit.side] += visit.sample_count
    assert {benchmark for benchmark, _ in counts} == set(estimates)
    assert all(counts[benchmark, "a"] == counts[benchmark, "b"] > 0 for benchmark in estimates)


@given(ESTIMATES)
def test_samples_and_blocks_stay_within_reason(estimates):
    blocks = blocks_in_a_pass(estimates)
    for index, seconds in estimates.items():
        assert 1 <= samples_for(seconds) <= MOST_SAMPLES
        assert 1 <= blocks[index] <= MOST_BLOCKS


@given(ESTIMATES)
def test_quick_benchmarks_together_take_no_more_than_slow_ones_together(estimates):
    blocks = blocks_in_a_pass(estimates)
    single = [block_seconds(seconds) for seconds in estimates.values()]
    mean = sum(single) / len(single)
    for index, seconds in estimates.items():
        assert blocks[index] == 1 or blocks[index] * block_seconds(seconds) <= mean * 1.001


@given(st.integers(0, 10**6))
def test_a_seed_gives_one_order_and_passes_differ(seed):
    estimates = dict.fromkeys(range(30), 0.002)
    first, again = (plan_pass(estimates, random.Random(seed), 0) for _ in range(2))
    assert first == again
    chance = random.Random(seed)
    passes = [[block.benchmark for block in plan_pass(estimates, chance, number)] for number in range(2)]
    assert passes[0] != passes[1]


def test_over_many_passes_neither_side_and_no_benchmark_comes_first_more_often():
    estimates = dict.fromkeys(range(5), 0.01)
    chance = random.Random(1)
    begins, firsts = Counter(), Counter()
    for number in range(1000):
        planned = plan_pass(estimates, chance, number)
        firsts[planned[0].benchmark] += 1
        begins.update((block.benchmark, block.visits[0].side) for block in planned)
    assert all(begins[index, "a"] == begins[index, "b"] for index in estimates)
    assert all(abs(firsts[index] / 1000 - 0.2) < 0.06 for index in estimates)


def test_the_first_call_after_a_change_of_side_is_never_the_only_one_of_a_quick_request():
    assert samples_for(0.005) == 2
    assert samples_for(0.05) == 1


@given(ESTIMATES, st.floats(0.0, 100.0), st.integers(1, 12), st.integers(0, 12))
def test_a_budget_too_small_leaves_out_the_slowest_but_owes_everyone_four_rounds(estimates, budget, left, done):
    chosen = taking_part(estimates, dict.fromkeys(estimates, done), budget, left)
    if done < FEWEST_ROUNDS:
        assert chosen == sorted(estimates)
    elif len(chosen) < len(estimates):
        least_out = min(block_seconds(estimates[index]) for index in set(estimates) - set(chosen))
        assert all(block_seconds(estimates[index]) <= least_out for index in chosen)


def test_all_take_part_where_the_budget_allows():
    assert taking_part({0: 0.1, 1: 0.2}, {}, 100.0, 6) == [0, 1]
    assert taking_part({0: 0.1, 1: 50.0}, {0: 6, 1: 6}, 10.0, 2) == [0]


@given(ESTIMATES, st.floats(1, 600))
def test_no_benchmark_takes_the_time_of_all_others_and_all_together_stay_within_the_budget(estimates, budget):
    left_out = too_slow(estimates, budget)
    available = max(budget, LEAST_SECONDS)
    least = {index: FEWEST_ROUNDS * block_seconds(seconds, is_short=True) for index, seconds in estimates.items()}
    kept = estimates.keys() - left_out.keys()
    assert all(least[index] <= available * max(0.2, 2 / len(estimates)) for index in kept)
    assert sum(least[index] for index in kept) <= available * 1.001
    # No quicker one is left out while a slower one is kept.
    assert max((least[index] for index in kept), default=0) <= min((least[index] for index in left_out), default=9e9)


@given(ESTIMATES, st.floats(1, 60))
def test_the_largest_budget_told_measures_them_all(estimates, budget):
    told = [int(reason.split("--budget ")[1].split()[0]) for reason in too_slow(estimates, budget).values()]
    assert not too_slow(estimates, max(told, default=budget))


def test_the_budget_that_would_do_is_told_and_does():
    others = dict.fromkeys(range(8, 30), 0.001)
    (reason,) = too_slow({7: 7.45} | others, 120).values()
    assert reason.startswith(
        "one answer takes 7.5 s, and 4 rounds of it 60 s of the 120 s there are for all; --budget 300"
    )
    assert not too_slow({7: 7.45} | others, 300)
    assert with_short_blocks({7: 7.45} | others, 300) == {7}
    assert not with_short_blocks({7: 7.45} | others, 600)


@given(ESTIMATES, st.integers(), st.floats(1, 60))
def test_slow_benchmarks_have_two_calls_a_block_in_turns_where_the_budget_is_small(estimates, seed, budget):
    short = with_short_blocks(estimates, budget)
    if sum(FEWEST_ROUNDS * block_seconds(seconds) for seconds in estimates.values()) > max(budget, LEAST_SECONDS):
        assert short == {index for index, seconds in estimates.items() if seconds >= 0.02}
    begins = {}
    for number in range(2):
        for block in plan_pass(estimates, random.Random(seed), number, short):
            planned = sum(visit.sample_count for visit in block.visits) * (estimates[block.benchmark] + 0.0001)
            expected = block_seconds(estimates[block.benchmark], is_short=block.benchmark in short)
            assert abs(planned - expected) <= 1e-9 * expected
            if block.benchmark in short:
                assert [visit.sample_count for visit in block.visits] == [1, 1]
                begins.setdefault(block.benchmark, []).append(block.visits[0].side)
    # Neither side is always asked first.
    assert all(set(sides) == {"a", "b"} for sides in begins.values())
