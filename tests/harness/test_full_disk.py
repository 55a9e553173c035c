"""What cannot be written must not cost what was measured: the run goes on, and says where its result is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from stashbench.store.journal import read_journal
from stashbench.store.results import read_result

CHECK = """
@pytest.mark.audit(id="{0}", category="api", severity="warning", warning=10)
def audit_{0}(audit, stash):
    {1}
    audit.judge(1, message="fine")
"""
# A limit on the size of files stands in for a full disk: writing beyond it fails just so, in this process alone.
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
IN_THE_WAY = """
    import os, pathlib
    (folder,) = pathlib.Path("reports").iterdir()
    folder.rename("moved")
    folder.write_text("in the way")
"""


def test_a_disk_that_fills_up_stops_no_test_and_the_journal_keeps_what_it_had(server, run, suite, tmp_path):
    body = CHECK.format("one", "pass") + CHECK.format("two", FULL) + CHECK.format("x_three", "pass")
    done = run("stashbench", "audit", "--suite", suite(body), "--stash-url", server.url)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 4, said
    assert "Traceback" not in said
    assert "[3/3] x three" in said
    assert "No report: Cannot write result.json" in said
    (folder,) = (tmp_path / "reports").iterdir()
    assert f"Part of what was measured is in {(folder / 'journal.jsonl').relative_to(tmp_path)}" in said
    assert [item.id for item in read_journal(folder).findings] == ["one"]
    again = subprocess.run(
        [sys.executable, "-m", "stashbench", "report", folder], capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stdout + again.stderr
    assert [item.id for item in read_result(folder).findings] == ["one"]
    assert read_result(folder).partial


def test_a_result_the_report_folder_does_not_take_is_put_elsewhere(server, run, suite, tmp_path):
    (tmp_path / "spare").mkdir()
    done = run(
        "stashbench", "audit", "--suite", suite(CHECK.format("one", IN_THE_WAY)), "--stash-url", server.url,
        TMPDIR=str(tmp_path / "spare"),
    )  # fmt: skip
    said = "".join((done.stdout + done.stderr).split())
    assert done.returncode == 4, said
    found = re.search(r"Theresultwasputinto(\S+?)instead:`stashbenchreport", said)
    assert found, said
    assert [item.id for item in read_result(Path(found.group(1))).findings] == ["one"]


def test_pytest_benchmark_that_cannot_save_does_not_cost_the_report(server, run, suite, latest):
    body = """
def bench_floor(measure):
    measure("system_status", page="none", title="floor")
    import pathlib
    (folder,) = pathlib.Path("reports").iterdir()
    (folder / "benchmark.json").mkdir()
"""
    options = ("--stash-url", server.url, "--stash-quick", "--stash-no-profile")
    done = run("pytest", suite(body, "bench_things.py"), *options)
    said = done.stdout + done.stderr
    assert done.returncode == 4, said
    assert "Traceback" not in said
    assert "Problem: pytest-benchmark could not write" in said
    assert [item.id for item in latest().measurements] == ["floor"]


def test_a_report_folder_that_takes_nothing_is_said_before_anything_is_measured(server, run_inside, suite, tmp_path):
    (tmp_path / "reports").write_text("in the way")
    done = run_inside(suite(CHECK.format("one", "pass")), "--stash-url", server.url)
    assert done.returncode == 4, done.stdout + done.stderr
    assert "Cannot write journal.jsonl" in done.stdout
    assert "a part of the path is a file" in done.stdout
