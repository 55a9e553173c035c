from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect import machine_watch
from stashbench.collect.machine_counters import Counters
from stashbench.collect.machine_watch import MachineWatch, growth
from stashbench.collect.process_clock import ProcessClock, can_read_clocks


def scripted(monkeypatch, readings):
    """Let the watch see these readings, one after the other."""
    left = iter(readings)
    monkeypatch.setattr(machine_watch, "read_counters", lambda _files: next(left))


def reading(at, **values):
    everything = {"busy_seconds": 0.0, "total_seconds": 2 * at, "steal_seconds": 0.0, "swapped_bytes": 0}
    return Counters(at_seconds=at, **everything | values)


def watch_all(watch, count):
    for _ in range(count):
        with watch.part():
            pass
    return watch.quality()


@pytest.mark.skipif(not can_read_clocks(), reason="clocks of other processes are Linux's")
def test_work_of_others_is_seen_and_that_of_the_servers_and_ours_is_not():
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        clock = ProcessClock(other.pid)
        watch = MachineWatch(lambda: 0.0)
        aware = MachineWatch(lambda: clock.cpu_seconds()[other.pid])
        begin = clock.cpu_seconds()[other.pid]
        with watch.part(), aware.part():
            while clock.cpu_seconds()[other.pid] < begin + 0.4:
                pass
        other.kill()
    seen, server = watch.quality(), aware.quality()
    # The other program is counted by the first watch only; our own busy waiting by neither.
    assert seen.foreign_cores - server.foreign_cores == pytest.approx(0.4 / seen.watched_seconds, rel=0.2)
    assert 0 <= seen.steal_percent <= 100
    assert not any(reason.startswith("cores kept busy") for reason in seen.not_measured)


def test_only_what_happens_inside_of_parts_counts(monkeypatch):
    readings = [
        *(reading(10.0, busy_seconds=1.0), reading(12.0, busy_seconds=2.0, steal_seconds=0.5)),
        *(reading(50.0, busy_seconds=60.0, steal_seconds=20.0), reading(52.0, busy_seconds=62.0, steal_seconds=20.5)),
    ]
    scripted(monkeypatch, readings)
    found = watch_all(MachineWatch(lambda: 0.0), 2)
    assert found.watched_seconds == 4.0
    assert found.steal_percent == pytest.approx(100 * 1.0 / 8.0)
    assert found.foreign_cores == pytest.approx((3.0 - 1.0) / 4.0)


def test_parts_within_parts_count_once_and_errors_lose_nothing(monkeypatch):
    scripted(monkeypatch, [reading(1.0), reading(3.0, busy_seconds=1.0)])
    watch = MachineWatch(lambda: 0.0)
    with pytest.raises(KeyboardInterrupt), watch.part(), watch.part():
        raise KeyboardInterrupt
    assert watch.quality().watched_seconds == 2.0
    assert watch.quality().foreign_cores == 0.5


def test_nothing_watched_is_nothing_known():
    assert MachineWatch(lambda: 0.0).quality() is None


def test_what_a_system_does_not_tell_is_named_and_never_zero(monkeypatch):
    scripted(monkeypatch, [Counters(at_seconds=1.0), Counters(at_seconds=2.0)])
    found = watch_all(MachineWatch(lambda: None), 1)
    names = ("steal_percent", "foreign_cores", "cpu_pressure_percent", "io_pressure_percent", "memory_pressure_percent")
    names += ("throttled_seconds", "swapped_bytes", "involuntary_switches_per_second")
    assert [getattr(found, name) for name in names] == [None] * len(names)
    told = " ".join(found.not_measured)
    for word in ("stolen", "PSI", "throttling", "swap", "switches", "busy by others"):
        assert word in told


def test_a_server_whose_work_is_unknown_leaves_that_of_others_unknown(monkeypatch):
    scripted(monkeypatch, [reading(1.0), reading(3.0, busy_seconds=2.0)])
    found = watch_all(MachineWatch(lambda: None), 1)
    assert found.foreign_cores is None
    assert any("processor time is not known" in reason for reason in found.not_measured)
    assert found.steal_percent == 0.0


def test_a_server_that_was_started_anew_never_makes_others_negative(monkeypatch):
    scripted(monkeypatch, [reading(1.0), reading(3.0, busy_seconds=2.0)])
    used = iter([9.0, 0.5])
    assert watch_all(MachineWatch(lambda: next(used)), 1).foreign_cores == 1.0


seconds = st.none() | st.floats(0, 1e6)
counters = st.builds(
    Counters,
    at_seconds=st.floats(0, 1e6),
    own_cpu_seconds=st.floats(0, 1e6),
    swapped_bytes=st.none() | st.integers(0, 10**12),
    **{
        name: seconds
        for name in Counters._fields
        if name.endswith("_seconds") and name not in {"at_seconds", "own_cpu_seconds"}
    },
)


@given(counters, counters)
def test_growth_is_never_negative_and_keeps_gaps(before, after):
    for old, new, grown in zip(before, after, growth(before, after), strict=True):
        assert (grown is None) == (old is None or new is None)
        assert grown is None or grown >= 0
