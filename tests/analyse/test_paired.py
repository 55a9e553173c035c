"""Decisions on simulated times: how often they cry wolf, what they find, and what they must not depend on."""

from __future__ import annotations

import importlib.util
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashbench.analyse.block_pairs import Pair
from stashbench.analyse.paired import decide, level_of
from stashbench.model.baseline import Verdict

spec = importlib.util.spec_from_file_location("simulated", Path(__file__).parent / "simulated.py")
simulated = importlib.util.module_from_spec(spec)
__import__("sys").modules["simulated"] = simulated
spec.loader.exec_module(simulated)

CHANGED = {Verdict.REGRESSED, Verdict.IMPROVED}
MIRROR = {Verdict.REGRESSED: Verdict.IMPROVED, Verdict.IMPROVED: Verdict.REGRESSED}
MACHINES = {
    "quiet": simulated.Machine(noise=0.02, burst=0.02, drift=0.01),
    "busy": simulated.Machine(),
    "crowded": simulated.Machine(noise=0.1, burst=0.6, drift=0.1),
}


def suite(seed, *, count=30, slowed=0, ratio=1.0, **shape):
    chance = random.Random(seed)
    return {
        index: simulated.pairs(
            chance, ratio=ratio if index < slowed else 1.0, calls=chance.choice((1, 2, 4, 8)), **shape
        )
        for index in range(count)
    }


def exchanged(samples):
    return {index: [Pair(one.unit, one.b, one.a) for one in pairs] for index, pairs in samples.items()}


def judged(samples, minimum_effect=1.02):
    return decide(samples, minimum_effect=minimum_effect).judged


@pytest.mark.parametrize("name", MACHINES)
def test_of_forty_runs_on_equal_servers_hardly_any_has_a_false_alarm(name):
    alarms = 0
    for seed in range(40):
        verdicts = judged(suite(seed, rounds=8, machine=MACHINES[name])).values()
        alarms += any(item.verdict is Verdict.REGRESSED for item in verdicts)
    # One in a hundred is aimed at; five or more of forty would come with a probability of 1 in 15,000.
    assert alarms <= 4


@pytest.mark.parametrize(("name", "ratio", "least"), [("quiet", 1.05, 0.9), ("busy", 1.2, 0.8), ("crowded", 2.0, 0.8)])
def test_what_became_slower_is_found(name, ratio, least):
    found = total = 0
    for seed in range(10):
        verdicts = judged(suite(seed, slowed=4, ratio=ratio, rounds=12, visits=3, machine=MACHINES[name]))
        found += sum(verdicts[index].verdict is Verdict.REGRESSED for index in range(4))
        total += 4
    assert found >= least * total


@pytest.mark.parametrize("name", MACHINES)
def test_the_interval_covers_the_truth_about_as_often_as_it_says(name):
    covered = total = 0
    for seed in range(20):
        for item in judged(suite(seed, ratio=1.1, slowed=30, rounds=8, machine=MACHINES[name])).values():
            covered += item.ci_low <= 1.1 <= item.ci_high
            total += 1
    assert 0.90 <= covered / total <= 0.995


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(1.0, 1.6))
def test_exchanged_sides_give_the_mirror_image(seed, ratio):
    samples = suite(seed, count=6, slowed=2, ratio=ratio)
    straight, turned = judged(samples), judged(exchanged(samples))
    for index, item in straight.items():
        other = turned[index]
        assert other.verdict is MIRROR.get(item.verdict, item.verdict)
        assert other.ratio == pytest.approx(1 / item.ratio)
        assert other.ci_low == pytest.approx(1 / item.ci_high)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(1e-3, 1e6))
def test_the_unit_of_time_does_not_matter(seed, factor):
    samples = suite(seed, count=5, slowed=2, ratio=1.3)
    scaled = {
        index: [Pair(one.unit, [x * factor for x in one.a], [x * factor for x in one.b]) for one in pairs]
        for index, pairs in samples.items()
    }
    for index, item in judged(samples).items():
        other = judged(scaled)[index]
        assert other.verdict is item.verdict
        assert other.ratio == pytest.approx(item.ratio)
        assert other.sigma == pytest.approx(item.sigma, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_benchmarks_changes_no_a_decision(seed, order):
    samples = suite(seed, count=6, slowed=2, ratio=1.2)
    indexes = list(samples)
    order.shuffle(indexes)
    assert judged({index: samples[index] for index in indexes}) == judged(samples)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_a_server_against_its_own_times_never_differs(seed):
    samples = {index: [Pair(one.unit, one.a, one.a) for one in pairs] for index, pairs in suite(seed, count=6).items()}
    for item in judged(samples).values():
        assert item.ratio == 1.0
        assert item.verdict in {Verdict.UNCHANGED, Verdict.INCONCLUSIVE}


def test_little_noise_and_no_change_is_shown_to_be_alike():
    verdicts = judged(suite(5, rounds=12, visits=4, machine=MACHINES["quiet"])).values()
    assert sum(item.verdict is Verdict.UNCHANGED for item in verdicts) >= 27


def test_a_change_below_the_smallest_that_counts_is_no_verdict():
    samples = suite(6, count=10, slowed=10, ratio=1.03, rounds=12, visits=4, machine=MACHINES["quiet"])
    assert not any(item.verdict in CHANGED for item in judged(samples, minimum_effect=1.10).values())


def test_alike_is_said_within_what_it_was_tested_for():
    samples = suite(5, count=3, rounds=12, visits=4, machine=MACHINES["quiet"])
    assert "lies within 5 %" in judged(samples, minimum_effect=1.02)[0].reason
    assert "lies within 20 %" in judged(samples, minimum_effect=1.2)[0].reason


def test_units_of_pages_may_differ_and_the_whole_suite_is_told_by_those_they_share():
    chance = random.Random(3)
    by_round = {index: simulated.pairs(chance, rounds=8) for index in range(4)}
    # Processes of the same numbers stand for other rounds.
    by_process = {
        index: [Pair(7 - one.unit, one.a, one.b, shared_unit=one.unit) for one in pairs]
        for index, pairs in by_round.items()
    }
    mixed = {0: by_process[0], 1: by_round[1], 2: by_process[2], 3: by_round[3]}
    assert decide(mixed, minimum_effect=1.02) == decide(by_round, minimum_effect=1.02)


def test_times_without_any_noise_are_judged_too():
    same = [Pair(unit, [2.0, 2.0], [2.0, 2.0]) for unit in range(6)]
    double = [Pair(unit, [2.0, 2.0], [4.0, 4.0]) for unit in range(6)]
    found = judged({0: same, 1: same, 2: double})
    assert [item.verdict for item in found.values()] == [Verdict.UNCHANGED, Verdict.UNCHANGED, Verdict.REGRESSED]
    assert found[2].ratio == pytest.approx(2.0)
    assert not any(item.is_suspect(0.0) for item in found.values())


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.integers(0, 5),
        st.lists(
            st.builds(
                Pair,
                st.integers(0, 6),
                st.lists(st.floats(1e2, 1e11), min_size=1, max_size=3),
                st.lists(st.floats(1e2, 1e11), min_size=1, max_size=3),
            ),
            min_size=1,
            max_size=12,
        ),
        max_size=5,
    )
)
def test_whatever_was_taken_is_judged_with_finite_numbers_in_order(samples):
    decision = decide(samples, minimum_effect=1.02)
    assert decision.judged.keys() == samples.keys()
    for item in decision.judged.values():
        assert item.reason
        if item.sigma is None:
            assert item.verdict is Verdict.INCONCLUSIVE
            assert item.is_suspect(1.0)
        else:
            assert item.ci_low <= item.ratio <= item.ci_high
            assert 1.02 <= item.threshold_ratio <= item.smallest_visible


def test_too_few_rounds_are_said_to_be_too_few():
    item = judged(suite(7, count=3, rounds=2))[0]
    assert item.verdict is Verdict.INCONCLUSIVE
    assert "too few" in item.reason
    assert item.ci_low is None
    assert judged({0: [Pair(0, [], [1.0])]})[0].verdict is Verdict.INCONCLUSIVE


def test_more_benchmarks_raise_the_bar():
    assert level_of(1) == pytest.approx(0.99)
    assert level_of(30) ** 30 == pytest.approx(0.99)
    assert level_of(60) > level_of(30)


def test_every_verdict_says_what_the_run_could_have_seen():
    decision = decide(suite(8, rounds=8), minimum_effect=1.02)
    for item in decision.judged.values():
        assert item.smallest_visible >= item.threshold_ratio >= 1.02
        assert item.reason
    assert decision.detection_limit > 1.02
    assert decision.suite.low <= decision.suite.ratio <= decision.suite.high


def test_a_whole_suite_that_moved_is_seen_although_no_page_shows_it():
    moved = [decide(suite(seed, slowed=30, ratio=1.018), minimum_effect=1.03) for seed in range(10)]
    assert sum(decision.suite.low > 1 for decision in moved) >= 7
    pages = [item for decision in moved for item in decision.judged.values()]
    assert sum(item.verdict is Verdict.REGRESSED for item in pages) <= 0.03 * len(pages)
    still = [decide(suite(seed), minimum_effect=1.02).suite for seed in range(40)]
    assert sum(not interval.low <= 1 <= interval.high for interval in still) <= 5


def test_a_large_suite_is_decided_in_seconds():
    chance = random.Random(9)
    samples = {index: simulated.pairs(chance, rounds=10, visits=25, calls=8) for index in range(200)}
    begin = time.process_time()
    decide(samples, minimum_effect=1.02)
    assert time.process_time() - begin < 2.0
