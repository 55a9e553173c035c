from __future__ import annotations

import http.client
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stashbench.errors import RefusedError, TargetUnreachableError, UsageError
from stashbench.model.secret import Secret
from stashbench.target import private_copy
from stashbench.target.server import ServerOptions, known_faults, running_server

STATUS = b'{"query": "{systemStatus{databasePath}}"}'


def post(url, **headers):
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        connection.request("POST", "/graphql", STATUS, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def options(tmp_path_factory):
    """Options of a server over a library that is generated once."""
    cache = tmp_path_factory.mktemp("libraries")

    def make(**changes):
        return ServerOptions(**{"scene_count": 200, "seed": 5, "cache_directory": cache, **changes})

    return make


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder of temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_a_server_runs_on_a_private_copy_and_both_are_gone_afterwards(options, temporary):
    with running_server(options(api_key=Secret("the.key"))) as server:
        assert server.is_running
        assert post(server.url)[0] == 401
        status, body = post(server.url, ApiKey="the.key")
        assert status == 200
        assert str(server.database) in body
        assert stat.S_IMODE(server.database.stat().st_mode) == 0o600
        assert stat.S_IMODE(server.database.parent.stat().st_mode) == 0o700
        assert server.database.is_relative_to(temporary)
        url, pid = server.url, server.pid
    assert list(temporary.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(OSError, match="refused"):
        post(url)


def test_the_cached_library_stays_as_it_was_whatever_the_server_does(options, temporary):
    with running_server(options()) as server:
        cached = next(options().cache_directory.glob("**/*.sqlite"))
        before = cached.read_bytes()
    with running_server(options(faults=("drop-index=index_scenes_on_studio_id", "fragmented-file"))) as server:
        assert server.database.stat().st_size > 1.5 * len(before)
    assert cached.read_bytes() == before


def test_an_error_in_the_block_ends_the_server_too(options, temporary):
    with pytest.raises(ZeroDivisionError), running_server(options()):
        raise ZeroDivisionError
    assert list(temporary.iterdir()) == []


def test_an_unknown_fault_is_said_before_anything_is_made(options, temporary):
    with pytest.raises(UsageError, match="no fault 'earthquake'"), running_server(options(faults=("earthquake",))):
        pass
    assert list(temporary.iterdir()) == []


def test_what_the_server_refuses_is_our_error(options, temporary):
    with pytest.raises(UsageError, match="no index 'index_x'"), running_server(options(faults=("drop-index=index_x",))):
        pass
    assert list(temporary.iterdir()) == []


def test_a_server_that_takes_too_long_is_given_up(options, temporary):
    with (
        pytest.raises(TargetUnreachableError, match=r"did not come up in 0\.05 seconds"),
        running_server(options(start_timeout_seconds=0.05)),
    ):
        pass
    assert list(temporary.iterdir()) == []


def test_no_fault_is_planted_into_a_file_of_the_users(options, tmp_path):
    own = tmp_path / "mine.sqlite"
    with (
        pytest.raises(RefusedError, match=r"stale-statistics would change .*mine\.sqlite itself"),
        running_server(options(database=own, faults=("latency=findScenes:5", "stale-statistics"))),
    ):
        pass


def test_directories_of_dead_processes_are_swept_and_others_are_not(temporary):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    lost, own = f"stashbench-private-{dead.pid}-a", f"stashbench-private-{os.getpid()}-b"
    for name in (lost, own, "stashbench-private-x", "other"):
        (temporary / name).mkdir()
        (temporary / name / "file").write_text("content")
    swept = private_copy.sweep_dead_directories()
    assert [path.name for path in swept] == [lost]
    assert len(list(temporary.iterdir())) == 3


def test_a_run_that_is_under_way_is_never_swept_whatever_clock_and_process_numbers_say(temporary, monkeypatch):
    from stashbench.collect import marked_processes

    with private_copy.private_directory() as directory:
        for told in (None, 1.0):  # in another container our number means nothing; a clock that was set moves starts
            monkeypatch.setattr(marked_processes, "started_at", lambda _pid, told=told: told)
            assert private_copy.sweep_dead_directories() == []
        assert directory.is_dir()
    assert list(temporary.iterdir()) == []


def test_every_fault_is_listed_with_what_it_does():
    faults = known_faults()
    assert faults["drop-index=NAME"]
    assert len(faults) == 18


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_command_serves_until_it_is_told_to_end(options, temporary, number):
    command = [sys.executable, "-m", "stashbench", "serve", "--scenes", "200", "--seed", "5", "--port", "0"]
    environment = {**os.environ, "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(options().cache_directory)}
    environment.pop("STASH_API_KEY", None)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)
    url = process.stdout.readline().strip()
    status, body = post(url)
    assert status == 200
    assert str(temporary) in body
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    if number is signal.SIGKILL:
        # Nothing of the command ran any more, but its server noticed; the next run sweeps the rest.
        deadline = time.monotonic() + 10
        while _answers(url):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        private_copy.sweep_dead_directories()
    else:
        assert process.returncode == 0
        assert errors.endswith("Ended.\n")
    assert list(Path(temporary).iterdir()) == []


def _answers(url):
    try:
        return post(url)
    except OSError:
        return None
