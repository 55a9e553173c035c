"""docs/machine-quality.md tells the limits and the waiting as the code has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashbench.analyse import quality
from stashbench.analyse.quality import PAIRED, STORED
from stashbench.cli.quiet_option import DEFAULT_SECONDS
from stashbench.collect.quiet import QUIET_SLICES, SLICE_SECONDS

PAGE = (Path(__file__).parents[2] / "docs" / "machine-quality.md").read_text(encoding="utf-8")
MIB = 1 << 20
ROWS = {
    "cores kept busy by other programs": ("busy_share", 100, " % of all cores"),
    "some program waited for the processor": ("cpu_pressure_percent", 1, " % of the time"),
    "some program waited for the disk": ("io_pressure_percent", 1, " % of the time"),
    "some program waited for memory": ("memory_pressure_percent", 1, " % of the time"),
    "held back by a CPU limit": ("throttled_share", 100, " % of the time"),
    "stolen by the host": ("steal_percent", 1, " %"),
    "to and from swap": ("swap_bytes_per_second", 1 / MIB, " MiB a second"),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_limit_is_that_of_the_code(name):
    field, factor, unit = ROWS[name]
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| {name} |"))
    cells = [cell.strip() for cell in line.strip("|").split("|")][1:]
    limits = [getattr(limits, field) for limits in (STORED, PAIRED)]
    assert cells == ["no limit" if value is None else f"{value * factor:g}{unit}" for value in limits]


def test_every_limit_has_its_row():
    assert {field for field, _, _ in ROWS.values()} == set(STORED.__slots__)


def test_the_waiting_is_told_as_it_is():
    words = " ".join(PAGE.split())
    assert f"at most {DEFAULT_SECONDS:.0f} seconds" in words
    assert QUIET_SLICES * SLICE_SECONDS == 5.0
    assert "five seconds in a row" in words
    assert "a quarter of a core" in words
    assert quality.QUIET_CORES == 0.25
    assert f"less than {quality.QUIET_STEAL_PERCENT:.0f} %" in words
    assert f"disk in less than {quality.QUIET_IO_PERCENT:.0f} %" in words
    assert f"memory in less than {quality.QUIET_MEMORY_PERCENT:.0f} %" in words
