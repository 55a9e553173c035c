"""Lets requests in or answers them: API key (header `ApiKey`, parameter `apikey`) and session, as Stash does."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import parse_qs, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stashbench.embedded.access import Access

_ALWAYS_OPEN = frozenset({"/healthz", "/logout", "/css"})
_OPEN_PREFIXES = ("/login", "/assets")
_UNAUTHORIZED = 401
_SERVER_ERROR = 500
_FOUND = 302

Headers = list[tuple[bytes, bytes]]


class Authentication:
    """Lets a request through or answers it: 401 for a wrong key, 401 or a redirect to the login page for none."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one connection."""
        if scope["type"] == "lifespan" or scope["path"] == "/healthz":
            await self._app(scope, receive, send)
            return
        key = _given_key(scope)
        if key is not None:
            if not self._access.knows_key(key):  # even where no key is needed
                await self._refuse_key(scope, send)
                return
        elif self._access.has_credentials and self._access.is_session(header_of(scope, b"cookie")):
            send = _prolonging(send, self._access.new_cookie())
        elif self._access.is_restricted and not _is_open(scope["path"]):
            await _refuse(scope, send, *_without_key(scope))
            return
        await self._app(scope, receive, send)

    async def _refuse_key(self, scope: Scope, send: Send) -> None:
        if self._access.is_before_026:
            await _refuse(scope, send, _SERVER_ERROR, [(b"content-type", b"text/plain")], b"unauthorized\n")
        else:
            await _refuse(scope, send, _UNAUTHORIZED, [(b"www-authenticate", b"FormBased")])


def header_of(scope: Scope, name: bytes) -> str:
    """Return a header of a request, or nothing."""
    return next((value.decode("latin-1") for given, value in scope["headers"] if given == name), "")


def proxy_prefix(scope: Scope) -> str:
    """Return the path under which a reverse proxy shows this server, as it tells us; without a slash at the end."""
    return header_of(scope, b"x-forwarded-prefix").rstrip("/")


def _given_key(scope: Scope) -> str | None:
    """Return the key a request carries, or None."""
    in_header = header_of(scope, b"apikey")
    query: bytes = scope["query_string"]
    if in_header or b"apikey=" not in query:
        return in_header or None
    keys = parse_qs(query.decode("latin-1")).get("apikey", [])
    return keys[0] if keys else None


def _is_open(path: str) -> bool:
    return path in _ALWAYS_OPEN or path.startswith(_OPEN_PREFIXES)


def _without_key(scope: Scope) -> tuple[int, Headers]:
    """Return status and headers for a request without a key: pages lead to the login, everything else is refused."""
    path = scope["path"]
    if path == "/graphql" or PurePosixPath(path).suffix not in {"", ".html"}:
        return _UNAUTHORIZED, [(b"www-authenticate", b"FormBased")]
    query = scope["query_string"].decode("latin-1")
    prefix = proxy_prefix(scope)
    target = f"{prefix}{path}?{query}" if query else f"{prefix}{path}"
    return _FOUND, [(b"location", f"{prefix}/login?{urlencode({'returnURL': target})}".encode())]


def _prolonging(send: Send, cookie: str) -> Send:
    """Return a `send` that adds a fresh session cookie to the answer, as Stash does with each one."""

    async def send_with_cookie(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.accept"}:
            message = {**message, "headers": [*message.get("headers", ()), (b"set-cookie", cookie.encode())]}
        await send(message)

    return send_with_cookie


async def _refuse(scope: Scope, send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Answer over HTTP or in place of a websocket's handshake."""
    kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    length = (b"content-length", str(len(body)).encode())
    await send({"type": f"{kind}.start", "status": status, "headers": [*headers, length]})
    await send({"type": f"{kind}.body", "body": body})
