"""Says in plain words what became faster: in the head of both reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.model.baseline import Comparison, SuiteShift, Verdict
from stashbench.model.result import AuditResult
from stashbench.model.side_by_side import SideBySide
from stashbench.report.quantities import significant

NAMED = 3
_TWICE_AS_FAST = 0.5
_WHOLE_PERCENT = 10.0
_BY_COUNTS = "counts"


@dataclass(frozen=True, slots=True)
class Gain:
    """A page's ratio of times (below 1 is faster) with its interval."""

    title: str
    ratio: float
    low: float
    high: float


def gain_in_words(ratio: float, low: float, high: float) -> str:
    """Write "3.1 times as fast [2.9, 3.4]", or "12 % faster [7.8 %, 16 %]" below twice."""
    if ratio <= _TWICE_AS_FAST:
        bounds = ", ".join(significant(1 / end, 2) for end in (high, low))
        return f"{significant(1 / ratio, 2)} times as fast [{bounds}]"
    bounds = ", ".join(_share(end) for end in (high, low))
    return f"{_share(ratio)} faster [{bounds}]"


def gains_of_audit(result: AuditResult) -> str:
    """Say what became faster since the baseline; empty where nothing did.

    It is called the doing of a change only where the suite as a whole stayed: what all pages share may be the machine.
    """
    titles = {item.id: item.title for item in result.measurements}
    suite = result.suite_shift
    if suite is not None and suite.verdict is Verdict.IMPROVED and not suite.accepted:
        words = _of_suite(suite)
        return f"All pages together became {words} since the baseline." if words else ""
    gains = [
        Gain(titles.get(item.benchmark_id, item.benchmark_id), item.ratio, item.ci_low, item.ci_high)
        for item in result.comparisons
        if _is_gain(item) and item.ratio and item.ci_low and item.ci_high
    ]
    return _sentence(gains)


def gains_of_comparison(document: SideBySide) -> str:
    """Say which pages became faster from A to B by the clock; empty where none did."""
    gains = [
        Gain(item.title, item.ratio, item.ci_low, item.ci_high)
        for item in document.benchmarks
        if item.verdict is Verdict.IMPROVED and item.time_verdict is Verdict.IMPROVED and not item.accepted
        if item.ratio and item.ci_low and item.ci_high
    ]
    return _sentence(gains)


def _is_gain(item: Comparison) -> bool:
    return item.verdict is Verdict.IMPROVED and item.decided_by != _BY_COUNTS and not item.accepted


def _of_suite(suite: SuiteShift) -> str:
    if not suite.ratio or not suite.ci_low or not suite.ci_high:
        return ""
    return gain_in_words(suite.ratio, suite.ci_low, suite.ci_high)


def _sentence(gains: Sequence[Gain]) -> str:
    if not gains:
        return ""
    named = sorted(gains, key=lambda gain: gain.ratio)[:NAMED]
    words = [
        f"\N{LEFT DOUBLE QUOTATION MARK}{gain.title}\N{RIGHT DOUBLE QUOTATION MARK} "
        f"{gain_in_words(gain.ratio, gain.low, gain.high)}"
        for gain in named
    ]
    more = len(gains) - len(named)
    if more:
        words.append(f"{more} more {'page' if more == 1 else 'pages'} faster")
    listed = f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
    return f"Your change made {listed}."


def _share(ratio: float) -> str:
    points = (1 - ratio) * 100
    text = f"{abs(points):.0f}" if abs(points) >= _WHOLE_PERCENT else f"{abs(points):.1f}"
    return f"{chr(0x2212) if points < 0 else ''}{text}\N{NO-BREAK SPACE}%"
