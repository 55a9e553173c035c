"""What the history keeps for trends over many runs: read back server by server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.target import TargetKind
from stashbench.model.trend import Circumstances, ServerTrend, TrendLine, TrendRun, TrendValue
from stashbench.store.history_file import HistoryFile


def read_trends(file: HistoryFile, *, run_limit: int, server_limit: int) -> tuple[ServerTrend, ...]:
    """Return the servers with the newest runs first, each with its newest runs, oldest first."""
    servers = file.rows(
        "SELECT trend_key, count(*) FROM runs GROUP BY trend_key ORDER BY max(started_at) DESC LIMIT ?", [server_limit]
    )
    return tuple(_read_server(file, key, count, run_limit) for key, count in servers)


def _read_server(file: HistoryFile, key: str, count: int, run_limit: int) -> ServerTrend:
    newest = file.rows(
        "SELECT id, run_id, started_at, circumstances, is_partial, is_unfit, target_url FROM runs WHERE trend_key = ? "
        "ORDER BY started_at DESC, id DESC LIMIT ?",
        [key, run_limit],
    )[::-1]
    places = {row[0]: place for place, row in enumerate(newest)}
    marks = ", ".join("?" * len(places))
    columns = "run, benchmark_id, title, q10_seconds, median_seconds, round_count, definition_hash"
    measured = file.rows(
        f"SELECT {columns} FROM measurements "  # noqa: S608 - constants
        f"WHERE run IN ({marks}) AND outcome = ? AND q10_seconds > 0 AND median_seconds > 0",
        [*places, str(MeasurementOutcome.OK)],
    )
    runs = tuple(
        TrendRun(
            run_id=run_id,
            started_at=started_at,
            circumstances=msgspec.json.decode(circumstances or "{}", type=Circumstances),
            is_partial=bool(is_partial),
            is_unfit=bool(is_unfit),
        )
        for _, run_id, started_at, circumstances, is_partial, is_unfit, _ in newest
    )
    return ServerTrend(
        kind=TargetKind(key.partition(":")[0]),
        address=newest[-1][6],
        runs=runs,
        lines=_lines(measured, places),
        run_count=count,
    )


def _lines(measured: Iterable[tuple[Any, ...]], places: Mapping[int, int]) -> tuple[TrendLine, ...]:
    found: dict[str, list[TrendValue]] = {}
    titles: dict[str, str] = {}
    for run, name, title, q10, median, count, definition in sorted(measured, key=lambda row: (places[row[0]], row[1])):
        found.setdefault(name, []).append(
            TrendValue(
                run=places[run],
                q10_seconds=q10,
                median_seconds=median,
                sample_count=count or 0,
                definition_hash=definition or "",
            )
        )
        titles[name] = title or name
    return tuple(
        TrendLine(benchmark_id=name, title=titles[name], values=tuple(values)) for name, values in sorted(found.items())
    )
