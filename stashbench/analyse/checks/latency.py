"""How long the server takes for nothing, and how long it waits while it should be working."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.analyse.checks.observation import Observation, Row, inconclusive, not_measured
from stashbench.analyse.statistics import quantile, summarise
from stashbench.model.base import Model

MILLISECONDS = 1000.0
LONG_WAIT_MS = 100.0


class OperationTiming(Model, frozen=True, kw_only=True):
    """One operation repeated: latencies of the good answers, and the server's CPU time over `request_count` requests.

    `run_delay_seconds` is how long its threads were ready over that time and got no CPU, because others had it.
    `logged_sql_seconds` is the SQL time the server's log gives for one request, None where it was not read.
    """

    operation: str
    rounds_seconds: tuple[float, ...]
    cpu_seconds: float | None
    request_count: int
    run_delay_seconds: float | None = None
    logged_sql_seconds: float | None = None


def latency_floor(rounds_seconds: Sequence[float]) -> Observation:
    """Return the median in milliseconds of a request that the server answers from memory."""
    summary = summarise(rounds_seconds)
    low, high = summary.median_ci_low_seconds * MILLISECONDS, summary.median_ci_high_seconds * MILLISECONDS
    median = summary.median_seconds * MILLISECONDS
    return Observation(
        value=median,
        message=f"A request without any work takes {median:.1f} ms [{low:.1f}-{high:.1f}] (median of {summary.count}).",
        evidence={"median_ms": median, "p95_ms": summary.p95_seconds * MILLISECONDS, "rounds": summary.count},
    )


def waiting_time(
    timings: Sequence[OperationTiming], floor_seconds: float, limit_ms: float = LONG_WAIT_MS
) -> Observation:
    """Return the longest time in milliseconds that an operation takes without the server computing or reading.

    What an operation waits is its fastest round, less the latency floor, less the CPU time a round costs, less the time
    its threads queued for a CPU. The fastest round is taken because a busy machine delays the others; work spread over
    several cores can only lower the result. Where only the queueing keeps it below `limit_ms`, the warning limit in
    force, the question is left open.
    """
    if not timings:
        return not_measured("No operation gave an answer that could be timed.")
    rows = [_waiting_row(timing, floor_seconds) for timing in timings if timing.cpu_seconds is not None]
    if not rows:
        return not_measured(
            "The CPU time of the server's process could not be seen, so computing and waiting cannot be told apart."
        )
    rows.sort(key=lambda row: (-float(row["waiting_ms"] or 0.0), str(row["operation"])))
    worst = rows[0]
    waiting = float(worst["waiting_ms"] or 0.0)
    unclear = max(rows, key=lambda row: float(row["unexplained_ms"] or 0.0))
    if waiting < limit_ms <= float(unclear["unexplained_ms"] or 0.0):
        return inconclusive(
            f"{unclear['operation']} takes {unclear['unexplained_ms']:.0f} ms longer than the server computes, but its "
            "threads also queued for a CPU that long: the machine is too crowded to tell waiting from queueing.",
            {"operations": tuple(rows), "worst_operation": str(unclear["operation"])},
        )
    return Observation(
        value=waiting,
        message=(
            f"{worst['operation']} takes {worst['latency_ms']:.0f} ms at best, of which the server computes "
            f"{worst['cpu_ms']:.0f} ms: {waiting:.0f} ms are spent waiting."
        ),
        evidence={"operations": tuple(rows), "worst_operation": str(worst["operation"])},
    )


def _waiting_row(timing: OperationTiming, floor_seconds: float) -> Row:
    best = min(timing.rounds_seconds)
    cpu = (timing.cpu_seconds or 0.0) / timing.request_count
    delay = (timing.run_delay_seconds or 0.0) / timing.request_count
    unexplained = max(best - floor_seconds - cpu, 0.0)
    sql = timing.logged_sql_seconds
    return {
        "operation": timing.operation,
        "latency_ms": best * MILLISECONDS,
        "median_ms": quantile(sorted(timing.rounds_seconds), 0.5) * MILLISECONDS,
        "cpu_ms": cpu * MILLISECONDS,
        "queued_for_cpu_ms": None if timing.run_delay_seconds is None else delay * MILLISECONDS,
        "logged_sql_ms": None if sql is None else sql * MILLISECONDS,
        "unexplained_ms": unexplained * MILLISECONDS,
        "waiting_ms": max(unexplained - delay, 0.0) * MILLISECONDS,
        "rounds": len(timing.rounds_seconds),
    }


def slow_update(rounds_seconds: Sequence[float], floor_seconds: float) -> Observation:
    """Return how long saving one scene takes beyond the latency floor, in milliseconds."""
    summary = summarise(rounds_seconds)
    beyond = max(summary.median_seconds - floor_seconds, 0.0) * MILLISECONDS
    return Observation(
        value=beyond,
        message=f"Saving a scene takes {beyond:.0f} ms beyond the latency floor (median of {summary.count}).",
        evidence={"median_ms": summary.median_seconds * MILLISECONDS, "floor_ms": floor_seconds * MILLISECONDS},
    )


def cost_of_totals(plain_seconds: Sequence[float], with_totals_seconds: Sequence[float], items: int) -> Observation:
    """Return what the totals of a list page cost in milliseconds: the difference of the two medians."""
    plain, full = summarise(plain_seconds).median_seconds, summarise(with_totals_seconds).median_seconds
    extra = max(full - plain, 0.0) * MILLISECONDS
    share = 100.0 * max(full - plain, 0.0) / full if full > 0.0 else 0.0
    return Observation(
        value=extra,
        message=(
            f"Megapixels and file size of {items} images cost {extra:.0f} ms a page view ({share:.0f} % of "
            f"{full * MILLISECONDS:.0f} ms)."
        ),
        evidence={
            "plain_ms": plain * MILLISECONDS,
            "with_totals_ms": full * MILLISECONDS,
            "share_percent": share,
            "image_count": items,
        },
    )
