from __future__ import annotations

import pytest

from stashbench.analyse.checks.machine import available_memory, client_overhead, cpu_steal, foreign_load
from stashbench.model.finding import Outcome


def test_the_servers_own_cpu_time_is_not_foreign():
    assert foreign_load(80.0, 3.0, 3.0, 2).value == pytest.approx(30.0)
    assert foreign_load(10.0, 3.0, 3.0, 2).value == 0.0
    assert foreign_load(None, None, 3.0, 2).outcome is Outcome.NOT_MEASURED


def test_an_unknown_share_of_the_server_is_not_taken_for_nothing():
    seen = foreign_load(30.0, None, 3.0, 2)
    assert seen.value == 30.0
    assert "at most 30 %" in seen.message
    assert seen.fact("server_cpu_percent") is None


def test_steal_and_memory_pass_through():
    assert cpu_steal(14.0).value == 14.0
    assert cpu_steal(None).outcome is Outcome.NOT_MEASURED
    assert available_memory(1 * 2**30, 4 * 2**30).value == 25.0
    assert available_memory(None, 4).outcome is Outcome.NOT_MEASURED


def test_the_clients_share_is_of_the_fastest_request():
    assert client_overhead(0.0001, 0.001).value == pytest.approx(10.0)
    assert client_overhead(None, 0.001).outcome is Outcome.NOT_MEASURED
