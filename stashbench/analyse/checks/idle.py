"""What the server does while nothing is asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from stashbench.analyse.checks.observation import Observation, Row, because, in_bytes, not_measured

_UNSEEN = "What the server's process does while idle could not be seen"
_SHOWN_SOURCES = 5


def idle_cpu(
    cpu_seconds: float | None, observed_seconds: float, running_jobs: Sequence[str], reasons: Sequence[str] = ()
) -> Observation:
    """Return the CPU use of the idle process tree in per cent of one core; `reasons` say why something is None."""
    if cpu_seconds is None or observed_seconds <= 0.0:
        return not_measured(because(_UNSEEN, reasons))
    percent = 100.0 * cpu_seconds / observed_seconds
    return Observation(
        value=percent,
        message=(
            f"Idle for {observed_seconds:.1f} s, the server used {percent:.0f} % of a core"
            f"{_while_running(running_jobs)}."
        ),
        evidence={
            "cpu_seconds": cpu_seconds,
            "observed_seconds": round(observed_seconds, 1),
            "running_jobs": ", ".join(running_jobs),
        },
    )


def idle_writes(
    written_bytes: int | None, observed_seconds: float, running_jobs: Sequence[str], reasons: Sequence[str] = ()
) -> Observation:
    """Return what the idle process tree writes to disk, in KiB a second; `reasons` say why something is None."""
    if written_bytes is None or observed_seconds <= 0.0:
        return not_measured(because(_UNSEEN, reasons))
    rate = written_bytes / observed_seconds
    return Observation(
        value=rate / 1024.0,
        message=(
            f"Idle for {observed_seconds:.1f} s, the server wrote {in_bytes(rate)} a second to disk"
            f"{_while_running(running_jobs)}."
        ),
        evidence={
            "written_bytes": written_bytes,
            "observed_seconds": round(observed_seconds, 1),
            "running_jobs": ", ".join(running_jobs),
        },
    )


def log_rate(sources: Sequence[str] | None, observed_seconds: float, failure: str = "") -> Observation:
    """Return how many log lines a second the idle server writes; `sources` names the origin of each line.

    Origins are levels and leading words, never whole messages: those hold paths and search terms.
    """
    if sources is None:
        return not_measured(f"The server's log could not be followed: {failure or 'no subscription'}.")
    if observed_seconds <= 0.0:
        return not_measured("The log was not watched for any time.")
    rate = len(sources) / observed_seconds
    common = Counter(sources).most_common(_SHOWN_SOURCES)
    tail = f", most of them {common[0][0]}" if common else ""
    shown: tuple[Row, ...] = tuple({"source": source, "count": count} for source, count in common)
    return Observation(
        value=rate,
        message=f"Idle, the server wrote {rate:.1f} log lines a second{tail}.",
        evidence={"line_count": len(sources), "observed_seconds": round(observed_seconds, 1), "sources": shown},
    )


def _while_running(jobs: Sequence[str]) -> str:
    return f" while it ran: {', '.join(jobs)}" if jobs else ""
