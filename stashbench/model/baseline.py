"""Stored measurements to hold a run against, and what came of it."""

from __future__ import annotations

from stashbench.model.base import Model, Word
from stashbench.model.environment import Environment
from stashbench.model.measurement import Measurement
from stashbench.model.quality import MachineQuality
from stashbench.model.target import Target

QUANTILE_SHARES = tuple(number / 20 for number in range(20))
"""Which quantiles of stored times a comparison carries: from the fastest answer to the 95 % one."""


class Verdict(Word):
    """What a comparison says; every verdict comes with a reason and an interval where one can be had."""

    REGRESSED = "regressed"
    SUSPECT = "suspect"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    INCONCLUSIVE = "inconclusive"
    NEW = "new"
    GONE = "gone"
    NOT_COMPARABLE = "not comparable"


class Baseline(Model):
    """One session: a run's measurements with raw samples, kept to hold later runs against.

    `machine` is what disturbed the run (None where it was not watched), `regressed` the benchmarks that had regressed
    or were still suspect in it, without those whose change the user accepts, `improved` those that became faster.
    `accepted_because` is the reason a user gave for keeping a run all the same: from it on, both are at a new level.
    `doubts` is never stored: it says in words why what was read cannot be what was saved.
    """

    schema_version: int
    name: str
    created_at: str
    run_id: str
    environment: Environment
    target: Target
    measurements: tuple[Measurement, ...]
    note: str = ""
    machine: MachineQuality | None = None
    regressed: tuple[str, ...] = ()
    improved: tuple[str, ...] = ()
    partial_reasons: tuple[str, ...] = ()
    accepted_because: str = ""
    doubts: tuple[str, ...] = ()


class Comparison(Model):
    """One benchmark against the baseline: ratio of medians (current / baseline), above 1 is slower.

    Statements are counted where both runs have a clean trace of the same request; `statement_change` says in words what
    changed, and is empty where the counts are as good as equal.

    `sigma` is the standard error of the ratio's logarithm, `smallest_visible` the slowdown (a ratio) that would have
    been found four times in five, `session_count` how many stored sessions it was held against. `first_ratio` is what
    was found before a suspect was measured again, `later_ratio` what was found then, and `decided_by` says which look
    decided. `accepted` is the reason a user gave for accepting this change, empty where none holds.

    `baseline_quantiles_seconds` are the stored times at `QUANTILE_SHARES`, at each share the middle of the sessions;
    `baseline_lows_seconds` the fastest tenth of each session, newest last. Both are empty where there is none.
    """

    benchmark_id: str
    baseline_name: str
    verdict: Verdict
    reason: str
    ratio: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    threshold_ratio: float | None = None
    baseline_median_seconds: float | None = None
    current_median_seconds: float | None = None
    baseline_statement_count: int | None = None
    current_statement_count: int | None = None
    statement_change: str = ""
    sigma: float | None = None
    smallest_visible: float | None = None
    session_count: int = 0
    first_ratio: float | None = None
    later_ratio: float | None = None
    decided_by: str = ""
    accepted: str = ""
    baseline_quantiles_seconds: tuple[float, ...] = ()
    baseline_lows_seconds: tuple[float, ...] = ()

    @property
    def is_counted_regression(self) -> bool:
        """Whether it regressed, and nobody accepted that."""
        return self.verdict is Verdict.REGRESSED and not self.accepted


class SuiteShift(Model):
    """How all benchmarks moved together (current / baseline, above 1 is slower), judged by itself.

    A cause that every page shares would be lost if each page were held against the middle of all. `threshold_ratio` is
    what it must exceed, `accepted` the reason a user gave for accepting the shift.
    """

    verdict: Verdict
    reason: str
    ratio: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    threshold_ratio: float | None = None
    benchmark_count: int = 0
    accepted: str = ""

    @property
    def is_counted_regression(self) -> bool:
        """Whether it regressed, and nobody accepted that."""
        return self.verdict is Verdict.REGRESSED and not self.accepted
