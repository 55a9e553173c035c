"""How long a process was ready to run and got no CPU, so that a crowded machine is not taken for a waiting server."""

from __future__ import annotations

from pathlib import Path

_NANOSECONDS = 1e9


def run_delays(pid: int | None) -> dict[str, float] | None:
    """Return the seconds each thread has waited for a CPU so far; None where the kernel does not tell (not Linux)."""
    if pid is None:
        return None
    delays = {}
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            delays[task.name] = _delay(task)
    except (OSError, ValueError, IndexError):
        return None
    return delays


def run_delay_between(before: dict[str, float] | None, after: dict[str, float] | None) -> float | None:
    """Return the seconds that threads waited for a CPU between two readings; threads that ended meanwhile are lost."""
    if before is None or after is None:
        return None
    return sum(max(seconds - before.get(thread, 0.0), 0.0) for thread, seconds in after.items())


def _delay(task: Path) -> float:
    """Read the second field of schedstat: nanoseconds spent waiting on a run queue."""
    try:
        return int((task / "schedstat").read_text().split()[1]) / _NANOSECONDS
    except FileNotFoundError:
        # The thread ended between listing and reading.
        return 0.0
