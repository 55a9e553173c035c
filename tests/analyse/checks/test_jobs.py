from __future__ import annotations

from stashbench.analyse.checks.jobs import JobWatch, failed_jobs, stalled_job
from stashbench.model.finding import Outcome


def watch(**changes):
    values = {
        "id": "1",
        "description": "Scanning...",
        "started_at": None,
        "watched_seconds": 5.0,
        "has_moved": False,
        "progress": 0.42,
        "cpu_seconds": 0.01,
        "read_bytes": 1000,
        "written_bytes": 0,
    }
    return JobWatch(**{**values, **changes})


def test_a_resting_server_with_a_job_that_does_not_move_is_stalled():
    observation = stalled_job(watch())
    assert observation.value == 5.0
    assert "stands still" in observation.message


def test_a_job_that_moves_computes_or_reads_is_not_stalled():
    assert stalled_job(watch(has_moved=True)).value == 0.0
    assert stalled_job(watch(cpu_seconds=4.0)).value == 0.0
    assert stalled_job(watch(read_bytes=500 * 2**20)).value == 0.0


def test_without_the_process_a_large_file_cannot_be_told_from_a_stall():
    assert stalled_job(watch(cpu_seconds=None)).outcome is Outcome.INCONCLUSIVE
    assert stalled_job(watch(read_bytes=None, written_bytes=None)).outcome is Outcome.INCONCLUSIVE
    assert stalled_job(watch(read_bytes=None, written_bytes=None, cpu_seconds=4.0)).value == 0.0


def test_no_job_cannot_stall():
    assert stalled_job(None).outcome is Outcome.NOT_APPLICABLE


def test_failed_jobs_are_counted_and_quoted():
    observation = failed_jobs([("Scanning...", "no such folder"), ("Cleaning...", "")], 3)
    assert observation.value == 2.0
    assert "no such folder" in observation.message
    assert failed_jobs([], 3).message == "None of the 3 ended jobs the server remembers failed."


def test_a_server_that_remembers_no_job_is_not_said_to_have_run_them_well():
    observation = failed_jobs([], 0)
    assert observation.value == 0.0
    assert "remembers no job" in observation.message
