from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.stash.go_duration import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("660ns", 660e-9),
        ("43.775\N{MICRO SIGN}s", 43.775e-6),
        ("43.775\N{GREEK SMALL LETTER MU}s", 43.775e-6),
        ("43.775us", 43.775e-6),
        ("234.5ms", 0.2345),
        ("1.234567s", 1.234567),
        ("1m2.3s", 62.3),
        ("1h2m3s", 3723.0),
        ("0s", 0.0),
        ("0", 0.0),
        ("-1.5s", -1.5),
    ],
)
def test_durations_as_go_prints_them(text, seconds):
    assert parse_duration(text) == pytest.approx(seconds, rel=1e-12)


@pytest.mark.parametrize("text", ["", "5", "1.2.3s", "s", "1 s", "1x", "--1s", "1s2", ".s"])
def test_other_texts_are_no_durations(text):
    assert parse_duration(text) is None


def go_format(nanoseconds):
    """What Go's Duration.String prints, written from its documentation."""
    if nanoseconds < 1000:
        return f"{nanoseconds}ns" if nanoseconds else "0s"
    for unit, size in (("\N{MICRO SIGN}s", 10**3), ("ms", 10**6)):
        if nanoseconds < size * 1000:
            return f"{nanoseconds / size:.6f}".rstrip("0").rstrip(".") + unit
    minutes, rest = divmod(nanoseconds, 60 * 10**9)
    whole, fraction = divmod(rest, 10**9)
    seconds = f"{whole}.{fraction:09d}".rstrip("0").rstrip(".") + "s"
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + seconds


@given(st.integers(min_value=0, max_value=10**16))
def test_every_printed_duration_is_read_back(nanoseconds):
    assert parse_duration(go_format(nanoseconds)) == pytest.approx(nanoseconds / 1e9, rel=1e-12)


@given(st.text(max_size=30))
def test_no_text_makes_it_fail(text):
    assert parse_duration(text) is None or isinstance(parse_duration(text), float)
