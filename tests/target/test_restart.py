"""Servers of ours started anew: at the same time, in new processes, on the library they were given."""

from __future__ import annotations

import os
from contextlib import ExitStack

import pytest

from stashbench.config.target import TargetSettings
from stashbench.errors import TargetUnreachableError, UsageError
from stashbench.model.secret import Secret
from stashbench.target import open_target
from stashbench.target.restart import restart

CREATE = 'mutation { tagCreate(input: {name: "of the first process"}) { id } }'
COUNT = "query { findTags { count } }"
SMALL = TargetSettings(library_scene_count=100)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def tags(target):
    return target.client.execute(COUNT)["findTags"]["count"]


def test_two_servers_start_anew_and_forget_what_was_written():
    with ExitStack() as opened:
        targets = [opened.enter_context(open_target(SMALL)) for _ in "ab"]
        before = [target.pid for target in targets]
        counts = [tags(target) for target in targets]
        targets[0].client.execute(CREATE)
        assert tags(targets[0]) == counts[0] + 1
        seconds = restart(targets)
        assert all(target.start_seconds == seconds > 0 for target in targets)
        assert not any(is_alive(pid) for pid in before)
        assert all(is_alive(target.pid) and target.info.pid == target.pid for target in targets)
        assert [tags(target) for target in targets] == counts
        assert all(target.info.url == target.client.url for target in targets)
        after = [target.pid for target in targets]
    assert not any(is_alive(pid) for pid in after)


def test_who_logs_in_is_let_in_by_the_new_process_too():
    settings = TargetSettings(library_scene_count=100, username=Secret("me"), password=Secret("word"))
    with open_target(settings) as target:
        assert tags(target) > 0
        restart([target])
        target.client.sign_in()
        assert tags(target) > 0


def test_a_server_of_somebody_else_is_left_alone(embedded_server):
    server = embedded_server()
    with (
        open_target(TargetSettings(url=server.url)) as target,
        pytest.raises(UsageError, match="not ours to start anew"),
    ):
        restart([target])
    assert server.is_running


def test_one_that_does_not_come_up_again_is_told_and_nothing_stays(monkeypatch):
    with open_target(SMALL) as target:
        pid = target.pid
        monkeypatch.setenv("STASH_SQLITE_CACHE_SIZE", "wrong")
        with pytest.raises((TargetUnreachableError, UsageError), match="STASH_SQLITE_CACHE_SIZE"):
            restart([target])
        assert not is_alive(pid)
