"""Saving a run as a baseline, and looking at what was saved."""

from __future__ import annotations

import msgspec
import pytest
from click.testing import CliRunner

from stashbench.analyse.statistics import summarise
from stashbench.audit import write_run
from stashbench.cli import cli
from stashbench.errors import StoreError, UsageError
from stashbench.model.environment import Environment
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.result import AuditResult
from stashbench.model.score import Band, Score
from stashbench.model.target import LibrarySize, Target, TargetKind
from stashbench.store import baselines

ROUNDS = (0.010, 0.011, 0.012, 0.010, 0.011, 0.013)


def measurement(name, outcome=MeasurementOutcome.OK):
    return Measurement(
        id=name,
        nodeid=name,
        title=name,
        group="scenes",
        page="Scenes",
        outcome=outcome,
        reason="" if outcome is MeasurementOutcome.OK else "no such query",
        rounds_seconds=ROUNDS if outcome is MeasurementOutcome.OK else (),
        statistics=summarise(ROUNDS) if outcome is MeasurementOutcome.OK else None,
    )


@pytest.fixture
def result():
    return AuditResult(
        schema_version=1,
        run_id="20260102T030405Z-abcd",
        stashbench_version="0.1.0",
        started_at="2026-01-02T03:04:05.000Z",
        finished_at="2026-01-02T03:05:05.000Z",
        duration_seconds=60.0,
        target=Target(
            kind=TargetKind.ATTACHED,
            url="http://127.0.0.1:9999",
            server_version="v0.30.1",
            library=LibrarySize(scene_count=1234),
        ),
        environment=Environment(
            fingerprint="f" * 16, os="Linux", kernel="6", architecture="x86_64", cpu_model="a cpu", cpu_count=2
        ),
        verdict="Healthy",
        score=Score(overall=95.0, band=Band.GOOD),
        measurements=(measurement("scenes-by-date"), measurement("groups", MeasurementOutcome.NOT_OFFERED)),
        findings=(),
        recommendations=(),
        comparisons=(),
        alerts=(),
        partial=False,
    )


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("STASHBENCH_REPORT_DIR", "STASHBENCH_BASELINE"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*arguments):
        done = CliRunner().invoke(cli, ["baseline", *arguments])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return invoke


def test_the_latest_run_is_saved_listed_and_shown(run, result, tmp_path):
    write_run(result, tmp_path / "reports", {})
    saved = run("save", "v0.30", "--note", "before the upgrade")
    assert "Saved 1 benchmarks of run 20260102T030405Z-abcd" in saved.output
    kept = baselines.load(tmp_path / "baselines", "v0.30")
    assert (kept.run_id, kept.note) == (result.run_id, "before the upgrade")
    assert kept.measurements == result.measurements
    listed = run("list").output
    assert "v0.30" in listed
    assert "1,234 scenes" in listed
    shown = run("show", "v0.30").output
    assert "before the upgrade" in shown
    assert "11.00" in shown
    assert "not-offered" in shown


@pytest.mark.parametrize("how", ["id", "folder", "file"])
def test_a_run_can_be_named_in_three_ways(run, result, tmp_path, how):
    write_run(result, tmp_path / "reports", {})
    folder = tmp_path / "reports" / result.run_id
    name = {"id": result.run_id, "folder": str(folder), "file": str(folder / "result.json")}[how]
    assert run("save", "x", "--run", name).exit_code == 0
    assert baselines.load(tmp_path / "baselines", "x").run_id == result.run_id


def test_without_a_run_it_says_how_to_make_one(run):
    with pytest.raises(UsageError, match=r"no run in reports yet.*stashbench audit"):
        run("save", "x")
    with pytest.raises(UsageError, match="no run nonsense"):
        run("save", "x", "--run", "nonsense")


def test_a_run_without_numbers_is_no_baseline(run, result, tmp_path):
    broken = msgspec.structs.replace(result, measurements=(measurement("groups", MeasurementOutcome.FAILED),))
    write_run(broken, tmp_path / "reports", {})
    with pytest.raises(UsageError, match="no usable measurement"):
        run("save", "x")
    assert not (tmp_path / "baselines").exists()


def test_a_partial_run_is_saved_with_a_note_that_it_is_one(run, result, tmp_path):
    write_run(msgspec.structs.replace(result, partial=True, partial_reasons=("interrupted",)), tmp_path / "reports", {})
    assert "that run is partial: interrupted" in run("save", "x").stderr


def test_an_empty_list_says_what_to_do_and_an_unknown_name_is_an_error(run):
    assert "stashbench baseline save NAME" in run("list").output
    with pytest.raises(StoreError, match="nothing"):
        run("show", "nothing")


def test_the_settings_file_says_where_things_are(run, result, tmp_path):
    (tmp_path / "stashbench.toml").write_text('[audit]\nreport_directory = "out"\nbaseline_directory = "kept"\n')
    write_run(result, tmp_path / "out", {})
    run("save", "x")
    assert [path.name for path in (tmp_path / "kept").rglob("*.*")] == [f"{result.run_id}.json.gz"]
