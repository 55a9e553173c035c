"""What the command line says to suites and options that make no sense: one sentence, exit status 2, nothing run."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("body", "seen"),
    [("def audit_one(:\n", "SyntaxError"), ("import no_such_module_here\n", "no_such_module_here")],
)
def test_a_suite_that_cannot_be_loaded_is_shown_and_is_no_interruption(run, suite, tmp_path, body, seen):
    done = run("stashbench", "audit", "--suite", suite(body))
    assert done.returncode == 2, done.stdout + done.stderr
    assert seen in done.stderr
    assert "audit_things.py" in done.stderr
    assert done.stderr.rstrip().endswith("the suites could not be loaded; correct the file named above")
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--stash-timeout", "0"), "target.timeout_seconds = 0.0 makes no sense"),
        (("--stash-pid", "-1"), "target.pid = -1 makes no sense"),
        (("--stash-library", "-5"), "target.library_scene_count = -5 makes no sense"),
    ],
)
def test_a_number_out_of_range_is_refused_before_anything_starts(run_inside, suite, tmp_path, options, sentence):
    done = run_inside(suite("def audit_one(stash): pass\n"), *options)
    assert done.returncode == 2, done.stdout + done.stderr
    assert sentence in done.stdout + done.stderr
    assert not (tmp_path / "reports").exists()


def test_without_pytest_benchmark_the_checks_run_and_the_benchmarks_say_why_not(server, run_inside, suite, latest):
    suite(
        '@pytest.mark.audit(id="one", category="api", severity="info")\n'
        'def audit_one(audit):\n    audit.judge(0, message="fine")\n'
    )
    folder = suite(
        'def bench_floor(measure):\n    measure("system_status", page="none", title="floor")\n', "bench_things.py"
    )
    done = run_inside(folder, "--stash-url", server.url, "-p", "no:benchmark")
    assert done.returncode == 0, done.stdout + done.stderr
    (measurement,) = latest().measurements
    assert "-p no:benchmark" in measurement.reason
    assert [item.id for item in latest().findings] == ["one"]
