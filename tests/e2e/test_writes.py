"""With --allow-writes one scene is saved as it is: all that changes is when it was last updated."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3

from stashbench.stash.document import find_operation
from stashbench.suites import find_suites
from stashbench.target.library import cached_library
from stashbench.target.server import ServerOptions, running_server


def content(path):
    """Return all rows of all tables; the time of update of scenes apart."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {table: [dict(row) for row in connection.execute(f'SELECT rowid, * FROM "{table}"')] for table in tables}
    updated = {row["id"]: row.pop("updated_at") for row in rows["scenes"]}
    return {name: found for name, found in rows.items() if not name.startswith("sqlite_")}, updated


def test_only_the_time_of_update_of_one_scene_changes(proxy, execute, tmp_path):
    database = tmp_path / "stash-go.sqlite"
    shutil.copyfile(cached_library(200, 3), database)
    (suites,) = find_suites(())
    with running_server(ServerOptions(database=database)) as own, proxy(own.url).running() as between:
        before, updated_before = content(database)
        options = ("audit", "--suite", suites, "-k", "slow_update", "--stash-url", between.url)
        reading = execute(tmp_path / "..", "stashbench", *options, "--out", tmp_path / "a")
        assert reading.status == 0, reading.said
        assert between.documents
        assert not [document for document in between.documents if find_operation(document).kind == "mutation"]
        writing = execute(tmp_path / "..", "stashbench", *options, "--out", tmp_path / "b", "--allow-writes")
        assert writing.status == 0, writing.said
        after, updated_after = content(database)
    mutations = {
        request.body
        for request in between.seen
        if request.document and find_operation(request.document).kind == "mutation"
    }
    assert len(mutations) == 1, mutations
    assert after == before
    changed = [scene for scene, when in updated_after.items() if when != updated_before[scene]]
    assert len(changed) == 1, changed
