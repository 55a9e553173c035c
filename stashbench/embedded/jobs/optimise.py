"""The job behind `optimiseDatabase`: ANALYZE, then VACUUM."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from stashbench.embedded.duration import format_duration
from stashbench.embedded.loghub import LogLevel

if TYPE_CHECKING:
    from stashbench.embedded.jobs.manager import Work
    from stashbench.embedded.jobs.progress import Progress
    from stashbench.embedded.state import ServerState

_STEPS = (("Analyzing database", "ANALYZE"), ("Vacuuming database", "VACUUM"))


def optimise_work(state: ServerState) -> Work:
    """Return the work of the job; a request to stop is noticed between the two statements."""

    def work(progress: Progress) -> None:
        begin = time.perf_counter_ns()
        state.hub.publish(LogLevel.INFO, "Optimising database")
        progress.set_total(len(_STEPS))
        for description, statement in _STEPS:
            with progress.task(description):
                state.database.run_outside_transaction(statement)
                progress.increment()
            if progress.is_stopping:
                state.hub.publish(LogLevel.INFO, "Stopping due to user request")
                return
        took = format_duration(time.perf_counter_ns() - begin)
        state.hub.publish(LogLevel.INFO, f"Finished optimising database after {took}")

    return work
