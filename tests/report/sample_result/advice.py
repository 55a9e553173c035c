"""Recommendations with every kind of gain."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Priority,
    Proof,
    Recommendation,
    RecommendationCategory,
    Rollback,
    Validation,
)

from .texts import HOSTILE


def recommendations() -> tuple[Recommendation, ...]:
    return (
        recommendation(
            "restore-missing-indexes",
            "Restore two indexes that Stash expects",
            RecommendationCategory.DATABASE,
            Priority.CRITICAL,
            Impact(
                performance_percent=62.0,
                complexity=2,
                basis=Basis.MEASURED,
                resources={"disk_bytes": "about 9 MiB more"},
                affected="Scenes filtered by tag; tags page",
            ),
            minutes=5,
            confidence=0.95,
            ranks=(81.0, 2.0, 38.5),
            findings=("missing-index", "slow-page"),
            proof=Proof(
                ratio=0.38,
                ci_low=0.35,
                ci_high=0.41,
                price="9.1 MiB of disk, 1.2 s to build, scans 0.4 % slower",
                was_rolled_back=True,
                description="Built both indexes on a private copy and repeated the tag filter 20 times, interleaved.",
            ),
        ),
        recommendation(
            "raise-page-cache",
            "Give SQLite a page cache of 64 MiB",
            RecommendationCategory.CONFIGURATION,
            Priority.HIGH,
            Impact(
                performance_percent=25.0, complexity=2, basis=Basis.ESTIMATED, affected="All pages, first visits most"
            ),
            minutes=10,
            confidence=0.6,
            ranks=(40.0, 2.0, 12.0),
            findings=("tiny-page-cache",),
        ),
        recommendation(
            f"rewrite-{HOSTILE}",
            f"Page the request behind {HOSTILE}",
            RecommendationCategory.WORKFLOW,
            Priority.MEDIUM,
            Impact(performance_percent=None, complexity=5, basis=Basis.UNKNOWN),
            minutes=180,
            confidence=0.5,
            ranks=(30.0, 5.0, 3.0),
            findings=("page-without-limit", "gone-finding"),
        ),
        recommendation(
            "refresh-statistics",
            "Refresh the query planner's statistics",
            RecommendationCategory.DATABASE,
            Priority.LOW,
            Impact(performance_percent=None, complexity=1, basis=Basis.UNKNOWN),
            minutes=0.5,
            confidence=0.4,
            ranks=(10.0, 1.0, 4.0),
            findings=("stale-statistics",),
        ),
    )


def recommendation(
    identifier: str,
    title: str,
    category: RecommendationCategory,
    priority: Priority,
    impact: Impact,
    *,
    minutes: float,
    confidence: float,
    ranks: tuple[float, float, float],
    findings: tuple[str, ...],
    proof: Proof | None = None,
) -> Recommendation:
    return Recommendation(
        id=identifier,
        type="index",
        category=category,
        priority=priority,
        title=title,
        description="The database lacks `index_scenes_tags_on_tag_id`, so each tag filter reads the whole link table.",
        rationale="A full scan of 640,000 rows costs 0.6 s; the index makes it a search of some hundred rows.",
        impact=impact,
        implementation=Implementation(
            steps=(
                "Stop Stash, so that nothing writes.",
                "Copy the database file to a safe place.",
                'Run `sqlite3 stash-go.sqlite "CREATE INDEX index_scenes_tags_on_tag_id ON scenes_tags (tag_id)"`.',
                "Start Stash.",
            ),
            estimated_minutes=minutes,
            requirements=("The `sqlite3` command, version 3.40 or newer", "9 MiB of free disk space"),
            risks=("A later migration of Stash may drop or recreate the index.",),
        ),
        validation=Validation(
            metrics=("Median of `Tag with all sub-tags`",),
            tests=("stashbench audit -k tags",),
            success_criteria=("The median falls below 0.5 s.",),
        ),
        rollback=Rollback(
            possible=True, steps=("Run `DROP INDEX index_scenes_tags_on_tag_id`.",), requirements=("Stash is stopped",)
        ),
        finding_ids=findings,
        measurement_ids=("bench-12", "bench-23"),
        references=(
            "https://github.com/stashapp/stash/pull/6398",
            "javascript:alert(3)",
            "SQLite manual, “Query planning”",
        ),
        confidence=confidence,
        impact_score=ranks[0],
        effort_score=ranks[1],
        rank_score=ranks[2],
        proof=proof,
    )
