"""Keeps pytest-benchmark's own document out of harm's way: what cannot be saved must not cost the audit its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stashbench.harness.interrupts import deaf_to_interrupts

if TYPE_CHECKING:
    import pytest

    from stashbench.harness.session import AuditSession
NAME = "benchmark.json"


def guard_saving(config: pytest.Config, session: AuditSession) -> None:
    """Have pytest-benchmark's failure to save (a full disk, a folder that may not be written) told, not raised.

    It saves at the session's end before anybody else's hook runs; an exception there would be the end of all of them.
    """
    benchmarks = getattr(config, "_benchmarksession", None)
    if benchmarks is None:
        return
    save = benchmarks.handle_saving

    def save_or_tell() -> None:
        try:
            with deaf_to_interrupts():  # looking up the machine takes it a second, and our report comes after
                save()
        except OSError as error:
            where = error.filename or benchmarks.json or "its file"
            session.problems += (f"pytest-benchmark could not write {where}: {error.strerror or error}",)
            _remove_half(session.run_directory / NAME)

    benchmarks.handle_saving = save_or_tell


def keeper(benchmark: Any) -> Callable[[tuple[float, ...]], None]:
    """Return what has pytest-benchmark take all samples of a page instead of those it timed itself.

    Without any, the page is left out of its document, as one that failed.
    """

    def keep(rounds_seconds: tuple[float, ...]) -> None:
        if not rounds_seconds:
            benchmark.has_error = True
            return
        # A new object: the old one may have worked out its figures already.
        stats = type(benchmark.stats.stats)()
        for seconds in rounds_seconds:
            stats.update(seconds)
        benchmark.stats.stats = stats

    return keep


def _remove_half(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # the folder itself is out of reach; that was told already
