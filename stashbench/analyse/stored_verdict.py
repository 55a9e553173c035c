"""From looks and bars to the verdict on a page and on the suite, with numbers and a reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.analyse.stored_looks import Bar, Glance, pooled
from stashbench.analyse.stored_pages import Page
from stashbench.analyse.stored_words import (
    looks_in_words,
    margin_of,
    of_verdict,
    suite_in_words,
    with_the_suite,
)
from stashbench.model.baseline import Comparison, SuiteShift, Verdict

POWER_Z = 0.8416
EQUIVALENT = 1.10
HELD_SHARE = 0.8
_FAR_BEYOND = math.log(2)
_FEWEST_SESSIONS = 3
FIRST_LOOK = "first look"
SECOND_LOOK = "second look"


@dataclass(frozen=True, slots=True)
class Suite:
    """The finding on all pages together. `theta` is added to each page where it is beyond its bar, else it is 0."""

    finding: SuiteShift
    theta: float = 0.0
    bar: Bar | None = None

    @property
    def has_moved(self) -> bool:
        """Whether the suite moved by more than sessions do, so that its shift is not taken out of single pages."""
        return self.bar is not None


def judge_suite(shifts: Sequence[float], bar: Bar, page_count: int) -> Suite:
    """Judge how far all pages moved together in each look."""
    theta = pooled(shifts)
    later = pooled(shifts[1:]) if len(shifts) > 1 else None
    sign = math.copysign(1.0, theta)
    # Whatever one look saw alone may be any size, so that each must nearly reach the bar by itself.
    is_beyond = abs(theta) > bar.limit and sign * shifts[0] > HELD_SHARE * bar.limit
    has_held = later is not None and sign * later > HELD_SHARE * bar.limit
    margin = margin_of(bar.sigma, bar.freedom)
    if is_beyond and later is None:
        verdict = Verdict.SUSPECT if theta > 0 else Verdict.IMPROVED
    elif is_beyond and has_held:
        verdict = Verdict.REGRESSED if theta > 0 else Verdict.IMPROVED
    elif not is_beyond and abs(shifts[0]) <= bar.limit:
        verdict = Verdict.UNCHANGED
    else:
        verdict = Verdict.INCONCLUSIVE
    finding = SuiteShift(
        verdict=verdict,
        reason=suite_in_words(verdict, theta, bar.limit, page_count, looks_in_words(shifts[0], later)),
        ratio=math.exp(theta),
        ci_low=math.exp(theta - margin),
        ci_high=math.exp(theta + margin),
        threshold_ratio=math.exp(bar.limit),
        benchmark_count=page_count,
    )
    has_moved = verdict in {Verdict.SUSPECT, Verdict.REGRESSED, Verdict.IMPROVED}
    return Suite(finding, theta, bar) if has_moved else Suite(finding)


def judge_page(page: Page, glances: Sequence[Glance], bar: Bar, suite: Suite, effect: float, name: str) -> Comparison:
    """Judge a page by all looks at it. `bar` is that of so many looks; `name` what the baseline is called."""
    if suite.bar is not None:
        bar = _both(bar, suite.bar)
    theta = pooled([glance.low for glance in glances]) + suite.theta
    quarter = pooled([glance.quarter for glance in glances]) + suite.theta
    later = pooled([glance.low for glance in glances[1:]]) + suite.theta if len(glances) > 1 else None
    first = glances[0].low + suite.theta
    margin = margin_of(bar.sigma, bar.freedom)
    equivalent = max(EQUIVALENT, effect)
    verdict = _verdict(theta, quarter, later, bar, suite)
    if verdict is Verdict.INCONCLUSIVE and abs(theta) <= bar.limit and abs(theta) + margin < math.log(equivalent):
        verdict = Verdict.UNCHANGED
    reason = of_verdict(
        verdict,
        theta,
        bar.limit,
        len(page.then),
        equivalent,
        is_noise=bar.is_noise,
        looks=looks_in_words(first, later),
    )
    return Comparison(
        benchmark_id=page.current.id,
        baseline_name=name,
        verdict=verdict,
        reason=reason + (with_the_suite(suite.theta) if suite.has_moved else ""),
        ratio=math.exp(theta),
        ci_low=math.exp(theta - margin),
        ci_high=math.exp(theta + margin),
        threshold_ratio=math.exp(bar.limit),
        baseline_median_seconds=page.stored_median_seconds,
        current_median_seconds=page.now.median_seconds if page.now else None,
        sigma=bar.sigma,
        smallest_visible=math.exp(bar.limit + POWER_Z * bar.sigma),
        session_count=len(page.then),
        first_ratio=math.exp(first) if later is not None else None,
        later_ratio=math.exp(later) if later is not None else None,
        decided_by=FIRST_LOOK if later is None else SECOND_LOOK,
        baseline_quantiles_seconds=page.stored_quantiles_seconds,
        baseline_lows_seconds=page.stored_lows_seconds,
    )


def is_plain(comparison: Comparison) -> bool:
    """Say whether a page, measured twice, is so far off that no disturbance of a machine explains it.

    What disturbs a machine disturbs all of its pages, and how far those lie apart is in the bar already; this asks for
    twice as much again. At a load of 8 to 13 on two cores, none of 3,504 unchanged pages was so far off against three
    or more sessions, but 17 of 1,164 were against a single one.
    """
    if comparison.ratio is None or comparison.threshold_ratio is None or comparison.decided_by != SECOND_LOOK:
        return False
    if comparison.session_count < _FEWEST_SESSIONS:
        return False
    return abs(math.log(comparison.ratio)) > math.log(comparison.threshold_ratio) + _FAR_BEYOND


def _verdict(theta: float, quarter: float, later: float | None, bar: Bar, suite: Suite) -> Verdict:
    """Say what looks at a page amount to; inconclusive where it is not beyond the bar."""
    if abs(theta) <= bar.limit:
        return Verdict.INCONCLUSIVE
    sign = math.copysign(1.0, theta)
    # Work that became slower slows the fastest quarter too, and it still does when measured again. What the first look
    # saw alone may be any size, so that the later ones must nearly reach the bar by themselves.
    if sign * quarter <= bar.limit / 2 or (later is not None and sign * later <= HELD_SHARE * bar.limit):
        return Verdict.INCONCLUSIVE
    if sign < 0:
        return Verdict.IMPROVED
    # A page that was not measured again went with the suite, which was.
    is_seen_again = later is not None or (suite.finding.verdict is Verdict.REGRESSED and suite.theta > bar.limit / 2)
    return Verdict.REGRESSED if is_seen_again else Verdict.SUSPECT


def _both(page: Bar, suite: Bar) -> Bar:
    """Return the bar of a page with the suite's shift left in it: both noises add up."""
    limit = math.hypot(page.limit, suite.limit) if page.is_noise or suite.is_noise else page.limit
    sigma = math.hypot(page.sigma, suite.sigma)
    return Bar(limit, sigma, min(page.freedom, suite.freedom), page.is_noise or suite.is_noise)
