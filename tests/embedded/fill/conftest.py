"""Empty databases as five releases of Stash made them, built from descriptions of their tables."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import apsw
import pytest

SCHEMAS = Path(__file__).parents[2] / "data" / "schemas"


def statements(description):
    """Give the statements that make the tables and indexes of a description, in its order."""
    for name, table in description["tables"].items():
        key = table.get("key", [])
        lines = []
        for column in table["columns"]:
            numbers_itself = isinstance(key, str) and key.partition(" ")[0] == column.split()[0]
            lines.append(
                f'"{column.split()[0]}" integer not null primary key autoincrement'
                if numbers_itself
                else quoted(column)
            )
        if isinstance(key, list) and key:
            columns = ", ".join(f'"{column}"' for column in key)
            lines.append(f"primary key ({columns})")
        for reference in table.get("references", []):
            column, _, target = reference.partition(" -> ")
            place, _, action = target.partition(" on delete ")
            other, _, other_column = place.partition(".")
            ending = f" on delete {action}" if action else ""
            lines.append(f'foreign key ("{column}") references "{other}" ("{other_column}"){ending}')
        lines += [f"check ({check})" for check in table.get("checks", [])]
        body = ", ".join(lines)
        yield f'CREATE TABLE "{name}" ({body})'
    for name, index in description["indexes"].items():
        unique = "UNIQUE " if index.get("unique") else ""
        where = f" WHERE {index['where']}" if "where" in index else ""
        columns = ", ".join(f'"{column}"' for column in index["columns"])
        yield f'CREATE {unique}INDEX "{name}" ON "{index["on"]}" ({columns}){where}'


def quoted(column):
    name, _, rest = column.partition(" ")
    return f'"{name}" {rest}'


class Stash:
    """An empty database, and what a test asks of it."""

    def __init__(self, path, description):
        self.path, self.description = path, description
        connection = apsw.Connection(str(path))
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        for statement in statements(description):
            connection.execute(statement)
        connection.execute("INSERT INTO schema_migrations (version, dirty) VALUES (?, 0)", (description["version"],))
        connection.execute("ANALYZE")
        connection.close()
        path.chmod(0o644)

    def change(self, *sql):
        """Run statements on it, as its Stash would."""
        connection = apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READWRITE)
        for statement in sql:
            connection.execute(statement).fetchall()
        connection.close()

    def rows(self, sql):
        connection = apsw.Connection(
            f"file:{self.path}?immutable=1", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        )
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def one(self, sql):
        return self.rows(sql)[0][0]

    def digest(self):
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def beside(self):
        """Names of the files beside it."""
        return sorted(path.name for path in self.path.parent.iterdir() if path != self.path)


def describe(version):
    return json.loads((SCHEMAS / f"{version}.json").read_text())


@pytest.fixture
def make_stash(tmp_path_factory):
    """Make an empty database: make_stash(48), or make_stash(75, change) with a change of its description."""

    def make(version, change=None):
        description = describe(version)
        if change:
            change(description)
        return Stash(tmp_path_factory.mktemp("stash") / "stash-go.sqlite", description)

    return make
