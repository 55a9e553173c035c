"""A real server process with a small library, and a way to run pytest or the command line against it."""

from __future__ import annotations

import functools
import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stashbench.store.results import read_result
from stashbench.target.server import ServerOptions, running_server

SUITES = Path(__file__).parent.parent.parent / "suites"
SCENES = 200

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("STASH", "GITHUB_", "PYTEST_"))}


@pytest.fixture(scope="session")
def server():
    with running_server(ServerOptions(scene_count=SCENES, seed=3), progress=lambda _done, _total: None) as running:
        yield running


@pytest.fixture
def start(tmp_path):
    """Start a program in an empty folder; give its process."""

    def begin(program, *arguments, **environment):
        command = [sys.executable, "-m", program, *map(str, arguments)]
        return subprocess.Popen(
            command,
            cwd=tmp_path,
            env=CLEAN | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return begin


@pytest.fixture
def run(start):
    """Run pytest (as `python -m pytest`) or the command line to its end."""

    def finish(program, *arguments, **environment):
        with start(program, *arguments, **environment) as process:
            out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return finish


def _forget_suites():
    """Forget suites that tests wrote and ran inside this process: all have the same names, and none is another."""
    for name, module in list(sys.modules.items()):
        if Path(str(getattr(module, "__file__", ""))).name.startswith(("audit_", "bench_")) and "." not in name:
            del sys.modules[name]


@pytest.fixture(scope="session")
def look_at_processor():
    """Look at the processor as pytest-benchmark does for its document, half a second long, but once only."""
    import cpuinfo

    return functools.cache(cpuinfo.get_cpu_info)


@pytest.fixture
def run_inside(tmp_path, monkeypatch, capfd, look_at_processor):
    """Run pytest inside this process, which spares a second of imports."""

    def finish(*arguments, **environment):
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setattr("cpuinfo.get_cpu_info", look_at_processor)
            for name in os.environ.keys() - CLEAN.keys():
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            capfd.readouterr()
            _forget_suites()
            gc.freeze()  # a pytest that ends collects garbage ten times, and need not look at ours
            try:
                status = pytest.main([str(argument) for argument in arguments])
            finally:
                gc.unfreeze()
            out, err = capfd.readouterr()
        _forget_suites()
        return subprocess.CompletedProcess(arguments, int(status), out, err)

    return finish


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


@pytest.fixture
def latest(tmp_path):
    """Read the result of the newest run."""
    return lambda: read_result(tmp_path / "reports" / "latest")
