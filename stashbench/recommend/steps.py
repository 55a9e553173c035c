"""Steps that several rules ask for, said once so that they read alike everywhere."""

from __future__ import annotations

from stashbench.model.recommendation import Implementation, Rollback, Validation

BACKUP = "Back up the database: Settings > Tasks > Backup (it is written beside the database file)."
STOP = "Stop Stash cleanly and wait until its process has gone, so that the write-ahead log is folded into the file."
START = "Start Stash again."
RERUN = "Run this audit again on the same machine."
COMPARE = "Save this run as a baseline first (stashbench baseline save), so that the next run is compared with it."
OPTIMISE = "Settings > Tasks > Optimise database (mutation optimiseDatabase): it runs ANALYZE, then VACUUM."
HARMFUL_ANALYZE = (
    "Statistics change query plans, not always for the better: on a measured library of 100,000 scenes the statistics "
    "query became five times slower. Compare before and after."
)
OPTIMISE_TYPE = "optimise-database"


def optimise(minutes: float) -> Implementation:
    """Return how to optimise the database; `minutes` is the expected time including the backup."""
    return Implementation(
        steps=(COMPARE, BACKUP, OPTIMISE, "Wait for the task to end; pages that write are blocked meanwhile.", RERUN),
        estimated_minutes=minutes,
        requirements=("Free disk space of twice the database's size: one copy for the backup, one for VACUUM.",),
        risks=(HARMFUL_ANALYZE, "VACUUM blocks all writes while it runs and cannot be interrupted half-way."),
    )


def optimise_rollback() -> Rollback:
    """Return how to undo it: statistics can be thrown away or restored, the compacted file is logically equal."""
    return Rollback(
        possible=True,
        steps=(
            STOP,
            "To go back wholly: put the backup file in place of the database and remove no other file.",
            (
                "To undo only the statistics: DELETE FROM sqlite_stat1; DELETE FROM sqlite_stat4; that throws all "
                "of them away, the earlier ones too, which only the backup still holds."
            ),
            START,
        ),
        requirements=("The backup made in the first step.", "The sqlite3 command, for the second way."),
    )


def check_passes(check_id: str, title: str, *more: str) -> Validation:
    """Validate by running the check again; `more` are further success criteria."""
    return Validation(
        metrics=(f'value of the check "{check_id}"',),
        tests=(RERUN,),
        success_criteria=(f'The check "{title}" passes.', *more),
    )


def setting_rollback(setting: str, old: str) -> Rollback:
    """Return how to undo a change of one setting."""
    return Rollback(possible=True, steps=(f"Set {setting} back to {old}.",), requirements=("None.",))
