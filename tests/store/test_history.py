from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import msgspec
import pytest

from stashbench.errors import StoreError
from stashbench.model.sample import Timeline
from stashbench.model.score import Band, Score
from stashbench.model.target import LibrarySize, TargetKind
from stashbench.store.history import History, target_key
from stashbench.store.results import encode_result

replace = msgspec.structs.replace


@pytest.fixture
def path(tmp_path):
    return tmp_path / "reports" / "history.sqlite"


@pytest.fixture
def history(path):
    with History(path) as opened:
        yield opened


def day(number):
    return f"2026-01-{number:02}T00:00:00Z"


def test_a_run_is_summed_up(history, make_result, target):
    history.add(make_result())
    (run,) = history.runs()
    assert (run.run_id, run.score, run.band, run.scene_count) == ("run-1", 71.5, "fair", 1000)
    assert (run.critical_count, run.warning_count, run.is_partial) == (1, 1, False)
    assert history.runs(target=target) == (run,)
    assert history.runs(target="http://other") == ()


def test_adding_a_run_again_replaces_it(history, make_result, make_measurement, target):
    history.add(make_result())
    history.add(make_result(measurements=(make_measurement("stats", 0.5),)))
    assert len(history.runs()) == 1
    assert history.benchmark_trend(target, "scenes-page") == ()
    assert [point.median_seconds for point in history.benchmark_trend(target, "stats")] == [0.5]


def test_trends_are_oldest_first_and_limited_to_the_newest(history, make_result, make_measurement, target):
    for number in (3, 1, 2, 4):
        history.add(
            make_result(
                f"run-{number}",
                started_at=day(number),
                score=Score(overall=float(number), band=Band.POOR),
                measurements=(make_measurement("scenes-page", number / 10),),
            )
        )
    assert [point.score for point in history.trend(target)] == [1, 2, 3, 4]
    assert [point.run_id for point in history.trend(target, limit=2)] == ["run-3", "run-4"]
    assert [run.run_id for run in history.runs(limit=2)] == ["run-4", "run-3"]
    points = history.benchmark_trend(target, "scenes-page", limit=3)
    assert [point.median_seconds for point in points] == [0.2, 0.3, 0.4]
    assert points[0].ci_low_seconds < points[0].median_seconds < points[0].ci_high_seconds


def test_an_address_finds_its_runs_as_written_and_without_its_slash(history, make_result):
    history.add(make_result())
    assert len(history.trend("http://stash.local:9999")) == 1
    assert len(history.trend("http://STASH.local:9999/")) == 1
    assert history.trend("http://stash.local") == ()


def test_the_embedded_servers_runs_are_told_apart_by_library_not_by_port(history, make_result, target):
    for port, scenes in ((1, 1000), (2, 1000), (3, 50)):
        embedded = replace(
            target,
            kind=TargetKind.EMBEDDED,
            url=f"http://127.0.0.1:{port}",
            library=LibrarySize(scene_count=scenes),
        )
        history.add(make_result(f"run-{port}", target=embedded, started_at=day(port)))
    assert target_key(embedded) == "embedded:50"
    again = replace(embedded, url="http://127.0.0.1:9", library=LibrarySize(scene_count=1000))
    assert [point.run_id for point in history.trend(again)] == ["run-1", "run-2"]


def test_runs_of_a_program_we_started_are_told_apart_by_release_size_and_seed(history, make_result, target):
    started = replace(target, kind=TargetKind.MANAGED, url="http://127.0.0.1:1", library_seed=1)
    others = (
        replace(started, server_version="v0.99.0"),
        replace(started, library_seed=2),
        replace(started, library=LibrarySize(scene_count=7)),
    )
    for number, one in enumerate((started, *others), start=1):
        history.add(make_result(f"run-{number}", target=one, started_at=day(number)))
    again = replace(started, url="http://127.0.0.1:9")
    assert [point.run_id for point in history.trend(again)] == ["run-1"]


def test_what_was_not_measured_stays_unknown(history, make_result, make_measurement, target):
    history.add(
        make_result(
            score=Score(overall=None, band=Band.UNKNOWN),
            measurements=(make_measurement("scenes-page", None),),
            findings=(),
            timeline=Timeline(),
        )
    )
    assert history.trend(target)[0].score is None
    assert history.benchmark_trend(target, "scenes-page") == ()
    assert history.series_trend(target, "process_rss_bytes") == ()


def test_resources_over_runs(history, make_result, target):
    history.add(make_result())
    (point,) = history.series_trend(target, "process_rss_bytes")
    assert (point.minimum, point.mean, point.maximum) == (100, 200, 300)


def test_ids_that_occur_twice_count_once(history, make_result, make_finding, make_measurement, target):
    history.add(
        make_result(
            findings=(make_finding("x"), make_finding("x")),
            measurements=(make_measurement("y", 0.1), make_measurement("y", 0.2)),
        )
    )
    assert [point.median_seconds for point in history.benchmark_trend(target, "y")] == [0.2]


def test_retention_by_count_is_per_target(history, make_result, target):
    other = replace(target, url="http://other:9999")
    for number in range(1, 6):
        history.add(make_result(f"a{number}", started_at=day(number)))
    history.add(make_result("b1", started_at=day(1), target=other))
    assert history.prune(keep_runs=2) == 3
    assert {run.run_id for run in history.runs()} == {"a4", "a5", "b1"}


def test_retention_by_age_takes_what_belongs_to_the_run_along(history, path, make_result, target):
    history.add(make_result("old", started_at="2025-01-01T00:00:00+00:00"))
    history.add(make_result("new", started_at=day(1)))
    assert history.prune(keep_days=30, now=datetime(2026, 1, 10, tzinfo=UTC)) == 1
    assert [run.run_id for run in history.runs()] == ["new"]
    assert len(history.benchmark_trend(target, "stats")) == 1
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for table in ("measurements", "findings", "scores", "series"):
            (orphans,) = connection.execute(
                f"SELECT count(*) FROM {table} WHERE run NOT IN (SELECT id FROM runs)"
            ).fetchone()
            assert orphans == 0


def test_a_failing_add_leaves_nothing_half_done(history, make_result, monkeypatch):
    history.add(make_result())
    from stashbench.store import history as module

    monkeypatch.setattr(module, "child_rows", lambda *_: {"measurements": [{"run": 1, "no_such_column": 1}]})
    with pytest.raises(StoreError):
        history.add(make_result("run-2"))
    assert [run.run_id for run in history.runs()] == ["run-1"]


def test_it_is_kept_and_in_write_ahead_mode(path, make_result):
    with History(path) as history:
        history.add(make_result())
    with History(path) as history:
        assert len(history.runs()) == 1
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 2


def test_several_processes_may_start_and_write_it_at_once(path, make_result):
    code = (
        "import sys, msgspec; from pathlib import Path; from stashbench.store.history import History\n"
        "from stashbench.model.result import AuditResult\n"
        "result = msgspec.json.decode(sys.stdin.buffer.read(), type=AuditResult)\n"
        "with History(Path(sys.argv[1])) as history:\n"
        "    for number in range(5):\n"
        "        history.add(msgspec.structs.replace(result, run_id=f'{sys.argv[2]}-{number}'))\n"
    )
    content = encode_result(make_result())
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path), str(number)], stdin=subprocess.PIPE)
        for number in range(3)
    ]
    for process in running:
        process.communicate(content)
    assert [process.returncode for process in running] == [0, 0, 0]
    with History(path) as history:
        assert len(history.runs()) == 15


def test_a_newer_history_is_left_alone(path):
    History(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer stashbench"):
        History(path)
    assert path.read_bytes() == before


def test_a_damaged_history_says_what_to_do(path):
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="move it away"):
        History(path)


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="choose another directory"):
        History(tmp_path / "file" / "history.sqlite")


def test_a_migration_that_fails_leaves_the_old_version(path, monkeypatch, make_result):
    from stashbench.store import history_file

    with History(path) as history:
        history.add(make_result())

    def broken(database):
        database.execute("DROP TABLE series")
        database.execute("nonsense")

    monkeypatch.setattr(history_file, "MIGRATIONS", (*history_file.MIGRATIONS, broken))
    with pytest.raises(StoreError):
        History(path)
    monkeypatch.undo()
    with History(path) as history:
        assert len(history.runs()) == 1
        assert len(history.series_trend("http://stash.local:9999", "process_rss_bytes")) == 1
