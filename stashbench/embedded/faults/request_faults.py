"""Faults that strike requests: delay, errors, statements per row, memory that is never given back."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stashbench.embedded.faults.catalogue import Fault

if TYPE_CHECKING:
    from stashbench.embedded.database import Database

_SEED = 20231123
_PAGE_BYTES = 4096
_MILLISECONDS = 1000.0
# What each kind of row looks up once more, by the name of the list it is in.
_LOOKUPS = {
    "scenes": ("scenes_tags", "scene_id"),
    "images": ("images_tags", "image_id"),
    "galleries": ("galleries_tags", "gallery_id"),
    "performers": ("performers_tags", "performer_id"),
    "studios": ("studios_tags", "studio_id"),
    "groups": ("groups_tags", "group_id"),
    "scene_markers": ("scene_markers_tags", "scene_marker_id"),
}
_DEFAULT_LOOKUP = ("scenes_tags", "scene_id")

Resolver = Callable[..., Any]


class PlantedResolverError(Exception):
    """The error that the fault `errors` raises in a resolver."""


class RequestFaults:
    """What happens to requests. All methods may be called from several threads."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._delays = [(fault.subject, fault.amount / _MILLISECONDS) for fault in faults if fault.name == "latency"]
        self._work = [(fault.subject, int(fault.amount)) for fault in faults if fault.name == "busy"]
        self._per_row = frozenset(fault.subject for fault in faults if fault.name == "n-plus-one")
        self._error_rate = max((fault.amount for fault in faults if fault.name == "errors"), default=0.0)
        self._leak_bytes = sum(int(fault.amount) for fault in faults if fault.name == "memory-leak")
        self._leaked: list[bytearray] = []
        self._random = random.Random(_SEED)  # noqa: S311 - repeatable, not secret
        self._lock = threading.Lock()

    def before(self, names: frozenset[str]) -> None:
        """Leak, wait and toil, before a request with these operation and field names is executed."""
        if self._leak_bytes:
            memory = bytearray(self._leak_bytes)
            memory[::_PAGE_BYTES] = b"\x01" * len(memory[::_PAGE_BYTES])  # untouched pages would cost no memory
            self._leaked.append(memory)
        for operation, delay_seconds in self._delays:
            if operation in names:
                time.sleep(delay_seconds)
        for operation, turn_count in self._work:
            if operation in names:
                for _ in range(turn_count):
                    pass

    def middleware(self) -> Resolver | None:
        """Return what makes the next request fail in its first resolver, or None; each start has the same sequence."""
        if not self._error_rate:
            return None
        with self._lock:
            is_struck = self._random.random() < self._error_rate
        return _fail_at_root if is_struck else None

    def after(self, names: frozenset[str], data: Mapping[str, Any] | None, database: Database) -> None:
        """Run one more statement per row of the answer, each in a transaction of its own as Stash's resolvers do."""
        if not data or not self._per_row & names:
            return
        for table, column, row_id in _rows(data):
            with database.read() as session:
                session.fetch(
                    f"SELECT {table}.tag_id AS id FROM {table} INNER JOIN tags ON tags.id = {table}.tag_id "  # noqa: S608
                    f"WHERE {table}.{column} = ?",
                    (row_id,),
                )


def _fail_at_root(resolve: Resolver, source: Any, info: Any, **arguments: Any) -> Any:
    """Raise in a field of the operation itself; let the fields below it be."""
    if info.path.prev is None:
        message = "planted fault: this resolver fails"
        raise PlantedResolverError(message)
    return resolve(source, info, **arguments)


def _rows(data: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Return (link table, its column, id) for each row in the lists that an answer holds at its top."""
    found: list[tuple[str, str, int]] = []
    for root, value in data.items():
        lists = value if isinstance(value, dict) else {root: value}
        for name, rows in lists.items():
            if not isinstance(rows, list):
                continue
            table, column = _LOOKUPS.get(name, _DEFAULT_LOOKUP)
            for number, row in enumerate(rows, start=1):
                identifier = row.get("id", number) if isinstance(row, dict) else number
                found.append((table, column, int(identifier)))
    return found
