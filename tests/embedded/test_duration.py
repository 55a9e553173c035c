from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.embedded.duration import format_duration

UNITS = {"h": 3600 * 10**9, "m": 60 * 10**9, "s": 10**9, "ms": 10**6, "µs": 10**3, "ns": 1}


def parse(text: str) -> int:
    """Read Go's form independently of how it is written."""
    sign = -1 if text.startswith("-") else 1
    parts = re.findall(r"([0-9.]+)(ms|µs|ns|h|m|s)", text)
    assert "".join(number + unit for number, unit in parts) == text.removeprefix("-")
    return sign * int(sum(Decimal(number) * UNITS[unit] for number, unit in parts))


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0s"),
        (660, "660ns"),
        (43_775, "43.775µs"),
        (428_049, "428.049µs"),
        (234_500_000, "234.5ms"),
        (1_234_567_000, "1.234567s"),
        (62_300_000_000, "1m2.3s"),
        (3_723_000_000_000, "1h2m3s"),
        (3_600_000_000_000, "1h0m0s"),
        (61_053_821_587, "1m1.053821587s"),
        (-1_500_000, "-1.5ms"),
        (999_999_999, "999.999999ms"),
    ],
)
def test_known_durations_are_written_as_go_writes_them(nanoseconds, text):
    assert format_duration(nanoseconds) == text


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_no_nanosecond_is_lost(nanoseconds):
    assert parse(format_duration(nanoseconds)) == nanoseconds
