"""A server in namespaces of its own, as container engines make them, behind a forwarder: found and read."""

from __future__ import annotations

import contextlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stashbench.collect.sqlite_file import open_read_only
from stashbench.config.target import TargetSettings
from stashbench.errors import DatabaseFileError
from stashbench.model.target import Facility
from stashbench.target import open_target

BOX = str(Path(__file__).with_name("box.py"))
UNSHARE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
INNER_PORT = "9999"


def are_namespaces_permitted():
    try:
        return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


pytestmark = pytest.mark.skipif(
    not are_namespaces_permitted(), reason="making namespaces needs root on Linux; tests/collect/processes covers it"
)


@contextlib.contextmanager
def running(command):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        process.stdout.readline()
        yield process
    finally:
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def boxed(server, tmp_path):
    """Start a server in a box; give its folder and the address of the forwarder before it."""
    with contextlib.ExitStack() as stack:

        def start(name="stash", program="docker-proxy"):
            folder = tmp_path / name
            folder.mkdir()
            shutil.copy(server.database, folder / "stash-go.sqlite")
            path = str(folder / "socket")
            serve = [sys.executable, "-m", "stashbench.embedded", "serve", "--exit-with-parent", "--port", INNER_PORT]
            inside = [sys.executable, BOX, str(folder), path, INNER_PORT, *serve, "--database", "/mnt/stash-go.sqlite"]
            stack.enter_context(running([*UNSHARE, *inside]))
            port = free_port()
            words = f"-host-port {port} -container-ip 127.0.0.1 -container-port {INNER_PORT}".split()
            outside = [sys.executable, BOX, "--forward", str(port), path, program, *words]
            stack.enter_context(running(outside))
            return folder, f"http://127.0.0.1:{port}"

        yield start


def attach(url, **more):
    return open_target(TargetSettings(url=url, timeout_seconds=10.0, **more))


def test_the_server_in_a_container_is_found_with_its_database(boxed):
    folder, url = boxed()
    with attach(url) as target:
        assert target.info.can(Facility.PROCESS), target.info.reason(Facility.PROCESS)
        command = Path(f"/proc/{target.pid}/cmdline").read_bytes()
        assert b"stashbench.embedded" in command
        assert b"/mnt/stash-go.sqlite" in command
        assert "forwarded by docker-proxy" in target.info.reason(Facility.PROCESS)
        assert target.database_path == folder / "stash-go.sqlite"
        assert "open as /mnt/stash-go.sqlite" in target.info.reason(Facility.DATABASE_FILE)
        assert target.is_here


def test_a_tunnel_is_seen_through_only_because_the_database_is_the_servers(boxed, monkeypatch):
    folder, url = boxed(program="ssh")
    with attach(url) as target:
        assert "has the server's database open, behind what holds port" in target.info.reason(Facility.PROCESS)
        assert target.database_path == folder / "stash-go.sqlite"
    # Were it another machine's server with a file of the same name here, what the file holds would differ.
    monkeypatch.setattr("stashbench.target.server_process.explain_other", lambda *_: "it differs")
    with attach(url) as target:
        assert target.pid is None
        assert not target.is_here
        assert "forwards to another machine" in target.info.reason(Facility.PROCESS)
        assert "leads on" in target.info.reason(Facility.HOST)


def test_of_two_equal_containers_the_right_one_is_told_by_what_it_holds(boxed):
    (first, first_url), (second, second_url) = boxed("one"), boxed("two")
    with attach(first_url) as target:
        # Both are equal in all that can be compared, so none may be taken.
        assert target.pid is None
        assert "several processes could be the server" in target.info.reason(Facility.PROCESS)
        assert target.info.can(Facility.HOST)
    with contextlib.closing(sqlite3.connect(second / "stash-go.sqlite", timeout=10)) as connection, connection:
        connection.execute("UPDATE tags SET updated_at = '2031-01-01T00:00:00Z' WHERE id = 3")
    for url, folder in ((first_url, first), (second_url, second)):
        deadline = time.monotonic() + 10
        while True:
            with attach(url) as target:
                if target.database_path == folder / "stash-go.sqlite":
                    break
            assert time.monotonic() < deadline, target.info.reason(Facility.PROCESS)


def test_a_path_through_the_containers_root_is_refused_because_sqlite_would_open_another_file(boxed):
    _, url = boxed()
    with attach(url) as target:
        path = Path("/proc", str(target.pid), "root", "mnt", "stash-go.sqlite")
        assert path.exists()
        with pytest.raises(DatabaseFileError, match="another process's root"), open_read_only(path):
            pass
