from __future__ import annotations

import pytest

from stashbench.analyse.checks.idle import idle_cpu, idle_writes, log_rate
from stashbench.model.finding import Outcome


def test_a_busy_core_shows_as_a_hundred_per_cent():
    observation = idle_cpu(3.0, 3.0, ["Generating..."])
    assert observation.value == 100.0
    assert "while it ran: Generating..." in observation.message
    assert idle_cpu(0.0, 3.0, []).value == 0.0
    assert idle_cpu(None, 3.0, []).outcome is Outcome.NOT_MEASURED


def test_writes_are_a_rate():
    assert idle_writes(3 * 2**20, 3.0, []).value == 1024.0
    assert idle_writes(None, 3.0, []).outcome is Outcome.NOT_MEASURED


@pytest.mark.parametrize("judge", [idle_cpu, idle_writes])
def test_what_was_not_seen_says_why(judge):
    seen = judge(None, 3.0, [], ("the sampler process 7 was ended by signal 9",))
    assert seen.message.endswith("could not be seen: the sampler process 7 was ended by signal 9.")


def test_log_lines_are_a_rate_with_their_commonest_origin():
    observation = log_rate(["Info log flood"] * 60 + ["Warning disk"] * 6, 3.0)
    assert observation.value == pytest.approx(22.0)
    assert observation.fact("sources")[0] == {"source": "Info log flood", "count": 60}
    assert log_rate([], 3.0).value == 0.0


def test_a_log_out_of_reach_is_not_measured_with_the_reason():
    observation = log_rate(None, 3.0, "no websocket")
    assert observation.outcome is Outcome.NOT_MEASURED
    assert "no websocket" in observation.message
