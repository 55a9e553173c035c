from __future__ import annotations

import pytest

from stashbench.collect.probes.errors import count_errors
from stashbench.collect.probes.rounds import insist, repeat
from stashbench.errors import RequestError


def test_rounds_are_timed_after_one_warm_up(client, server, status):
    rounds = repeat(client, status, budget_seconds=10.0, minimum=3, maximum=7)
    assert len(rounds) == 7
    assert all(seconds > 0 for seconds in rounds)
    assert server.request_count == 8


def test_requests_far_beyond_the_budget_are_repeated_twice_only(client, status):
    assert len(repeat(client, status, budget_seconds=0.0, minimum=3)) == 2


def test_failures_now_and_then_cost_their_round_only(client, server, status):
    server.fails = lambda number: number % 4 == 0
    assert len(repeat(client, status, budget_seconds=10.0, maximum=9)) == 9


def test_a_server_that_always_fails_is_told(client, server, status):
    server.fails = lambda number: True
    with pytest.raises(RequestError, match="failure"):
        repeat(client, status, budget_seconds=10.0)


def test_insisting_outlasts_a_few_failures(client, server, status):
    server.fails = lambda number: number < 4
    assert insist(lambda: client.run(status)) == {"systemStatus": {"status": "OK"}}
    server.fails = lambda number: True
    with pytest.raises(RequestError):
        insist(lambda: client.run(status))


def test_errors_are_counted_with_their_words(client, server, status):
    server.fails = lambda number: number % 5 == 0
    count, messages = count_errors(client, [status], 20)
    assert count == 20
    assert len(messages) == 4
    assert "failure 5" in messages[0]
