"""The time left falls as tests finish, and learns from what they took."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.harness.eta import Countdown


def test_before_the_first_test_it_is_the_sum_of_the_guesses():
    assert Countdown({"a": 1.0, "b": 2.0}).remaining_seconds() == pytest.approx(3.0)


def test_slower_tests_raise_it_and_an_unknown_test_changes_nothing():
    countdown = Countdown({str(n): 1.0 for n in range(10)})
    for n in range(5):
        countdown.finish(str(n), 3.0)
    countdown.finish("stranger", 1000.0)
    assert 5.0 < countdown.remaining_seconds() < 15.0
    assert (countdown.done, countdown.total) == (5, 10)
    assert countdown.remaining_seconds(running_seconds=2.0) < countdown.remaining_seconds()


@given(st.lists(st.floats(min_value=0.0, max_value=100.0), min_size=1, max_size=20))
def test_it_is_never_negative_and_nothing_when_all_is_done(real):
    countdown = Countdown({str(n): 1.0 for n in range(len(real))})
    for n, seconds in enumerate(real):
        assert countdown.remaining_seconds(running_seconds=1e6) == 0.0
        assert countdown.remaining_seconds() > 0.0
        countdown.finish(str(n), seconds)
    assert countdown.remaining_seconds() == 0.0


def test_no_tests_need_no_time():
    assert Countdown({}).remaining_seconds() == 0.0
