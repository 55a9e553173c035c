"""Jobs followed from recordings of a real server, and on the embedded one."""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from pathlib import Path

import pytest

from stashbench.stash import job_following
from stashbench.stash.backoff import RetryLimits
from stashbench.stash.capabilities import parse_capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.job_follower import JobFollower
from stashbench.stash.job_inbox import JOB_LIMIT, MESSAGE_LIMIT, JobInbox
from stashbench.stash.subscription import LEGACY, MODERN

PATH = Path(__file__).parent / "replay_server.py"
SPEC = importlib.util.spec_from_file_location("replay_server", PATH)
replay = sys.modules.setdefault("replay_server", importlib.util.module_from_spec(SPEC))
SPEC.loader.exec_module(replay)

QUICK = RetryLimits(first_seconds=0.02, longest_seconds=0.1, total_seconds=2.0)
SPEED = 200.0
SCAN_SECONDS, GENERATE_SECONDS = 61.058520, 189.532  # of the recording


@pytest.fixture(scope="module")
def old_release(stash_apis):
    return parse_capabilities(stash_apis["v0.22.1"])


@pytest.fixture(scope="module")
def messages():
    return replay.recorded("jobs")


@pytest.fixture
def _impatient(monkeypatch):
    monkeypatch.setattr(job_following, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(job_following, "POLL_ALONE_SECONDS", 0.02)
    monkeypatch.setattr(job_following, "END_MESSAGE_SECONDS", 0.05)


def following(client, capabilities, job_id="1", *, timeout_seconds=20, observe=None, **options):
    with JobFollower(client, capabilities, retry=QUICK, **options) as follower:
        return follower.follow(job_id, timeout_seconds=timeout_seconds, observe=observe)


@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
def test_a_recorded_scan_is_followed_to_its_end(messages, old_release, protocol):
    seen = []
    with replay.ReplayServer(messages, replay.Behaviour(speed=SPEED)) as server, StashClient(server.url) as client:
        history = following(client, old_release, observe=seen.append, protocols=(protocol,))
    assert (history.status, history.problem, history.error, history.is_lost) == ("FINISHED", "", None, False)
    assert (history.description, history.protocol, history.learned_from) == ("Scanning...", protocol, "subscription")
    assert (history.message_count, history.lost_count, history.gap_count) == (110, 0, 0)
    assert history.late_count <= 2, "the first poll may overtake the first messages"
    assert history.running_seconds == pytest.approx(SCAN_SECONDS, abs=0.1)
    assert history.queued_seconds == pytest.approx(0.000424, abs=1e-6)
    assert history.running.end - history.running.begin == pytest.approx(SCAN_SECONDS / SPEED, abs=0.15)
    assert None in {point.progress for point in history.points}, "while the files are counted"
    assert seen[0].status in {"READY", "RUNNING"}
    assert seen[-1].status == "FINISHED"
    assert any(task.startswith("Generating phash") for job in seen for task in job.sub_tasks)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("drop", [0.3, 0.9, 1.0])
def test_the_end_is_found_whatever_is_lost_doubled_or_mixed(messages, old_release, drop, seed):
    does = replay.Behaviour(speed=400, drop=drop, duplicate=0.2 * (1 - drop), reorder=0.5, seed=seed)
    with replay.ReplayServer(messages, does) as server, StashClient(server.url) as client:
        history = following(client, old_release)
    assert (history.status, history.problem) == ("FINISHED", "")
    assert history.running_seconds == pytest.approx(SCAN_SECONDS, abs=0.1)
    ends = [point.at for point in history.points]
    assert ends == sorted(ends)
    if drop == 1.0:
        assert (history.message_count, history.learned_from) == (0, "poll")
        assert history.lost_count >= 1


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
def test_a_cut_in_the_middle_is_survived_and_told(messages, old_release, protocol):
    does = replay.Behaviour(speed=100, cut_at=(20.0, 40.0))
    with replay.ReplayServer(messages, does) as server, StashClient(server.url) as client:
        history = following(client, old_release, protocols=(protocol,))
    assert (history.status, history.problem, history.gap_count) == ("FINISHED", "", 2)
    assert 20 < history.message_count <= 110


@pytest.mark.usefixtures("_impatient")
def test_a_restart_in_the_middle_is_told_as_lost(messages, old_release):
    does = replay.Behaviour(speed=50)
    with replay.ReplayServer(messages, does) as server, StashClient(server.url) as client:

        def restart(job):
            if (job.progress or 0) > 0.2 and not server.polls_fail and not server.forgets:
                server.polls_fail, does.refuse = True, 503
                server.cut()
                timer = threading.Timer(0.2, come_back)
                timer.start()

        def come_back():
            server.forgets, server.polls_fail, does.refuse = True, False, 0

        history = following(client, old_release, observe=restart)
    assert history.is_lost
    assert not history.is_ended
    assert history.status == "RUNNING"
    assert history.poll_failure_count > 0
    assert history.problem == f"{server.url} was restarted and has lost job 1 (Scanning...): start the job again."
    assert history.running is None
    assert history.running_seconds is None


@pytest.mark.usefixtures("_impatient")
def test_a_loss_that_lasts_since_before_is_told_too(messages, old_release):
    patient = RetryLimits(first_seconds=20, longest_seconds=20)
    with (
        replay.ReplayServer(messages, replay.Behaviour(speed=100)) as server,
        StashClient(server.url) as client,
        JobFollower(client, old_release, retry=patient) as follower,
    ):
        server._began = time.monotonic()  # in case the cut overtakes the request
        server.cut()
        deadline = time.monotonic() + 5
        while follower.is_subscribed and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        history = follower.follow("1", timeout_seconds=20)
    assert (history.status, history.learned_from, history.gap_count) == ("FINISHED", "poll", 1)


@pytest.mark.usefixtures("_impatient")
def test_another_job_under_the_number_is_a_restart(messages, old_release):
    (_, first), *_ = messages
    later = {**first["jobsSubscribe"]["job"], "status": "RUNNING", "addTime": "2027-01-01T00:00:00Z"}
    tale = [messages[0], messages[1], (30.0, {"jobsSubscribe": {"type": "UPDATE", "job": later}})]
    with (
        replay.ReplayServer(tale, replay.Behaviour(speed=200)) as server,
        StashClient(server.url) as client,
    ):
        history = following(client, old_release)
    assert history.is_lost
    assert "another job bears its number now" in history.problem


@pytest.mark.usefixtures("_impatient")
def test_an_unknown_job_is_lost_soon(messages, old_release):
    with replay.ReplayServer(messages) as server, StashClient(server.url) as client:
        begin = time.monotonic()
        history = following(client, old_release, "4711")
        assert time.monotonic() - begin < 3
    assert history.is_lost
    assert history.status == ""
    assert "knows no job 4711" in history.problem


@pytest.mark.usefixtures("_impatient")
def test_a_job_that_takes_too_long_is_told_with_what_is_known(messages, old_release):
    with replay.ReplayServer(messages, replay.Behaviour(speed=1)) as server, StashClient(server.url) as client:
        history = following(client, old_release, timeout_seconds=0.3)
    assert (history.status, history.is_ended, history.is_lost) == ("RUNNING", False, False)
    assert history.problem.startswith("Job 1 (Scanning...) did not end within 0.3 s")


@pytest.mark.usefixtures("_impatient")
def test_a_server_that_stays_away_is_told_and_not_waited_for(messages, old_release, monkeypatch):
    monkeypatch.setattr(job_following, "UNREACHABLE_SECONDS", 0.2)
    with replay.ReplayServer(messages) as server, StashClient(server.url) as client:
        server.polls_fail = True
        server.behaviour.refuse = 503
        begin = time.monotonic()
        history = following(client, old_release, timeout_seconds=60)
        assert time.monotonic() - begin < 5
    assert "503" in history.problem
    assert not history.is_lost


@pytest.mark.usefixtures("_impatient")
def test_without_a_subscription_polls_alone_do(messages, old_release):
    does = replay.Behaviour(speed=200, refuse=404)
    with replay.ReplayServer(messages, does) as server, StashClient(server.url) as client:
        server._began = time.monotonic()
        history = following(client, old_release)
    assert (history.status, history.learned_from, history.protocol) == ("FINISHED", "poll", "")
    assert "answered with status 404" in history.subscription_failure
    assert (history.lost_count, history.message_count) == (0, 0), "no messages were to be had, so none was lost"
    assert history.poll_count > 3


@pytest.mark.usefixtures("_impatient")
def test_a_server_without_the_subscription_is_asked_for_none(messages, stash_apis):
    api = {**stash_apis["v0.22.1"], "types": [dict(kind) for kind in stash_apis["v0.22.1"]["types"]]}
    for kind in api["types"]:
        if kind["name"] == "Subscription":
            kind["fields"] = [field for field in kind["fields"] if field["name"] != "jobsSubscribe"]
    with replay.ReplayServer(messages, replay.Behaviour(speed=200)) as server, StashClient(server.url) as client:
        server._began = time.monotonic()
        history = following(client, parse_capabilities(api))
        assert server.handshakes == []
    assert history.status == "FINISHED"
    assert "offers no subscription to its jobs" in history.subscription_failure


def test_jobs_of_the_embedded_server_with_their_errors(embedded_server):
    server = embedded_server("failing-job", "cut-websockets=0.4")
    with StashClient(server.url) as client, JobFollower(client, retry=QUICK) as follower:
        failed = follower.follow("1", timeout_seconds=10)
        job_id = client.execute("mutation { optimiseDatabase }")["optimiseDatabase"]
        done = follower.follow(job_id, timeout_seconds=20)
    assert (failed.status, failed.is_ended) == ("FAILED", True)
    assert failed.error
    assert (done.status, done.error, done.problem) == ("FINISHED", None, "")
    assert done.running_seconds > 0


def message(job_id, progress=0.0):
    job = {"id": job_id, "status": "RUNNING", "description": "d", "subTasks": None, "progress": progress}
    times = {"addTime": "2026-01-01T00:00:00Z", "startTime": None, "endTime": None}
    return {"jobsSubscribe": {"type": "UPDATE", "job": {**job, **times}}}


def test_the_inbox_is_bounded_and_keeps_the_newest():
    inbox = JobInbox()
    for number in range(MESSAGE_LIMIT + 5):
        inbox.receive(message("1", number))
    held = inbox.take("1", 0)
    assert (len(held), held[-1][1].progress, inbox.dropped_count) == (MESSAGE_LIMIT, MESSAGE_LIMIT + 4, 5)
    for number in range(JOB_LIMIT + 3):
        inbox.receive(message(str(number)))
    assert inbox.dropped_count == 8
    assert inbox.take("0", 0) == []
    assert len(inbox.take(str(JOB_LIMIT), 0)) == 1


@pytest.mark.parametrize(
    "odd", [{}, {"jobsSubscribe": None}, {"jobsSubscribe": {"job": {"id": 1}}}, {"jobsSubscribe": {"job": "x"}}]
)
def test_an_odd_message_is_counted_and_borne(odd):
    inbox = JobInbox()
    inbox.receive(odd)
    assert inbox.unreadable_count == 1
