"""When what is asked, as a pure plan: rounds of blocks in random order, each block A B B A or B A A B.

Both sides of a block lie within milliseconds of each other, so that whatever else the machine does hits both alike; a
slow drift cancels within a block, and the order of benchmarks favours nobody over the rounds.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

ORDERS = (("a", "b"), ("b", "a"))
"""Who begins and ends a block, and who has its middle."""
MOST_SAMPLES = 64
MOST_PASSES = 8
FEWEST_ROUNDS = 4
SETTLE_BELOW_SECONDS = 0.02
"""Requests shorter than this get an untimed call after each change of side: what the other left in caches shows."""
_HANDLING_SECONDS = 0.0003
_SEARCH_STEPS = 40
_LARGEST_SHARE = 0.2
"""Of a budget, for the least that one benchmark needs; more where there are few of them."""
_SHORTEST_VISIT_SECONDS = 0.001
_LONGEST_VISIT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Visit:
    """Some requests to one side in a row; `is_settling` asks for an untimed one before them."""

    side: str
    sample_count: int
    is_settling: bool


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """One benchmark's visits in a row."""

    benchmark: int
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Allotment:
    """How much one benchmark gets in a round: samples for each letter of a block, and blocks."""

    samples: int
    passes: int


def block_seconds(seconds: float, samples: int) -> float:
    """Return how long a block takes whose requests take `seconds` each."""
    settling = 3 if seconds < SETTLE_BELOW_SECONDS else 0
    return (4 * samples + settling) * (seconds + _HANDLING_SECONDS)


def too_slow(estimates: Mapping[int, float], budget_seconds: float) -> dict[int, str]:
    """Return why benchmarks cannot be had within a budget: one page must not take the time of all the others."""
    found = {}
    share = max(_LARGEST_SHARE, 2 / max(len(estimates), 1))
    for index, seconds in estimates.items():
        least_seconds = FEWEST_ROUNDS * block_seconds(seconds, 1)
        if least_seconds > budget_seconds * share:
            needed = math.ceil(least_seconds / share / 10) * 10
            found[index] = (
                f"one answer takes {seconds:.1f} s, and {FEWEST_ROUNDS} rounds of it {least_seconds:.0f} s of the "
                f"{budget_seconds:.0f} s there are for all; --budget {needed} measures it too"
            )
    return found


def taking_part(
    estimates: Mapping[int, float], done: Mapping[int, int], budget_seconds: float, rounds_left: int
) -> list[int]:
    """Return which benchmarks are in the next round, given the seconds a request of each takes and its rounds so far.

    All of them, unless even the shortest blocks exceed the budget that is left: then the slowest are left out of later
    rounds, but none before it was in four, which the noise floor needs.
    """
    single = {index: block_seconds(seconds, 1) for index, seconds in estimates.items()}
    left = dict.fromkeys(estimates, rounds_left)
    over = sum(single.values()) * rounds_left - budget_seconds
    for index in sorted(single, key=lambda index: (-single[index], index)):
        owed = max(0, min(rounds_left, FEWEST_ROUNDS - done.get(index, 0)))
        while over > 0 and left[index] > owed:
            left[index] -= 1
            over -= single[index]
    return [index for index in sorted(estimates) if left[index]]


def allot(estimates: Mapping[int, float], budget_seconds: float, round_count: int) -> dict[int, Allotment]:
    """Share a budget among benchmarks over so many rounds.

    Visits are as long as the budget allows, between 1 and 100 ms, so that quick requests get many samples and slow
    ones few; what is left goes into more blocks.
    """
    low, high = math.log(_SHORTEST_VISIT_SECONDS), math.log(_LONGEST_VISIT_SECONDS)
    for _ in range(_SEARCH_STEPS):
        middle = (low + high) / 2
        if _cost(estimates, math.exp(middle), round_count) > budget_seconds:
            high = middle
        else:
            low = middle
    visit_seconds = math.exp(low)
    needed = _cost(estimates, visit_seconds, round_count)
    passes = max(1, min(MOST_PASSES, int(budget_seconds / needed))) if needed > 0 else 1
    return {index: Allotment(samples_for(seconds, visit_seconds), passes) for index, seconds in estimates.items()}


def samples_for(seconds: float, visit_seconds: float) -> int:
    """Return how many samples make a visit of about that length."""
    return max(1, min(MOST_SAMPLES, round(visit_seconds / max(seconds, 1e-6))))


def _cost(estimates: Mapping[int, float], visit_seconds: float, round_count: int) -> float:
    blocks = (block_seconds(seconds, samples_for(seconds, visit_seconds)) for seconds in estimates.values())
    return sum(blocks) * round_count


def plan_round(
    allotted: Mapping[int, Allotment], estimates: Mapping[int, float], chance: random.Random
) -> list[PlannedBlock]:
    """Plan one round: in each pass every benchmark that takes part, shuffled anew."""
    planned: list[PlannedBlock] = []
    for number in range(max((item.passes for item in allotted.values()), default=0)):
        order = [index for index in sorted(allotted) if number < allotted[index].passes]
        chance.shuffle(order)
        planned += [_block(index, allotted[index].samples, estimates[index], chance) for index in order]
    return planned


def _block(index: int, samples: int, seconds: float, chance: random.Random) -> PlannedBlock:
    first, second = chance.choice(ORDERS)
    is_settling = seconds < SETTLE_BELOW_SECONDS
    # The two visits in the middle are of the same side, so they are one.
    visits = ((first, samples), (second, 2 * samples), (first, samples))
    return PlannedBlock(index, tuple(Visit(side, count, is_settling) for side, count in visits))
