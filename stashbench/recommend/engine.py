"""Runs the rules over the facts, and leaves one ranked advice per step without contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from stashbench.model.base import Model
from stashbench.model.recommendation import Recommendation
from stashbench.recommend.discovery import find_rules
from stashbench.recommend.facts import Facts
from stashbench.recommend.priority import in_order, priority_of, rank_score
from stashbench.recommend.rule import Rule


class Advice(Model, frozen=True, kw_only=True):
    """Ranked recommendations, and a note for each rule that could not be had or run."""

    recommendations: tuple[Recommendation, ...] = ()
    notes: tuple[str, ...] = ()


def recommend(facts: Facts) -> tuple[Recommendation, ...]:
    """Return the ranked recommendations; `advise` gives them together with the notes of rules that failed."""
    return advise(facts).recommendations


def advise(facts: Facts, rule_set: Iterable[Rule] | None = None) -> Advice:
    """Run every rule over the facts. A rule that raises costs its own advice only and leaves a note that names it."""
    found: list[Recommendation] = []
    known = find_rules()
    chosen, notes = (known.rules, list(known.notes)) if rule_set is None else (tuple(rule_set), [])
    for rule in chosen:
        try:
            advice = rule.evaluate(facts)
        # One broken rule must not take the other advice with it; the note keeps the failure visible.
        except Exception as error:  # noqa: BLE001
            notes.append(
                f"Advice may be missing: the rule {rule.META.id} failed with {type(error).__name__}: {error}. "
                "Please report it with this run's result.json."
            )
            continue
        if advice is not None:
            found.append(advice)
    found = causes_first(found, {rule.META.id: rule.META.symptom_of for rule in chosen})
    return Advice(recommendations=tuple(in_order(merge_same_steps(found))), notes=tuple(notes))


def causes_first(
    recommendations: Sequence[Recommendation], symptom_of: Mapping[str, tuple[str, ...]]
) -> list[Recommendation]:
    """Halve the confidence of advice that may answer a mere symptom of what other advice here answers."""
    titles = {item.id: item.title for item in recommendations}
    weighed = []
    for item in recommendations:
        causes = [titles[cause] for cause in symptom_of.get(item.id, ()) if cause in titles]
        weighed.append(_waiting(item, causes) if causes else item)
    return weighed


def _waiting(item: Recommendation, causes: Sequence[str]) -> Recommendation:
    confidence = item.confidence / 2
    return msgspec.structs.replace(
        item,
        confidence=confidence,
        rank_score=rank_score(item.impact_score, confidence, item.effort_score),
        rationale=f"{item.rationale} It may go away with another step, so do that first: {'; '.join(causes)}.",
    )


def merge_same_steps(recommendations: Sequence[Recommendation]) -> list[Recommendation]:
    """Leave one recommendation of each type: the best ranked, which takes over the findings the others answer."""
    by_type: dict[str, list[Recommendation]] = {}
    for item in in_order(recommendations):
        by_type.setdefault(item.type, []).append(item)
    return [_merged(group[0], group[1:]) for group in by_type.values()]


def _merged(best: Recommendation, others: Sequence[Recommendation]) -> Recommendation:
    if not others:
        return best
    impact_points = max(item.impact_score for item in (best, *others))
    also = "; ".join(item.title for item in others)
    reasons = " ".join(item.rationale for item in (best, *others))
    return msgspec.structs.replace(
        best,
        description=f"{best.description} The same step also answers: {also}.",
        rationale=reasons,
        finding_ids=_union(item.finding_ids for item in (best, *others)),
        measurement_ids=_union(item.measurement_ids for item in (best, *others)),
        references=_union(item.references for item in (best, *others)),
        impact_score=impact_points,
        priority=priority_of(impact_points),
        rank_score=rank_score(impact_points, best.confidence, best.effort_score),
    )


def _union(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Join without doubles, in the order of first appearance."""
    return tuple(dict.fromkeys(name for part in parts for name in part))
