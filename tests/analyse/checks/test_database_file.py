from __future__ import annotations

import sqlite3

from stashbench.analyse.checks.database_file import (
    blobs_in_database,
    dirty_schema,
    fragmentation,
    free_space,
    network_filesystem,
    wal_size,
)
from stashbench.collect.database import read_database_facts
from stashbench.model.finding import Outcome


def test_free_pages_of_a_real_file_are_measured(tmp_path):
    path = tmp_path / "stash-go.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE kept (a BLOB)")
    connection.execute("CREATE TABLE dropped (a BLOB)")
    connection.execute("INSERT INTO kept VALUES (zeroblob(400000))")
    connection.commit()
    assert fragmentation(read_database_facts(path)).value == 0.0
    connection.execute("INSERT INTO dropped VALUES (zeroblob(400000))")
    connection.commit()
    connection.execute("DROP TABLE dropped")
    connection.commit()
    connection.close()
    observation = fragmentation(read_database_facts(path))
    assert 40.0 < observation.value < 60.0
    assert observation.fact("free_bytes") >= 400000


def test_an_empty_file_has_no_share(make_facts):
    assert fragmentation(make_facts(page_count=0)).outcome is Outcome.NOT_MEASURED


def test_the_logs_size_is_in_mebibytes(make_facts):
    assert wal_size(make_facts(wal_bytes=72 * 2**20)).value == 72.0
    assert wal_size(make_facts()).value == 0.0


def test_room_is_counted_in_copies_of_the_database(make_facts):
    assert free_space(make_facts(free_bytes=4096 * 2500)).value == 2.5
    assert free_space(make_facts()).outcome is Outcome.NOT_MEASURED


def test_network_file_systems_are_named(make_facts):
    remote = network_filesystem(make_facts(filesystem="cifs", is_network_filesystem=True))
    assert remote.value == 1.0
    assert "cifs" in remote.message
    assert network_filesystem(make_facts(filesystem="ext4", is_network_filesystem=False)).value == 0.0
    assert network_filesystem(make_facts()).outcome is Outcome.NOT_MEASURED


def test_a_broken_migration_is_dirty(make_facts):
    assert dirty_schema(make_facts(is_dirty=True)).value == 1.0
    assert dirty_schema(make_facts()).value == 0.0
    assert dirty_schema(make_facts(is_dirty=None)).outcome is Outcome.NOT_MEASURED


def test_pictures_are_a_share_of_the_file(make_facts):
    assert blobs_in_database(make_facts(blob_bytes=4096 * 600)).value == 60.0
    assert blobs_in_database(make_facts(blob_bytes=0)).value == 0.0
    assert blobs_in_database(make_facts()).outcome is Outcome.NOT_MEASURED
