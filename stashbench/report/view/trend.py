"""The score over earlier runs of the same target."""

from __future__ import annotations

from dataclasses import dataclass

from stashbench.model.result import AuditResult
from stashbench.report.view.words import date_in_words


@dataclass(frozen=True, slots=True)
class TrendPlace:
    """One run: percent across, percent up, or None where it had no score."""

    across: float
    up: float | None
    score: str
    when: str


@dataclass(frozen=True, slots=True)
class TrendView:
    """The places and the line between those that have a score, on a drawing of 1000 x 100."""

    places: tuple[TrendPlace, ...]
    line: str


def view_trend(result: AuditResult) -> TrendView | None:
    """Return the trend with this run as its last place, or None where there is no earlier run."""
    earlier = [item for item in result.trends if item.run_id != result.run_id]
    if not earlier:
        return None
    scores = [*((item.timestamp, item.score) for item in earlier), (result.started_at, result.score.overall)]
    last = len(scores) - 1
    places = tuple(
        TrendPlace(
            across=round(2 + index / last * 96, 2),
            up=None if score is None else round(min(max(score, 0.0), 100.0), 1),
            score="no score" if score is None else f"{score:.0f}",
            when=date_in_words(timestamp),
        )
        for index, (timestamp, score) in enumerate(scores)
    )
    steps: list[str] = []
    is_open = False
    for place in places:
        if place.up is not None:
            steps.append(f"{'L' if is_open else 'M'}{place.across * 10:.0f} {100 - place.up:.0f}")
        is_open = place.up is not None
    return TrendView(places, "".join(steps))
