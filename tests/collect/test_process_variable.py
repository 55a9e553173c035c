"""One variable of another process, and nothing where it is out of reach."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from stashbench.collect.process_variable import process_variable


@pytest.fixture
def process():
    command = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env={**os.environ, "ONE": "1"}) as running:
        running.stdout.readline()
        yield running
        running.stdin.close()


def test_the_variable_of_a_process_is_read(process):
    assert process_variable(process.pid, "ONE") == "1"
    assert process_variable(process.pid, "ANOTHER") is None


@pytest.mark.parametrize("pid", [None, 2**22 + 1, -1])
def test_a_process_that_is_not_there_has_none(pid):
    assert process_variable(pid, "ONE") is None
