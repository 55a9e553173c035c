"""The implementation guide: recommendations in the order to carry them out, and what they promise together."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.model.recommendation import Basis, Recommendation
from stashbench.model.result import GuideStep
from stashbench.recommend.discovery import discover_rules


def implementation_guide(recommendations: Sequence[Recommendation]) -> tuple[GuideStep, ...]:
    """Return the steps in the order of rank, except that a step waits for those its rule wants done before it."""
    after = {rule.META.id: rule.META.after for rule in discover_rules()}
    waiting = list(recommendations)
    done: list[Recommendation] = []
    while waiting:
        pending = {item.type for item in waiting}
        # Should two rules wait for each other, the better ranked goes first rather than neither.
        ready = next((item for item in waiting if not pending & set(after.get(item.id, ()))), waiting[0])
        waiting.remove(ready)
        done.append(ready)
    return tuple(
        GuideStep(
            recommendation_id=item.id,
            title=item.title,
            steps=item.implementation.steps,
            validation=(*item.validation.tests, *item.validation.success_criteria),
            rollback=item.rollback.steps,
        )
        for item in done
    )


def estimated_gain(recommendations: Sequence[Recommendation]) -> str:
    """Say what the recommendations promise: the largest saving by name, and how many promise nothing in numbers.

    Savings of different steps are never added up: they overlap, and only an experiment tells by how much.
    """
    promising = [item for item in recommendations if item.impact.performance_percent is not None]
    if not recommendations:
        return "Nothing to gain: there are no recommendations."
    unknown = len(recommendations) - len(promising)
    if not promising:
        these = "this recommendation" if unknown == 1 else f"these {unknown} recommendations"
        return f"No gain can be put into numbers for {these}; measure before and after."
    best = max(promising, key=lambda item: (item.impact.performance_percent or 0.0, item.id))
    basis = "measured" if best.impact.basis is Basis.MEASURED else "estimated from this run"
    text = (
        f"Up to {best.impact.performance_percent:.0f} % less time for {best.impact.affected or 'the pages concerned'}"
    )
    text += f' by "{best.title}" ({basis}).'
    return text + (f" {unknown} more without a number." if unknown else "")
