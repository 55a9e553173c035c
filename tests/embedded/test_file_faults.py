from __future__ import annotations

import apsw
import pytest

from stashbench.embedded.faults import FAULTS, parse_fault
from stashbench.embedded.server import ServeOptions, server_state
from stashbench.errors import UsageError
from stashbench.sqlite.functions import register


@pytest.fixture
def open_with(library):
    """Open a server's state over the library with some faults."""

    def make(*faults):
        return server_state(ServeOptions(database=library, faults=tuple(parse_fault(text) for text in faults)))

    return make


def plan(session, sql):
    return [row[3] for row in session.fetch(f"EXPLAIN QUERY PLAN {sql}")]


def one(state, sql):
    with state.database.read() as session:
        return session.fetch_one(sql)[0]


def contents(path):
    """All rows of all tables, in no particular order."""
    with apsw.Connection(str(path)) as connection:
        register(connection)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        own = sorted(name for name in names if not name.startswith("sqlite_"))
        rows = {name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in own}
    connection.close()
    return rows


def test_healthy_twin(open_with):
    with open_with() as state:
        assert one(state, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'index_scenes_tags_on_tag_id'") == 1
        assert one(state, "PRAGMA freelist_count") / one(state, "PRAGMA page_count") < 0.05
        assert one(state, "PRAGMA cache_size") == -2000
        wal = state.paths.database.with_name(state.paths.database.name + "-wal")
        assert not wal.exists() or wal.stat().st_size < 1024 * 1024
        assert state.jobs.queue() == []


def test_drop_index_drops_it_and_statements_scan(open_with):
    sql = "SELECT scene_id FROM scenes_tags WHERE tag_id = 7"
    with open_with() as state, state.database.read() as session:
        assert "index_scenes_tags_on_tag_id" in plan(session, sql)[0]
    with open_with("drop-index=index_scenes_tags_on_tag_id") as state, state.database.read() as session:
        assert plan(session, sql)[0].startswith("SCAN")
        assert session.fetch("SELECT 1 FROM sqlite_schema WHERE name = 'index_scenes_tags_on_tag_id'") == []


def test_an_index_that_is_not_there_is_said(open_with):
    with (
        pytest.raises(UsageError, match=r"no index 'index_of_nothing'.*index_scenes_tags_on_tag_id"),
        open_with("drop-index=index_of_nothing"),
    ):
        pass


def test_stale_statistics_are_wrong_and_change_plans(open_with, library):
    sql = (  # the page of a tag: healthy from the tag to its scenes, stale from all scenes to their tags
        "SELECT DISTINCT scenes.id FROM scenes LEFT JOIN (SELECT j.*, d.column1 AS root_id FROM scenes_tags AS j "
        "INNER JOIN (VALUES(7,7),(7,9)) AS d ON j.tag_id = d.column2) AS scene_tag ON scene_tag.scene_id = scenes.id "
        "WHERE scene_tag.root_id IS NOT NULL ORDER BY scenes.created_at DESC LIMIT 40"
    )
    before = contents(library)
    with open_with() as state, state.database.read() as session:
        assert "SCAN scenes" not in plan(session, sql)
    with open_with("stale-statistics") as state, state.database.read() as session:
        rows = session.fetch("SELECT stat FROM sqlite_stat1 WHERE tbl = 'scenes'")
        assert rows
        assert {row[0].split()[0] for row in rows} == {"3"}
        assert session.fetch_one("SELECT COUNT(*) FROM scenes") == (300,)
        assert session.fetch_one("SELECT COUNT(*) FROM sqlite_stat4") == (0,)
        assert "SCAN scenes" in plan(session, sql)
    assert contents(library) == before


def test_fragmented_file_has_a_third_of_its_pages_free(open_with, library):
    before = contents(library)
    with open_with("fragmented-file") as state:
        assert one(state, "PRAGMA freelist_count") / one(state, "PRAGMA page_count") > 0.30
        assert one(state, "PRAGMA quick_check") == "ok"
    assert contents(library) == before


def test_oversized_wal_is_held_and_the_content_is_the_same(open_with, library):
    before = contents(library)
    wal = library.with_name(library.name + "-wal")
    with open_with("oversized-wal") as state:
        assert wal.stat().st_size > 64 * 1024 * 1024
        with state.database.write() as session:
            session.change("UPDATE scenes SET title = title WHERE id = 1")
        assert wal.stat().st_size > 64 * 1024 * 1024
    assert contents(library) == before


def test_tiny_page_cache_is_that_of_each_connection(open_with):
    with open_with("tiny-page-cache") as state, state.database.write() as writer:
        assert writer.fetch_one("PRAGMA cache_size") == (10,)
    with open_with("tiny-page-cache") as state:
        assert one(state, "PRAGMA cache_size") == 10


def test_faults_combine(open_with):
    with open_with("drop-index=index_scenes_on_studio_id", "fragmented-file", "stale-statistics") as state:
        assert one(state, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'index_scenes_on_studio_id'") == 0
        assert one(state, "PRAGMA freelist_count") / one(state, "PRAGMA page_count") > 0.30


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("drop-indx=a", "no fault 'drop-indx'.*drop-index=NAME"),
        ("drop-index", "write drop-index=NAME"),
        ("latency=findScenes", "write latency=OPERATION:MS"),
        ("latency=findScenes:-5", "write latency=OPERATION:MS"),
        ("errors=1.5", "write errors=RATE"),
        ("errors=often", "write errors=RATE"),
        ("cpu-burner=2", "takes no argument"),
        ("memory-leak=inf", "above 0"),
    ],
)
def test_a_fault_written_wrongly_is_said(text, said):
    with pytest.raises(UsageError, match=said):
        parse_fault(text)


def test_every_fault_can_be_written_as_its_usage_says():
    examples = {
        "NAME": "index_x",
        "PROTOCOL": "graphql-ws",
        "SECONDS": "3",
        "OPERATION:MS": "findScenes:20",
        "OPERATION:TURNS": "findScenes:5000",
        "RATE": "0.5",
        "OPERATION": "findScenes",
        "BYTES_PER_REQUEST": "4096",
        "BYTES_PER_SECOND": "1e6",
        "LINES_PER_SECOND": "50",
        "MS": "10",
    }
    for name, meta in FAULTS.items():
        fault = parse_fault(f"{name}={examples[meta.argument]}" if meta.argument else name)
        assert fault.name == name
