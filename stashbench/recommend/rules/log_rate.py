"""Silence what floods the log."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, rows, words
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    RERUN,
    check_passes,
)

META = RuleMeta(
    id="silence-log-flood",
    type="silence-log-flood",
    category=RecommendationCategory.SYSTEM,
    title="Find what floods the server's log",
    check_ids=("log-rate",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Name the commonest origin of the lines."""
    finding = facts.failed("log-rate")
    if finding is None:
        return None
    rate = finding.value or 0.0
    sources = rows(finding, "sources")
    source = str(sources[0]["source"]) if sources else "unknown"
    return META.advise(
        [finding],
        title=f"Find what floods the log with {rate:.0f} lines a second ({source})",
        description=(
            f"The idle server writes {rate:.0f} log lines a second, most of them {source}. That costs CPU and disk, "
            "and what matters drowns: the server keeps only its last 30 lines."
        ),
        rationale=(
            f"Counted on the server's own log stream over {words(finding, 'observed_seconds', '3')} s without "
            "requests from us; statements are not counted."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=3,
            basis=Basis.UNKNOWN,
            resources={
                "disk_writes": f"{rate * 86400 / 1e6:.1f} million lines a day fewer",
                "cpu": "what writing them costs",
            },
            affected="the whole server",
        ),
        implementation=Implementation(
            steps=(
                (
                    "See who writes them: Settings > Logs. Lines that begin with [Plugin / ...] come from a plugin: "
                    "disable it or lower its own log level."
                ),
                "Warnings about files: mend or exclude the files they name.",
                "Set the log level to Info or Warning and a limit to the log's size (Settings > System).",
                RERUN,
            ),
            estimated_minutes=15.0,
            requirements=("Access to the settings.",),
            risks=("A log level above Info hides what later helps to find faults.",),
        ),
        validation=check_passes(finding.id, finding.title, "The idle server writes less than one line a second."),
        rollback=Rollback(
            possible=True, steps=("Enable the plugin again, and set the log level back.",), requirements=("None.",)
        ),
        confidence=0.9,
    )
