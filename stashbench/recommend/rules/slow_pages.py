"""Say what to do about the pages that keep people waiting, page by page."""

from __future__ import annotations

import fnmatch

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, rows
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import COMPARE, RERUN, check_passes

META = RuleMeta(
    id="ease-slow-pages",
    type="ease-slow-pages",
    category=RecommendationCategory.WORKFLOW,
    title="Ease the slowest pages",
    check_ids=("slow-pages",),
    references=("stashapp/stash#6455", "stashapp/stash#6398", "stashapp/stash#3899"),
    # Each of these makes pages slow and has an answer of its own.
    symptom_of=(
        "recreate-missing-index",
        "refresh-statistics",
        "make-statistics",
        "enlarge-page-cache",
        "find-what-requests-wait-for",
        "avoid-statements-per-row",
        "stop-idle-cpu-use",
        "shorten-the-way",
        "drop-image-totals",
    ),
)

_SORTING = (
    "Every list is sorted over all its matches, then cut to a page: the more matches, the longer. Save a filter that "
    "leaves fewer (a studio, a tag, a year) and make it the default of the page."
)
_CARDS = "Show fewer cards on a page: each count on a card is a query of its own."
_HINTS = (
    ("scenes-of-path", "Filter by a tag or a studio instead of a part of the path, which can use no index."),
    ("*-by-path*", "Sort by date instead of path: the path of every match is put together and compared as text."),
    ("*search*", "Search looks through titles, details, paths, fingerprints and markers of all scenes: filter by tag."),
    ("*deep*", "Turn the sort direction round instead of paging to the end: each page sorts all before it."),
    ("*subtags*", "Choose the tags you mean instead of a parent with all its sub-tags."),
    ("*totals*", "Leave the totals out in clients of your own: they read every file's row."),
    (
        "tags-with-depth",
        "Stash 0.30 no longer asks for counts of sub-tags on the tags page: leave them out elsewhere too.",
    ),
    ("tags*", _CARDS),
    ("studios*", _CARDS),
    ("performers*", _CARDS),
)
"""What shortens a page by the pattern of its benchmark's id."""


def evaluate(facts: Facts) -> Recommendation | None:
    """Name the slow pages, and for each kind what shortens it without changing the server."""
    finding = facts.failed("slow-pages")
    slow = rows(finding, "slow_pages")
    if finding is None:
        return None
    named = ", ".join(f"{row['title']} ({_seconds(row['median_seconds'])})" for row in slow[:3])
    more = f" and {len(slow) - 3} more" if len(slow) > 3 else ""  # noqa: PLR2004 - three are shown
    identifiers = tuple(str(row["id"]) for row in slow)
    hints = tuple(dict.fromkeys(hint for pattern, hint in _HINTS if fnmatch.filter(identifiers, pattern)))
    return META.advise(
        [finding],
        description=f"These pages keep people waiting: {named}{more}." if slow else finding.message,
        rationale=(
            "Timed over the API as the pages ask for it, whole answer, without the browser's share. Nothing this audit "
            "checks explains them better, unless it is named below; a large library alone makes such pages slow."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=3,
            basis=Basis.UNKNOWN,
            resources={"cpu": "less, where a filter leaves fewer matches to sort"},
            affected=", ".join(dict.fromkeys(str(row["page"]) for row in slow)) or "the slowest pages",
        ),
        implementation=Implementation(
            steps=(COMPARE, *hints, _SORTING, RERUN),
            estimated_minutes=20.0,
            requirements=("None.",),
            risks=("None for the server.",),
        ),
        validation=check_passes(finding.id, finding.title),
        rollback=Rollback(
            possible=True, steps=("Choose the former filter or page size again.",), requirements=("None.",)
        ),
        confidence=0.5,
        measurement_ids=identifiers,
    )


def _seconds(value: object) -> str:
    return f"{value:.1f} s" if isinstance(value, int | float) else "not measured"
