"""When what is asked, as a pure plan: passes over the benchmarks in random order, each block A B B A or B A A B.

Both sides of a block lie within milliseconds of each other, so that whatever else the machine does hits both alike; a
slow drift cancels within a block, and the order of benchmarks favours nobody over the passes. Blocks are short: noise
of a shared machine comes in bursts of milliseconds, and many short blocks meet each burst but once. Slow
benchmarks have A B and B A in turns where the budget is small.
"""

from __future__ import annotations

import math
import random
from collections.abc import Container, Mapping, Sequence
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


def block_seconds(seconds: float, *, is_short: bool = False) -> float:
    """Return how long a block takes whose requests take `seconds` each; a short one has two, if they are slow."""
    count = 2 if is_short and seconds >= _SLOW_SECONDS else 4 * samples_for(seconds)
    return count * (seconds + _HANDLING_SECONDS)


def with_short_blocks(estimates: Mapping[int, float], budget_seconds: float) -> frozenset[int]:
    """Return which benchmarks have blocks of A B or B A only: slow ones whose budget does not allow for more.

    All slow ones where the least that all need exceeds the budget, else those that would take too large a share of it.
    """
    least = {index: FEWEST_ROUNDS * block_seconds(seconds) for index, seconds in estimates.items()}
    available = max(budget_seconds, LEAST_SECONDS)
    is_tight = sum(least.values()) > available
    share = _largest_share(len(estimates))
    return frozenset(
        index
        for index, seconds in estimates.items()
        if seconds >= _SLOW_SECONDS and (is_tight or least[index] > share * available)
    )


def _largest_share(count: int) -> float:
    return max(_LARGEST_SHARE, 2 / max(count, 1))


def blocks_in_a_pass(estimates: Mapping[int, float], short: Container[int] = ()) -> dict[int, int]:
    """Return how many blocks each benchmark gets in one pass: more for quick ones, so that slow ones do not take all.

    As many as fit into what an average benchmark takes, at most four.
    """
    if not estimates:
        return {}
    single = {index: block_seconds(seconds, is_short=index in short) for index, seconds in estimates.items()}
    mean = sum(single.values()) / len(single)
    return {index: max(1, min(MOST_BLOCKS, int(mean / seconds))) for index, seconds in single.items()}


def too_slow(estimates: Mapping[int, float], budget_seconds: float) -> dict[int, str]:
    """Return why benchmarks cannot be had within a budget, given the seconds a request of each takes.

    One page must not take the time of all the others; and the slowest are left out until the least that each of the
    others needs does not exceed the budget together.
    """
    found = {}
    share = _largest_share(len(estimates))
    available = max(budget_seconds, LEAST_SECONDS)
    total = 0.0
    for index, seconds in sorted(estimates.items(), key=lambda item: (_least_seconds(item[1]), item[0])):
        least_seconds = _least_seconds(seconds)
        total += least_seconds
        if least_seconds > available * share or total > available:
            needed = math.ceil(max(least_seconds / share, total) / 10) * 10
            found[index] = (
                f"one answer takes {_readable(seconds)}, and {FEWEST_ROUNDS} rounds of it {_readable(least_seconds)} "
                f"of the {budget_seconds:.0f} s there are for all; --budget {needed} measures it too"
            )
    return found


def _least_seconds(seconds: float) -> float:
    return FEWEST_ROUNDS * block_seconds(seconds, is_short=True)


def _readable(seconds: float) -> str:
    return (
        f"{seconds:.0f} s" if seconds >= _TENS else f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
    )


def taking_part(
    estimates: Mapping[int, float],
    done: Mapping[int, int],
    budget_seconds: float,
    rounds_left: int,
    short: Container[int] = (),
) -> list[int]:
    """Return which benchmarks are in the next round, given the seconds a request of each takes and its rounds so far.

    All of them, unless even the shortest blocks exceed the budget that is left: then the slowest are left out of later
    rounds, but none before it was in four, which the noise floor needs.
    """
    single = {index: block_seconds(seconds, is_short=index in short) for index, seconds in estimates.items()}
    left = dict.fromkeys(estimates, rounds_left)
    over = sum(single.values()) * rounds_left - budget_seconds
    for index in sorted(single, key=lambda index: (-single[index], index)):
        owed = max(0, min(rounds_left, FEWEST_ROUNDS - done.get(index, 0)))
        while over > 0 and left[index] > owed:
            left[index] -= 1
            over -= single[index]
    return [index for index in sorted(estimates) if left[index]]


def plan_pass(
    estimates: Mapping[int, float], chance: random.Random, first: int, short: Container[int] = ()
) -> list[PlannedBlock]:
    """Plan one pass over some benchmarks, given the seconds a request of each takes, in random order.

    `first` counts the passes: a benchmark is begun by either side in turns, so that neither is first more often.
    """
    counts = blocks_in_a_pass(estimates, short)
    planned: list[PlannedBlock] = []
    for number in range(max(counts.values(), default=0)):
        order = [index for index in sorted(counts) if number < counts[index]]
        chance.shuffle(order)
        planned += [
            _block(index, estimates[index], ORDERS[(first + number + index) % 2], is_short=index in short)
            for index in order
        ]
    return planned


def _block(index: int, seconds: float, order: Sequence[str], *, is_short: bool) -> PlannedBlock:
    first, second = order
    if is_short and seconds >= _SLOW_SECONDS:
        return PlannedBlock(index, (Visit(first, 1), Visit(second, 1)))
    samples = samples_for(seconds)
    # The two visits in the middle are of the same side, so they are one.
    return PlannedBlock(index, (Visit(first, samples), Visit(second, 2 * samples), Visit(first, samples)))
