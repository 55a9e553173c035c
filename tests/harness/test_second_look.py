"""What seems slower than a stored session is measured again in the same command before anything is said."""

from __future__ import annotations

import msgspec
import pytest

from stashbench.harness.passes import Passes
from stashbench.harness.replay import why_not_replay
from stashbench.model.baseline import Verdict
from stashbench.model.target import Target, TargetKind
from stashbench.store import baselines
from tests.harness.test_passes import PAGES


@pytest.fixture
def audit(server, run_inside, suite, latest, tmp_path):
    """Run an audit against a session in which the same pages took a fraction of their time."""
    folder = suite(PAGES, "bench_pages.py")

    def run(factor, *options):
        options = ("--stash-url", server.url, "--stash-quick", "--stash-no-profile", *options)
        run_inside(folder, *options, "--stash-baseline", "none")
        then = baselines.session_of(latest(), name="before")
        quicker = tuple(
            msgspec.structs.replace(item, rounds_seconds=tuple(factor * value for value in item.rounds_seconds))
            for item in then.measurements
        )
        baselines.save(tmp_path / "baselines", msgspec.structs.replace(then, measurements=quicker))
        done = run_inside(folder, *options, "--stash-baseline", "before", "--stash-settle", "0s")
        return done, latest()

    return run


def test_suspects_are_measured_again_before_they_have_regressed(audit):
    done, result = audit(0.05, "--fail-on", "regression")
    assert all(item.looks[0].rounds_seconds for item in result.measurements)
    assert {item.decided_by for item in result.comparisons} == {"second look"}
    is_unfit = bool(result.machine and result.machine.unfit_reasons)
    assert {item.verdict for item in result.comparisons} == {Verdict.INCONCLUSIVE if is_unfit else Verdict.REGRESSED}
    assert done.returncode == (0 if is_unfit else 1)
    assert "not taken" in result.baseline_reason


def test_a_run_interrupted_in_the_second_look_keeps_its_first_one(audit, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(Passes, "remeasure", interrupted)
    done, result = audit(0.05)
    assert done.returncode == 130
    assert "before suspect pages were measured again" in " ".join(result.partial_reasons)
    assert Verdict.REGRESSED not in {item.verdict for item in result.comparisons}
    assert {item.decided_by for item in result.comparisons} == {"first look"}


def test_a_time_to_settle_that_is_none_is_refused(run_inside, suite):
    done = run_inside(suite(PAGES, "bench_pages.py"), "--stash-settle", "soon")
    assert done.returncode == 2
    assert "'soon' is no time; write 90s, 5m or 1h" in done.stdout + done.stderr


PLAIN = Target(kind=TargetKind.EMBEDDED, url="http://127.0.0.1:1", library_seed=1)


def test_a_server_is_started_once_more_where_it_can_be_and_is_another_one(tmp_path):
    from stashbench.target.managed.program import sha256_of

    faulty = msgspec.structs.replace(PLAIN, faults=("latency=FindTags:5",))
    assert why_not_replay(PLAIN, faulty) == ""
    assert "same as this one" in why_not_replay(PLAIN, PLAIN)
    attached = msgspec.structs.replace(PLAIN, kind=TargetKind.ATTACHED)
    assert "starts itself" in why_not_replay(attached, attached)
    assert "library" in why_not_replay(msgspec.structs.replace(PLAIN, library_seed=2), faulty)
    program = tmp_path / "stash"
    program.write_bytes(b"one")
    managed = msgspec.structs.replace(
        PLAIN, kind=TargetKind.MANAGED, program_path=str(program), program_sha256=sha256_of(program)
    )
    other = msgspec.structs.replace(managed, program_sha256="another")
    assert why_not_replay(managed, other) == ""
    program.write_bytes(b"two")
    assert "another one by now" in why_not_replay(managed, other)
    program.unlink()
    assert "no longer where it was" in why_not_replay(managed, other)
