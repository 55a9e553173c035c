"""Systems without /proc: asked through psutil, which is forced here."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import psutil
import pytest

from stashbench.collect.processes import portable
from stashbench.collect.processes.identity import identity_of
from stashbench.collect.processes.portable import find_listening_portably
from stashbench.collect.processes.table import ProcessTable
from stashbench.stash.address import ServerAddress
from stashbench.stash.discovery import find_process


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_machine_without_proc_is_asked_through_psutil(port, tmp_path):
    found = find_process(ServerAddress.parse(f"http://127.0.0.1:{port}"), table=ProcessTable(tmp_path))
    assert found.pid == os.getpid()
    assert f"listens at port {port}" in found.reason


def test_where_only_root_may_ask_for_all_sockets_the_processes_are_asked_one_by_one(port, monkeypatch):
    def refuse(**_):
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", refuse)
    own = psutil.Process()
    monkeypatch.setattr(psutil, "process_iter", lambda: [own])
    assert find_listening_portably(port).pid == os.getpid()


def test_what_cannot_be_seen_is_said(monkeypatch):
    monkeypatch.setattr(psutil, "net_connections", lambda **_: [])
    found = find_listening_portably(9999)
    assert found.pid is None
    assert "run as administrator" in found.reason


def test_of_parent_and_children_the_parent_is_taken_and_of_strangers_none(port, monkeypatch):
    monkeypatch.setattr(portable, "_owners", lambda _port: iter([os.getpid(), os.getppid()]))
    assert find_listening_portably(port).pid == os.getppid()
    monkeypatch.setattr(portable, "_owners", lambda _port: iter([1, os.getpid()]))
    monkeypatch.setattr(portable, "_parent", lambda _pid: 0)
    found = find_listening_portably(port)
    assert found.pid is None
    assert "several processes" in found.reason


@pytest.mark.parametrize(
    ("name", "words"),
    [("com.docker.backend.exe", "virtual machine that runs containers"), ("ssh.exe", "another machine")],
)
def test_forwarders_are_not_taken_for_the_server(port, monkeypatch, name, words):
    monkeypatch.setattr(psutil.Process, "name", lambda _process: name)
    found = find_listening_portably(port)
    assert found.pid is None
    assert found.may_be_elsewhere
    assert words in found.reason


@pytest.mark.parametrize("is_portable", [False, True])
def test_a_process_is_the_same_until_it_ends(tmp_path, is_portable):
    proc = {"proc": tmp_path} if is_portable else {}
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    first = identity_of(process.pid, **proc)
    assert first == identity_of(process.pid, **proc)
    assert first.pid == process.pid
    assert first != identity_of(os.getpid(), **proc)
    process.kill()
    while identity_of(process.pid, **proc) is not None:
        pass  # a zombie counts as ended, so this comes at once
    process.communicate()
    assert identity_of(process.pid, **proc) is None
