"""Recommendations in words: the promised gain with how it is known, the effort, and how to do, check and undo it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stashbench.model.finding import Finding
from stashbench.model.measurement import Measurement
from stashbench.model.recommendation import Basis, Impact, Proof, Recommendation
from stashbench.report.quantities import change, minutes_of_work, percent, significant
from stashbench.report.view.evidence import label_of
from stashbench.report.view.words import BASES, PRIORITIES, Chip
from stashbench.report.visible import anchor


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer to more; `href` only where it is a plain web address."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class ProofView:
    """An experiment in words."""

    gain: str
    description: str
    price: str
    rollback: str


@dataclass(frozen=True, slots=True)
class AdviceView:
    """One recommendation in words."""

    anchor: str
    rank: int
    id: str
    title: str
    category: str
    priority: Chip
    gain: str
    promise: str
    is_known: bool
    basis: Chip
    effort: str
    complexity: str
    confidence: str
    scores: tuple[tuple[str, str], ...]
    affected: str
    resources: tuple[tuple[str, str], ...]
    because: tuple[tuple[str, str], ...]
    concerns: tuple[tuple[str, str], ...]
    references: tuple[Reference, ...]
    proof: ProofView | None
    raw: Recommendation


def view_advice(
    recommendation: Recommendation,
    rank: int,
    findings: Mapping[str, Finding],
    measurements: Mapping[str, Measurement],
) -> AdviceView:
    """Put one recommendation into words; links lead only to what is on the page."""
    item = recommendation
    return AdviceView(
        anchor=anchor("r", item.id),
        rank=rank,
        id=item.id,
        title=item.title,
        category=item.category.value.capitalize(),
        priority=PRIORITIES[item.priority],
        gain=gain_in_words(item.impact),
        promise=_promise(item.impact),
        is_known=item.impact.performance_percent is not None,
        basis=BASES[item.impact.basis],
        effort=minutes_of_work(item.implementation.estimated_minutes),
        complexity=f"{item.impact.complexity} of 10",
        confidence=percent(item.confidence * 100),
        scores=(
            ("Impact", significant(item.impact_score)),
            ("Effort", significant(item.effort_score)),
            ("Confidence", percent(item.confidence * 100)),
            ("Rank", significant(item.rank_score)),
        ),
        affected=item.impact.affected,
        resources=tuple((label_of(name), text) for name, text in item.impact.resources.items()),
        because=tuple((anchor("f", key), findings[key].title) for key in item.finding_ids if key in findings),
        concerns=tuple(
            (anchor("b", key), measurements[key].title) for key in item.measurement_ids if key in measurements
        ),
        references=tuple(Reference(text, text if _is_web(text) else "") for text in item.references),
        proof=_view_proof(item.proof) if item.proof else None,
        raw=item,
    )


def gain_in_words(impact: Impact) -> str:
    """Say what is promised, and nothing where nothing is known."""
    if impact.performance_percent is None:
        return "The gain is not known"
    about = "" if impact.basis is Basis.MEASURED else "about "
    return f"Saves {about}{percent(impact.performance_percent)} of the time"


def _promise(impact: Impact) -> str:
    """Say the gain, or where that is not known at least what the advice touches."""
    if impact.performance_percent is None and impact.affected:
        return f"Affects {impact.affected}"
    return gain_in_words(impact)


def _view_proof(proof: Proof) -> ProofView:
    return ProofView(
        gain=_proven_gain(proof),
        description=proof.description,
        price=proof.price,
        rollback="was run and restored the copy" if proof.was_rolled_back else "was not run",
    )


def _proven_gain(proof: Proof) -> str:
    if proof.ratio >= 1:
        return f"no gain: {change(proof.ratio)} time ({change(proof.ci_low)} to {change(proof.ci_high)})"
    low, high = (percent(round((1 - ratio) * 100)) for ratio in (proof.ci_high, proof.ci_low))
    return f"{percent(round((1 - proof.ratio) * 100))} less time (95 % interval {low} to {high})"


def _is_web(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not any(character.isspace() for character in text)
