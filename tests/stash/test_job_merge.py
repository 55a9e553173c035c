"""Whatever is lost, doubled or mixed of what a server says about a job: the end is right, and stays."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.stash.job_merge import POINT_LIMIT, JobMerge
from stashbench.stash.jobs import ENDED, Job

ADDED = "2026-11-23T11:13:09.1Z"
READY = Job("7", "READY", "Scanning...", (), 0.0, ADDED, None, None)
STARTED = "2026-11-23T11:13:10Z"
RUNNING = replace(READY, status="RUNNING", started_at=STARTED)
ENDED_AT = "2026-11-23T11:14:10Z"


@st.composite
def lives(draw):
    """What a server goes through with one job, state by state, as its own code allows it."""
    states = [READY]
    if draw(st.booleans()) and draw(st.booleans()):
        return [*states, replace(READY, status="CANCELLED")]
    states.append(RUNNING)
    for progress in draw(st.lists(st.none() | st.floats(0, 1), max_size=12)):
        tasks = tuple(draw(st.lists(st.sampled_from(["a", "b"]), max_size=2)))
        states.append(replace(RUNNING, progress=progress, sub_tasks=tasks))
    end = draw(st.sampled_from(sorted(ENDED)))
    error = None
    if end == "CANCELLED" or draw(st.booleans()):
        states.append(replace(states[-1], status="STOPPING"))
    if end == "FAILED":
        error = draw(st.none() | st.just("no space left"))
        # The status is there a moment before its time.
        states.append(replace(states[-1], status="FAILED", error=error))
    states.append(replace(states[-1], status=end, error=error, sub_tasks=(), ended_at=ENDED_AT))
    return states


@st.composite
def tales(draw):
    """What is heard of a life: messages lost, doubled, in any order; polls that each tell the truth of their time."""
    life = draw(lives())
    messages = draw(st.lists(st.sampled_from(life), max_size=3 * len(life)))
    # A trailing message after the end shows the state before it.
    polls = sorted(draw(st.lists(st.integers(0, len(life) - 1), max_size=5)))
    events = [("hear", job) for job in messages]
    places = sorted(draw(st.lists(st.integers(0, len(events)), min_size=len(polls), max_size=len(polls))))
    for place, number in reversed(list(zip(places, polls, strict=True))):
        events.insert(place, ("look", life[number]))
    return life, events


@given(tales())
def test_the_end_is_right_and_never_reopens(tale):
    life, events = tale
    merge = JobMerge()
    final, at = life[-1], 0.0
    # Whoever follows a job polls until it has ended.
    for kind, job in [*events, ("look", final)]:
        at += 1.0
        was_over, points = merge.is_over, len(merge.points)
        told = merge.hear(job, at) if kind == "hear" else merge.look(job, at - 0.5, at)
        if was_over:
            assert merge.is_over
            assert not told
            assert len(merge.points) == points
    assert merge.job == final
    assert merge.learned_from in {"subscription", "poll"}
    assert merge.message_count == sum(kind == "hear" for kind, _ in events)
    assert not merge.is_replaced
    assert sum(point.at == merge.points[-1].at for point in merge.points) == 1


@given(lives())
def test_an_undisturbed_job_has_all_its_points_and_spans(life):
    merge = JobMerge()
    told = [merge.hear(job, float(at)) for at, job in enumerate(life)]
    assert told[0]
    assert merge.job == life[-1]
    assert (merge.late_count, merge.lost_count) == (0, 0)
    first_end = next(at for at, job in enumerate(life) if job.is_ended)
    assert [point.at for point in merge.points] == [float(at) for at in range(first_end + 1)]
    statuses = [job.status for job in life]
    if "RUNNING" in statuses:
        assert merge.queued == (0.0, 1.0)
        assert merge.running == (1.0, float(first_end))
    else:
        assert merge.queued == (0.0, 1.0)
        assert merge.running is None


@given(lives(), st.integers(0, 20))
def test_another_job_under_the_number_is_a_restart_and_no_end(life, place):
    merge = JobMerge()
    place = min(place, len(life) - 1)
    for at, job in enumerate(life[: place + 1]):
        merge.hear(job, float(at))
    was, before = merge.is_over, merge.job
    merge.look(replace(life[-1], added_at="2026-11-24T00:00:00Z"), 98.0, 99.0)
    assert merge.job == before
    assert merge.is_replaced == (not was)


def test_messages_of_the_past_are_late_and_polls_of_the_past_are_nothing():
    merge = JobMerge()
    merge.hear(replace(RUNNING, progress=0.5), 10.0)
    assert not merge.hear(READY, 10.1)
    assert merge.late_count == 1
    assert not merge.look(replace(RUNNING, progress=0.4), 9.9, 10.2), "asked before the message came"
    assert merge.job.progress == 0.5
    assert merge.look(replace(RUNNING, progress=0.6), 10.3, 10.4)
    assert merge.late_count == 1


def test_what_only_a_poll_told_is_lost_unless_a_message_follows():
    merge = JobMerge()
    merge.hear(READY, 1.0)
    merge.look(RUNNING, 2.0, 2.1)
    assert merge.lost_count == 1
    merge.hear(RUNNING, 2.2)
    assert merge.lost_count == 0
    merge.look(replace(RUNNING, status="STOPPING"), 3.0, 3.1)
    assert merge.lost_count == 0, "Stash announces no stopping"
    end = replace(RUNNING, status="CANCELLED", ended_at=ENDED_AT)
    merge.look(end, 4.0, 4.1)
    assert (merge.lost_count, merge.awaits_end_message) == (1, True)
    merge.hear(end, 4.2)
    assert (merge.lost_count, merge.awaits_end_message, merge.learned_from) == (0, False, "poll")


def test_a_status_of_a_later_release_is_no_end():
    merge = JobMerge()
    merge.hear(READY, 1.0)
    assert merge.hear(replace(RUNNING, status="PAUSED"), 2.0)
    assert (merge.is_over, merge.job.status) == (False, "PAUSED")
    assert merge.hear(replace(RUNNING, status="FINISHED"), 3.0)
    assert merge.is_over


@pytest.mark.parametrize("count", [POINT_LIMIT - 1, 10 * POINT_LIMIT])
def test_points_of_a_long_job_are_thinned_evenly(count):
    merge = JobMerge()
    for number in range(count):
        merge.hear(replace(RUNNING, progress=number / count), float(number))
    merge.hear(replace(RUNNING, status="FINISHED", progress=1.0), float(count))
    assert len(merge.points) <= POINT_LIMIT + 1
    times = [point.at for point in merge.points]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (0.0, float(count))
    steps = [later - earlier for earlier, later in pairwise(times)]
    assert max(steps) <= 4 * count / POINT_LIMIT + 1
