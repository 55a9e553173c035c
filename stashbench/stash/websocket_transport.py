"""gql's websocket transport as we need it: never follows a redirect, says what a handshake was refused with.

gql speaks both protocols of GraphQL over websocket and takes the one that the server chose, the old one where it names
none. It neither reconnects a subscription (see `subscription`) nor can it be told not to follow redirects, which would
carry a key elsewhere; hence the connection is opened here. Importing this module loads gql.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import websockets
from gql.graphql_request import GraphQLRequest
from gql.transport.common.adapters.websockets import WebSocketsAdapter
from gql.transport.exceptions import TransportConnectionFailed, TransportQueryError
from gql.transport.websockets_protocol import WebsocketsProtocolTransportBase
from websockets.exceptions import ConnectionClosed, InvalidStatus

from stashbench.stash.client import StashClient
from stashbench.stash.tls import tls_context

CONNECT_SECONDS = 5.0
CLOSE_SECONDS = 2.0
# The websocket's own pings, which every server must answer: a connection without a sign of life for the sum is dead.
# The keep-alive messages of the two protocols are understood but not insisted on: Stash sends them in the old one only,
# and release 0.22 closes the connection of a client that sends a pong unasked.
PING_SECONDS = 10.0
PONG_SECONDS = 15.0
SILENCE_SECONDS = PING_SECONDS + PONG_SECONDS
# A second of a busy log is one message; the library's own limit of 1 MiB would cut the connection.
MESSAGE_LIMIT_BYTES = 256 * 1024 * 1024

_REDIRECTS = range(300, 400)
_REFUSED = frozenset({401, 403})
_SERVER_ERROR = 500


# The library notes each handshake as it is sent, key or session included, wherever debug messages are kept; a logger
# with a level of its own keeps to that, whatever level pytest or a suite sets.
_LOGGER = logging.getLogger("stashbench.websocket")
_LOGGER.setLevel(logging.INFO)


class _Connect(websockets.connect):
    """Opens a websocket where it was told to, and nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Take a redirect for the failure it is."""
        return exc


class _Adapter(WebSocketsAdapter):
    """One connection; `last_arrival` is the monotonic second of the newest frame."""

    last_arrival = 0.0

    async def connect(self) -> None:
        """Open the connection."""
        options: dict[str, Any] = {
            **self.connect_args,
            "additional_headers": self._headers,
            "subprotocols": self.subprotocols,
        }
        if self.ssl:
            options["ssl"] = self.ssl
        try:
            self.websocket = await _Connect(self.url, **options)
        except (OSError, websockets.WebSocketException) as error:
            message = "Connect failed"
            raise TransportConnectionFailed(message) from error
        assert self.websocket.response is not None
        self._response_headers = self.websocket.response.headers
        self.last_arrival = time.monotonic()

    async def receive(self) -> str:
        """Receive one message."""
        text = await super().receive()
        self.last_arrival = time.monotonic()
        return text


class Transport(WebsocketsProtocolTransportBase):
    """One connection that speaks either protocol; `subprotocol` is the one the server chose.

    `on_subscribed` is called when the request for the subscription has been sent; servers confirm none.
    """

    def __init__(self, client: StashClient, protocols: Sequence[str], on_subscribed: Callable[[], None]) -> None:
        tls = client.address.is_tls
        self.adapter: _Adapter = _Adapter(
            client.address.websocket_url,
            headers=client.request_headers(),
            ssl=tls_context(ca_file=client.ca_file, is_insecure=client.is_insecure) if tls else False,
            connect_args={
                "max_size": MESSAGE_LIMIT_BYTES,
                # No proxy, as in the timed client; compression would only cost the server time.
                "compression": None,
                "proxy": None,
                "logger": _LOGGER,
                "open_timeout": CONNECT_SECONDS,
                "close_timeout": CLOSE_SECONDS,
                "ping_interval": PING_SECONDS,
                "ping_timeout": PONG_SECONDS,
            },
        )
        self._on_subscribed = on_subscribed
        super().__init__(
            adapter=self.adapter,
            connect_timeout=CONNECT_SECONDS,
            ack_timeout=CONNECT_SECONDS,
            close_timeout=CLOSE_SECONDS,
            subprotocols=list(protocols),
        )

    async def _send_query(self, request: GraphQLRequest) -> int:
        number = await super()._send_query(request)
        self._on_subscribed()
        return number

    def _parse_answer_apollo(self, json_answer: dict[str, Any]) -> Any:
        # Stash gives its errors as a list in the old protocol too, which gql takes for a breach of it.
        payload = json_answer.get("payload")
        if json_answer.get("type") == "error" and isinstance(payload, list):
            json_answer = {**json_answer, "payload": payload[0] if payload and isinstance(payload[0], dict) else {}}
        return super()._parse_answer_apollo(json_answer)


def explain(error: BaseException) -> tuple[str, bool]:
    """Return in words why a connection failed or ended, and whether trying again is in vain."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and len(chain) < 10:  # noqa: PLR2004
        chain.append(cause)
    for link in chain:
        if isinstance(link, InvalidStatus):
            return _explain_status(link)
        if isinstance(link, TransportQueryError):
            return f"the server declines it: {_first_message(link)}", True
    for link in chain:
        if isinstance(link, ConnectionClosed):
            return _explain_close(link), False
        if isinstance(link, TimeoutError):
            return f"no answer within {CONNECT_SECONDS:g} s", False
        if isinstance(link, OSError):
            return link.strerror or str(link) or type(link).__name__, False
    return (str(error) or type(error).__name__), False


def _explain_status(error: InvalidStatus) -> tuple[str, bool]:
    status = error.response.status_code
    # Before release 0.26 a wrong key is answered with 500 and this word.
    is_old_refusal = status == _SERVER_ERROR and b"unauthorized" in (error.response.body or b"")
    if status in _REFUSED or is_old_refusal:
        return f"the server refuses our key or session, with status {status}", True
    if status in _REDIRECTS:
        return f"the address redirects elsewhere with status {status}, and redirects are not followed", True
    return f"the handshake was answered with status {status}", False


def _explain_close(error: ConnectionClosed) -> str:
    if error.rcvd is not None:
        reason = f", {error.rcvd.reason}" if error.rcvd.reason else ""
        return f"the server closed the connection ({error.rcvd.code}{reason})"
    if error.sent is not None and "ping" in error.sent.reason:
        return f"no sign of life for {SILENCE_SECONDS:g} s"
    return "the connection broke off"


def _first_message(error: TransportQueryError) -> str:
    first = error.errors[0] if error.errors else None
    said = first.get("message") if isinstance(first, dict) else None
    return said if isinstance(said, str) else json.dumps(first)
