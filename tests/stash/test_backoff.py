from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashbench.stash.backoff import Backoff, RetryLimits

seconds = st.floats(0.001, 100)


@given(
    st.builds(
        RetryLimits,
        attempt_limit=st.integers(0, 50),
        total_seconds=seconds,
        first_seconds=seconds,
        longest_seconds=seconds,
    ),
    st.integers(0, 1000),
    st.floats(0, 10),
)
def test_waits_are_bounded_in_number_length_and_sum(limits, seed, cost):
    """`cost` is what each attempt takes beside the wait."""
    backoff = Backoff(limits, 1000.0, seed=seed)
    now, waits = 1000.0, []
    while (delay := backoff.next_delay(now)) is not None:
        assert 0 < delay <= limits.longest_seconds
        waits.append(delay)
        assert len(waits) <= limits.attempt_limit
        now += delay
        assert now <= 1000.0 + limits.total_seconds + 1e-6
        now += cost + 1e-3
    assert backoff.attempt_count == len(waits)


def test_waits_grow_and_differ_between_clients():
    limits = RetryLimits(attempt_limit=6, total_seconds=1000, first_seconds=1, longest_seconds=8)
    clients = [Backoff(limits, 0.0, seed=seed) for seed in range(20)]
    waits = [[client.next_delay(0.0) for _ in range(7)] for client in clients]
    for row in waits:
        assert row[6] is None
        for wait, full in zip(row, (1, 2, 4, 8, 8, 8), strict=False):
            assert full / 2 <= wait <= full
    assert len({row[3] for row in waits}) == 20
