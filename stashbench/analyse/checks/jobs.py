"""Whether jobs stand still or failed."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.analyse.checks.observation import Observation, Row, counted, inconclusive, not_applicable
from stashbench.model.base import Model


class JobWatch(Model, frozen=True, kw_only=True):
    """One running job watched for a while; CPU and bytes are the whole process tree's over that time.

    `started_at` is the server's time (RFC 3339).
    """

    id: str
    description: str
    started_at: str | None
    watched_seconds: float
    has_moved: bool
    progress: float | None
    cpu_seconds: float | None
    read_bytes: int | None
    written_bytes: int | None


# Below this share of a core a server is not computing, whatever its job says.
IDLE_CORE_SHARE = 0.05
IDLE_BYTES_PER_SECOND = 64 * 1024


def stalled_job(watch: JobWatch | None) -> Observation:
    """Return for how many seconds the running job has shown no progress while the server did nothing for it.

    A job on one large file shows no progress either, but then the server computes or reads: both must rest.
    """
    if watch is None:
        return not_applicable("No job is running, so none can have stalled.")
    evidence: dict[str, str | int | float | bool | tuple[Row, ...] | None] = {
        "job_id": watch.id,
        "description": watch.description,
        "progress": watch.progress,
        "started_at": watch.started_at,
        "watched_seconds": round(watch.watched_seconds, 1),
        "cpu_seconds": watch.cpu_seconds,
        "read_bytes": watch.read_bytes,
    }
    name = f'The job "{watch.description}"'
    if watch.has_moved:
        return Observation(value=0.0, message=f"{name} is moving.", evidence=evidence)
    if watch.cpu_seconds is None:
        return inconclusive(
            (
                f"{name} showed no progress for {watch.watched_seconds:.0f} s, but the process is out of reach, so "
                "whether it works on a large file or stands still cannot be told."
            ),
            evidence,
        )
    if _is_working(watch):
        return Observation(
            value=0.0, message=f"{name} shows no progress, but the server is working on it.", evidence=evidence
        )
    if watch.read_bytes is None or watch.written_bytes is None:
        return inconclusive(
            (
                f"{name} showed no progress for {watch.watched_seconds:.0f} s and the server computed nothing, but "
                "whether it read or wrote may only be seen by the server's own user."
            ),
            evidence,
        )
    return Observation(
        value=watch.watched_seconds,
        message=(
            f"{name} made no progress in {watch.watched_seconds:.0f} s of watching, while the server neither "
            "computed nor read: it stands still."
        ),
        evidence=evidence,
    )


def _is_working(watch: JobWatch) -> bool:
    moved_bytes = (watch.read_bytes or 0) + (watch.written_bytes or 0)
    return (
        watch.cpu_seconds or 0.0
    ) / watch.watched_seconds > IDLE_CORE_SHARE or moved_bytes / watch.watched_seconds > IDLE_BYTES_PER_SECOND


def failed_jobs(failures: Sequence[tuple[str, str]], ended_count: int) -> Observation:
    """Count the jobs that ended in an error, each (description, error), of the `ended_count` the server remembers."""
    if not failures:
        message = f"None of the {counted(ended_count, 'ended job')} the server remembers failed."
        if not ended_count:
            message = "The server remembers no job that ended, so none that failed."
        return Observation(value=0.0, message=message, evidence={"ended_count": ended_count, "jobs": ()})
    description, error = failures[0]
    return Observation(
        value=float(len(failures)),
        message=f'{counted(len(failures), "job")} failed, the latest "{description}": {error or "no error was given"}.',
        evidence={
            "ended_count": ended_count,
            "jobs": tuple({"description": name, "error": text} for name, text in failures),
        },
    )
