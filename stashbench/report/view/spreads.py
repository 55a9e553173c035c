"""Both distributions of a compared page: this run's answers and those of the stored sessions, drawn and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.analyse.statistics import quantile
from stashbench.model.baseline import QUANTILE_SHARES, Comparison
from stashbench.model.measurement import Measurement
from stashbench.report.charts.distributions import Distributions, Spread, draw_distributions
from stashbench.report.quantities import count, duration
from stashbench.report.view.words import plural

STORED, NOW, AGAIN = "Stored", "This run", "Again"
_ROWS = (
    *(("Fastest tenth", 0.1), ("Fastest quarter", 0.25), ("Median", 0.5)),
    *(("Three quarters", 0.75), ("Nine tenths", 0.9)),
)
_FEWEST = 5


@dataclass(frozen=True, slots=True)
class SpreadView:
    """The drawing, and the same as rows of text under `columns`."""

    drawn: Distributions
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def view_spreads(comparison: Comparison, measurement: Measurement | None) -> SpreadView | None:
    """Show stored times above those of this run, and what was measured again below; None where either is missing."""
    if measurement is None or len(measurement.rounds_seconds) < _FEWEST:
        return None
    again = [seconds for look in measurement.looks for seconds in look.rounds_seconds]
    taken = [(NOW, measurement.rounds_seconds), *([(AGAIN, again)] if len(again) >= _FEWEST else [])]
    spreads = [
        Spread(STORED, comparison.baseline_quantiles_seconds, comparison.baseline_lows_seconds),
        *(Spread(name, quantiles(seconds)) for name, seconds in taken),
    ]
    drawn = draw_distributions(spreads)
    if drawn is None:
        return None
    rows = rows_of([spread.quantiles_seconds for spread in spreads])
    answers = ("Answers", plural(comparison.session_count, "session"), *(count(len(seconds)) for _, seconds in taken))
    return SpreadView(drawn, tuple(spread.name for spread in spreads), (*rows, answers))


def rows_of(columns: Sequence[Sequence[float]]) -> tuple[tuple[str, ...], ...]:
    """Return a table of some quantiles, one column for each distribution (given at `QUANTILE_SHARES`)."""
    places = [(name, QUANTILE_SHARES.index(share)) for name, share in _ROWS]
    return tuple((name, *(duration(column[at]) for column in columns)) for name, at in places)


def quantiles(samples_seconds: Sequence[float]) -> tuple[float, ...]:
    """Return the quantiles of some times at `QUANTILE_SHARES`."""
    ordered = sorted(samples_seconds)
    return tuple(quantile(ordered, share) for share in QUANTILE_SHARES)
