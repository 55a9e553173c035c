"""A client of Stash's GraphQL: requests are prepared beforehand, sent while the clock runs, judged afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from stashbench.errors import StashbenchError
from stashbench.model.secret import Secret
from stashbench.stash.address import ServerAddress
from stashbench.stash.answers import decode_answer
from stashbench.stash.document import find_operation
from stashbench.stash.redaction import Redaction
from stashbench.stash.transport import DEFAULT_TIMEOUT_SECONDS, Connection


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """A request ready to be sent: the body's bytes, and what it asks for in words that may be shown."""

    body: bytes
    operation_name: str
    root_field: str
    kind: str = "query"

    @property
    def name(self) -> str:
        """The operation's name, or its root field where it has none."""
        return self.operation_name or self.root_field

    @property
    def definition_hash(self) -> str:
        """A short hash of document and variables: measurements of different requests must not be compared."""
        return hashlib.sha256(self.body).hexdigest()[:16]


class StashClient:
    """Speaks to one server over one connection; not for use by two threads at once (see `clone`).

    `last_status` is the HTTP status of the newest answer.
    """

    def __init__(
        self,
        url: str,
        api_key: Secret | str | None = None,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        *,
        ca_file: Path | None = None,
        is_insecure: bool = False,
    ) -> None:
        self.api_key = Secret(api_key) if isinstance(api_key, str) else api_key
        self.redaction = Redaction(self.api_key)
        self.ca_file = ca_file
        self.is_insecure = is_insecure
        self.connection = Connection(
            url, api_key=self.api_key, timeout_seconds=timeout_seconds, ca_file=ca_file, is_insecure=is_insecure
        )
        self.last_status = 0

    @property
    def address(self) -> ServerAddress:
        """Where the server is."""
        return self.connection.address

    @property
    def url(self) -> str:
        """The server's address, without key and GraphQL path."""
        return self.connection.address.url

    @property
    def timeout_seconds(self) -> float:
        """How long one request may take."""
        return self.connection.timeout_seconds

    @property
    def reconnect_count(self) -> int:
        """How often a connection was opened after the first one."""
        return self.connection.reconnect_count

    def request_headers(self) -> dict[str, str]:
        """Return what lets a request in, for a websocket's handshake, which is not ours: the key's header, or none."""
        return {"ApiKey": self.api_key.reveal()} if self.api_key else {}

    def clone(self, timeout_seconds: float | None = None) -> StashClient:
        """Return a client of the same server with a connection of its own."""
        return StashClient(
            self.url,
            self.api_key,
            timeout_seconds or self.connection.timeout_seconds,
            ca_file=self.ca_file,
            is_insecure=self.is_insecure,
        )

    def prepare(
        self, document: str, variables: Mapping[str, Any] | None = None, operation_name: str | None = None
    ) -> PreparedRequest:
        """Serialise a request once, so that sending it costs nothing but the network."""
        operation = find_operation(document, operation_name)
        fields: dict[str, Any] = {"query": document, "variables": dict(variables or {})}
        if operation.name:
            fields["operationName"] = operation.name
        return PreparedRequest(msgspec.json.encode(fields), operation.name, operation.root_field, operation.kind)

    def send(self, prepared: PreparedRequest) -> bytes:
        """Send and read the whole answer: the timed call. `last_status` and `check` tell whether it was a good one."""
        self.last_status, body = self.connection.post(prepared.body)
        return body

    def check(self, prepared: PreparedRequest, status: int, body: bytes) -> dict[str, Any]:
        """Decode an answer and return its data.

        Raises:
            RequestError: the server reported errors for this request.
            TargetError: the server refuses us or is no Stash.
        """
        # A server may quote our own header back at us.
        body = self.redaction.in_answer(body)
        try:
            return decode_answer(
                status,
                self.connection.last_headers,
                body,
                url=self.url,
                what=prepared.name,
                has_key=bool(self.api_key),
            )
        except StashbenchError as error:
            text = self.redaction.in_text(str(error))
            if text == str(error):
                raise
            masked = type(error)(text)
        raise masked

    def run(self, prepared: PreparedRequest) -> dict[str, Any]:
        """Send a prepared request and return its checked data; errors as for `check`."""
        body = self.send(prepared)
        return self.check(prepared, self.last_status, body)

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Prepare, send and check in one go, for untimed use."""
        return self.run(self.prepare(document, variables))

    def get(self, path: str) -> tuple[int, bytes]:
        """Fetch a path below the server's address, such as a cover image; returns status and body."""
        self.last_status, body = self.connection.get(path)
        return self.last_status, body

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
