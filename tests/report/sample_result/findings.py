"""Findings of every outcome."""

from __future__ import annotations

from stashbench.model.finding import CheckCategory, Evidence, Finding, Outcome, Severity, Threshold

from .texts import HOSTILE, HOSTILE_SQL


def findings() -> tuple[Finding, ...]:
    slow = tuple(
        {
            "sql": HOSTILE_SQL if index == 0 else f"SELECT COUNT(*) FROM scenes_tags WHERE tag_id IN (?) -- {index}",
            "count": 40 * index + 1,
            "seconds": 0.42 / (index + 1),
            "is_full_scan": index < 2,
            "index_name": None if index < 2 else "index_scenes_tags_on_tag_id",
        }
        for index in range(6)
    )
    limit = Threshold(warning=0.2, critical=1.0, unit="seconds", source="stashbench.toml")
    return (
        Finding(
            id="missing-index",
            title="Stash's own index is missing",
            category=CheckCategory.DATABASE,
            outcome=Outcome.FAILED,
            severity=Severity.CRITICAL,
            message="2 of 68 indexes of schema 75 are not in the database.",
            value=2.0,
            unit="count",
            threshold=Threshold(warning=1, critical=2, unit="count"),
            evidence=(
                Evidence(
                    name="missing_index_names",
                    value="index_scenes_tags_on_tag_id, index_performers_scenes_on_performer_id",
                ),
                Evidence(name="index_count", value=66),
                Evidence(name="database_bytes", value=1_204_224_000, unit="bytes"),
            ),
            confidence="certain",
            nodeid="suites/audits/audit_indexes.py::test_missing_index",
        ),
        Finding(
            id="slow-page",
            title="A page takes longer than people wait",
            category=CheckCategory.API,
            outcome=Outcome.FAILED,
            severity=Severity.CRITICAL,
            message=f"Scenes filtered by tag with sub-tags takes 1.03 s; the slowest scene is {HOSTILE}.",
            value=1.03,
            unit="seconds",
            threshold=limit,
            evidence=(
                Evidence(name="slowest_benchmark", value="bench-12"),
                Evidence(name="statements", value=slow),
                Evidence(name="log_line", value=f'level=warning msg="SLOW SQL [412ms]: {HOSTILE_SQL}"'),
                Evidence(name="is_cold", value=False),
                Evidence(name="never_recorded", value=None),
            ),
            nodeid="suites/audits/audit_api.py::test_slow_page",
        ),
        Finding(
            id="stale-statistics",
            title="Query statistics are old",
            category=CheckCategory.DATABASE,
            outcome=Outcome.FAILED,
            severity=Severity.WARNING,
            message="sqlite_stat1 describes 40,000 scenes; the library holds 100,000.",
            value=60.0,
            unit="percent",
            threshold=Threshold(warning=20, critical=80, unit="percent"),
        ),
        Finding(
            id="tiny-page-cache",
            title="The page cache is small for this library",
            category=CheckCategory.CONFIGURATION,
            outcome=Outcome.FAILED,
            severity=Severity.WARNING,
            message="2 MB of cache serve a database of 1.1 GiB.",
            value=0.0017,
            unit="ratio",
            threshold=Threshold(warning=0.02, critical=None, unit="ratio", is_upper=False),
        ),
        Finding(
            id="page-without-limit",
            title="Requests without a page size",
            category=CheckCategory.API,
            outcome=Outcome.FAILED,
            severity=Severity.WARNING,
            message="One request returned 100,000 rows.",
            value=100_000.0,
            unit="rows",
            threshold=Threshold(warning=1000, critical=200_000, unit="rows"),
        ),
        Finding(
            id="memory-growth",
            title="Memory does not grow with requests",
            category=CheckCategory.SYSTEM,
            outcome=Outcome.INCONCLUSIVE,
            severity=Severity.WARNING,
            message="The trend of +0.2 MiB per 1,000 requests lies within its interval of ±0.4 MiB.",
            value=209_715.2,
            unit="bytes",
            threshold=Threshold(warning=1_048_576, critical=10_485_760, unit="bytes"),
        ),
        Finding(
            id="broken-check",
            title=f"A check that broke {HOSTILE}",
            category=CheckCategory.HARNESS,
            outcome=Outcome.ERROR,
            severity=Severity.WARNING,
            message="KeyError: 'findFolders' while reading the answer.",
        ),
        Finding(
            id="wal-size",
            title="The write-ahead log is short",
            category=CheckCategory.STORAGE,
            outcome=Outcome.NOT_MEASURED,
            severity=Severity.WARNING,
            message="The database file is on another machine; run the audit there or give --stash-database.",
        ),
        Finding(
            id="network-filesystem",
            title="The database lies on a local disk",
            category=CheckCategory.STORAGE,
            outcome=Outcome.NOT_APPLICABLE,
            severity=Severity.INFO,
            message="The embedded server keeps its database in memory.",
        ),
        *(
            Finding(
                id=f"fine-{index}",
                title=title,
                category=category,
                outcome=Outcome.PASSED,
                severity=Severity.WARNING,
                message="Well within limits.",
                value=value,
                unit=unit,
                threshold=Threshold(warning=value * 4, critical=value * 10, unit=unit),
            )
            for index, (title, category, value, unit) in enumerate(
                (
                    ("The server answers an empty request at once", CheckCategory.API, 0.00042, "seconds"),
                    ("No error among 640 answers", CheckCategory.API, 0.1, "percent"),
                    ("The process keeps its descriptors", CheckCategory.SYSTEM, 41.0, "count"),
                    ("The harness costs next to nothing", CheckCategory.HARNESS, 0.48, "percent"),
                )
            )
        ),
    )
