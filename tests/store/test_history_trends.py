"""Runs of one server follow each other over its releases; a history of the first format is brought up to date."""

from __future__ import annotations

import contextlib
import sqlite3

import msgspec
import pytest

from stashbench.model.quality import MachineQuality
from stashbench.model.target import LibrarySize, TargetKind
from stashbench.store import history_file
from stashbench.store.history import History

replace = msgspec.structs.replace


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.sqlite"


def day(number):
    return f"2026-01-{number:02}T00:00:00Z"


def test_what_may_explain_times_is_kept_and_read_back(path, make_result, make_measurement, target, environment):
    told = replace(
        target,
        server_version="v0.30.1",
        program_sha256="abc",
        library=LibrarySize(scene_count=5, tag_count=7, scenes_bytes=9),
        speed_settings={"parallelTasks": "2"},
        faults=("no-index",),
    )
    measured = replace(make_measurement("stats", 0.5), definition_hash="d1")
    with History(path) as history:
        history.add(
            make_result(
                target=told,
                environment=replace(environment, hard_facts={"cpu_model": "A"}),
                measurements=(measured, make_measurement("broken", None)),
                machine=MachineQuality(unfit_reasons=("swapping",)),
            )
        )
        (trend,) = history.server_trends()
    (run,) = trend.runs
    known = run.circumstances
    assert (trend.kind, trend.address, trend.run_count) == (TargetKind.ATTACHED, told.url, 1)
    assert (known.server_version, known.program_sha256, known.schema_version) == ("v0.30.1", "abc", 75)
    assert (known.library, known.settings) == ({"scene": 5, "tag": 7}, {"parallelTasks": "2"})
    assert (known.faults, known.machine, known.fingerprint) == (("no-index",), {"cpu_model": "A"}, "f" * 16)
    assert (run.is_unfit, run.is_partial) == (True, False)
    (line,) = trend.lines
    (value,) = line.values
    assert (line.benchmark_id, line.title) == ("stats", "Stats")
    assert (value.q10_seconds, value.median_seconds, value.sample_count, value.definition_hash) == (0.5, 0.5, 3, "d1")


def test_releases_of_a_server_we_start_share_a_line_and_libraries_do_not(path, make_result, target):
    started = replace(target, kind=TargetKind.MANAGED, url="http://127.0.0.1:1", library_seed=1)
    others = (
        replace(started, server_version="v0.99.0", url="http://127.0.0.1:2"),
        replace(started, library_seed=2),
        replace(started, library=LibrarySize(scene_count=7)),
    )
    with History(path) as history:
        for number, one in enumerate((started, *others), start=1):
            history.add(make_result(f"run-{number}", target=one, started_at=day(number)))
        trends = history.server_trends()
    assert [[run.run_id for run in trend.runs] for trend in trends] == [["run-4"], ["run-3"], ["run-1", "run-2"]]


def test_the_newest_runs_are_read_oldest_first_and_gaps_stay_gaps(path, make_result, make_measurement, target):
    with History(path) as history:
        for number in (4, 1, 3, 2):
            name = "stats" if number != 3 else "other"
            measurements = (make_measurement(name, number / 10),)
            history.add(make_result(f"run-{number}", started_at=day(number), measurements=measurements))
        history.add(make_result("b", target=replace(target, url="http://b:1"), started_at=day(1)))
        first, second = history.server_trends(run_limit=3)
        assert len(history.server_trends(server_limit=1)) == 1
    assert [run.run_id for run in first.runs] == ["run-2", "run-3", "run-4"]
    assert first.run_count == 4
    assert {line.benchmark_id: [(value.run, value.q10_seconds) for value in line.values] for line in first.lines} == {
        "stats": [(0, 0.2), (2, 0.4)],
        "other": [(1, 0.3)],
    }
    assert second.address == "http://b:1"


def test_an_empty_history_has_no_trends(path):
    with History(path) as history:
        assert history.server_trends() == ()


def test_a_history_of_the_first_format_goes_on_where_it_was(path, make_result, target, monkeypatch):
    keys = (
        ("http://stash.local:9999", "http://stash.local:9999"),
        ("embedded:1000", "http://127.0.0.1:1"),
        ("managed:v0.29.3:1000:1", "http://127.0.0.1:2"),
    )
    with monkeypatch.context() as old:
        old.setattr(history_file, "MIGRATIONS", history_file.MIGRATIONS[:1])
        History(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for number, (key, url) in enumerate(keys, start=1):
            connection.execute(
                "INSERT INTO runs (id, run_id, started_at, target_key, target_url, server_version, schema_version, "
                "scene_count, fingerprint, stashbench_version, is_partial) "
                "VALUES (?, ?, ?, ?, ?, 'v0.29.3', 72, 1000, 'f', '0.1.0', 0)",
                [number, f"old-{number}", day(number), key, url],
            )
            connection.execute(
                "INSERT INTO measurements (run, benchmark_id, outcome, round_count, median_seconds, q10_seconds) "
                "VALUES (?, 'stats', 'ok', 3, 0.2, 0.1)",
                [number],
            )
    started = replace(target, library_seed=1)
    with History(path) as history:
        history.add(make_result("new-1", started_at=day(11)))
        history.add(make_result("new-2", started_at=day(12), target=replace(started, kind=TargetKind.EMBEDDED)))
        history.add(make_result("new-3", started_at=day(13), target=replace(started, kind=TargetKind.MANAGED)))
        trends = history.server_trends()
    assert [[run.run_id for run in trend.runs] for trend in trends] == [
        ["old-3", "new-3"],
        ["old-2", "new-2"],
        ["old-1", "new-1"],
    ]
    known = trends[0].runs[0].circumstances
    assert (known.server_version, known.schema_version, known.library) == ("v0.29.3", 72, {"scene": 1000})
    (stats,) = (line for line in trends[0].lines if line.benchmark_id == "stats")
    assert [(value.run, value.q10_seconds) for value in stats.values] == [(0, 0.1), (1, 0.02)]
