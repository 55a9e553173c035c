"""Runs the real audit checks against the embedded server, with faults planted into it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from stashbench.model.result import AuditResult

SUITES = Path(__file__).parents[2] / "suites"
SCENES = 2000


@pytest.fixture(scope="session")
def run_audit(tmp_path_factory):
    """Run audit files against an embedded server with faults, in a process of its own; return the result document."""

    def run(*faults, files=(), options=()):
        folder = tmp_path_factory.mktemp("audit")
        paths = [str(SUITES / "audits" / name) for name in files] or [str(SUITES / "audits")]
        planted = [word for fault in faults for word in ("--stash-fault", fault)]
        reports = ["--stash-report-dir", str(folder / "reports"), "--stash-baseline", "none"]
        command = [sys.executable, "-m", "pytest", *paths, "-q", "--stash-library", str(SCENES), *planted, *reports]
        # pytest-benchmark times nothing in a process that looks like a worker of xdist, and ours may be one.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST_")}
        done = subprocess.run(
            [*command, *options],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        results = list((folder / "reports").glob("2*/result.json"))
        assert len(results) == 1, done.stdout[-3000:] + done.stderr[-3000:]
        return msgspec.json.decode(results[0].read_bytes(), type=AuditResult)

    return run
