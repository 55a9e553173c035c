from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import msgspec
import pytest

from stashbench.errors import TargetRefusedError, TargetUnreachableError, UsageError
from stashbench.model.secret import Secret
from stashbench.model.target import Facility, Target, TargetKind
from stashbench.target import open_target
from stashbench.target.database_match import explain_mismatch


def test_a_local_server_is_wholly_within_reach(server, settings):
    with open_target(settings()) as target:
        info = target.info
        assert info.kind is TargetKind.ATTACHED
        assert info.url == server.url
        assert info.schema_version == 75
        assert info.library.scene_count == 300
        assert target.pid == info.pid == server.pid
        assert target.database_path == server.database
        assert info.database_bytes == server.database.stat().st_size
        assert {reach.facility for reach in info.reaches} == set(Facility)
        assert not info.can(Facility.WRITES)
        missing = [reach for reach in info.reaches if not reach.is_available and reach.facility is not Facility.WRITES]
        assert missing == []
        assert all(reach.reason for reach in info.reaches)
        assert target.configuration()["parallelTasks"] >= 0
        assert target.configuration() is target.configuration()


def test_what_is_known_of_a_server_can_be_stored_and_holds_no_key(settings):
    with open_target(settings()) as target:
        stored = msgspec.json.encode(target.info)
    assert b"planted" not in stored
    assert msgspec.json.decode(stored, type=Target) == target.info


def test_writes_are_available_when_allowed(settings):
    with open_target(settings(allow_writes=True)) as target:
        assert target.info.can(Facility.WRITES)


def test_wrong_key_is_refused(settings):
    with pytest.raises(TargetRefusedError, match="refuses the API key"), open_target(settings(api_key=Secret("x"))):
        pass


def test_missing_key_is_refused(settings):
    with pytest.raises(TargetRefusedError, match="asks for an API key"), open_target(settings(api_key=None)):
        pass


def test_nothing_there_is_unreachable(settings, free_port):
    with (
        pytest.raises(TargetUnreachableError, match="Nothing listens"),
        open_target(settings(url=f"http://127.0.0.1:{free_port}")),
    ):
        pass


def test_faults_and_an_address_contradict_each_other(settings):
    with pytest.raises(UsageError, match="--fault"), open_target(settings(faults=("cpu-burner",))):
        pass


def test_a_given_process_is_taken_if_it_exists(settings):
    with open_target(settings(pid=os.getpid())) as target:
        assert target.pid == os.getpid()
        assert "--stash-pid" in target.info.reason(Facility.PROCESS)
        assert target.warnings == ()  # we are the parent of the process that listens
    for missing in (4194304, 2**80):
        with pytest.raises(UsageError, match=f"no process {missing}"), open_target(settings(pid=missing)):
            pass


def test_a_given_process_that_is_not_the_one_that_listens_is_taken_with_a_warning(server, settings):
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as stranger:
        with open_target(settings(pid=stranger.pid)) as target:
            assert target.pid == stranger.pid
            (warning,) = target.warnings
        assert f"process {stranger.pid} (python" in warning
        assert f"process {server.pid} (python" in warning


def test_a_given_database_is_taken_if_it_is_the_servers(server, settings, tmp_path):
    copy = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(server.database)) as source, closing(sqlite3.connect(copy)) as into:
        source.backup(into)
    # Which file the server has open can be seen, and it is not the copy.
    with pytest.raises(UsageError, match=f"works on {server.database}"), open_target(settings(database=copy)):
        pass
    with open_target(settings(database=server.database)) as target:
        assert target.database_path == server.database
    # Of another process that cannot be seen, and the copy might be what it serves.
    with open_target(settings(database=copy, pid=os.getpid())) as target:
        assert target.database_path == copy
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("DELETE FROM scenes_tags")
        connection.execute("DELETE FROM tags WHERE id > 10")
    with pytest.raises(UsageError, match="holds 10 tags"), open_target(settings(database=copy)):
        pass


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, None])
def test_another_file_is_not_taken(settings, tmp_path, content):
    path = tmp_path / "other.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="is not this server's database"), open_target(settings(database=path)):
        pass


def test_another_schema_is_a_mismatch(server, settings, tmp_path):
    copy = tmp_path / "copy.sqlite"
    shutil.copy(server.database, copy)
    with open_target(settings()) as target:
        library = target.info.library
    assert explain_mismatch(server.database, 75, library) == ""
    assert "schema 75, the server's database at 48" in explain_mismatch(server.database, 48, library)


def test_attaching_changes_nothing(server, settings):
    with closing(sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)) as connection:
        before = connection.execute("PRAGMA data_version").fetchone()
        with open_target(settings()):
            pass
        assert connection.execute("PRAGMA data_version").fetchone() == before
