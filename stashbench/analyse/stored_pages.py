"""Which stored times of a page may be held against those of a run, and where both lie.

The location of a page in a session is the logarithm of the time below which its fastest tenth lies (see
`low_quantile` for why).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.analyse.low_quantile import LOW
from stashbench.analyse.statistics import MINIMUM_ROUNDS, quantile
from stashbench.model.baseline import QUANTILE_SHARES, Baseline, Verdict
from stashbench.model.measurement import Measurement, MeasurementOutcome

_QUARTER = 0.25
_ROWS_TOLERANCE = 0.10
"""Libraries grow; a page that shows a tenth more rows is another page."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where some times lie: logarithms of the 10 % and the 25 % quantile in seconds, and the median in seconds.

    `quantiles_seconds` are those at `QUANTILE_SHARES`, for readers; nothing is decided by them.
    """

    low: float
    quarter: float
    median_seconds: float
    quantiles_seconds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One benchmark of this run with what stored sessions know of it; `then` by number of the session.

    `verdict` is there where it follows without a look at times. `newest` is the stored measurement to hold counters
    against, None where the request is not the same.
    """

    current: Measurement
    now: Location | None = None
    then: tuple[tuple[int, Location], ...] = ()
    newest: Measurement | None = None
    alike: tuple[Measurement, ...] = ()
    verdict: Verdict | None = None
    reason: str = ""

    @property
    def centre(self) -> float:
        """The middle of the stored locations."""
        return statistics.median(location.low for _, location in self.then)

    @property
    def centre_of_quarter(self) -> float:
        """The same for the fastest quarter."""
        return statistics.median(location.quarter for _, location in self.then)

    @property
    def stored_median_seconds(self) -> float | None:
        """The middle of the stored medians."""
        return statistics.median(location.median_seconds for _, location in self.then) if self.then else None

    @property
    def stored_quantiles_seconds(self) -> tuple[float, ...]:
        """The middle of the sessions at each quantile, to the nanosecond; so each session has one vote."""
        columns = zip(*(location.quantiles_seconds for _, location in self.then), strict=True)
        return tuple(round(statistics.median(column), 9) for column in columns)

    @property
    def stored_lows_seconds(self) -> tuple[float, ...]:
        """The fastest tenth of each session, newest last, to the nanosecond."""
        return tuple(round(math.exp(location.low), 9) for _, location in self.then)


def locate(samples_seconds: Sequence[float]) -> Location | None:
    """Return where times lie; None where they are fewer than five, or a clock too coarse saw none pass."""
    if len(samples_seconds) < MINIMUM_ROUNDS:
        return None
    ordered = sorted(samples_seconds)
    low = quantile(ordered, LOW)
    if low <= 0.0 or not math.isfinite(ordered[-1]):
        return None
    return Location(
        math.log(low),
        math.log(quantile(ordered, _QUARTER)),
        quantile(ordered, 0.5),
        tuple(quantile(ordered, share) for share in QUANTILE_SHARES),
    )


def page_of(current: Measurement, sessions: Sequence[Baseline]) -> Page:
    """Gather what stored sessions (newest last) know of a benchmark."""
    now = locate(current.rounds_seconds) if current.outcome is MeasurementOutcome.OK else None
    if current.outcome is not MeasurementOutcome.OK:
        why = current.reason or "no reason was recorded"
        verdict, reason = Verdict.NOT_COMPARABLE, f"This run has no usable times ({current.outcome}: {why})."
        return Page(current, verdict=verdict, reason=reason)
    held = [
        (number, item)
        for number, session in enumerate(sessions)
        for item in session.measurements
        if item.id == current.id
    ]
    if not held:
        return Page(current, now, verdict=Verdict.NEW, reason="The baseline does not hold this benchmark.")
    usable = [(number, item) for number, item in held if not _why_not(item, current)]
    if not usable:
        reason = _why_not(held[-1][1], current)
        return Page(current, now, newest=None, verdict=Verdict.NOT_COMPARABLE, reason=reason)
    alike = tuple(item for _, item in usable)
    located = [(number, locate(item.rounds_seconds)) for number, item in usable]
    then = tuple((number, location) for number, location in located if location is not None)
    if now is None or not then:
        reason = _too_little(alike[-1], current)
        return Page(current, now, then, alike[-1], alike, Verdict.INCONCLUSIVE, reason)
    return Page(current, now, then, alike[-1], alike)


def _why_not(stored: Measurement, current: Measurement) -> str:
    """Say why two measurements are not of the same request; empty if they are."""
    if stored.outcome is not MeasurementOutcome.OK:
        return f"The baseline has no usable times for it ({stored.outcome})."
    if set(stored.left_out) != set(current.left_out):
        return _asked_for_less(stored, current)
    if stored.definition_hash != current.definition_hash:
        return "The benchmark itself changed since the baseline; store a new one."
    if _differ(stored.row_count, current.row_count):
        return f"Not the same page: it showed {stored.row_count:,} rows, and {current.row_count:,} now."
    return ""


def _differ(then: int | None, now: int | None) -> bool:
    return then is not None and now is not None and abs(then - now) > _ROWS_TOLERANCE * max(then, now)


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
        return f"Only {rounds} rounds on one side; at least {MINIMUM_ROUNDS} on both are needed to compare."
    return "A round took no measurable time; the clock is too coarse for this benchmark."
