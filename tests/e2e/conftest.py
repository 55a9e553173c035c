"""Whole runs against a real server process, watched from outside: what goes over the wire, and what is left behind."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from stashbench.collect.content import content_hash
from stashbench.model.secret import Secret
from stashbench.target.library import cached_library
from stashbench.target.server import RunningServer, ServerOptions, running_server

HERE = Path(__file__).parent
SCENES = 200
# Holds what base64, URLs, JSON and HTML write in another way.
KEY = 'eyJhb.canary+Zq8/xW7=&<"key>.U2lnbmF0dXJl'
TITLE = "Titlecanary"
HOSTILE_TITLE = (
    f"{TITLE} </script><img src=x onerror=alert(1)> [bold red]b[/] [link=http://e.test]l[/link] \x1b[31mred\x07"
)

# Written by the audited program's own Python, for each file and database it opens.
OPENED_FILES = """
import os, sys
where = os.path.join(os.path.dirname(__file__), f"opened-{os.getpid()}.txt")
out = os.open(where, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        os.write(out, f"open {arguments[2] or 0} {arguments[0]!r}\\n".encode("utf-8", "replace"))
    elif event == "sqlite3.connect":
        os.write(out, f"sqlite3 0 {str(arguments[0])!r}\\n".encode("utf-8", "replace"))
sys.addaudithook(note)
"""

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("STASH", "GITHUB_", "PYTEST_"))}


def _load(name):
    spec = importlib.util.spec_from_file_location(f"e2e_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


proxy_module = _load("proxy")


@dataclass
class Finished:
    """A program that has ended: what it said, where it ran, and what `/proc` showed of its descendants meanwhile."""

    status: int
    out: str
    err: str
    folder: Path
    command_lines: dict[int, bytes]
    environments: dict[int, bytes]

    @property
    def said(self) -> str:
        return self.out + self.err

    @property
    def run_folder(self) -> Path:
        (found,) = [path.parent for path in self.folder.glob("reports/2*/result.json")]
        return found


@dataclass
class Watched:
    """One whole audit of a server of ours: before, on the wire, and after."""

    run: Finished
    proxy: object
    server: RunningServer
    hash_before: str
    hash_after: str
    state_before: tuple[int, int]
    state_after: tuple[int, int]


@pytest.fixture(scope="session")
def key():
    return KEY


@pytest.fixture(scope="session")
def proxy():
    return proxy_module.Proxy


@pytest.fixture(scope="session")
def answer():
    return proxy_module.Answer


@pytest.fixture(scope="session")
def poisoned_library(tmp_path_factory):
    """A library in which every name a user gave is hostile and can be told apart from everything else."""
    path = tmp_path_factory.mktemp("library") / "stash-go.sqlite"
    shutil.copyfile(cached_library(SCENES, 3), path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.create_function("durationToTinyInt", 1, lambda text: text)
        connection.create_collation("NATURAL_CI", lambda a, b: (a > b) - (a < b))
        for table, column in (
            ("scenes", "title"),
            ("images", "title"),
            ("galleries", "title"),
            ("tags", "name"),
            ("performers", "name"),
            ("studios", "name"),
            ("groups", "name"),
        ):
            connection.execute(f"UPDATE {table} SET {column} = ? || id", (HOSTILE_TITLE,))
        connection.commit()
    return path


@pytest.fixture(scope="session")
def server(poisoned_library):
    """The server of a user: it wants a key, and its library is poisoned."""
    options = ServerOptions(database=poisoned_library, api_key=Secret(KEY))
    with running_server(options) as running:
        yield running


@pytest.fixture(scope="session")
def execute():
    """Run a program (a module of Python) to its end in a folder of its own."""
    return run_program


def run_program(folder, program, *arguments, timeout_seconds=110, **environment):
    with start_program(folder, program, *arguments, **environment) as process:
        watch = _ProcessWatch(process.pid)
        out, err = process.communicate(timeout=timeout_seconds)
        watch.stop()
    return Finished(process.returncode, out, err, folder, watch.command_lines, watch.environments)


@contextlib.contextmanager
def start_program(folder, program, *arguments, **environment):
    with subprocess.Popen(
        [sys.executable, "-m", program, *map(str, arguments)],
        cwd=folder,
        env=CLEAN | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:  # the test failed before it ended it
                process.kill()


@pytest.fixture(scope="session")
def start():
    return start_program


class _ProcessWatch:
    """Keeps the command line and the environment of every descendant of a process."""

    def __init__(self, pid):
        self.command_lines = {}
        self.environments = {}
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self):
        self._over.set()
        self._thread.join(5)

    def _run(self):
        while not self._over.is_set():
            for pid in descendants(self._pid):
                with contextlib.suppress(OSError):
                    # Read anew each time: between fork and exec a child still looks like its parent.
                    arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
                    environment = Path(f"/proc/{pid}/environ").read_bytes()
                    if arguments and environment:  # both are empty once it has ended
                        self.command_lines[pid], self.environments[pid] = arguments, environment
            self._over.wait(0.05)


def descendants(pid):
    """Return the processes below a process."""
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                children = [int(word) for word in task.read_text().split()]
                found += children
                waiting += children
    return found


@pytest.fixture(scope="session")
def watched(server, tmp_path_factory):
    """One quick audit with all default suites, through a proxy that writes everything down."""
    folder = tmp_path_factory.mktemp("audit")
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(OPENED_FILES)
    with proxy_module.Proxy(server.url).running() as between:
        before = content_hash(server.database), state_of(server.database)
        run = run_program(
            folder,
            "stashbench",
            "audit",
            "--quick",
            "--stash-url",
            between.url,
            "--stash-database",
            server.database,
            "--stash-pid",
            server.pid,
            STASH_API_KEY=KEY,
            PYTHONPATH=str(folder / "hook"),
        )
        after = content_hash(server.database), state_of(server.database)
    return Watched(run, between, server, before[0], after[0], before[1], after[1])


def state_of(path):
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@pytest.fixture
def suite(tmp_path):
    """Write a suite of one file; give its folder."""

    def write(body, name="audit_things.py"):
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        (folder / "pytest.ini").write_text(
            "[pytest]\npython_files = bench_*.py audit_*.py\npython_functions = bench_* audit_*\n"
            "addopts = --import-mode=importlib --strict-markers -p no:cacheprovider\n"
        )
        (folder / name).write_text("import pytest\n" + body)
        return folder

    return write


@pytest.fixture(scope="session")
def wait_until():
    def wait(condition, timeout_seconds=30.0):
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            time.sleep(0.02)
        return pytest.fail(f"not within {timeout_seconds} s")

    return wait
