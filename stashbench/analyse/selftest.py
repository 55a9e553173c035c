"""Comparisons of a server with itself, counted: whatever they call changed is a false alarm.

Shares come with Wilson's interval (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
1927), which is right for few cases and for none at all. Pages of one comparison share its machine and its processes,
so that the interval over pages is somewhat too narrow; the one over whole comparisons is not.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import msgspec

from stashbench.analyse.statistics import wilson_interval
from stashbench.model.baseline import Verdict
from stashbench.model.environment import Environment
from stashbench.model.quality import MachineQuality
from stashbench.model.selftest import SelfTest, Share
from stashbench.model.side_by_side import PairedBenchmark, SideBySide

FEWEST_SESSIONS = 3
_CHANGED = (Verdict.REGRESSED, Verdict.IMPROVED)


def count_pairs(documents: Sequence[SideBySide], *, wanted: int, duration_seconds: float, **more: str) -> SelfTest:
    """Sum up finished comparisons of a server with itself; at least one. `more` goes into the result as it is.

    Pairs whose machine was unfit were not judged by their times, so they are told apart and not counted.
    """
    first = documents[0]
    fit = [document for document in documents if not document.machine.unfit_reasons]
    judged = [[item for item in document.benchmarks if is_judged(item)] for document in fit]
    alarms = [sum(item.verdict in _CHANGED for item in items) for items in judged]
    moved = [document for document in fit if document.suite_ci_low is not None and document.suite_ci_high is not None]
    page_count = sum(len(items) for items in judged)
    own, whole, why = session_scatter(fit)
    return SelfTest(
        schema_version=1,
        taken_at=documents[-1].finished_at,
        fingerprint=first.environment.fingerprint,
        kernel=first.environment.kernel,
        stashbench_version=first.stashbench_version,
        target_kind=first.a.target.kind,
        server_version=first.a.target.server_version,
        scene_count=first.a.target.library.scene_count,
        pairs=share_of(sum(count > 0 for count in alarms), len(fit)),
        pages=share_of(sum(alarms), page_count),
        suites=share_of(sum(not _holds(item.suite_ci_low, item.suite_ci_high) for item in moved), len(moved)),
        coverage=share_of(sum(_holds(item.ci_low, item.ci_high) for items in judged for item in items), page_count),
        wanted_pair_count=wanted,
        unfit_pair_count=len(documents) - len(fit),
        sigma=_middle([document.sigma for document in fit]),
        detection_limit=_middle([document.detection_limit for document in fit]),
        session_sigma=own,
        suite_session_sigma=whole,
        session_reason=why,
        pair_budget_seconds=statistics.median(document.budget_seconds for document in documents),
        duration_seconds=duration_seconds,
        seed=first.seed,
        machine=worst_of([document.machine for document in documents]),
        **more,
    )


def is_judged(item: PairedBenchmark) -> bool:
    """Say whether a page was judged by its times, so that it could have been a false alarm."""
    return item.ratio is not None and item.ci_low is not None and item.ci_high is not None


def share_of(count: int, total: int) -> Share:
    """Return a share with its interval."""
    if not total:
        return Share(count=count, total=total)
    low, high = wilson_interval(count, total)
    return Share(count=count, total=total, share=count / total, low=low, high=high)


def session_scatter(documents: Sequence[SideBySide]) -> tuple[float | None, float | None, str]:
    """Return how log times scatter between sessions: of one page, and of the middle of all; or None and why not.

    Each side of each pair is a session of servers started anew. The two sides of a pair saw the same minutes, so
    they are not held against each other.
    """
    pages: list[float] = []
    wholes: list[float] = []
    for side in ("a", "b"):
        rows = _log_times(documents, side)
        count = len(documents)
        if count < FEWEST_SESSIONS or not rows:
            return (
                None,
                None,
                f"{count} whole comparisons are too few to tell how sessions differ; {FEWEST_SESSIONS} do",
            )
        centred = [[value - statistics.fmean(row) for value in row] for row in rows]
        middles = [statistics.median(row[session] for row in centred) for session in range(count)]
        wholes.append(statistics.variance(middles))
        pages += [statistics.variance([row[i] - middles[i] for i in range(count)]) for row in centred]
    freedom = len(documents) - 1
    # The middle of scaled chi-squared values lies below their mean (Wilson and Hilferty 1931).
    return math.sqrt(statistics.median(pages) / (1 - 2 / (9 * freedom)) ** 3), math.sqrt(statistics.fmean(wholes)), ""


def _log_times(documents: Sequence[SideBySide], side: str) -> list[list[float]]:
    """Return one row a page that all pairs measured: the logarithm of its fastest tenth in each pair."""
    by_page: dict[str, list[float]] = {}
    for document in documents:
        for item in document.benchmarks:
            figures = item.a if side == "a" else item.b
            if is_judged(item) and figures is not None and figures.q10_seconds:
                by_page.setdefault(item.id, []).append(math.log(figures.q10_seconds))
    return [row for row in by_page.values() if len(row) == len(documents)]


def worst_of(qualities: Sequence[MachineQuality]) -> MachineQuality:
    """Return the worst of each figure, None where no pair measured it, and all the reasons given."""
    found: dict[str, object] = {}
    for name in MachineQuality.__struct_fields__:
        values = [getattr(quality, name) for quality in qualities]
        if isinstance(values[0], tuple):
            found[name] = tuple(dict.fromkeys(text for value in values for text in value))
        else:
            found[name] = max((value for value in values if value is not None), default=None)
    return msgspec.convert(found, MachineQuality)


def stale_reason(selftest: SelfTest, environment: Environment, version: str) -> str:
    """Say why a self-test no longer tells of this machine; empty where it does."""
    if selftest.fingerprint != environment.fingerprint:
        return "it was taken on another machine"
    changed = []
    if selftest.kernel != environment.kernel:
        changed.append(f"kernel {selftest.kernel}, now {environment.kernel}")
    if selftest.stashbench_version != version:
        changed.append(f"stashbench {selftest.stashbench_version}, now {version}")
    return f"it was taken with {' and '.join(changed)}" if changed else ""


def _holds(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low <= 1 <= high


def _middle(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
