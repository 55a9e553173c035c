"""What is asked of both servers: one request a side for each benchmark, answered once and held against each other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from stashbench.errors import RequestError
from stashbench.stash.client import PreparedRequest, StashClient


@dataclass(frozen=True, slots=True)
class PathRequest:
    """A plain GET below the server's address, such as a cover image."""

    path: str

    @property
    def name(self) -> str:
        """How the report calls it."""
        return "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one answer held: its size, its rows (None where it has none), their ids in order, the number of matches.

    `seconds` is the fastest of the calls that planning made.
    """

    size_bytes: int
    seconds: float
    row_count: int | None = None
    total_count: int | None = None
    ids: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class SideRequest:
    """A request as one side is asked, and its first answer; `problem` says why there is none."""

    request: PreparedRequest | PathRequest | None = None
    answer: Answer | None = None
    left_out: tuple[str, ...] = ()
    problem: str = ""
    is_not_offered: bool = False


@dataclass(slots=True, kw_only=True)
class PairedRequest:
    """One benchmark on both sides. `sides` has the letters a and b."""

    id: str
    title: str
    group: str
    suite: str = ""
    file: Path | None = None
    page: str = ""
    sides: dict[str, SideRequest] = field(default_factory=lambda: {"a": SideRequest(), "b": SideRequest()})

    @property
    def is_ready(self) -> bool:
        """Whether both sides answered with the same page, so that times can be held against each other."""
        a, b = self.sides["a"].answer, self.sides["b"].answer
        return a is not None and b is not None and not differences(a, b)[0]


def count_rows(data: Mapping[str, Any]) -> tuple[int | None, int | None, tuple[str, ...]]:
    """Return rows, matches in all and ids of an answer: its first root field is a list, or a page that holds one."""
    root = next(iter(data.values()), None)
    if isinstance(root, list):
        return len(root), None, _ids(root)
    if not isinstance(root, dict) or "id" in root:
        return None, None, ()
    lists = [value for value in root.values() if isinstance(value, list)]
    if not lists:
        return None, None, ()
    rows = max(lists, key=len)
    count = root.get("count")
    return len(rows), count if isinstance(count, int) else None, _ids(rows)


def _ids(rows: list[Any]) -> tuple[str, ...]:
    """Return the rows' ids, or a digest of rows that are lists themselves, as groups of duplicates are."""
    found = []
    for row in rows:
        if isinstance(row, dict) and "id" in row:
            found.append(str(row["id"]))
        elif isinstance(row, list):
            found.append(hashlib.sha256(",".join(sorted(_ids(row))).encode()).hexdigest()[:16])
    return tuple(found)


def check_body(client: StashClient, request: PreparedRequest | PathRequest, status: int, body: bytes) -> dict[str, Any]:
    """Return the data of an answer, empty for a file.

    Raises:
        RequestError: the server declined, or sent something else.
        TargetError: it refuses us.
    """
    if isinstance(request, PreparedRequest):
        return client.check(request, status, body)
    if status != HTTPStatus.OK:
        message = f"GET {request.path} answered with status {status} instead of 200; open it in a browser to see why"
        raise RequestError(message)
    return {}


def send(client: StashClient, request: PreparedRequest | PathRequest) -> tuple[int, bytes]:
    """Send a request and read the whole answer: the timed call."""
    if isinstance(request, PreparedRequest):
        body = client.send(request)
        return client.last_status, body
    return client.get(request.path)


def differences(a: Answer, b: Answer) -> tuple[str, tuple[str, ...]]:
    """Hold two answers against each other: return why they cannot be compared (or nothing), and what to mind."""
    if a.row_count != b.row_count:
        return f"the answers differ: {_rows(a.row_count)} from A, {_rows(b.row_count)} from B", ()
    if a.total_count is not None and b.total_count is not None and a.total_count != b.total_count:
        return f"the answers differ: A finds {a.total_count:,} in all, B {b.total_count:,}", ()
    if a.ids == b.ids:
        return "", ()
    if sorted(a.ids) == sorted(b.ids):
        return "", ("both answered with the same rows, in another order",)
    shared = len(set(a.ids) & set(b.ids))
    return "", (f"both answered with as many rows, of which {shared} of {len(a.ids)} are the same",)


def _rows(count: int | None) -> str:
    return "no list of rows" if count is None else f"{count:,} row{'s' * (count != 1)}"
