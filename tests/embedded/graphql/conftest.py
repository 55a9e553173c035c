"""A small library behind the schema, without a network: documents go in, answers and statements come out."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apsw
import pytest
from graphql import execute, parse, validate

from stashbench.embedded.configuration import default_configuration
from stashbench.embedded.database import Database
from stashbench.embedded.graphql import build_schema
from stashbench.embedded.state import ServerPaths
from stashbench.sqlite.functions import register

RECORDINGS = Path(__file__).parents[2] / "data" / "recordings"


@dataclass
class StatementList:
    """Takes the place of the log: keeps what was run."""

    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def record(self, _nanoseconds, sql, args):
        self.statements.append((sql, tuple(args)))


@dataclass
class Server:
    schema: Any
    state: Any
    log: StatementList
    tables: apsw.Connection  # for independent reading

    def execute(self, document: str, variables: dict[str, Any] | None = None, *, is_valid: bool = False):
        self.log.statements.clear()
        parsed = parse(document)
        assert is_valid or validate(self.schema, parsed) == []
        return execute(self.schema, parsed, context_value={"state": self.state}, variable_values=variables)

    def data(self, document: str, **variables: Any) -> dict[str, Any]:
        result = self.execute(document, variables)
        assert result.errors is None
        return json.loads(json.dumps(result.data))

    def error(self, document: str, **variables: Any) -> str:
        result = self.execute(document, variables)
        assert result.errors is not None
        return result.errors[0].message

    def count_of(self, text: str) -> int:
        return sum(text in sql for sql, _ in self.log.statements)

    def rows(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        return self.tables.execute(sql, args).fetchall()


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> Path:
    """The library a real v0.30.1 answered from when the recording was made: 40 scenes, no statistics."""
    path = tmp_path_factory.mktemp("library") / "stash-go.sqlite"
    connection = apsw.Connection(str(path))
    connection.execute(gzip.decompress((RECORDINGS / "stash-v0.30.1-library.sql.gz").read_bytes()).decode())
    connection.close()
    return path


@pytest.fixture(scope="session")
def server(library):
    log = StatementList()
    database = Database(library, log=log)
    tables = apsw.Connection(str(library), flags=apsw.SQLITE_OPEN_READONLY)
    register(tables)
    paths = ServerPaths(database=library, media=library.parent, work=library.parent)
    state = SimpleNamespace(database=database, configuration=default_configuration(paths), paths=paths)
    yield Server(build_schema()._schema, state, log, tables)
    tables.close()
    database.close()
