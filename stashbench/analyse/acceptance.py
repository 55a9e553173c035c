"""Accepted changes held against what was found: the verdict stays, but what is accepted fails no build."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

import msgspec

from stashbench.analyse.paired_work import telling_work
from stashbench.model.acceptance import WHOLE_SUITE, AcceptedChange
from stashbench.model.baseline import Comparison, SuiteShift, Verdict
from stashbench.model.side_by_side import PairedBenchmark


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Why changes are accepted, by what changed, and what the user should know about the rules."""

    reasons: Mapping[str, str]
    warnings: tuple[str, ...]


def accept(sizes: Mapping[str, float | None], rules: Sequence[AcceptedChange], today: date) -> Acceptance:
    """Say which of the regressions are accepted. `sizes` holds each one's ratio (now / before) by id.

    A size of None is not known: only a rule without a limit accepts it. Where several rules fit, one that holds is
    enough. `today` is the day of the run in UTC.
    """
    reasons: dict[str, str] = {}
    warnings: list[str] = []
    for name, size in sizes.items():
        fitting = [rule for rule in rules if fits(rule, name)]
        holding = [rule for rule in fitting if today <= rule.until and _is_within(size, rule)]
        if holding:
            reasons[name] = f"{holding[0].reason} (accepted until {holding[0].until.isoformat()})"
            continue
        warnings += [_why_not(rule, name, size, today) for rule in fitting]
    needed = {rule for rule in rules if any(fits(rule, name) for name in sizes)}
    warnings += [
        f"the accepted change of {rule.benchmark} expired on {rule.until.isoformat()}; nothing needs it now, "
        "so take it out of the settings"
        for rule in rules
        if today > rule.until and rule not in needed
    ]
    return Acceptance(reasons, tuple(warnings))


def fits(rule: AcceptedChange, name: str) -> bool:
    """Say whether a rule is about a benchmark; the whole suite must be named, no pattern covers it."""
    if WHOLE_SUITE in {rule.benchmark, name}:
        return rule.benchmark == name
    return rule.benchmark == name or fnmatchcase(name, rule.benchmark)


def without_object(rules: Iterable[AcceptedChange], known: Sequence[str]) -> tuple[str, ...]:
    """Say which rules fit none of the benchmarks there are: a benchmark was renamed, or the name is mistyped."""
    return tuple(
        f"an accepted change names {rule.benchmark!r}, and no benchmark is called so"
        for rule in rules
        if not any(fits(rule, name) for name in (*known, WHOLE_SUITE))
    )


def accept_paired(
    benchmarks: Sequence[PairedBenchmark], rules: Sequence[AcceptedChange], today: date
) -> tuple[tuple[PairedBenchmark, ...], tuple[str, ...]]:
    """Mark the accepted regressions of a comparison of two servers; return them all, and what to warn of."""
    sizes = {item.id: paired_size(item) for item in benchmarks if item.verdict is Verdict.REGRESSED}
    found = accept(sizes, rules, today)
    marked = [msgspec.structs.replace(item, accepted=found.reasons.get(item.id, "")) for item in benchmarks]
    return tuple(marked), found.warnings


def accept_stored(
    comparisons: Sequence[Comparison], suite: SuiteShift | None, rules: Sequence[AcceptedChange], today: date
) -> tuple[tuple[Comparison, ...], SuiteShift | None, tuple[str, ...]]:
    """Mark the accepted regressions of a run against its baseline, the shift of the whole suite among them."""
    sizes = {item.benchmark_id: stored_size(item) for item in comparisons if item.verdict is Verdict.REGRESSED}
    if suite is not None and suite.verdict is Verdict.REGRESSED:
        sizes[WHOLE_SUITE] = suite.ratio
    found = accept(sizes, rules, today)
    marked = tuple(
        msgspec.structs.replace(item, accepted=found.reasons.get(item.benchmark_id, "")) for item in comparisons
    )
    if suite is not None:
        suite = msgspec.structs.replace(suite, accepted=found.reasons.get(WHOLE_SUITE, ""))
    return marked, suite, found.warnings


def paired_size(item: PairedBenchmark) -> float | None:
    """Return by how much it regressed: the largest ratio of those channels that say so; None where none tells."""
    known = [
        item.ratio if item.time_verdict is Verdict.REGRESSED else None,
        item.cpu_ratio if item.cpu_verdict is Verdict.REGRESSED else None,
    ]
    work = telling_work(item.a, item.b) if item.work_verdict is Verdict.REGRESSED else None
    if work is not None:
        known.append(_count_ratio(work[1], work[2]))
    told = [ratio for ratio in known if ratio is not None]
    return max(told, default=item.ratio)


def stored_size(item: Comparison) -> float | None:
    """Return by how much it regressed, by time or by statements, whichever grew more; None where neither is known."""
    counted = (
        _count_ratio(item.baseline_statement_count, item.current_statement_count) if item.statement_change else None
    )
    return max((ratio for ratio in (item.ratio, counted) if ratio is not None), default=None)


def _count_ratio(before: int | None, after: int | None) -> float | None:
    if before is None or after is None:
        return None
    return after / before if before else (math.inf if after else 1.0)


def _is_within(size: float | None, rule: AcceptedChange) -> bool:
    return rule.up_to is None or (size is not None and size <= rule.up_to)


def _why_not(rule: AcceptedChange, name: str, size: float | None, today: date) -> str:
    what = "the shift of the whole suite" if name == WHOLE_SUITE else f"the change of {name}"
    if today > rule.until:
        return (
            f"{what} was accepted until {rule.until.isoformat()} ({rule.reason}); that has expired, so it counts again"
        )
    grown = "its size is not known" if size is None else f"it is {size:.2f} times now"
    return f"{what} is accepted up to {rule.up_to:g} times ({rule.reason}); {grown}, so it counts"
