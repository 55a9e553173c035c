"""When what is asked, as a pure plan: passes over the benchmarks in random order, each block A B B A or B A A B.

Both sides of a block lie within milliseconds of each other, so that whatever else the machine does hits both alike; a
slow drift cancels within a block, and the order of benchmarks favours nobody over the passes. Blocks are short: noise
of a shared machine comes in bursts of milliseconds, and many short blocks meet each burst but once.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ORDERS = (("a", "b"), ("b", "a"))
"""Who begins and ends a block, and who has its middle."""
MOST_SAMPLES = 16
MOST_BLOCKS = 4
FEWEST_ROUNDS = 4
LEAST_SECONDS = 10.0
"""A smaller budget leaves nobody out who does with this much."""
_LARGEST_SHARE = 0.2
"""Of a budget, for the least that one benchmark needs; more where there are few of them."""
_VISIT_SECONDS = 0.004
_SLOW_SECONDS = 0.02
"""From here one call of a visit is enough; the first of quicker ones meets what the other side left in the caches."""
_HANDLING_SECONDS = 0.0001
_TENS = 10.0


@dataclass(frozen=True, slots=True)
class Visit:
    """Some requests to one side in a row."""

    side: str
    sample_count: int


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """One benchmark's visits in a row."""

    benchmark: int
    visits: tuple[Visit, ...]


def samples_for(seconds: float) -> int:
    """Return how many calls make a visit at the border of a block; the one in its middle has twice as many."""
    fewest = 1 if seconds >= _SLOW_SECONDS else 2
    return max(fewest, min(MOST_SAMPLES, round(_VISIT_SECONDS / max(seconds, 1e-6))))


def block_seconds(seconds: float) -> float:
    """Return how long a block takes whose requests take `seconds` each."""
    return 4 * samples_for(seconds) * (seconds + _HANDLING_SECONDS)


def blocks_in_a_pass(estimates: Mapping[int, float]) -> dict[int, int]:
    """Return how many blocks each benchmark gets in one pass: more for quick ones, so that slow ones do not take all.

    As many as fit into what an average benchmark takes, at most four.
    """
    if not estimates:
        return {}
    mean = sum(block_seconds(seconds) for seconds in estimates.values()) / len(estimates)
    return {index: max(1, min(MOST_BLOCKS, int(mean / block_seconds(seconds)))) for index, seconds in estimates.items()}


def too_slow(estimates: Mapping[int, float], budget_seconds: float) -> dict[int, str]:
    """Return why benchmarks cannot be had within a budget, given the seconds a request of each takes.

    One page must not take the time of all the others; and the slowest are left out until the least that each of the
    others needs does not exceed the budget together.
    """
    found = {}
    share = max(_LARGEST_SHARE, 2 / max(len(estimates), 1))
    available = max(budget_seconds, LEAST_SECONDS)
    total = 0.0
    for index, seconds in sorted(estimates.items(), key=lambda item: (block_seconds(item[1]), item[0])):
        least_seconds = FEWEST_ROUNDS * block_seconds(seconds)
        total += least_seconds
        if least_seconds > available * share or total > available:
            needed = math.ceil(max(least_seconds / share, total) / 10) * 10
            found[index] = (
                f"one answer takes {_readable(seconds)}, and {FEWEST_ROUNDS} rounds of it {_readable(least_seconds)} "
                f"of the {budget_seconds:.0f} s there are for all; --budget {needed} measures it too"
            )
    return found


def _readable(seconds: float) -> str:
    return (
        f"{seconds:.0f} s" if seconds >= _TENS else f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
    )


def taking_part(
    estimates: Mapping[int, float], done: Mapping[int, int], budget_seconds: float, rounds_left: int
) -> list[int]:
    """Return which benchmarks are in the next round, given the seconds a request of each takes and its rounds so far.

    All of them, unless even the shortest blocks exceed the budget that is left: then the slowest are left out of later
    rounds, but none before it was in four, which the noise floor needs.
    """
    single = {index: block_seconds(seconds) for index, seconds in estimates.items()}
    left = dict.fromkeys(estimates, rounds_left)
    over = sum(single.values()) * rounds_left - budget_seconds
    for index in sorted(single, key=lambda index: (-single[index], index)):
        owed = max(0, min(rounds_left, FEWEST_ROUNDS - done.get(index, 0)))
        while over > 0 and left[index] > owed:
            left[index] -= 1
            over -= single[index]
    return [index for index in sorted(estimates) if left[index]]


def plan_pass(estimates: Mapping[int, float], chance: random.Random, first: int) -> list[PlannedBlock]:
    """Plan one pass over some benchmarks, given the seconds a request of each takes, in random order.

    `first` counts the passes: a benchmark is begun by either side in turns, so that neither is first more often.
    """
    counts = blocks_in_a_pass(estimates)
    planned: list[PlannedBlock] = []
    for number in range(max(counts.values(), default=0)):
        order = [index for index in sorted(counts) if number < counts[index]]
        chance.shuffle(order)
        planned += [_block(index, estimates[index], ORDERS[(first + number + index) % 2]) for index in order]
    return planned


def _block(index: int, seconds: float, order: Sequence[str]) -> PlannedBlock:
    first, second = order
    samples = samples_for(seconds)
    # The two visits in the middle are of the same side, so they are one.
    return PlannedBlock(index, (Visit(first, samples), Visit(second, 2 * samples), Visit(first, samples)))
