"""Limits in the configuration that cannot do what was meant are told in the report."""

from __future__ import annotations

CHECK = """
@pytest.mark.audit(id="one", category="api", severity="warning", warning=10, critical=100, unit="ms")
def audit_one(audit, stash):
    audit.judge(1, message="fine")

def bench_nothing_to_limit(stash):
    pass
"""


def test_a_limit_without_a_check_and_a_reversed_one_are_noted(server, run_inside, suite, latest, tmp_path):
    (tmp_path / "stashbench.toml").write_text(
        "[thresholds.one]\nwarning = 50\ncritical = 20\n[thresholds.no-such-check]\nwarning = 1\n"
    )
    done = run_inside(suite(CHECK), "--stash-url", server.url)
    assert done.returncode == 0, done.stdout + done.stderr
    reversed_limits, unknown = latest().warnings
    assert reversed_limits.startswith("[thresholds.one]: the critical limit (20) is met before the warning limit (50)")
    assert unknown == "[thresholds.no-such-check] has no effect: no check of this run has that id"


def test_a_limit_of_a_check_that_was_not_picked_is_no_mistake(server, run_inside, suite, latest, tmp_path):
    (tmp_path / "stashbench.toml").write_text("[thresholds.other]\nwarning = 50\n")
    done = run_inside(suite(CHECK), "--stash-url", server.url, "-k", "audit_one")
    assert done.returncode == 0, done.stdout + done.stderr
    assert latest().warnings == ()
