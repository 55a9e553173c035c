"""Who may use the server: an API key in the header `ApiKey` or the parameter `apikey`, judged as Stash v0.30 does."""

from __future__ import annotations

import hmac
from pathlib import PurePosixPath
from urllib.parse import parse_qs, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

_ALWAYS_OPEN = frozenset({"/healthz", "/logout", "/css"})
_OPEN_PREFIXES = ("/login", "/assets")
_UNAUTHORIZED = 401
_FOUND = 302

Headers = list[tuple[bytes, bytes]]


class Authentication:
    """Lets a request through or answers it: 401 for a wrong key, 401 or a redirect to the login page for none."""

    def __init__(self, app: ASGIApp, api_key: str | None) -> None:
        self._app = app
        self._api_key = api_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one connection."""
        if scope["type"] == "lifespan" or scope["path"] == "/healthz":
            await self._app(scope, receive, send)
            return
        given = _given_key(scope)
        if given is not None:
            is_right = self._api_key is not None and hmac.compare_digest(given.encode(), self._api_key.encode())
            if not is_right:  # even where no key is needed
                await _refuse(scope, send, _UNAUTHORIZED, [(b"www-authenticate", b"FormBased")])
                return
        elif self._api_key is not None and not _is_open(scope["path"]):
            await _refuse(scope, send, *_without_key(scope))
            return
        await self._app(scope, receive, send)


def _given_key(scope: Scope) -> str | None:
    """Return the key a request carries, or None."""
    for name, value in scope["headers"]:
        if name == b"apikey" and value:
            return str(value.decode("latin-1"))
    query: bytes = scope["query_string"]
    if b"apikey=" not in query:
        return None
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
    target = f"{path}?{query}" if query else path
    return _FOUND, [(b"location", f"/login?{urlencode({'returnURL': target})}".encode())]


async def _refuse(scope: Scope, send: Send, status: int, headers: Headers) -> None:
    """Answer with an empty body, over HTTP or in place of a websocket's handshake."""
    kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    await send({"type": f"{kind}.start", "status": status, "headers": [*headers, (b"content-length", b"0")]})
    await send({"type": f"{kind}.body", "body": b""})
