"""Rows made by a second process are the same rows, and neither process outlives the other."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from stashbench.embedded.library import generate
from stashbench.embedded.library.helper import made_by_helper, made_here
from stashbench.embedded.library.steps import PASSES
from stashbench.errors import LibraryError

PARENT = "from pathlib import Path; import sys; from stashbench.embedded.library import generate; "
PARENT += "generate(Path(sys.argv[1]), scene_count=200_000, seed=1, use_helper=True)"


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for(condition, *, seconds=30):
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, "what the test waits for did not happen"
        time.sleep(0.005)
    return result


def is_alive(pid):
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:4]
    except FileNotFoundError:
        return False


def test_a_helper_changes_nothing_but_the_time(tmp_path):
    digests = set()
    for use_helper in (True, False):
        path = tmp_path / f"library-{use_helper}"
        generate(path, scene_count=800, seed=4, use_helper=use_helper)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_both_sources_give_the_same_batches():
    with made_here(9, 30) as here, made_by_helper(9, 30) as there:
        for step in PASSES:
            assert list(here(step)) == list(there(step)), step.table


def test_a_killed_helper_is_one_sentence():
    with made_by_helper(1, 100_000) as batches:
        first = batches(PASSES[0])
        next(first)
        for child in children_of(os.getpid()):
            if b"helper_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        with pytest.raises(LibraryError, match="helper process"):
            sum(len(batch) for step in PASSES for batch in batches(step))


def test_the_helper_ends_with_its_parent(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path / "library.sqlite")])
    (helper,) = wait_for(partial(children_of, parent.pid))
    wait_for((tmp_path / "library.sqlite.draft").exists)
    parent.kill()
    parent.wait()
    wait_for(lambda: not is_alive(helper))
    assert not (tmp_path / "library.sqlite").exists()
