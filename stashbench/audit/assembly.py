"""From what a run recorded to the `AuditResult`: compare, recommend, score, put into words.

A stage that fails leaves its part empty and says so in `partial_reasons`; the rest of the result is still worth having.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

import stashbench
from stashbench.audit.failure import failure_in_words
from stashbench.audit.record import RunRecord, rfc3339
from stashbench.audit.selftest import selftest_or_why
from stashbench.model.acceptance import AcceptedChange
from stashbench.model.baseline import Comparison, SuiteShift
from stashbench.model.measurement import Measurement
from stashbench.model.result import SCHEMA_VERSION, AuditResult, GuideStep, TrendPoint
from stashbench.model.score import Band, Score
from stashbench.model.target import Target
from stashbench.recommend.engine import Advice

if TYPE_CHECKING:
    from stashbench.config.audit import AuditSettings
    from stashbench.config.effects import EffectSettings

T = TypeVar("T")

HISTORY_NAME = "history.sqlite"


def conclude(
    record: RunRecord,
    settings: AuditSettings,
    *,
    finished_at: str | None = None,
    effects: EffectSettings | None = None,
    accepted: Sequence[AcceptedChange] = (),
) -> AuditResult:
    """Compare, recommend, score and put into words what a run recorded.

    `effects` are the smallest changes that matter, `accepted` the changes that fail no build.
    """
    from stashbench.analyse.acceptance import accept_stored
    from stashbench.analyse.alerts import alerts_of
    from stashbench.analyse.scoring import score
    from stashbench.analyse.stored import Judgement
    from stashbench.analyse.verdict import verdict_in_words
    from stashbench.audit.stored import find_stored, judge_stored
    from stashbench.recommend.engine import advise
    from stashbench.recommend.facts import Facts
    from stashbench.recommend.guide import estimated_gain, implementation_guide
    from stashbench.store.baselines import FoundSessions

    finished = finished_at or rfc3339(datetime.now(UTC))
    measurements, findings = tuple(record.measurements), tuple(record.findings)
    stages = _Stages(record.partial_reasons)
    no_guide: tuple[GuideStep, ...] = ()
    no_trend: tuple[TrendPoint, ...] = ()
    unmatched = FoundSessions((), "", "it could not be looked for; see why the result is partial")
    found = stages.run("finding a baseline", lambda: find_stored(record, settings), unmatched)
    judgement = stages.run(
        "comparing with the baseline", lambda: judge_stored(record, found, settings, effects), Judgement()
    )
    today = datetime.fromisoformat(finished).date()
    nothing: tuple[str, ...] = ()
    unmarked: tuple[tuple[Comparison, ...], SuiteShift | None, tuple[str, ...]] = (
        judgement.comparisons,
        judgement.suite,
        nothing,
    )
    comparisons, suite, remarks = stages.run(
        "looking for accepted changes",
        lambda: accept_stored(judgement.comparisons, judgement.suite, accepted, today),
        unmarked,
    )
    facts = Facts(
        target=record.target,
        environment=record.environment,
        findings=findings,
        measurements=measurements,
        comparisons=comparisons,
    )
    advice = stages.run("recommending", lambda: advise(facts), Advice())
    recommendations = advice.recommendations
    unknown = Score(overall=None, band=Band.UNKNOWN, reason="scoring failed; see partial reasons")
    points = stages.run("scoring", lambda: score(findings, measurements, recommendations), unknown)
    guide = stages.run("ordering the steps", lambda: implementation_guide(recommendations), no_guide)
    trends = stages.run("reading the history", lambda: _trend(record.target, settings), no_trend)
    selftest, unread = selftest_or_why(settings.baseline_directory, record.environment)
    partial_reasons = tuple(record.partial_reasons)
    return AuditResult(
        schema_version=SCHEMA_VERSION,
        run_id=record.run_id,
        stashbench_version=stashbench.__version__,
        started_at=record.started_at,
        finished_at=finished,
        duration_seconds=_seconds_between(record.started_at, finished),
        target=record.target,
        environment=record.environment,
        verdict=verdict_in_words(findings, comparisons, suite=suite, partial_reasons=partial_reasons),
        score=points,
        measurements=measurements,
        findings=findings,
        recommendations=recommendations,
        comparisons=comparisons,
        alerts=alerts_of(findings, comparisons, timestamp=finished),
        partial=bool(partial_reasons),
        partial_reasons=partial_reasons,
        warnings=(*record.warnings, *remarks, *unread, *advice.notes),
        baseline_name=found.name or None,
        baseline_reason=found.reason,
        suite_shift=suite,
        detection_limit=judgement.detection_limit,
        spans=tuple(record.spans),
        resources=tuple(record.resources),
        timeline=record.timeline,
        sampler_cost=record.sampler_cost,
        trends=trends,
        guide=guide,
        estimated_gain=estimated_gain(recommendations),
        settings=record.settings,
        command=record.command,
        logged_statements=record.logged_statements,
        log_sources=record.log_sources,
        seed=record.seed,
        machine=record.machine,
        selftest=selftest,
    )


def assemble_from_journal(
    directory: Path,
    settings: AuditSettings,
    *,
    effects: EffectSettings | None = None,
    accepted: Sequence[AcceptedChange] = (),
) -> AuditResult:
    """Rebuild what a killed run left in its folder, as a result marked partial; arguments as for `conclude`.

    Raises:
        StoreError: the journal is missing, unreadable, or of a newer format.
    """
    from stashbench.store.journal import read_journal

    found = read_journal(directory)
    reasons = list(found.end.partial_reasons) if found.end else ["the run ended before it could write its report"]
    if found.damaged_line_count:
        reasons.append(f"{found.damaged_line_count} lines of the journal were damaged and are left out")
    record = RunRecord(
        run_id=found.header.run_id,
        started_at=found.header.started_at,
        target=found.header.target,
        environment=found.header.environment,
        settings=found.header.settings,
        command=found.header.command,
        seed=found.header.seed,
        measurements=[_with_statistics(item) for item in found.measurements],
        findings=list(found.findings),
        spans=list(found.spans),
        resources=list(found.resources),
        warnings=[note.text for note in found.notes],
        partial_reasons=reasons,
        logged_statements=found.logged.statements if found.logged else (),
        log_sources=found.logged.sources if found.logged else (),
    )
    _recover_samples(directory, record)
    last = max((span.end_seconds for span in found.spans), default=0.0)
    ended = datetime.fromisoformat(record.started_at) + timedelta(seconds=last)
    finished = found.end.finished_at if found.end else rfc3339(ended)
    return conclude(record, settings, finished_at=finished, effects=effects, accepted=accepted)


def _with_statistics(item: Measurement) -> Measurement:
    """Return a measurement whose statistics know of the samples that came after its first go."""
    from stashbench.analyse.statistics import summarise

    if item.statistics is None or item.statistics.count == len(item.rounds_seconds):
        return item
    return msgspec.structs.replace(item, statistics=summarise(item.rounds_seconds))


def _recover_samples(directory: Path, record: RunRecord) -> None:
    """Take over what the sampler had written when the run was killed."""
    from stashbench.collect.sampler.columns import SAMPLES_NAME
    from stashbench.collect.sampler.timeline import recover_timeline

    path = directory / SAMPLES_NAME
    try:
        record.timeline, record.sampler_cost = recover_timeline(path, has_process=record.target.pid is not None)
    except OSError as error:
        record.warnings.append(f"no resource samples were left in {path} ({error.strerror}), so there is no timeline")


def _trend(target: Target, settings: AuditSettings) -> tuple[TrendPoint, ...]:
    from stashbench.store.history import History

    path = settings.report_directory / HISTORY_NAME
    if not path.is_file():
        return ()
    with History(path) as history:
        return history.trend(target)


def _seconds_between(begin: str, end: str) -> float:
    return max(0.0, (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds())


class _Stages:
    """Runs the stages of the analysis; a failing one costs its own part, not the audit."""

    def __init__(self, partial_reasons: list[str]) -> None:
        self._partial_reasons = partial_reasons

    def run(self, name: str, stage: Callable[[], T], fallback: T) -> T:
        try:
            return stage()
        # Whatever went wrong in here, hours of measuring must not be lost with it; the reason is in the report.
        except Exception as error:  # noqa: BLE001
            self._partial_reasons.append(f"{name} failed: {failure_in_words(error)}")
            return fallback
