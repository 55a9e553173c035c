"""Which known performance problems the server's release still has."""

from __future__ import annotations

from typing import NamedTuple

from stashbench.analyse.checks.observation import Observation, counted, not_measured


class KnownFix(NamedTuple):
    """A performance problem that a release mended; `schema` is the first schema version of that release."""

    schema: int
    release: str
    reference: str
    what: str


# By schema version because it is always a number, while self-built servers carry any version text.
KNOWN_FIXES = (
    KnownFix(43, "v0.19.1", "stashapp/stash#3452", "drop-downs that load whole lists"),
    KnownFix(45, "v0.20.0", "stashapp/stash#3527", "no statistics for the query planner"),
    KnownFix(48, "v0.22.0", "stashapp/stash#3929", "no task to optimise the database"),
    KnownFix(67, "v0.27.0", "stashapp/stash#5274", "writers that block readers; page cache fixed at 2 MB"),
    KnownFix(68, "v0.27.1", "stashapp/stash#5335", "slow studio pages for lack of a partial index"),
    KnownFix(75, "v0.30.0", "stashapp/stash#6398", "the tags page counts all sub-tags"),
    KnownFix(75, "v0.30.0", "stashapp/stash#6378", "counts that join what they only sort by; queries not cancelled"),
)


def outdated_release(app_schema: int | None, version: str | None) -> Observation:
    """Count the known performance problems that later releases mended."""
    if app_schema is None:
        return not_measured("The server does not tell its schema version, so its age cannot be judged.")
    missing = [fix for fix in KNOWN_FIXES if app_schema < fix.schema]
    name = version or f"with schema {app_schema}"
    text = f"Stash {name} lacks {counted(len(missing), 'performance fix', 'performance fixes')} of later releases"
    if not missing:
        text = f"Stash {name} has all performance fixes known here"
    elif len(missing) <= 2:  # noqa: PLR2004 - more would not fit a line
        text += ": " + "; ".join(f"{fix.what} ({fix.release})" for fix in missing)
    return Observation(
        value=float(len(missing)),
        message=f"{text}.",
        evidence={
            "version": version,
            "app_schema": app_schema,
            "fixes": tuple({"release": fix.release, "reference": fix.reference, "what": fix.what} for fix in missing),
        },
    )
