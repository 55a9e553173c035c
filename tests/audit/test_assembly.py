"""From a record, in memory or in a journal, to a result."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from stashbench.audit import RunRecord, assemble_from_journal, conclude, open_journal
from stashbench.config.audit import AuditSettings
from stashbench.errors import StoreError
from stashbench.model.baseline import Baseline, Verdict
from stashbench.model.finding import Outcome
from stashbench.model.measurement import Look, Visit
from stashbench.store import baselines
from stashbench.store.journal import End, Found, Measured, Note, Spanned


@pytest.fixture
def settings(tmp_path):
    return AuditSettings(report_directory=tmp_path / "reports", baseline_directory=tmp_path / "baselines")


def keep_as_baseline(record: RunRecord, settings, name="before", rounds_factor=1.0):
    kept = tuple(
        msgspec.structs.replace(item, rounds_seconds=tuple(value * rounds_factor for value in item.rounds_seconds))
        for item in record.measurements
    )
    baseline = Baseline(
        schema_version=1,
        name=name,
        created_at="2026-01-01T00:00:00.000Z",
        run_id="earlier",
        environment=record.environment,
        target=record.target,
        measurements=kept,
    )
    baselines.save(settings.baseline_directory, baseline)


def test_a_whole_run_is_not_partial_and_has_every_part(record, settings):
    result = conclude(record, settings)
    assert result.partial_reasons == ()
    assert not result.partial
    assert [item.id for item in result.measurements] == ["scenes-by-date"]
    assert [alert.finding_id for alert in result.alerts] == ["slow-page"]
    assert result.score.overall is not None
    assert result.verdict.startswith("1 thing to fix")
    assert result.baseline_name is None
    assert result.baseline_reason
    assert result.duration_seconds > 0


def test_a_slower_run_is_suspect_and_has_regressed_when_it_is_so_again(record, settings):
    keep_as_baseline(record, settings, rounds_factor=0.4)
    result = conclude(record, settings)
    assert result.baseline_name == "before"
    assert [item.verdict for item in result.comparisons] == [Verdict.SUSPECT]
    (known,) = record.measurements
    samples = known.rounds_seconds
    visit = Visit(round=2, order=0, process=1, began_seconds=1.0, sample_count=len(samples))
    record.measurements[0] = msgspec.structs.replace(known, looks=(Look(rounds_seconds=samples, visits=(visit,)),))
    result = conclude(record, settings)
    assert [(item.verdict, item.decided_by) for item in result.comparisons] == [(Verdict.REGRESSED, "second look")]


def test_a_baseline_can_be_chosen_by_name_or_left_out(record, settings):
    keep_as_baseline(record, settings, name="old", rounds_factor=2.0)
    keep_as_baseline(record, settings, name="new")
    chosen = conclude(record, dataclasses.replace(settings, baseline="old"))
    assert (chosen.baseline_name, chosen.comparisons[0].verdict) == ("old", Verdict.IMPROVED)
    without = conclude(record, dataclasses.replace(settings, baseline="none"))
    assert (without.baseline_name, without.comparisons) == (None, ())


def test_a_baseline_that_is_not_there_costs_the_comparison_only(record, settings):
    result = conclude(record, dataclasses.replace(settings, baseline="nothing"))
    assert result.partial
    assert "nothing" in " ".join(result.partial_reasons)
    assert result.score.overall is not None
    assert result.comparisons == ()


def test_a_stage_that_breaks_leaves_its_reason_and_the_other_parts(record, settings, monkeypatch):
    def broken(*_arguments, **_options):
        return [] / 0

    monkeypatch.setattr("stashbench.analyse.scoring.score", broken)
    result = conclude(record, settings)
    assert result.partial_reasons == ("scoring failed: TypeError: unsupported operand type(s) for /: 'list' and 'int'",)
    assert result.score.overall is None
    assert len(result.findings) == 2


def test_a_killed_run_is_rebuilt_from_its_journal(record, settings, tmp_path):
    directory = tmp_path / "run"
    with open_journal(directory, record) as journal:
        for item in record.measurements:
            journal.append(Measured(measurement=item))
        for item in record.findings:
            journal.append(Found(finding=item))
        for item in record.spans:
            journal.append(Spanned(span=item))
        journal.append(Note(text="the machine was busy"))
    with (directory / "journal.jsonl").open("ab") as file:
        file.write(b'{"record":"measured","measurement":{"id":"half')
    result = assemble_from_journal(directory, settings)
    assert result.partial
    assert "ended before it could write" in result.partial_reasons[0]
    assert "1 lines" in result.partial_reasons[1]
    assert result.measurements == tuple(record.measurements)
    assert [item.outcome for item in result.findings] == [Outcome.PASSED, Outcome.FAILED]
    assert result.warnings[0] == "the machine was busy"
    assert "no resource samples" in result.warnings[1]
    assert (result.started_at, result.duration_seconds) == (record.started_at, 2.5)
    assert result == assemble_from_journal(directory, settings)


def test_a_run_that_ended_in_an_orderly_way_is_rebuilt_as_it_was(record, settings, tmp_path):
    with open_journal(tmp_path, record) as journal:
        journal.append(End(finished_at="2026-01-02T03:04:15.000Z"))
    result = assemble_from_journal(tmp_path, settings)
    assert (result.partial, result.finished_at) == (False, "2026-01-02T03:04:15.000Z")


def test_a_folder_without_a_journal_says_so(settings, tmp_path):
    with pytest.raises(StoreError, match="journal"):
        assemble_from_journal(tmp_path, settings)
