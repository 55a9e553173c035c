"""A server that is restarted while an audit runs: told with the time and whom it hit, and the run goes on."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest

from stashbench.harness import restarts
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.sample import SpanKind
from stashbench.target.server import ServerOptions, running_server

BENCHMARKS = """
def bench_before(measure):
    measure("version", page="every page", title="Before")

def bench_during(measure):
    measure("version", page="every page", title="During")
    restart()

def bench_later(measure):
    measure("version", page="every page", title="Later")
"""
# The body asks until the open connection is broken and a new one is refused, as any check would find it.
CHECKS = """
import time
from stashbench.errors import RequestError

@pytest.mark.audit(id="one", category="api", severity="warning", warning=10)
def audit_one(audit, stash):
    stop()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            stash.execute("query S { systemStatus { status } }")
        except RequestError:
            pass

@pytest.mark.audit(id="two", category="api", severity="warning", warning=10)
def audit_two(audit, stash):
    audit.judge(1, message="fine")
"""


class Restartable:
    """A server at one port that can be ended and begun again, each time as another process."""

    def __init__(self, database):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self._options = ServerOptions(database=database, port=self.port)
        self._stack = contextlib.ExitStack()
        self.pids = []
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.pids.append(self._stack.enter_context(running_server(self._options)).pid)

    def stop(self):
        self._stack.close()

    def restart(self):
        self.stop()
        self.start()


@pytest.fixture
def restartable(server, tmp_path, monkeypatch):
    import builtins
    import shutil

    database = tmp_path / "stash-go.sqlite"
    shutil.copy(server.database, database)
    running = Restartable(database)
    # The suite is run inside this process, so it can be handed the means.
    monkeypatch.setattr(builtins, "restart", running.restart, raising=False)
    monkeypatch.setattr(builtins, "stop", running.stop, raising=False)
    yield running
    running.stop()


def test_a_restart_spoils_the_benchmark_it_hits_and_no_other(restartable, run_inside, suite, latest):
    options = ("--stash-url", restartable.url, "--stash-quick", "--stash-no-profile")
    done = run_inside(suite(BENCHMARKS, "bench_things.py"), *options)
    assert done.returncode == 0, done.stdout + done.stderr
    result = latest()
    old, new = restartable.pids
    assert {item.id: item.outcome for item in result.measurements} == {
        "before": MeasurementOutcome.OK,
        "during": MeasurementOutcome.FAILED,
        "later": MeasurementOutcome.OK,
    }
    assert next(item for item in result.measurements if item.id == "during").reason.startswith("the server was restart")
    (warning,) = [text for text in result.warnings if text.startswith("The server was restarted")]
    assert "“During”" in warning
    assert "s into the run" in warning
    assert f"process {new} instead of {old}" in warning
    assert result.partial
    assert any("“During”" in reason for reason in result.partial_reasons)
    assert any(f"the server process {old} ended" in text for text in result.warnings)
    # The sampler goes on with the new process.
    later = next(span for span in result.spans if span.kind is SpanKind.BENCHMARK and span.label == "Later")
    use = next(use for use in result.resources if use.span_id == later.id)
    assert use.cpu_seconds is not None
    assert use.rss_end_bytes


@pytest.mark.parametrize("is_seen", [True, False])
def test_a_server_that_is_away_for_a_while_is_waited_for(restartable, run_inside, suite, latest, monkeypatch, is_seen):
    if not is_seen:  # its process is another machine's
        monkeypatch.setattr("stashbench.collect.processes.identity.identity_of", lambda _pid: None)
    waiting = threading.Event()
    monkeypatch.setattr(restarts, "_PAUSE_SECONDS", 0.05)
    wait = restarts.RestartWatch._wait

    def note(watch):
        waiting.set()
        return wait(watch)

    monkeypatch.setattr(restarts.RestartWatch, "_wait", note)

    def come_back():
        if waiting.wait(30):
            restartable.start()

    helper = threading.Thread(target=come_back)
    helper.start()
    done = run_inside(suite(CHECKS), "--stash-url", restartable.url)
    helper.join()
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    result = latest()
    assert [item.id for item in result.findings] == ["one", "two"]
    said = "was restarted" if is_seen else "was out of reach (restarted, or the network failed)"
    assert said in result.findings[0].message
    assert any(text.startswith(f"The server {said} during") for text in result.warnings)
    assert result.findings[1].message == "fine"
    assert not any("was lost" in reason for reason in result.partial_reasons)


def test_a_server_that_does_not_come_back_is_lost(restartable, run_inside, suite, latest, monkeypatch):
    monkeypatch.setattr(restarts, "RETURN_SECONDS", 0.2)
    done = run_inside(suite(CHECKS), "--stash-url", restartable.url)
    assert done.returncode == 3, done.stdout + done.stderr
    assert latest().partial_reasons[0].startswith("the server was lost (")
