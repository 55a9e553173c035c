"""A suspect decided side by side: the baseline's server was started once more and asked in turns with this one."""

from __future__ import annotations

import math
from dataclasses import replace

import msgspec

from stashbench.analyse.stored_verdict import Suite
from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.side_by_side import PairedBenchmark

PAIRED = "paired"


def with_replay(comparison: Comparison, pair: PairedBenchmark) -> Comparison:
    """Take over what the clock said side by side; where it could not be compared, the stored verdict stays.

    That both servers were asked within milliseconds of each other makes it the better witness by far.
    """
    if pair.ratio is None or pair.time_verdict is None:
        return comparison
    stored = comparison.ratio
    told = f" Against stored times it was {abs(stored - 1):.0%} {_word(stored)}." if stored is not None else ""
    reason = f"Side by side with the baseline's server, started once more: {_said(pair)}.{told}"
    return msgspec.structs.replace(
        comparison,
        verdict=pair.time_verdict,
        reason=reason,
        ratio=pair.ratio,
        ci_low=pair.ci_low,
        ci_high=pair.ci_high,
        threshold_ratio=pair.threshold_ratio,
        sigma=pair.sigma,
        smallest_visible=pair.smallest_visible,
        first_ratio=comparison.first_ratio or stored,
        decided_by=PAIRED,
    )


def with_replayed_shift(suite: Suite, theta: float, low: float, high: float) -> Suite:
    """Decide a suite that moved by how far both servers lay apart side by side (a logarithm with its interval).

    What stored times show and two servers side by side do not is the machine's.
    """
    if not suite.has_moved:
        return suite
    span = f"{math.exp(theta):.2f} times [{math.exp(low):.2f}-{math.exp(high):.2f}]"
    is_there = low > 0 if suite.theta > 0 else high < 0
    if is_there and abs(theta) > abs(suite.theta) / 2:
        verdict = Verdict.REGRESSED if theta > 0 else Verdict.IMPROVED
        reason = f"{suite.finding.reason} Side by side with the baseline's server it is {span}."
        return replace(suite, finding=msgspec.structs.replace(suite.finding, verdict=verdict, reason=reason))
    reason = (
        f"Against stored times all pages moved by {math.exp(suite.theta):.2f} times, but side by side with the "
        f"baseline's server, started once more, by {span}: the machine is another one today, not the server."
    )
    return Suite(msgspec.structs.replace(suite.finding, verdict=Verdict.INCONCLUSIVE, reason=reason))


def _said(pair: PairedBenchmark) -> str:
    assert pair.ratio is not None
    if pair.time_verdict is Verdict.UNCHANGED:
        return "as fast"
    if pair.time_verdict is Verdict.INCONCLUSIVE:
        return f"{abs(pair.ratio - 1):.1%} {_word(pair.ratio)}, which could not be told from noise"
    return f"{abs(pair.ratio - 1):.1%} {_word(pair.ratio)}"


def _word(ratio: float) -> str:
    return "slower" if math.log(ratio) >= 0 else "faster"
