"""First contact with a server: what it is and how much it holds, or one clear sentence why it cannot be used."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from stashbench.errors import (
    NotStashError,
    RequestError,
    TargetNotReadyError,
    TargetUnreachableError,
)
from stashbench.model.secret import Secret
from stashbench.model.target import LibrarySize
from stashbench.model.text import one_line
from stashbench.stash.adapt import adapt_document
from stashbench.stash.capabilities import read_capabilities
from stashbench.stash.client import PreparedRequest, StashClient
from stashbench.stash.login import Login
from stashbench.stash.reading import reading

DEADLINE_SECONDS = 10.0
WORD_LIMIT = 100
PATH_LIMIT = 4096
LARGEST_SIZE = 1 << 53  # beyond it a JSON number is no longer exact

IDENTITY = """
query ProbeServer {
  version { version hash build_time }
  systemStatus { status databaseSchema appSchema databasePath configPath }
  stats: __type(name: "StatsResultType") { fields(includeDeprecated: true) { name } }
}
"""

# What may be gone from a newer server without making it another program.
OPTIONAL: dict[str, dict[str, Any]] = {
    "version": {"version": None, "hash": None},
    "systemStatus": {"databaseSchema": None, "appSchema": None, "databasePath": None, "configPath": None},
}

# The library's sizes by our name, with the names servers have for them, newest first.
SIZE_FIELDS: dict[str, tuple[str, ...]] = {
    "scene_count": ("scene_count",),
    "image_count": ("image_count",),
    "gallery_count": ("gallery_count",),
    "performer_count": ("performer_count",),
    "studio_count": ("studio_count",),
    "tag_count": ("tag_count",),
    "group_count": ("group_count", "movie_count"),
    "scenes_bytes": ("scenes_size",),
    "images_bytes": ("images_size",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """What a server says about itself. Paths are the server's own view; `library_reason` says why sizes are missing."""

    url: str
    version: str
    build: str
    status: str
    schema_version: int | None
    app_schema_version: int | None
    database_path: str | None
    config_path: str | None
    library: LibrarySize = field(default_factory=LibrarySize)
    library_reason: str = ""


def probe(
    url: str,
    api_key: Secret | str | None = None,
    timeout_seconds: float = DEADLINE_SECONDS,
    *,
    ca_file: Path | None = None,
    is_insecure: bool = False,
    login: Login | None = None,
) -> ServerFacts:
    """Ask a server who it is, within `timeout_seconds` but never more than ten.

    Raises:
        TargetUnreachableError: nothing answers, or not in time.
        TargetRefusedError: the key, the log-in or the address is refused.
        NotStashError: what answers is not Stash.
        TargetNotReadyError: set-up or a migration is pending.
    """
    limit_seconds = min(timeout_seconds, DEADLINE_SECONDS)
    with StashClient(url, api_key, limit_seconds, ca_file=ca_file, is_insecure=is_insecure, login=login) as client:
        return examine_server(client, limit_seconds=limit_seconds)


def examine_server(
    client: StashClient, *, limit_seconds: float = DEADLINE_SECONDS, is_counting: bool = True
) -> ServerFacts:
    """Do what `probe` does on a client at hand, whose own time limit is left as it was.

    Without `is_counting` the library's size is not asked for, which takes a large one a while.
    """
    deadline = time.monotonic() + limit_seconds
    own_timeout_seconds = client.connection.timeout_seconds
    client.connection.timeout_seconds = limit_seconds
    try:
        facts, stats_fields = _identify(client)
        client.connection.timeout_seconds = max(deadline - time.monotonic(), 0.1)
        library, reason = _measure_library(client, stats_fields) if is_counting else (LibrarySize(), "not asked")
    finally:
        client.connection.timeout_seconds = own_timeout_seconds
    return ServerFacts(**facts, library=library, library_reason=reason)


def _identify(client: StashClient) -> tuple[dict[str, Any], frozenset[str]]:
    prepared = client.prepare(IDENTITY)
    with _reaching():
        client.sign_in()
        body = client.send(prepared)
    try:
        if client.last_status == HTTPStatus.UNPROCESSABLE_ENTITY:
            data = _ask_anew(client, prepared, body)
        else:
            data = client.check(prepared, client.last_status, body)
        facts = _read_identity(client.url, data)
        return facts, _names(data["stats"])
    except RequestError as error:
        message = f"{client.url} speaks GraphQL, but not as Stash does ({str(error).rstrip('.')}): check --stash-url."
        raise NotStashError(message) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        message = f"{client.url} speaks GraphQL, but its answer lacks what Stash tells about itself: check --stash-url."
        raise NotStashError(message) from error


def _ask_anew(client: StashClient, prepared: PreparedRequest, body: bytes) -> dict[str, Any]:
    """Ask a server that does not know all of our first question for what it knows of it.

    Raises:
        RequestError: it knows neither version nor status, so it is no Stash, or answers no question at all.
    """
    try:
        adapted = adapt_document(IDENTITY, read_capabilities(client))
    except RequestError:
        # What it said at first tells more than what it says now.
        return client.check(prepared, HTTPStatus.UNPROCESSABLE_ENTITY, body)
    data = client.execute(adapted.text) if adapted.text else {}
    if "version" not in data or "systemStatus" not in data:
        message = f"it does not offer {', '.join(adapted.left_out)}"
        raise RequestError(message)
    return data | {name: known | data[name] for name, known in OPTIONAL.items()}


@contextmanager
def _reaching() -> Iterator[None]:
    """At first contact, a request that fails means a server out of reach."""
    try:
        yield
    except RequestError as error:
        raise TargetUnreachableError(str(error)) from error


def _read_identity(url: str, data: dict[str, Any]) -> dict[str, Any]:
    status, version = data["systemStatus"], data["version"]
    schema, app_schema = _version(status["databaseSchema"]), _version(status["appSchema"])
    if status["status"] == "SETUP":
        message = f"Stash at {url} has not been set up yet: open {url}/setup in a browser, then run this again."
        raise TargetNotReadyError(message)
    if status["status"] == "NEEDS_MIGRATION":
        message = (
            f"Stash at {url} waits for its database to be migrated (schema {schema}, the server wants {app_schema}): "
            f"open {url} in a browser and let it migrate, after a backup."
        )
        raise TargetNotReadyError(message)
    return {
        "url": url,
        "version": _text(version["version"]) or "unknown",
        "build": _text(version["hash"]),
        "status": _text(status["status"]),
        "schema_version": schema,
        "app_schema_version": app_schema,
        "database_path": _text(status["databasePath"], PATH_LIMIT) or None,
        "config_path": _text(status["configPath"], PATH_LIMIT) or None,
    }


def _measure_library(client: StashClient, offered: frozenset[str]) -> tuple[LibrarySize, str]:
    """Ask for the library's sizes; a server too busy to count is still one that can be audited."""
    chosen = {
        ours: name
        for ours, names in SIZE_FIELDS.items()
        if (name := next((name for name in names if name in offered), None))
    }
    if not chosen:
        return LibrarySize(), "this server does not tell the size of its library"
    selection = " ".join(f"{ours}: {name}" for ours, name in chosen.items())
    try:
        answer = client.execute(f"query ProbeLibrary {{ stats {{ {selection} }} }}")
        with reading(client.url, "the question for its library's size"):
            sizes = {ours: _size(answer["stats"][ours]) for ours in chosen}
    except (RequestError, TargetUnreachableError) as error:
        return LibrarySize(), str(error)
    return LibrarySize(**sizes), ""


def _size(value: object) -> int | None:
    """Return a count or a number of bytes; JSON may hold either as a float."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < LARGEST_SIZE:
        raise ValueError(value)
    return int(value)


def _version(value: object) -> int | None:
    """Return a schema version."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < LARGEST_SIZE:
        raise TypeError(value)
    return value


def _text(value: object, limit: int = WORD_LIMIT) -> str:
    """Return a server's word as one line that can be shown; nothing for null."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(value)
    return one_line(value, limit)


def _names(described: dict[str, Any] | None) -> frozenset[str]:
    """Return the fields of a type; none where the server has no such type."""
    if described is None:
        return frozenset()
    return frozenset(field["name"] for field in described["fields"])
