"""A client of Stash's GraphQL: requests are prepared beforehand, sent while the clock runs, judged afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from stashbench.errors import SessionRenewedError, StashbenchError
from stashbench.model.secret import Secret
from stashbench.stash.address import ServerAddress
from stashbench.stash.answers import decode_answer
from stashbench.stash.credentials import Credentials
from stashbench.stash.document import find_operation
from stashbench.stash.login import Login
from stashbench.stash.prepared import PreparedRequest
from stashbench.stash.redaction import Redaction
from stashbench.stash.refusals import wants_log_in
from stashbench.stash.session import Session
from stashbench.stash.transport import DEFAULT_TIMEOUT_SECONDS, Connection

__all__ = ["PreparedRequest", "StashClient"]

LOGIN_SECONDS = 10.0
FIRST_REFUSAL = 300  # of the statuses of HTTP


class StashClient:
    """Speaks to one server over one connection; not for use by two threads at once (see `clone`).

    `last_status` is the HTTP status of the newest answer. A key wins over a log-in; with a log-in, the first request
    that the server will not answer without a session begins one, which clones share (`login` may be their session).
    """

    def __init__(
        self,
        url: str,
        api_key: Secret | str | None = None,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        *,
        ca_file: Path | None = None,
        is_insecure: bool = False,
        login: Login | Session | None = None,
    ) -> None:
        self.api_key = Secret(api_key) if isinstance(api_key, str) else api_key
        self.ca_file = ca_file
        self.is_insecure = is_insecure
        self._has_login = login is not None
        self._login = login
        self._prepare_connection(url, timeout_seconds)
        self.last_status = 0

    def _prepare_connection(self, url: str, timeout_seconds: float) -> None:
        connect = partial(Connection, ServerAddress.parse(url), ca_file=self.ca_file, is_insecure=self.is_insecure)
        self.session: Session | None = None
        if isinstance(self._login, Session):
            self.session = self._login
        elif self._login is not None and not self.api_key:
            self.session = Session(self._login, partial(connect, timeout_seconds=min(timeout_seconds, LOGIN_SECONDS)))
        self.redaction = self.session.redaction if self.session else Redaction(self.api_key)
        credentials = self.session.credentials if self.session else Credentials.of_key(self.api_key)
        self.connection = connect(credentials=credentials, timeout_seconds=timeout_seconds)

    def move(self, url: str) -> None:
        """Turn to the same server at another address, where it was started anew: what it knew of us is gone."""
        old = self.connection
        old.close()
        self._prepare_connection(url, old.timeout_seconds)
        self.connection.reconnect_count = old.reconnect_count

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

    @property
    def login_count(self) -> int:
        """How often we logged in; each time after the first, a session had expired."""
        return self.session.login_count if self.session else 0

    @property
    def authentication(self) -> str:
        """How we were let in, in words for the user; meaningful once a request was answered."""
        if self.login_count:
            return "by a session, logged in with user name and password"
        how = "by API key" if self.api_key else "without a key or a session, because it asks for none"
        return f"{how}; user name and password were not used" if self._has_login else how

    def request_headers(self) -> dict[str, str]:
        """Return what lets a request in, for a websocket's handshake, which is not ours: a key, a cookie, or nothing.

        Logs in first where that is due; errors as for `execute`.
        """
        self.sign_in()
        name, _, value = self.connection.credentials.line.decode("latin-1").strip().partition(": ")
        return {name: value} if name else {}

    def sign_in(self) -> None:
        """See to it that requests that follow are let in: begin a session if the server asks for one, renew an old one.

        Without a log-in nothing is sent; nor where the server needs none. Errors as for `execute`.
        """
        if self.session is None:
            return
        if self.session.is_old:
            self.session.begin()
        elif self.session.is_needed is None:
            # Over a connection of its own: a subscription asks in its own thread.
            with self.clone() as other:
                other.execute("{ __typename }")

    def clone(self, timeout_seconds: float | None = None) -> StashClient:
        """Return a client of the same server with a connection of its own."""
        return StashClient(
            self.url,
            self.api_key,
            timeout_seconds or self.connection.timeout_seconds,
            ca_file=self.ca_file,
            is_insecure=self.is_insecure,
            login=self.session,
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
            SessionRenewedError: the session had expired; we have logged in again, outside of whatever was timed.
            RequestError: the server reported errors for this request.
            TargetError: the server refuses us or is no Stash.
        """
        self.mind_session(prepared.name, status)
        return self._decode(prepared, status, body)

    def mind_session(self, what: str, status: int) -> None:
        """Keep the session alive by an answer to the request called `what`; called outside of what is timed.

        Raises:
            SessionRenewedError: the session had expired; we have logged in again.
            TargetRefusedError: the log-in is refused.
        """
        if self.session is None:
            return
        if not wants_log_in(status, self.connection.last_headers, self.url):
            if status < FIRST_REFUSAL:
                self.session.note_answer(self.connection.last_headers)
            return
        self.session.begin()
        message = (
            f"{self.url} did not answer {what}, because the session had expired; we have logged in again, so repeat "
            "it, or raise the maximum session age in Stash's settings (Security)."
        )
        raise SessionRenewedError(message)

    def _decode(self, prepared: PreparedRequest, status: int, body: bytes) -> dict[str, Any]:
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
                has_session=self.session is not None,
            )
        except StashbenchError as error:
            text = self.redaction.in_text(str(error))
            if text == str(error):
                raise
            masked = type(error)(text)
        raise masked

    def run(self, prepared: PreparedRequest) -> dict[str, Any]:
        """Send a prepared request and return its checked data, after a log-in if need be; errors as for `check`."""
        body = self.send(prepared)
        try:
            return self.check(prepared, self.last_status, body)
        except SessionRenewedError:
            body = self.send(prepared)
        # Refused right after a log-in: another one would not help.
        return self._decode(prepared, self.last_status, body)

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
