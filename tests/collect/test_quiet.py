from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashbench.analyse.quality import what_disturbs
from stashbench.collect.machine_counters import Counters, read_counters
from stashbench.collect.quiet import moment_between, wait_until_quiet


class Machine:
    """A machine whose clock only moves while somebody sleeps; `busy_at(second)` is how many cores others use then."""

    def __init__(self, busy_at):
        self.now, self.busy, self._busy_at = 100.0, 0.0, busy_at

    def sleep(self, seconds):
        steps = 50
        for _ in range(steps):
            self.busy += self._busy_at(self.now - 100.0) * seconds / steps
            self.now += seconds / steps

    def look(self):
        return Counters(at_seconds=self.now, busy_seconds=self.busy, total_seconds=2 * self.now, steal_seconds=0.0)


def wait(busy_at, limit_seconds=60.0):
    machine, said = Machine(busy_at), []
    waited = wait_until_quiet(
        limit_seconds, what_disturbs, lambda left, why: said.append((left, why)), look=machine.look, sleep=machine.sleep
    )
    return waited, said


def test_a_quiet_machine_is_believed_after_five_seconds():
    waited, said = wait(lambda _now: 0.1)
    assert waited.seconds == pytest.approx(5.0)
    assert waited.disturbance == ""
    assert "quiet by now" in said[0][1]


def test_a_machine_that_calms_down_is_waited_for():
    waited, said = wait(lambda now: 1.5 if now < 11 else 0.0)
    assert waited.seconds == pytest.approx(16.0, abs=0.6)
    assert waited.disturbance == ""
    left, why = said[0]
    assert left == pytest.approx(59.5)
    assert why == "waiting for a quiet machine: programs keep 1.5 cores busy"


def test_one_that_stays_busy_is_given_up_at_the_limit_with_the_reason():
    waited, said = wait(lambda _now: 2.0, 20.0)
    assert waited.seconds == pytest.approx(20.0)
    assert waited.disturbance == "programs keep 2.0 cores busy"
    assert len(said) == 5


def test_a_program_that_rests_between_bursts_is_not_gone():
    waited, _ = wait(lambda now: 1.0 if now % 5 < 1 else 0.0)
    assert waited.seconds == pytest.approx(60.0)
    assert waited.disturbance


def test_a_short_limit_makes_the_stretch_as_short():
    assert wait(lambda _now: 0.0, 2.0)[0] == pytest.approx((2.0, ""))
    assert wait(lambda _now: 1.0, 0.2)[0].disturbance
    assert wait(lambda _now: 0.0, 0.2)[0].disturbance == ""


def test_where_the_system_tells_nothing_nobody_waits():
    waited = wait_until_quiet(60.0, what_disturbs, print, look=lambda: Counters(at_seconds=1.0), sleep=pytest.fail)
    assert waited.seconds == 0.0
    assert "does not tell" in waited.disturbance


def test_ctrl_c_ends_the_waiting():
    def interrupted(_seconds):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wait_until_quiet(60.0, what_disturbs, print, sleep=interrupted)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0, 2), min_size=1, max_size=40), st.floats(0.1, 60))
def test_it_never_waits_beyond_its_limit_and_always_has_an_answer(busy, limit):
    waited, _ = wait(lambda now: busy[int(now) % len(busy)], limit)
    assert waited.seconds <= max(limit, 0.5) + 1e-6
    if max(busy) < 0.2:
        assert waited.disturbance == ""
    if min(busy) > 0.3:
        assert waited.disturbance


def test_what_others_do_between_two_moments_leaves_our_own_work_out():
    before = Counters(at_seconds=0.0, busy_seconds=0.0, total_seconds=0.0, steal_seconds=0.0, own_cpu_seconds=0.0)
    after = Counters(at_seconds=2.0, busy_seconds=3.0, total_seconds=4.0, steal_seconds=1.0, own_cpu_seconds=1.0)
    moment = moment_between(before, after)
    assert moment.busy_cores == 0.5
    assert moment.steal_percent == 25.0
    assert moment.io_pressure_percent is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="macOS and Windows tell it less exactly")
def test_a_real_program_at_work_is_no_quiet_machine():
    assert read_counters().busy_seconds is not None
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        waited = wait_until_quiet(1.0, what_disturbs, lambda _left, _why: None)
        other.kill()
    assert "cores busy" in waited.disturbance
    assert waited.seconds >= 1.0
