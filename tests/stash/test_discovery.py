from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from stashbench.collect.processes.table import ProcessTable
from stashbench.stash.address import ServerAddress
from stashbench.stash.discovery import (
    find_open_database,
    find_process,
    is_local,
    pid_of_port,
)

LISTEN = """
import socket, sys
listener = socket.create_server((sys.argv[1], 0), family=socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
file = open(sys.argv[2]) if len(sys.argv) > 2 else None
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def listen():
    """Start a process that listens (and holds a file open); returns its pid and port."""
    started = []

    def start(host="127.0.0.1", *arguments):
        command = [sys.executable, "-c", LISTEN, host, *map(str, arguments)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(process)
        return process.pid, int(process.stdout.readline())

    yield start
    for process in started:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1"])
def test_the_process_of_a_port_is_found(listen, host):
    if host == "::1" and not is_local("::1"):
        pytest.skip("this machine has no IPv6 loopback address")
    pid, port = listen(host)
    assert pid_of_port(port) == pid
    found = find_process(ServerAddress.parse(f"http://localhost:{port}"))
    assert found.pid == pid
    assert str(port) in found.reason


def test_a_free_port_has_no_process(free_port):
    assert pid_of_port(free_port) is None
    found = find_process(ServerAddress.parse(f"http://127.0.0.1:{free_port}"))
    assert found.pid is None
    assert "--stash-pid" in found.reason


def test_of_parent_and_children_the_parent_is_found():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.set_inheritable(True)
        port = listener.getsockname()[1]
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[listener.fileno()],
        )
        child.stdout.readline()
        assert pid_of_port(port) == os.getpid()
        child.communicate()


def test_another_machine_is_not_searched():
    found = find_process(ServerAddress.parse("http://192.0.2.1:9999"))
    assert found.pid is None
    assert "another machine" in found.reason
    assert not is_local("no-such-host.invalid")
    assert is_local("localhost")


def test_a_forwarder_is_not_taken_for_the_server(listen, monkeypatch):
    _, port = listen()
    monkeypatch.setattr(ProcessTable, "name", lambda _table, _pid: "docker-proxy")
    found = find_process(ServerAddress.parse(f"http://127.0.0.1:{port}"))
    assert found.pid is None
    assert "container" in found.reason


def test_a_file_the_process_has_open_is_its_database(listen, tmp_path):
    database = tmp_path / "stash-go.sqlite"
    database.write_text("x")
    link = tmp_path / "link.sqlite"
    link.symlink_to(database)
    pid, _ = listen("127.0.0.1", database)
    assert find_open_database(str(database), pid).path == database
    assert find_open_database(str(link), pid).path == link


def test_a_file_the_process_has_not_open_is_not_taken(listen, tmp_path):
    database = tmp_path / "stash-go.sqlite"
    database.write_text("x")
    other = tmp_path / "other.sqlite"
    other.write_text("x")
    pid, _ = listen("127.0.0.1", other)
    found = find_open_database(str(database), pid)
    assert found.path is None
    assert "does not have it open" in found.reason
    assert find_open_database(str(database), None).path is None
    assert "cannot be read on this machine" in find_open_database(str(tmp_path / "none"), None).reason
