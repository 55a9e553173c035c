from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from stashbench.collect.sampler.process import TrackedProcess
from stashbench.collect.sampler.process_tree import ProcessTree

BURN = "import time\nwhile time.process_time() < 0.1: pass\n"


@pytest.fixture
def start():
    started = []

    def run(code, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", code, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def open_tree():
    trees = []

    def opened(pid):
        trees.append(ProcessTree(pid))
        return trees[-1]

    yield opened
    for tree in trees:
        tree.close()


def test_it_agrees_with_psutil(start, open_tree):
    process = start(
        "import subprocess, sys, threading; threading.Thread(target=input, daemon=True).start();"
        "c = subprocess.Popen([sys.executable, '-I', '-S', '-c', "
        "'import time; print(flush=True); time.sleep(60)'], stdout=subprocess.PIPE); "
        # The parent speaks last: until Popen returned, it holds descriptors of starting the child.
        "c.stdout.readline(); print(flush=True); c.wait()"
    )
    process.stdout.readline()
    reading = open_tree(process.pid).read()
    root = psutil.Process(process.pid)
    family = [root, *root.children(recursive=True)]

    assert reading.process_count == len(family) == 2
    assert reading.thread_count == sum(item.num_threads() for item in family) == 3
    assert reading.descriptor_count == sum(item.num_fds() for item in family)
    assert reading.rss_bytes == pytest.approx(sum(item.memory_info().rss for item in family), rel=0.1)
    assert reading.cpu_seconds == pytest.approx(sum(sum(item.cpu_times()[:2]) for item in family), abs=0.05)
    assert reading.logical_read_bytes == pytest.approx(sum(item.io_counters().read_chars for item in family), abs=16384)
    assert reading.written_bytes == sum(item.io_counters().write_bytes for item in family)
    for child in family[1:]:
        child.kill()


def test_children_started_from_other_threads_are_found(start, open_tree):
    process = start(
        "import subprocess, sys, threading, time\n"
        "def run(): subprocess.run([sys.executable, '-I', '-S', '-c', 'print(flush=True); input()'])\n"
        "threading.Thread(target=run).start()"
    )
    process.stdout.readline()
    assert open_tree(process.pid).read().process_count == 2


def test_what_a_child_used_is_kept_when_its_parent_collects_nothing(start, open_tree, wait_until):
    """A parent that ignores SIGCHLD: the kernel gives its children's times to nobody."""
    child = BURN + "print(flush=True); input()"
    process = start(
        "import signal, subprocess, sys, time; signal.signal(signal.SIGCHLD, signal.SIG_IGN);"
        f"c = subprocess.Popen([sys.executable, '-I', '-S', '-c', {child!r}]); time.sleep(60)"
    )
    tree = open_tree(process.pid)
    process.stdout.readline()
    with_child = tree.read()
    assert with_child.process_count == 2
    assert with_child.cpu_seconds > 0.1
    process.stdin.write("\n")
    wait_until(lambda: tree.read().process_count == 1)
    process_only = psutil.Process(process.pid).cpu_times()
    assert process_only.children_user + process_only.children_system == 0
    assert tree.read().cpu_seconds >= with_child.cpu_seconds


def test_a_daemon_that_left_its_parent_stays_in_the_tree(start, open_tree, wait_until):
    daemon = "import time; time.sleep(60)"
    middle = (
        "import subprocess, sys; c = subprocess.Popen([sys.executable, '-I', '-S', '-c', sys.argv[1]]);"
        "print(c.pid, flush=True); input(); c.returncode = 0"
    )
    process = start(
        "import subprocess, sys, time\nsubprocess.run([sys.executable, '-IS', '-c', *sys.argv[1:]]); time.sleep(60)",
        middle,
        daemon,
    )
    tree = open_tree(process.pid)
    daemon_pid = int(process.stdout.readline())
    assert tree.read().process_count == 3
    process.stdin.write("\n")
    wait_until(lambda: tree.read().process_count == 2)
    assert {item.key[0] for item in tree.memory()} == {process.pid, daemon_pid}
    assert psutil.Process(daemon_pid).ppid() != process.pid
    os.kill(daemon_pid, signal.SIGKILL)
    wait_until(lambda: tree.read().process_count == 1)


def test_a_server_nobody_has_waited_for_has_ended_all_the_same(start, open_tree, wait_until):
    process = start("input()")
    tree = open_tree(process.pid)
    tree.read()
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: tree.read() and tree.events != [])
    process.wait()
    tree.read()
    assert tree.events == [f"the server process {process.pid} ended"]


def test_a_reused_pid_is_not_the_process(start):
    process = start("input()")
    tracked = TrackedProcess(process.pid)
    tracked.read()
    process.kill()
    process.communicate()
    with pytest.raises(ProcessLookupError):
        tracked.read()
    tracked.close()


def test_the_samplers_own_process_is_no_part_of_the_tree():
    code = (
        "import os; from stashbench.collect.sampler.process_tree import ProcessTree; t = ProcessTree(os.getppid());"
        "t.read(); print(os.getpid() in [item.key[0] for item in t.memory()])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output == "False\n"


def test_counters_never_fall(start, open_tree):
    process = start(
        "import subprocess, sys\n"
        f"for _ in range(8): subprocess.run([sys.executable, '-I', '-S', '-c', {BURN.replace('0.1', '0.03')!r}])\n"
        "print(flush=True); input()"
    )
    tree = open_tree(process.pid)
    seen = []
    while process.poll() is None and len(seen) < 2000:
        seen.append(tree.read())
        if _is_waiting(process.pid) and len(seen) > 5:
            break
        time.sleep(0.002)  # a sampling pace, so that children end between readings and within them
    cpu = [reading.cpu_seconds for reading in seen]
    written = [reading.logical_read_bytes for reading in seen]
    assert cpu == sorted(cpu)
    assert written == sorted(written)
    truth = psutil.Process(process.pid).cpu_times()
    assert cpu[-1] == pytest.approx(sum(truth[:4]), abs=0.05)


def _is_waiting(pid):
    return "pipe" in Path(f"/proc/{pid}/wchan").read_text()


def _open_descriptor_count():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_descriptor_is_left_open(start):
    process = start("input()")
    before = _open_descriptor_count()
    tree = ProcessTree(process.pid)
    tree.read()
    tree.close()
    assert _open_descriptor_count() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_another_users_process_is_measured_as_far_as_permitted(start):
    process = start("print(flush=True); input(); b = bytearray(40 << 20); del b; print(flush=True); input()")
    process.stdout.readline()
    code = (
        "import json, os, sys\n"
        "from stashbench.collect.sampler.process_tree import ProcessTree\n"
        "from stashbench.collect.sampler.spans import Span\n"
        "os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)\n"
        "tree = ProcessTree(int(sys.argv[1]))\n"
        "def span(words):\n"
        "    span = Span(0.0, tree.read(), tree.ended_mark())\n"
        "    span.begin_memory(tree.memory(), tree.reset_peaks())\n"
        "    print(words, flush=True); input()\n"
        "    span.observe(tree.read(), tree.memory())\n"
        "    print(json.dumps(span.finish(1.0, tree.read(), tree.ended_mark())), flush=True)\n"
        "span('grows'); span('rests')\n"
        "print(json.dumps(tree.reasons), flush=True)\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(process.pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert other.stdout.readline() == "grows\n"
    process.stdin.write("\n")
    process.stdout.readline()
    other.stdin.write("\n")
    grown, grown_reasons = json.loads(other.stdout.readline())
    other.stdout.readline()
    other.stdin.write("\n")
    rested, rested_reasons = json.loads(other.stdout.readline())
    (reason,) = json.loads(other.stdout.readline())
    other.communicate()

    assert "io is not readable" in reason
    assert grown["read_bytes"] is None
    assert grown["cpu_seconds"] >= 0
    # the peak mark rose above all before it, so it is this span's although nobody could set it back
    assert grown["is_peak_exact"]
    assert grown["peak_rss_bytes"] > 40 << 20
    assert not rested["is_peak_exact"]
    assert rested["peak_rss_bytes"] < 30 << 20
    assert any("may not be set back" in text for text in rested_reasons)
    assert grown_reasons == []
