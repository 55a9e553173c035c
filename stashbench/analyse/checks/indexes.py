"""Which of Stash's own indexes the database lacks."""

from __future__ import annotations

from stashbench.analyse.checks.observation import Observation, counted, inconclusive, not_measured
from stashbench.model.database import DatabaseFacts
from stashbench.model.stash_schema import FIRST_SCHEMA, LAST_SCHEMA, expected_indexes


def missing_indexes(facts: DatabaseFacts) -> Observation:
    """Count the indexes of this schema version that are not there; evidence holds how to make and drop each."""
    schema_version = facts.schema_version
    if schema_version is None:
        return not_measured("The database does not say its schema version, so its indexes cannot be judged.")
    expected = expected_indexes(schema_version)
    if expected is None:
        return inconclusive(
            f"The indexes of schema {schema_version} are not known here (known are {FIRST_SCHEMA} to {LAST_SCHEMA}); "
            "a newer stashbench may know them."
        )
    names = {name.casefold() for name in facts.index_names}
    missing = [index for index in expected if index.name.casefold() not in names]
    if missing:
        shown = ", ".join(index.name for index in missing[:5]) + (" ..." if len(missing) > 5 else "")  # noqa: PLR2004
        verb = "is" if len(missing) == 1 else "are"
        message = f"{counted(len(missing), 'index', 'indexes')} of schema {schema_version} {verb} missing: {shown}."
    else:
        message = f"All {len(expected)} indexes of schema {schema_version} are there."
    return Observation(
        value=float(len(missing)),
        message=message,
        evidence={
            "schema_version": schema_version,
            "expected_count": len(expected),
            "missing_indexes": tuple(
                {
                    "name": index.name,
                    "table": index.table,
                    "columns": ", ".join(index.columns),
                    "statement": index.statement,
                    "rollback": index.rollback,
                }
                for index in missing
            ),
        },
    )
