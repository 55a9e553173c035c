from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stashbench.analyse.quality import (
    PAIRED,
    STORED,
    still_busy,
    unfit_in_words,
    unfit_reasons,
    what_disturbs,
)
from stashbench.model.quality import MachineMoment, MachineQuality

QUIET = MachineQuality(
    steal_percent=0.1,
    foreign_cores=0.05,
    cpu_pressure_percent=3.0,
    io_pressure_percent=0.5,
    memory_pressure_percent=0.0,
    throttled_seconds=0.0,
    swapped_bytes=0,
    watched_seconds=30.0,
)
MIB = 1 << 20
PAST = {
    "steal_percent": (30.0, "host of this virtual machine took 30 %"),
    "foreign_cores": (1.5, "other programs kept 1.5 of 2 cores busy (limit 1.3)"),
    "cpu_pressure_percent": (95.0, "waited for the processor in 95 %"),
    "io_pressure_percent": (60.0, "waited for the disk in 60 %"),
    "memory_pressure_percent": (9.0, "waited for the memory in 9 %"),
    "throttled_seconds": (3.0, "held programs back for 3.0 of 30 s"),
    "swapped_bytes": (60 * MIB, "2.0 MiB/s went to and from swap"),
}


@pytest.mark.parametrize("limits", [PAIRED, STORED])
def test_a_quiet_machine_is_fit(limits):
    assert unfit_reasons(QUIET, limits, 2) == ()


@pytest.mark.parametrize("name", PAST)
def test_each_limit_is_told_by_itself(name):
    value, words = PAST[name]
    (reason,) = unfit_reasons(replace(QUIET, **{name: value}), STORED, 2)
    assert words in reason


def test_other_programs_pressure_and_cpu_limits_never_make_a_comparison_in_turns_unfit():
    worst = replace(
        QUIET, foreign_cores=2.0, cpu_pressure_percent=100.0, io_pressure_percent=100.0, throttled_seconds=29.0
    )
    assert unfit_reasons(worst, PAIRED, 2) == ()
    assert unfit_reasons(replace(QUIET, swapped_bytes=600 * MIB), PAIRED, 2)
    assert unfit_reasons(replace(QUIET, steal_percent=60.0), PAIRED, 2)


def test_the_paired_mode_stands_more_than_the_stored_one():
    for field in fields(PAIRED):
        loose, tight = getattr(PAIRED, field.name), getattr(STORED, field.name)
        assert loose is None or loose > tight


@pytest.mark.parametrize("limits", [PAIRED, STORED])
def test_what_was_not_measured_condemns_no_run(limits):
    assert unfit_reasons(MachineQuality(), limits, 2) == ()
    assert unfit_reasons(MachineQuality(swapped_bytes=10**12, throttled_seconds=1e6), limits, 2) == ()


values = st.none() | st.floats(0, 200)
qualities = st.builds(
    MachineQuality,
    steal_percent=values,
    foreign_cores=values,
    cpu_pressure_percent=values,
    io_pressure_percent=values,
    memory_pressure_percent=values,
    throttled_seconds=values,
    swapped_bytes=st.none() | st.integers(0, 10**10),
    watched_seconds=st.none() | st.floats(0, 1000),
)


@given(qualities, st.integers(1, 256))
def test_a_worse_machine_is_never_fitter(quality, cpu_count):
    worse = replace(
        quality,
        **{name: value * 2 for name in PAST if (value := getattr(quality, name)) is not None},
    )
    for limits in (PAIRED, STORED):
        assert len(unfit_reasons(worse, limits, cpu_count)) >= len(unfit_reasons(quality, limits, cpu_count))
    assert len(unfit_reasons(quality, PAIRED, cpu_count)) <= len(unfit_reasons(quality, STORED, cpu_count))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (MachineMoment(), ""),
        (MachineMoment(busy_cores=0.2, steal_percent=1.0, io_pressure_percent=2.0, memory_pressure_percent=0.0), ""),
        (MachineMoment(busy_cores=0.6), "programs keep 0.6 cores busy"),
        (MachineMoment(busy_cores=0.0, steal_percent=8.0), "host takes 8 %"),
        (MachineMoment(memory_pressure_percent=4.0), "wait for memory in 4 %"),
        (MachineMoment(io_pressure_percent=40.0), "wait for the disk in 40 %"),
    ],
)
def test_a_moment_says_what_disturbs(moment, words):
    found = what_disturbs(moment)
    assert words in found
    assert bool(found) == bool(words)


def test_sentences_name_the_reason_or_are_empty():
    assert still_busy(0.0, "") == ""
    assert "in the 60 s" in still_busy(60.2, "programs keep 2.0 cores busy")
    assert unfit_in_words(()) == ""
    assert unfit_in_words(("a", "b")) == "Times could not be judged: a; b."
