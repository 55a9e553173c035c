"""A run that does not get to its end keeps what it measured."""

from __future__ import annotations

import signal
import time

import pytest

from stashbench.model.finding import Outcome

SLOW = """
@pytest.mark.audit(id="quick", category="api", severity="warning", warning=10)
def audit_a_quick(audit):
    audit.judge(1, message="fine")

@pytest.mark.audit(id="endless", category="api", severity="warning", warning=10)
def audit_b_endless(audit):
    import time
    while True:
        time.sleep(0.05)

@pytest.mark.audit(id="never", category="api", severity="warning", warning=10)
def audit_c_never(audit):
    audit.judge(1, message="fine")
"""


def wait_for_first_finding(folder, process):
    """Wait until the first finding is in the journal and the endless check runs; give the run's folder."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        for journal in (folder / "reports").glob("*/journal.jsonl"):
            if b'"quick"' in journal.read_bytes():
                return journal.parent
        time.sleep(0.02)
    pytest.fail("no finding within 30 s")


@pytest.mark.parametrize(
    ("program", "number", "status"),
    [
        (("pytest",), signal.SIGTERM, 143),
        (("stashbench", "audit", "--suite"), signal.SIGINT, 130),
    ],
)
def test_an_interrupted_run_writes_a_report_marked_partial(
    server, start, suite, latest, tmp_path, program, number, status
):
    with start(*program, suite(SLOW), "--stash-url", server.url) as process:
        run_folder = wait_for_first_finding(tmp_path, process)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode == status, out + err
    assert "Traceback" not in err
    result = latest()
    assert result.partial
    assert result.partial_reasons == ("the run was interrupted: 2 of 3 tests did not run",)
    assert [(item.id, item.outcome) for item in result.findings] == [("quick", Outcome.PASSED)]
    assert result.timeline.times_seconds
    assert {path.name for path in run_folder.iterdir()} >= {"result.json", "report.html", "summary.md"}
    assert not list(run_folder.glob("*.jsonl"))
    assert "2 of 3 tests did not run" in out


def test_pressing_ctrl_c_again_and_again_changes_nothing(server, start, suite, latest, tmp_path):
    with start("stashbench", "audit", "--suite", suite(SLOW), "--stash-url", server.url) as process:
        wait_for_first_finding(tmp_path, process)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.02)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130, out + err
    assert latest().partial_reasons == ("the run was interrupted: 2 of 3 tests did not run",)
    assert "Traceback" not in err


def test_the_report_command_finishes_a_killed_run(server, start, run, suite, latest, tmp_path):
    with start("pytest", suite(SLOW), "--stash-url", server.url) as process:
        run_folder = wait_for_first_finding(tmp_path, process)
        process.kill()
        process.communicate(timeout=30)
    assert not (run_folder / "result.json").exists()
    done = run("stashbench", "report", run_folder)
    assert done.returncode == 0, done.stderr
    assert "ended before it could write its report" in done.stderr
    assert {path.name for path in run_folder.iterdir()} >= {"result.json", "report.html", "summary.md", "junit.xml"}
    result = latest()
    assert (result.run_id, result.partial) == (run_folder.name, True)
    assert [(item.id, item.outcome) for item in result.findings] == [("quick", Outcome.PASSED)]
    assert [span.label for span in result.spans] == ["a quick"]
    # What the sampler had seen is not lost either.
    assert result.timeline.get("process_rss_bytes") is not None
    assert result.sampler_cost.tick_count == len(result.timeline.times_seconds) > 0


def test_stopping_at_the_first_failure_is_partial_too(server, run_inside, suite, latest):
    folder = suite(SLOW.replace("while True", "raise ValueError('x')\n    while True"))
    done = run_inside(folder, "-x", "--stash-url", server.url)
    assert done.returncode == 1, done.stdout
    assert latest().partial_reasons == ("the run stopped early: 1 of 3 tests did not run",)


def test_ctrl_c_while_the_report_is_made_comes_too_late(server, start, suite, latest):
    folder = suite(SLOW.replace("while True:\n        time.sleep(0.05)", "pass"))
    with start("stashbench", "audit", "--suite", folder, "--stash-url", server.url) as process:
        for line in process.stdout:
            if line.startswith("writing the report"):
                break
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.02)
        out, err = process.communicate(timeout=30)
    assert process.returncode in {0, 1}, out + err  # the check without a judgement failed
    assert not latest().partial
    assert "Report" in out
