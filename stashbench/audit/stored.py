"""A run held against stored sessions: which ones, by what smallest effect, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from stashbench.analyse.statistics import MINIMUM_ROUNDS
from stashbench.analyse.stored import Judgement, compare
from stashbench.audit.record import RunRecord
from stashbench.config.effects import EffectSettings, suite_of
from stashbench.model.measurement import Look, Measurement
from stashbench.model.result import AuditResult

if TYPE_CHECKING:
    from stashbench.config.audit import AuditSettings
    from stashbench.store.baselines import FoundSessions


def find_stored(record: RunRecord, settings: AuditSettings) -> FoundSessions:
    """Find the sessions a run is held against; errors as for `store.baselines.find_sessions`."""
    from stashbench.store.baselines import find_sessions

    return find_sessions(settings.baseline_directory, settings.baseline, record.environment, record.target)


def judge_stored(
    record: RunRecord, found: FoundSessions, settings: AuditSettings, effects: EffectSettings | None
) -> Judgement:
    """Judge a run by the sessions that were found, with what was measured again of it."""
    return compare(
        found.sessions,
        record.measurements,
        minimum_effect=effect_by_benchmark(record.measurements, effects or EffectSettings(), settings.regression_ratio),
        seed=record.seed or 0,
        name=found.name,
        is_same_machine=found.is_same_machine,
        unfit_reasons=record.machine.unfit_reasons if record.machine is not None else (),
        remeasured=looks_of(record.measurements),
        replayed=record.replayed,
        replayed_shift=record.replayed_shift,
    )


def feed_rolling(result: AuditResult, settings: AuditSettings) -> AuditResult:
    """Take a run into the rolling baseline where it may be; the result says what was done and why.

    A run that was compared with nothing on purpose is not taken in: nobody knows whether it regressed.

    Raises:
        StoreError: the baseline cannot be written.
    """
    from stashbench.store.baselines import feed, session_of

    if settings.baseline == "none" or not result.measurements:
        return result
    told = feed(settings.baseline_directory, session_of(result), settings.rolling_sessions)
    return msgspec.structs.replace(result, baseline_reason=f"{result.baseline_reason}; {told}")


def looks_of(measurements: Sequence[Measurement]) -> tuple[dict[str, tuple[float, ...]], ...]:
    """Return what was measured again, one look for each server process that was asked.

    The times of a page of which one process gave too few are taken together, as one look.
    """
    looks: dict[int, dict[str, tuple[float, ...]]] = {}
    for item in measurements:
        for look in item.looks:
            by_process = _by_process(look)
            if any(len(samples) < MINIMUM_ROUNDS for samples in by_process.values()):
                by_process = {min(by_process): look.rounds_seconds}
            for process, samples in by_process.items():
                looks.setdefault(process, {})[item.id] = samples
    return tuple(looks[process] for process in sorted(looks))


def _by_process(look: Look) -> dict[int, tuple[float, ...]]:
    found: dict[int, tuple[float, ...]] = {}
    begin = 0
    for visit in look.visits:
        samples = look.rounds_seconds[begin : begin + visit.sample_count]
        begin += visit.sample_count
        found[visit.process] = found.get(visit.process, ()) + samples
    return found


def effect_by_benchmark(
    measurements: Sequence[Measurement], effects: EffectSettings, default: float
) -> Callable[[str], float]:
    """Return the smallest ratio that counts for a benchmark of this run, by its id."""
    known = {
        item.id: effects.ratio(item.id, item.group, suite_of(item.nodeid), default=default) for item in measurements
    }
    return lambda benchmark_id: known.get(benchmark_id, default)
