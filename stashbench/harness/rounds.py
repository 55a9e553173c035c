"""How often a benchmark is repeated: enough for an interval, within a budget, and not for ever on a slow server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FEWEST_ROUNDS = 5
MOST_ROUNDS = 300
FEWEST_SLOW_ROUNDS = 3
SLOW_CAP_SECONDS = 10.0
FEWEST_WARMUPS = 2
MOST_WARMUPS = 6
WARMUP_CAP_SECONDS = 3.0
STABLE_RATIO = 1.25


@dataclass(frozen=True)
class Plan:
    """How often to call: `estimate_seconds` is what the warm-up says one call takes."""

    round_count: int
    warmup_count: int
    estimate_seconds: float


def warm_up(call: Callable[[], float], *, most: int = MOST_WARMUPS) -> tuple[float, int]:
    """Call until two calls in a row take about as long; return the faster of the last two, and the number of calls.

    `call` returns its own duration in seconds. The first call of a page fills caches (SQLite's, the server's document
    cache, ours), so it must not be in the numbers. A slow request is not called often just to warm up.
    """
    durations: list[float] = []
    while True:
        durations.append(call())
        if len(durations) >= FEWEST_WARMUPS:
            low, high = sorted(durations[-2:])
            is_stable = high <= low * STABLE_RATIO
            if is_stable or len(durations) >= most or sum(durations) >= WARMUP_CAP_SECONDS:
                return low, len(durations)
        elif durations[0] >= SLOW_CAP_SECONDS:
            return durations[0], 1


def plan_rounds(estimate_seconds: float, budget_seconds: float) -> int:
    """Return how many timed rounds to make.

    Fast requests fill the budget with 5 to 300 rounds. Requests too slow for five rounds in the budget get as many as
    the cap of 10 s allows, at least three; one that alone exceeds the cap is timed once, and its interval says so.
    """
    if estimate_seconds >= SLOW_CAP_SECONDS:
        return 1
    fitting = int(budget_seconds / max(estimate_seconds, 1e-6))
    if fitting >= FEWEST_ROUNDS:
        return min(fitting, MOST_ROUNDS)
    within_cap = int(SLOW_CAP_SECONDS / estimate_seconds)
    return max(FEWEST_SLOW_ROUNDS, min(FEWEST_ROUNDS, within_cap))


def make_plan(call: Callable[[], float], budget_seconds: float) -> Plan:
    """Warm up and plan the rounds."""
    estimate, warmups = warm_up(call)
    return Plan(plan_rounds(estimate, budget_seconds), warmups, estimate)
