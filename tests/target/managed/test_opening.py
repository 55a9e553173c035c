from __future__ import annotations

import msgspec
import pytest

from stashbench.config.target import TargetSettings
from stashbench.errors import TargetError, UsageError
from stashbench.model.secret import Secret
from stashbench.model.target import Facility, Target, TargetKind
from stashbench.target import open_target


@pytest.fixture
def settings(program, cache, monkeypatch):
    """Settings that start the stand-in."""
    monkeypatch.setenv("STASHBENCH_CACHE", str(cache.parent))
    monkeypatch.setattr("stashbench.embedded.cache.default_cache_directory", lambda: cache)

    def make(**changes):
        return TargetSettings(**{"binary": program, "library_scene_count": 150, "library_seed": 5, **changes})

    return make


def test_a_program_is_wholly_within_reach(settings, temporary):
    with open_target(settings()) as target:
        info = target.info
        assert info.kind is TargetKind.MANAGED
        assert (info.library.scene_count, info.library_seed) == (150, 5)
        assert all(info.can(facility) for facility in Facility)
        assert target.pid == info.pid
        assert target.database_path.parent == target.log_file.parent
        assert target.media_directory.is_dir()
        assert target.warnings == ()
        assert info.name.endswith("started by stashbench")
        assert msgspec.json.decode(msgspec.json.encode(info), type=Target) == info
    assert list(temporary.iterdir()) == []


def test_keys_of_the_users_servers_are_not_sent_to_it(settings, temporary):
    with open_target(settings(api_key=Secret("canary"), username=Secret("canary"), password=Secret("x"))) as target:
        assert target.client.api_key is None


def test_complaints_of_its_start_are_in_the_report(settings, temporary, monkeypatch):
    monkeypatch.setenv("STAND_IN", "complain")
    with open_target(settings()) as target:
        assert target.warnings == ('the server complained at start: could not "do" this: no space',)


def test_a_cache_size_for_stash_is_passed_on_and_said(settings, temporary, monkeypatch):
    monkeypatch.setenv("STASH_SQLITE_CACHE_SIZE", "-8000")
    with open_target(settings()) as target:
        assert target.warnings == ("the server was started with STASH_SQLITE_CACHE_SIZE=-8000 of the environment",)
    monkeypatch.setenv("STASH_SQLITE_CACHE_SIZE", "much")
    with pytest.raises(UsageError, match="STASH_SQLITE_CACHE_SIZE='much'"), open_target(settings()):
        pass


def test_a_server_that_counts_otherwise_is_not_measured(settings, temporary, monkeypatch):
    monkeypatch.setenv("STAND_IN", "miscount")
    with pytest.raises(TargetError, match="scene_count 149 instead of 150"), open_target(settings()):
        pass
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://127.0.0.1:9999"}, "not both"),
        ({"faults": ("cpu-burner",)}, "embedded server"),
        ({"database": "x"}, "--stash-database"),
        ({"pid": 1}, "--stash-pid"),
        ({"log_file": "x"}, "--stash-log-file"),
        ({"node_exporter": "http://x"}, "--stash-node-exporter"),
    ],
)
def test_what_describes_another_server_is_refused(settings, changes, words):
    with pytest.raises(UsageError, match=words), open_target(settings(**changes)):
        pass
