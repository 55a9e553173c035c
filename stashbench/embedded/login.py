"""The log-in: a form at `/login` that gives a session's cookie, answered as Stash answers it."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from stashbench.embedded.access import Access
from stashbench.embedded.auth import proxy_prefix

_UNAUTHORIZED = 401
_FOUND = 302
_WRONG = "Username or password is invalid"
_PAGE = """<!DOCTYPE html><title>Login</title><p>{error}</p>
<form action="login" method="POST"><input name="username"><input name="password" type="password">
<button>Login</button></form>
"""


def login_route(access: Access) -> Route:
    """Return the route."""

    async def serve(request: Request) -> Response:
        start = f"{proxy_prefix(request.scope)}/"
        if request.method != "POST":
            if access.is_restricted:
                return HTMLResponse(_PAGE.format(error=""))
            return RedirectResponse(start, _FOUND)
        fields = parse_qs((await request.body()).decode("utf-8", "surrogateescape"), errors="surrogateescape")
        if not access.knows_user(fields.get("username", [""])[0], fields.get("password", [""])[0]):
            if access.is_before_026:
                return HTMLResponse(_PAGE.format(error=_WRONG))
            return PlainTextResponse(f"{_WRONG}\n", _UNAUTHORIZED)
        answer = RedirectResponse(start, _FOUND) if access.is_before_026 else Response()
        answer.headers.append("set-cookie", access.new_cookie())
        return answer

    return Route("/login", serve, methods=["GET", "POST"])
