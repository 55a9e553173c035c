"""A copy with equal counts is told from the server's own file by the entries that were changed last."""

from __future__ import annotations

import contextlib
import os
import sqlite3

import pytest

from stashbench.errors import UsageError
from stashbench.target import open_target
from stashbench.target.database_match import explain_mismatch
from stashbench.target.newest_rows import ask_newest_rows, seconds_of


@pytest.fixture
def copy(server, tmp_path):
    path = tmp_path / "copy.sqlite"
    with (
        contextlib.closing(sqlite3.connect(server.database)) as source,
        contextlib.closing(sqlite3.connect(path)) as to,
    ):
        source.backup(to)
    return path


@pytest.fixture
def asked(settings):
    with open_target(settings()) as target:
        yield target, ask_newest_rows(target.client)


def change(path, statement, *values):
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


def why_not(path, asked, after=None):
    target, newest = asked
    answers = iter([newest, after or newest])
    return explain_mismatch(path, target.info.schema_version, target.info.library, lambda: next(answers))


def test_the_newest_entries_are_asked_for(asked):
    _, newest = asked
    assert {table: len(rows) for table, rows in newest.items()} == {"scenes": 5, "performers": 5, "tags": 5}


def test_the_servers_own_file_and_an_equal_copy_agree(server, copy, asked):
    assert why_not(server.database, asked) == ""
    assert why_not(copy, asked) == ""


def test_an_older_copy_is_told(copy, asked):
    scene = max(asked[1]["scenes"])
    change(copy, "UPDATE scenes SET updated_at = '2001-02-03T04:05:06Z' WHERE id = ?", scene)
    said = why_not(copy, asked)
    assert f"holds an older state: its scene {scene} was changed last on 2001-02-03 at 04:05:06 UTC" in said


def test_a_copy_that_somebody_went_on_working_with_is_told(copy, asked):
    change(copy, "UPDATE performers SET updated_at = '2999-01-01T00:00:00+01:00' WHERE id = 3")
    assert "was changed last on 2998-12-31 at 23:00:00 UTC, the server's performers" in why_not(copy, asked)


def test_a_copy_with_as_many_but_other_entries_is_told(copy, asked):
    tag = max(asked[1]["tags"])
    change(copy, "UPDATE tags SET id = 99999 WHERE id = ?", tag)
    assert f"has no tag {tag}" in why_not(copy, asked)


def test_a_change_while_the_file_is_read_is_no_difference(copy, asked):
    newest = asked[1]
    scene = max(newest["scenes"])
    change(copy, "UPDATE scenes SET updated_at = '2999-01-01T00:00:00Z' WHERE id = ?", scene)
    later = {**newest, "scenes": {**newest["scenes"], scene: seconds_of("2999-01-01T00:00:00Z")}}
    assert why_not(copy, asked, after=later) == ""


def test_a_server_that_does_not_tell_leaves_the_other_signs(copy, asked):
    target, _ = asked
    assert explain_mismatch(copy, target.info.schema_version, target.info.library, dict) == ""


def test_the_option_refuses_an_older_copy_in_one_sentence(settings, copy):
    change(copy, "UPDATE tags SET updated_at = '2001-02-03T04:05:06Z'")
    with (
        pytest.raises(UsageError, match=r"is not this server's database: .* holds an older state"),
        open_target(settings(database=copy, pid=os.getpid())),
    ):
        pass


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T00:00:00Z",
        "2026-01-01 01:00:00+01:00",
        "2026-01-01T00:00:00.123456789Z",
        " 2025-12-31T23:00:00-01:00",
    ],
)
def test_times_as_databases_keep_them(text):
    assert int(seconds_of(text)) == 1767225600
