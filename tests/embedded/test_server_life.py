from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from websockets.sync.client import connect

from stashbench.embedded.__main__ import _cache_size
from stashbench.errors import UsageError

COMMAND = [sys.executable, "-m", "stashbench.embedded", "serve"]


def left_behind(tmp_path):
    return sorted(path.name for path in Path(tmp_path).iterdir())


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, None], ids=["SIGTERM", "SIGINT", "stdin"])
def test_it_ends_cleanly_and_leaves_nothing_behind(start_server, work, end):
    server = start_server("--fault", "cpu-burner", environment={"TMPDIR": str(work)})
    assert left_behind(work)
    children = psutil.Process(server.pid).children()
    with connect(server.url.replace("http", "ws") + "/graphql") as client:
        client.send('{"type":"connection_init"}')
        client.send('{"type":"start","id":"1","payload":{"query":"subscription{loggingSubscribe{message}}"}}')
        client.recv(5)
        if end is None:
            server.process.stdin.close()
        else:
            os.kill(server.pid, end)
        assert server.process.wait(10) == 0
    assert left_behind(work) == []
    assert not any(child.is_running() for child in children)
    wal = server.database.with_name(server.database.name + "-wal")
    assert not wal.exists()


def test_it_ends_although_requests_are_under_way(start_server):
    server = start_server("--fault", "latency=systemStatus:1500")

    def ask():
        with suppress(OSError):  # cut off, which is what may happen
            server.post("{systemStatus{status}}")

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    server.process.stdin.close()
    assert server.process.wait(10) == 0
    for thread in asking:
        thread.join(5)


def test_requests_at_once_are_all_answered(server):
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(server.data, ["{findScenes(filter:{per_page:20}){count scenes{id tags{id}}}}"] * 72))
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--database", "/nowhere/stash-go.sqlite"], "There is no database file at /nowhere/stash-go.sqlite"),
        (["--database", "{library}", "--fault", "earthquake"], "There is no fault 'earthquake'"),
        (["--database", "{library}", "--fault", "drop-index=index_x"], "There is no index 'index_x'"),
        (["--database", "{library}", "--api-key-env", "UNSET_VARIABLE"], "no variable UNSET_VARIABLE"),
        (["--database", "{library}", "--port", "{taken}"], "cannot be listened on"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(library, work, arguments, said):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        filled = [text.format(library=library, taken=taken.getsockname()[1]) for text in arguments]
        ended = subprocess.run(
            [*COMMAND, *filled], capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(work)}
        )
    assert ended.returncode in (2, 4)
    assert said in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert ended.stdout == ""
    assert left_behind(work) == []


def test_cache_size_comes_from_the_option_else_from_stashs_own_variable(monkeypatch):
    monkeypatch.delenv("STASH_SQLITE_CACHE_SIZE", raising=False)
    assert _cache_size(None) is None
    monkeypatch.setenv("STASH_SQLITE_CACHE_SIZE", "-64000")
    assert _cache_size(None) == -64_000
    assert _cache_size(500) == 500
    monkeypatch.setenv("STASH_SQLITE_CACHE_SIZE", "lots")
    with pytest.raises(UsageError, match="whole number, not 'lots'"):
        _cache_size(None)
