"""What a database of some release has room for: its tables and columns, read off the file, not off its version."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import apsw


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `is_required` where a row must give it a value: NOT NULL, no default, not the row's own number."""

    name: str
    declared_type: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `unique` are the sets of columns that may hold each combination of values once only."""

    columns: tuple[Column, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    references: tuple[str, ...] = ()
    """Columns that must hold the key of a row elsewhere, or nothing."""

    @property
    def names(self) -> frozenset[str]:
        """Names of all columns."""
        return frozenset(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Layout:
    """All tables by name."""

    tables: dict[str, Table]

    def to_text(self) -> str:
        """Write it down for the helper process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Layout:
        """Read what `to_text` wrote."""
        tables = json.loads(text)["tables"]
        return cls(
            {
                name: Table(
                    columns=tuple(Column(**column) for column in table["columns"]),
                    unique=tuple(tuple(columns) for columns in table["unique"]),
                    references=tuple(table["references"]),
                )
                for name, table in tables.items()
            }
        )


def read_layout(connection: apsw.Connection) -> Layout:
    """Read the layout of an open database; SQLite's own tables are left out."""
    names = _rows(
        connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    return Layout({name: _read_table(connection, name) for (name,) in names})


def _read_table(connection: apsw.Connection, name: str) -> Table:
    columns, rows = [], _rows(connection, "SELECT * FROM pragma_table_info(?)", name)
    key = [row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5]]
    for _, column, declared_type, is_not_null, default, place_in_key in rows:
        numbers_itself = bool(place_in_key) and len(key) == 1 and declared_type.upper() == "INTEGER"
        is_required = bool(is_not_null) and default is None and not numbers_itself
        columns.append(Column(column, declared_type, is_required))
    unique = [tuple(key)] if key else []
    for (index,) in _rows(connection, 'SELECT name FROM pragma_index_list(?) WHERE "unique"', name):
        parts = _rows(connection, "SELECT name FROM pragma_index_info(?) ORDER BY seqno", index)
        unique.append(tuple(part or "" for (part,) in parts))  # an expression has no name
    references = _rows(connection, 'SELECT DISTINCT "from" FROM pragma_foreign_key_list(?) ORDER BY 1', name)
    return Table(tuple(columns), tuple(dict.fromkeys(unique)), tuple(column for (column,) in references))


def _rows(connection: apsw.Connection, sql: str, *values: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql, values).fetchall()
