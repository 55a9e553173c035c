"""A Stash database at schema 75, as a real Stash v0.30 opens it, in DDL of our own.

The statements are split by what they hold: `schema_entities` (things with an id and their files), `schema_links`
(relations and lists), `schema_indexes`. Declared column types are Stash's, because its driver converts by them, and
indexes are listed in Stash's order of creation, because SQLite's planner breaks ties by that order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stashbench.embedded.schema_entities import ENTITY_TABLES
from stashbench.embedded.schema_indexes import INDEXES
from stashbench.embedded.schema_links import LINK_TABLES

if TYPE_CHECKING:
    import apsw

__all__ = ["INDEXES", "SCHEMA_VERSION", "TABLES", "create_indexes", "create_schema", "create_tables"]

SCHEMA_VERSION = 75
"""Schema of Stash v0.30.0 and v0.30.1."""

TABLES: dict[str, str] = {
    **ENTITY_TABLES,
    **LINK_TABLES,
    "schema_migrations": "CREATE TABLE schema_migrations (version uint64, dirty bool)",
}
"""CREATE TABLE statement by table name."""


def create_tables(connection: apsw.Connection) -> None:
    """Create all tables, and the row by which Stash knows the schema's version, on an empty database."""
    for statement in TABLES.values():
        connection.execute(statement)
    connection.execute("INSERT INTO schema_migrations (version, dirty) VALUES (?, 0)", (SCHEMA_VERSION,))


def create_indexes(connection: apsw.Connection) -> None:
    """Create all named indexes; after loading, because sorting once is far cheaper than inserting in random order."""
    for statement in INDEXES.values():
        connection.execute(statement)


def create_schema(connection: apsw.Connection) -> None:
    """Create tables and indexes of schema 75 in the empty database behind `connection`."""
    create_tables(connection)
    create_indexes(connection)
