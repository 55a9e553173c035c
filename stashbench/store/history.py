"""`history.sqlite`: a few numbers of every run, for trends. The runs' own documents stay the source of truth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from stashbench.model.result import AuditResult, TrendPoint
from stashbench.model.target import Target, TargetKind
from stashbench.model.trend import ServerTrend
from stashbench.store.history_file import HistoryFile
from stashbench.store.history_rows import child_rows, run_row
from stashbench.store.history_trends import read_trends


class RunSummary(NamedTuple):
    """One run as the history knows it. `score` is None where there was none."""

    run_id: str
    started_at: str
    target_url: str
    server_version: str | None
    scene_count: int | None
    score: float | None
    band: str
    is_partial: bool
    critical_count: int
    warning_count: int


class BenchmarkPoint(NamedTuple):
    """One benchmark in one run, with the 95 % interval of its median."""

    run_id: str
    started_at: str
    fingerprint: str
    server_version: str | None
    median_seconds: float
    ci_low_seconds: float
    ci_high_seconds: float


class SeriesPoint(NamedTuple):
    """One resource over one run, in the series' own unit."""

    run_id: str
    started_at: str
    minimum: float
    mean: float
    maximum: float


class History:
    """The history of all runs in one report directory.

    Raises:
        StoreError: the file cannot be opened or written, is damaged, or was made by a newer stashbench.
    """

    def __init__(self, path: Path) -> None:
        self._file = HistoryFile(path)

    def add(self, result: AuditResult) -> None:
        """Add a run; one that is there already is replaced."""
        with self._file.transaction():
            self._file.change("DELETE FROM runs WHERE run_id = ?", [result.run_id])
            self._file.insert("runs", [run_row(result, target_key(result.target))])
            ((run,),) = self._file.rows("SELECT id FROM runs WHERE run_id = ?", [result.run_id])
            for table, rows in child_rows(result, run).items():
                self._file.insert(table, rows)

    def runs(self, *, target: Target | str | None = None, limit: int | None = None) -> tuple[RunSummary, ...]:
        """Return the runs, newest first; of one target, or of all."""
        fields = ", ".join(RunSummary._fields)
        where, arguments = _of_target(target)
        rows = self._file.rows(
            f"SELECT {fields} FROM runs {where} ORDER BY started_at DESC, id DESC LIMIT ?",  # noqa: S608 - constants
            [*arguments, -1 if limit is None else limit],
        )
        return tuple(RunSummary(*row)._replace(is_partial=bool(row[7])) for row in rows)

    def trend(self, target: Target | str, *, limit: int = 50) -> tuple[TrendPoint, ...]:
        """Return the scores of a target's newest runs, oldest first.

        `target` may be an address. A server that we start has another port each time; give the `Target` there, whose
        library then tells it.
        """
        newest = self.runs(target=target, limit=limit)
        return tuple(
            TrendPoint(timestamp=run.started_at, run_id=run.run_id, score=run.score) for run in reversed(newest)
        )

    def benchmark_trend(
        self, target: Target | str, benchmark_id: str, *, limit: int = 50
    ) -> tuple[BenchmarkPoint, ...]:
        """Return one benchmark over a target's newest runs, oldest first; runs that failed it are left out."""
        fields = ", ".join(BenchmarkPoint._fields)
        where, arguments = _of_target(target)
        rows = self._file.rows(
            f"SELECT {fields} FROM runs JOIN measurements ON run = id {where} AND benchmark_id = ? "  # noqa: S608
            "AND median_seconds IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT ?",
            [*arguments, benchmark_id, limit],
        )
        return tuple(BenchmarkPoint(*row) for row in reversed(rows))

    def series_trend(self, target: Target | str, name: str, *, limit: int = 50) -> tuple[SeriesPoint, ...]:
        """Return one resource (e.g. "process_rss_bytes") over a target's newest runs, oldest first."""
        fields = ", ".join(SeriesPoint._fields)
        where, arguments = _of_target(target)
        rows = self._file.rows(
            f"SELECT {fields} FROM runs JOIN series ON run = id {where} AND name = ? "  # noqa: S608 - constants
            "ORDER BY started_at DESC, id DESC LIMIT ?",
            [*arguments, name, limit],
        )
        return tuple(SeriesPoint(*row) for row in reversed(rows))

    def server_trends(self, *, run_limit: int = 100, server_limit: int = 20) -> tuple[ServerTrend, ...]:
        """Return all benchmarks of the servers with the newest runs, each server with its newest runs, oldest first."""
        return read_trends(self._file, run_limit=run_limit, server_limit=server_limit)

    def prune(
        self, *, keep_runs: int | None = None, keep_days: float | None = None, now: datetime | None = None
    ) -> int:
        """Remove runs beyond the newest `keep_runs` of each target, or older than `keep_days`; return how many."""
        removed = 0
        with self._file.transaction():
            if keep_days is not None:
                oldest = (now or datetime.now(UTC)) - timedelta(days=keep_days)
                removed += self._file.change(
                    "DELETE FROM runs WHERE julianday(started_at) < julianday(?)", [oldest.isoformat()]
                )
            if keep_runs is not None:
                removed += self._file.change(
                    "DELETE FROM runs WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER ("
                    "PARTITION BY target_key ORDER BY started_at DESC, id DESC) AS place FROM runs) WHERE place > ?)",
                    [keep_runs],
                )
        return removed

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def target_key(target: Target) -> str:
    """Name a target the same way from run to run: its address, or for a server that we start what it was started with.

    That is its library's size, and for a Stash program its release and the library's seed, too.
    """
    if target.kind is TargetKind.EMBEDDED:
        return f"embedded:{target.library.scene_count}"
    if target.kind is TargetKind.MANAGED:
        return f"managed:{target.server_version}:{target.library.scene_count}:{target.library_seed}"
    return target.url.rstrip("/").lower()


def _of_target(target: Target | str | None) -> tuple[str, list[object]]:
    if target is None:
        return "WHERE true", []
    if isinstance(target, Target):
        return "WHERE target_key = ?", [target_key(target)]
    return "WHERE (target_url = ? OR target_key = ?)", [target, target.rstrip("/").lower()]
