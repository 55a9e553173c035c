"""Saving a run as a baseline, and looking at what was saved."""

from __future__ import annotations

import msgspec
import pytest
from click.testing import CliRunner

from stashbench.analyse.statistics import summarise
from stashbench.audit import write_run
from stashbench.cli import cli
from stashbench.errors import StoreError, UsageError
from stashbench.model.baseline import Comparison, Verdict
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


def kept_runs(result, tmp_path, count=3):
    """Write runs a day apart; give their ids."""
    ids = []
    for number in range(count):
        run_id = f"2026010{number + 1}T030405Z-abcd"
        changed = msgspec.structs.replace(result, run_id=run_id, finished_at=f"2026-01-0{number + 1}T03:05:05.000Z")
        write_run(changed, tmp_path / "reports", {})
        ids.append(run_id)
    return ids


def test_runs_are_added_and_shown_with_how_far_they_lie_apart(run, result, tmp_path):
    for run_id in kept_runs(result, tmp_path):
        assert run("save", "x", "--add", "--run", run_id).exit_code == 0
    assert "3 sessions" in run("list").output
    shown = run("show", "x").output
    assert shown.count("Session ") == 3
    assert "0.0 %" in shown
    assert "machine while measuring: not watched" in shown


def test_adding_what_is_unlike_says_so(run, result, tmp_path):
    write_run(result, tmp_path / "reports", {})
    run("save", "x")
    other = msgspec.structs.replace(
        result, run_id="other", environment=msgspec.structs.replace(result.environment, fingerprint="0", cpu_count=9)
    )
    write_run(other, tmp_path / "reports", {})
    done = run("save", "x", "--add")
    assert done.exit_code == 0
    assert "another machine (cores 2, now 9)" in done.stderr


def test_a_run_is_promoted_with_a_reason_only(run, result, tmp_path):
    first, second, _ = kept_runs(result, tmp_path)
    assert run("promote", first).exit_code == 2
    with pytest.raises(UsageError, match="--reason is empty"):
        run("promote", first, "--reason", " ")
    done = run("promote", first, "--reason", "more\nfeatures")
    assert "taken into the rolling baseline, which now holds 1 session" in done.output
    assert baselines.load(tmp_path / "baselines", "rolling").accepted_because == "more features"
    assert "to y" in run("promote", second, "--to", "y", "--reason", "so it is").output
    assert "promoted: so it is" in run("show", "y").output


def test_a_promoted_regression_is_named_and_one_without_numbers_is_refused(run, result, tmp_path):
    comparison = Comparison(benchmark_id="scenes-by-date", baseline_name="x", verdict=Verdict.REGRESSED, reason="")
    write_run(msgspec.structs.replace(result, comparisons=(comparison,)), tmp_path / "reports", {})
    done = run("promote", result.run_id, "--reason", "a new feature")
    assert "At a new level from this run on: scenes-by-date" in done.output
    broken = msgspec.structs.replace(result, measurements=(measurement("groups", MeasurementOutcome.FAILED),))
    write_run(broken, tmp_path / "reports", {})
    with pytest.raises(UsageError, match="cannot be promoted: it has no usable measurement"):
        run("promote", result.run_id, "--reason", "x")


def test_promoting_into_a_rolling_baseline_that_is_off_says_where_else(run, result, tmp_path):
    write_run(result, tmp_path / "reports", {})
    (tmp_path / "stashbench.toml").write_text("[audit]\nrolling_sessions = 0\n")
    with pytest.raises(UsageError, match="--to NAME"):
        run("promote", result.run_id, "--reason", "x")


def test_pruning_says_what_goes_and_dry_runs_remove_nothing(run, result, tmp_path):
    for run_id in kept_runs(result, tmp_path):
        run("save", "x", "--add", "--run", run_id)
    with pytest.raises(UsageError, match="say what may go"):
        run("prune", "x")
    dry = run("prune", "x", "--keep", "2", "--dry-run").output
    assert "Would remove" in dry
    assert "1 of 3 sessions would go" in dry
    assert "0 of 3 sessions are gone" in run("prune", "x", "--older-than", "1").output
    assert "1 of 3 sessions are gone" in run("prune", "x", "--keep", "2").output
    assert len(baselines.load_sessions(tmp_path / "baselines", "x")[0]) == 2
    with pytest.raises(StoreError, match="no baseline 'rolling'"):
        run("prune", "--keep", "1")


def test_two_baselines_are_held_against_each_other(run, result, tmp_path):
    write_run(result, tmp_path / "reports", {})
    run("save", "before")
    slower = measurement("scenes-by-date")
    slower = msgspec.structs.replace(slower, rounds_seconds=tuple(3 * value for value in slower.rounds_seconds))
    later = msgspec.structs.replace(
        result,
        run_id="later",
        target=msgspec.structs.replace(result.target, server_version="v0.31.0"),
        measurements=(slower, measurement("images")),
    )
    write_run(later, tmp_path / "reports", {})
    run("save", "after")
    told = run("diff", "before", "after").output
    assert "before has another release (v0.30.1, now v0.31.0)" in told
    assert "3.00 [" in told
    assert "Only in after: images" in told
    assert "Only in before: groups" in told
    assert "Both have the same machine" in run("diff", "after", "after").output
    with pytest.raises(StoreError, match="no baseline 'auto'"):
        run("diff", "auto", "after")


def test_times_of_another_machine_are_not_held_against_each_other(run, result, tmp_path):
    write_run(result, tmp_path / "reports", {})
    run("save", "here")
    environment = msgspec.structs.replace(result.environment, fingerprint="0", cpu_count=9)
    write_run(msgspec.structs.replace(result, run_id="there", environment=environment), tmp_path / "reports", {})
    run("save", "there")
    told = run("diff", "here", "there").output
    assert "another machine (cores 2, now 9)" in told
    assert "Times of unlike machines are not compared" in told
    assert "not comparable" in told
    assert "[" not in told.split("Verdict")[1]
