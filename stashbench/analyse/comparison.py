"""This run's benchmarks against a stored baseline: a ratio of medians, its interval, and a verdict with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from stashbench.analyse.disturbance import disturbed_by, drift_limit
from stashbench.analyse.statement_counts import count_change
from stashbench.analyse.statistics import MINIMUM_ROUNDS, quantile, ratio_interval
from stashbench.model.baseline import Baseline, Comparison, Verdict
from stashbench.model.measurement import Measurement, MeasurementOutcome

THRESHOLD_RATIO = 1.10


def compare(
    baseline: Baseline | None,
    measurements: Iterable[Measurement],
    *,
    threshold_ratio: float | Callable[[str], float] = THRESHOLD_RATIO,
    cpu_count: int = 1,
) -> tuple[Comparison, ...]:
    """Hold every benchmark of this run, and those only the baseline knows, against the baseline.

    `threshold_ratio` (> 1) is the smallest slowdown worth a verdict, for all or by id of a benchmark, `cpu_count`
    that of the machine of this run. The interval covers the noise within the two sessions only; what drifts between
    them is judged by `disturbance`. No baseline gives no comparisons.
    """
    if baseline is None:
        return ()
    stored = {measurement.id: measurement for measurement in baseline.measurements}
    current = list(measurements)
    ratio_of = threshold_ratio if callable(threshold_ratio) else lambda _: threshold_ratio
    judged = [_compare_one(baseline.name, stored.get(item.id), item, ratio_of(item.id)) for item in current]
    ratios = [item.ratio for item in judged if item.ratio is not None]
    limits = {
        Verdict.REGRESSED: drift_limit(ratios),
        Verdict.IMPROVED: drift_limit([1.0 / ratio for ratio in ratios if ratio > 0]),
    }
    compared = [
        _without_drift(comparison, limits, _disturbances(stored.get(item.id), item, baseline, cpu_count))
        for comparison, item in zip(judged, current, strict=True)
    ]
    seen = {item.id for item in current}
    gone = [
        Comparison(
            benchmark_id=item.id,
            baseline_name=baseline.name,
            verdict=Verdict.GONE,
            reason="The baseline holds this benchmark, this run did not measure it.",
            baseline_median_seconds=_median(item),
        )
        for item in baseline.measurements
        if item.id not in seen
    ]
    return tuple(compared + gone)


def _compare_one(name: str, stored: Measurement | None, current: Measurement, threshold_ratio: float) -> Comparison:
    verdict, reason = _without_numbers(stored, current)
    interval = None
    if verdict is None and stored is not None:
        interval = ratio_interval(stored.rounds_seconds, current.rounds_seconds)
        if interval is None:
            verdict, reason = Verdict.INCONCLUSIVE, _too_little(stored, current)
        else:
            verdict, reason = judge(interval, _q10_ratio(stored, current), threshold_ratio)
    assert verdict is not None
    is_same_request = stored is not None and stored.definition_hash == current.definition_hash
    statements = count_change(stored.trace, current.trace) if stored is not None and is_same_request else None
    return Comparison(
        benchmark_id=current.id,
        baseline_name=name,
        verdict=verdict,
        reason=reason,
        ratio=interval[0] if interval else None,
        ci_low=interval[1] if interval else None,
        ci_high=interval[2] if interval else None,
        threshold_ratio=threshold_ratio if interval else None,
        baseline_median_seconds=_median(stored) if stored else None,
        current_median_seconds=_median(current),
        baseline_statement_count=statements.before if statements else None,
        current_statement_count=statements.after if statements else None,
        statement_change=statements.sentence if statements else "",
    )


def _disturbances(stored: Measurement | None, current: Measurement, baseline: Baseline, cpu_count: int) -> list[str]:
    reasons = [disturbed_by(current, cpu_count, "this run")]
    if stored is not None:
        reasons.append(disturbed_by(stored, baseline.environment.cpu_count, "the baseline"))
    return [reason for reason in reasons if reason]


def _without_drift(comparison: Comparison, limits: dict[Verdict, float], disturbances: list[str]) -> Comparison:
    """Take a change back that other programs, or the drift between two sessions, explain as well."""
    limit = limits.get(comparison.verdict)
    if limit is None or comparison.ratio is None:
        return comparison
    change = comparison.ratio if comparison.verdict is Verdict.REGRESSED else 1.0 / comparison.ratio
    if disturbances:
        why = f"but {' and '.join(disturbances)}"
    elif change <= limit:
        why = f"but up to {limit:.2f} times is what these two sessions differ by without a cause"
    else:
        return comparison
    return msgspec.structs.replace(
        comparison,
        verdict=Verdict.INCONCLUSIVE,
        reason=f"{comparison.ratio:.2f} times the baseline, {why}; measure again, best on a quiet machine.",
    )


def judge(interval: tuple[float, float, float], q10_ratio: float, threshold_ratio: float) -> tuple[Verdict, str]:
    """Turn (ratio, low, high) into a verdict and its reason.

    A change must also show in the fastest tenth of the rounds: work that became slower slows every round, while a busy
    machine spares the luckiest ones.
    """
    ratio, low, high = interval
    span = f"{ratio:.2f} times the baseline [{low:.2f}-{high:.2f}]"
    if low > threshold_ratio:
        if q10_ratio > threshold_ratio:
            return Verdict.REGRESSED, f"{span}, wholly above the threshold of {threshold_ratio:.2f}."
        return Verdict.INCONCLUSIVE, _unsteady(span, q10_ratio, "slower")
    if high < 1.0 / threshold_ratio:
        if q10_ratio < 1.0 / threshold_ratio:
            return Verdict.IMPROVED, f"{span}, wholly below {1.0 / threshold_ratio:.2f}."
        return Verdict.INCONCLUSIVE, _unsteady(span, q10_ratio, "faster")
    if low > 1.0 / threshold_ratio and high < threshold_ratio:
        return Verdict.UNCHANGED, f"{span}, wholly within the threshold of {threshold_ratio:.2f}."
    side = threshold_ratio if high >= threshold_ratio else 1.0 / threshold_ratio
    return Verdict.INCONCLUSIVE, f"{span}: the interval straddles the threshold of {side:.2f}; more rounds would tell."


def _unsteady(span: str, q10_ratio: float, word: str) -> str:
    return (
        f"{span}, but the fastest tenth of the rounds is at {q10_ratio:.2f}: "
        f"that looks like a disturbed machine rather than a {word} server."
    )


def _without_numbers(stored: Measurement | None, current: Measurement) -> tuple[Verdict | None, str]:
    """Return the verdict that follows without looking at times, or (None, "")."""
    if current.outcome is not MeasurementOutcome.OK:
        why = current.reason or "no reason was recorded"
        return Verdict.NOT_COMPARABLE, f"This run has no usable times ({current.outcome}: {why})."
    if stored is None:
        return Verdict.NEW, "The baseline does not hold this benchmark."
    if stored.outcome is not MeasurementOutcome.OK:
        return Verdict.NOT_COMPARABLE, f"The baseline has no usable times for it ({stored.outcome})."
    if set(stored.left_out) != set(current.left_out):
        return Verdict.NOT_COMPARABLE, _asked_for_less(stored, current)
    if stored.definition_hash != current.definition_hash:
        return (
            Verdict.NOT_COMPARABLE,
            "The benchmark itself changed since the baseline; store a new one.",
        )
    return None, ""


def _asked_for_less(stored: Measurement, current: Measurement) -> str:
    """Say which of two servers was asked for less, because it does not offer it."""
    missing_now = [name for name in current.left_out if name not in stored.left_out]
    missing_then = [name for name in stored.left_out if name not in current.left_out]
    parts = []
    if missing_now:
        parts.append(f"this server does not offer {', '.join(missing_now)}, which the baseline's was asked for")
    if missing_then:
        parts.append(f"the baseline's server did not offer {', '.join(missing_then)}, which this one was asked for")
    return f"Not the same request: {'; '.join(parts)}."


def _too_little(stored: Measurement, current: Measurement) -> str:
    rounds = min(len(stored.rounds_seconds), len(current.rounds_seconds))
    if rounds < MINIMUM_ROUNDS:
        return f"Only {rounds} rounds on one side; at least {MINIMUM_ROUNDS} on both are needed for an interval."
    return "A round took no measurable time; the clock is too coarse for this benchmark."


def _q10_ratio(stored: Measurement, current: Measurement) -> float:
    return quantile(sorted(current.rounds_seconds), 0.10) / quantile(sorted(stored.rounds_seconds), 0.10)


def _median(measurement: Measurement) -> float | None:
    return quantile(sorted(measurement.rounds_seconds), 0.5) if measurement.rounds_seconds else None
