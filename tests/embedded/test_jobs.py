from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashbench.embedded.jobs.job import JobEventKind, JobStatus
from stashbench.embedded.jobs.manager import JobManager
from stashbench.embedded.loghub import LogHub, LogLevel


@pytest.fixture
def hub():
    return LogHub()


@pytest.fixture
def manager(hub):
    made = JobManager(hub)
    yield made
    made.close()


@pytest.fixture
def events(manager):
    seen = []
    manager.subscribe(seen.append)
    return seen


def kinds(events, job_id):
    return [(event.kind, event.job.status) for event in events if event.job.id == job_id]


def over(manager, job_id):
    job = manager.find(job_id)
    return job if job and job.is_over else None


def test_a_job_is_added_updated_and_removed(manager, events, wait_until):
    job_id = manager.add("Scanning...", lambda progress: progress.set_total(1))
    wait_until(lambda: over(manager, job_id))
    assert kinds(events, job_id)[0] == (JobEventKind.ADD, JobStatus.READY)
    assert kinds(events, job_id)[1] == (JobEventKind.UPDATE, JobStatus.RUNNING)
    assert kinds(events, job_id)[-1] == (JobEventKind.REMOVE, JobStatus.FINISHED)
    assert [event.job.progress for event in events][:2] == [0.0, 0.0]


def test_one_job_at_a_time_in_order(manager, wait_until):
    running, order, most = set(), [], []

    def work(name):
        def run(progress):
            running.add(name)
            most.append(len(running))
            order.append(name)
            progress.wait_for_stop(0.01)
            running.discard(name)

        return run

    last = [manager.add("x", work(number)) for number in range(8)][-1]
    wait_until(lambda: over(manager, last))
    assert order == list(range(8))
    assert max(most) == 1


def test_a_job_that_raises_has_failed_and_the_next_one_runs(manager, hub, wait_until):
    def fail(_progress):
        message = "the disk is gone"
        raise OSError(message)

    failed, after = manager.add("bad", fail), manager.add("good", lambda _progress: None)
    assert wait_until(lambda: over(manager, after)).status is JobStatus.FINISHED
    assert manager.find(failed).status is JobStatus.FAILED
    assert manager.find(failed).error == "the disk is gone"
    line = hub.recent()[0]
    assert (line.level, line.message) == (LogLevel.ERROR, "task failed due to error: the disk is gone")


def test_stopping_a_running_job_takes_it_through_stopping(manager, wait_until):
    begun, may_end = threading.Event(), threading.Event()

    def work(progress):
        begun.set()
        progress.wait_for_stop(5)
        may_end.wait(5)

    job_id = manager.add("long", work)
    begun.wait(5)
    manager.stop(job_id)
    assert manager.find(job_id).status is JobStatus.STOPPING
    may_end.set()
    assert wait_until(lambda: over(manager, job_id)).status is JobStatus.CANCELLED


def test_stopping_a_waiting_job_removes_it_at_once(manager, events, wait_until):
    release = threading.Event()
    first = manager.add("first", lambda _progress: release.wait(5))
    waiting = manager.add("waiting", lambda _progress: pytest.fail("must not run"))
    manager.stop(waiting)
    assert manager.find(waiting).status is JobStatus.CANCELLED
    assert [job.id for job in manager.queue()] == [first]
    assert kinds(events, waiting)[-1] == (JobEventKind.REMOVE, JobStatus.CANCELLED)
    manager.stop(waiting)
    manager.stop(12345)
    release.set()
    wait_until(lambda: over(manager, first))


def test_only_the_last_ten_that_ended_are_found(manager, wait_until):
    ids = [manager.add("short", lambda _progress: None) for _ in range(13)]
    wait_until(lambda: over(manager, ids[-1]))
    assert [job_id for job_id in ids if manager.find(job_id)] == ids[-10:]


def test_progress_and_tasks_are_reported_at_most_ten_times_a_second(manager, events, wait_until):
    def work(progress):
        progress.set_indefinite()
        progress.set_total(2000)
        for number in range(2000):
            with progress.task(f"Scanning {number}"):
                progress.increment()
        progress.wait_for_stop(0.15)

    job_id = manager.add("Scanning...", work)
    job = wait_until(lambda: over(manager, job_id))
    assert job.progress == 1.0
    assert job.sub_tasks == ()
    updates = [event for event in events if event.kind is JobEventKind.UPDATE]
    took_seconds = (job.ended_ns - job.started_ns) / 1e9
    assert 2 <= len(updates) <= 3 + took_seconds * 10
    assert updates[-1].job.progress == 1.0, "the last report must not be swallowed"


def test_unknown_amount_of_work_is_no_number(manager, wait_until):
    job_id = manager.add("x", lambda progress: progress.set_indefinite())
    assert wait_until(lambda: over(manager, job_id)).progress is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["ok", "fail", "stop"]), min_size=1, max_size=8))
def test_whatever_happens_each_job_is_added_once_and_removed_once(script):
    manager = JobManager(LogHub())
    seen, done = [], threading.Event()
    manager.subscribe(seen.append)

    def work_of(action):
        def work(_progress):
            if action == "fail":
                raise ZeroDivisionError

        return work

    ids = [manager.add(action, work_of(action)) for action in script]
    for job_id, action in zip(ids, script, strict=True):
        if action == "stop":
            manager.stop(job_id)
    manager.add("last", lambda _progress: done.set())
    assert done.wait(5)
    manager.close()
    for job_id in ids:
        of_job = [event.kind for event in seen if event.job.id == job_id]
        assert of_job.count(JobEventKind.ADD) == 1
        assert of_job.count(JobEventKind.REMOVE) == 1
        assert of_job[0] is JobEventKind.ADD
        assert of_job[-1] is JobEventKind.REMOVE
