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
