"""The first screen: verdict, score, and what it was measured on."""

from __future__ import annotations

from dataclasses import dataclass

from stashbench.model.finding import Outcome
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.result import AuditResult
from stashbench.model.score import Band, CategoryScore, Score
from stashbench.model.target import TargetKind
from stashbench.report.quantities import byte_size, duration
from stashbench.report.view.facts import library_counts
from stashbench.report.view.findings import CATEGORY_NAMES
from stashbench.report.view.gains import gains_of_audit
from stashbench.report.view.words import BANDS, TARGETS, Chip, date_in_words, plural

_LONG_VERDICT = 120
_AREAS = {category.value: name for category, name in CATEGORY_NAMES.items()}


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score as text and as percent positions; `number` is empty where there is none."""

    name: str
    number: str
    chip: Chip
    bounds: str
    reason: str
    position: float | None
    low: float
    width: float
    counts: str


@dataclass(frozen=True, slots=True)
class Headline:
    """What the first screen says."""

    verdict: str
    chip: Chip
    score: ScoreView
    categories: tuple[ScoreView, ...]
    target: str
    facts: str
    date: str
    partial: bool
    partial_reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    nothing_to_do: str
    is_long: bool
    gains: str


def view_headline(result: AuditResult) -> Headline:
    """Put the result's head into words."""
    return Headline(
        verdict=result.verdict,
        chip=BANDS[result.score.band],
        score=view_score(result.score),
        categories=tuple(_category(item) for item in result.score.categories),
        target=_target(result),
        facts=_facts(result),
        date=date_in_words(result.started_at),
        partial=result.partial,
        partial_reasons=result.partial_reasons,
        warnings=(*result.warnings, *result.environment.warnings),
        nothing_to_do=_nothing_to_do(result),
        is_long=len(result.verdict) > _LONG_VERDICT,
        gains=gains_of_audit(result),
    )


def view_score(score: Score) -> ScoreView:
    """Put the overall score into words: never a number where there is none."""
    low = score.low if score.low is not None else score.overall
    high = score.high if score.high is not None else score.overall
    bounds = ""
    if low is not None and high is not None and round(low) != round(high):
        bounds = f"between {low:.0f} and {high:.0f}"
    return ScoreView(
        name="Overall",
        number="" if score.overall is None else f"{score.overall:.0f}",
        chip=BANDS[score.band if score.overall is not None else Band.UNKNOWN],
        bounds=bounds,
        reason=_sentence(score.reason) or ("" if score.overall is not None else "No reason was recorded."),
        position=None if score.overall is None else _on_track(score.overall),
        low=_on_track(low or 0.0),
        width=max(0.0, _on_track(high or 0.0) - _on_track(low or 0.0)),
        counts="",
    )


def _sentence(text: str) -> str:
    """Begin with a capital; what is there already stays."""
    return text[:1].upper() + text[1:]


def _category(item: CategoryScore) -> ScoreView:
    numbers = ((item.failed_count, "failed"), (item.passed_count, "passed"), (item.unknown_count, "not known"))
    return ScoreView(
        name=_AREAS.get(item.name) or item.name[:1].upper() + item.name[1:],
        number="" if item.score is None else f"{item.score:.0f}",
        chip=BANDS[item.band if item.score is not None else Band.UNKNOWN],
        bounds="",
        reason=item.reason,
        position=None if item.score is None else _on_track(item.score),
        low=0.0,
        width=0.0,
        counts=", ".join(f"{number} {word}" for number, word in numbers if number),
    )


def _on_track(score: float) -> float:
    return round(min(max(score, 0.0), 100.0), 1)


def _target(result: AuditResult) -> str:
    target = result.target
    name = f"Stash {target.server_version}" if target.server_version else "Stash of unknown version"
    where = "" if target.kind is TargetKind.MANAGED else f", at {target.url}"  # its port means nothing afterwards
    return f"{name}, {TARGETS[target.kind]}{where}"


def _facts(result: AuditResult) -> str:
    library = [
        plural(number, noun.removesuffix("s"), noun)
        for noun, number in library_counts(result)[:2]
        if number is not None
    ]
    if result.target.database_bytes is not None:
        library.append(f"database of {byte_size(result.target.database_bytes)}")
    measured = sum(item.outcome is MeasurementOutcome.OK for item in result.measurements)
    return ", ".join(
        (
            *library,
            plural(measured, "benchmark"),
            plural(len(result.findings), "check"),
            duration(result.duration_seconds),
        )
    )


def _nothing_to_do(result: AuditResult) -> str:
    if result.recommendations:
        return ""
    failed = sum(item.outcome is Outcome.FAILED for item in result.findings)
    if failed:
        return f"No advice could be derived, although {plural(failed, 'check')} failed: read the findings below."
    if result.partial or result.score.overall is None:
        return "What was measured gave no reason for advice, but not everything was measured."
    return "Nothing to do: what was measured gave no reason for advice."
