from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.report import quantities

TIMES = "\N{MULTIPLICATION SIGN}"


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 µs"),
        (0.00042, "420 µs"),
        (0.0009996, "1.00 ms"),
        (0.0581, "58.1 ms"),
        (0.9999, "1.00 s"),
        (1.03, "1.03 s"),
        (59.94, "59.9 s"),
        (126.4, "2 min 06 s"),
        (7384.0, "2 h 03 min"),
        (-0.25, "-250 ms"),
        (None, "not measured"),
        (math.inf, "infinite"),
    ],
)
def test_durations_come_in_the_unit_that_reads_best(seconds, text):
    assert plain(quantities.duration(seconds)) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1,023 B"),
        (1024, "1.00 KiB"),
        (1_204_224_000, "1.12 GiB"),
        (1024**2 - 1, "1.00 MiB"),
        (-2048, "-2.00 KiB"),
        (None, "not measured"),
    ],
)
def test_sizes_come_in_binary_units(size, text):
    assert plain(quantities.byte_size(size)) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.2, "seconds", "200 ms"),
        (412.0, "ms", "412 ms"),
        (60.0, "percent", "60 %"),
        (12.5, "%", "12.5 %"),
        (0.0017, "ratio", f"0.0017{TIMES}"),
        (2.0, "count", "2"),
        (100_000.0, "rows", "100,000 rows"),
        (2_000_000.0, "bytes/s", "1.91 MiB/s"),
        (None, "bytes", "not measured"),
    ],
)
def test_values_are_converted_by_their_unit(value, unit, text):
    assert plain(quantities.quantity(value, unit)) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (1.42, "+42 %"),
        (0.88, "-12 %"),
        (1.004, "+0.4 %"),
        (1.0, "0 %"),
        (3.4, f"3.4{TIMES}"),
        (1.9999, "+100 %"),
    ],
)
def test_changes_are_signed_percentages_and_factors_from_twice_on(ratio, text):
    assert plain(quantities.change(ratio)) == text


@pytest.mark.parametrize(("minutes", "text"), [(0.5, "under a minute"), (5, "5 min"), (90, "90 min"), (180, "3 h")])
def test_efforts_are_minutes_then_hours(minutes, text):
    assert plain(quantities.minutes_of_work(minutes)) == text


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("1.00 s", "1 s"),
        ("0.0200x", "0.02x"),
        ("12.50 MiB", "12.5 MiB"),
        ("1,000 rows", "1,000 rows"),
        ("200 ms", "200 ms"),
    ],
)
def test_padding_zeros_go(text, tidied):
    assert quantities.tidy(text) == tidied


@given(st.floats(min_value=1e-9, max_value=1e15))
def test_three_digits_stay_true_to_the_value(value):
    written = float(quantities.significant(value).replace(",", ""))
    assert written == pytest.approx(value, rel=0.006)


@given(st.floats())
def test_no_number_breaks_the_writing(value):
    for write in (quantities.duration, quantities.byte_size, quantities.count, quantities.percent):
        assert write(value)
