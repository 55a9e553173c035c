"""Logs in as a browser does: user name and password go to Stash's log-in form, a session cookie comes back."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from stashbench.errors import NotStashError, StashbenchError, TargetRefusedError, UsageError
from stashbench.model.secret import PASSWORD_VARIABLE, USERNAME_VARIABLE, Secret
from stashbench.stash.credentials import HiddenBytes
from stashbench.stash.refusals import HTTP_UNAUTHORIZED, Destination, destination_of, explain_status
from stashbench.stash.transport import Connection

LOGIN_PATH = "/login"
LONGEST_COOKIE = 4096
DEFAULT_LIFE_SECONDS = 3600.0
_OK = 200
_FOUND = 302
_COOKIE = re.compile(r"session=([!#-+\--:<-\[\]-~]*)\s*(?:;|$)")
_MAX_AGE = re.compile(r";\s*max-age=(-?\d{1,10})\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Login:
    """Whom to log in as."""

    username: Secret
    password: Secret


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """A session's cookie: its value, and how long the server takes it from now on (seconds)."""

    value: Secret
    life_seconds: float


def login_of(username: Secret | None, password: Secret | None) -> Login | None:
    """Return whom to log in as, or None where nothing is said about it.

    Raises:
        UsageError: only one of the two is given.
    """
    if not username and not password:
        return None
    if not username or not password:
        given, missing = (USERNAME_VARIABLE, PASSWORD_VARIABLE) if username else (PASSWORD_VARIABLE, USERNAME_VARIABLE)
        message = f"{given} is set, but {missing} is not: set both to log in, or neither."
        raise UsageError(message)
    return Login(username, password)


def log_in(connection: Connection, login: Login) -> SessionCookie:
    """Send the log-in form and return the session's cookie; never follows where the server leads afterwards.

    Raises:
        TargetRefusedError: user name or password are wrong, or the server cannot log anybody in.
        NotStashError: what answers has no such form.
        TargetUnreachableError, RequestError: no answer.
    """
    status, body = connection.post_form(LOGIN_PATH, _form(login))
    if status in {_OK, _FOUND}:
        cookie = read_cookie(connection.last_headers)
        if cookie is not None and cookie.life_seconds > 0:
            return cookie
    raise _explain(connection, status, body)


def read_cookie(headers: http.client.HTTPMessage) -> SessionCookie | None:
    """Return the session's cookie that an answer sets, or None; one that no header may carry counts as none."""
    for line in headers.get_all("Set-Cookie") or ():
        found = _COOKIE.match(line)
        if found is None or len(found[1]) > LONGEST_COOKIE:
            continue
        age = _MAX_AGE.search(line, found.end(1))
        life_seconds = float(age[1]) if age else DEFAULT_LIFE_SECONDS
        return SessionCookie(Secret(found[1]), life_seconds if found[1] else 0.0)
    return None


def _form(login: Login) -> HiddenBytes:
    # What came from the environment may be no UTF-8; an error here would carry the password.
    return HiddenBytes(
        urlencode(
            {"username": login.username.reveal(), "password": login.password.reveal()}, errors="surrogateescape"
        ).encode("ascii")
    )


def refused(url: str) -> TargetRefusedError:
    """Return the error for a user name or a password that is wrong."""
    return TargetRefusedError(
        f"{url} refuses the user name or the password: correct {USERNAME_VARIABLE} and {PASSWORD_VARIABLE}, "
        "or use an API key (STASH_API_KEY)."
    )


def _explain(connection: Connection, status: int, body: bytes) -> StashbenchError:
    url, headers = connection.address.url, connection.last_headers
    challenge = headers.get("WWW-Authenticate")
    is_form = status == _OK and b"<form" in body.lower() and b"password" in body.lower()
    # Since v0.26 a wrong password is a status without a challenge; before, it is the form again.
    if (status == HTTP_UNAUTHORIZED and not challenge) or is_form:
        return refused(url)
    destination = destination_of(headers, url) if status == _FOUND else Destination.ITSELF
    if status in {_OK, _FOUND} and destination is Destination.ITSELF and not body.strip():
        return TargetRefusedError(
            f"{url} takes the log-in but gives no session: see whether a proxy before it removes cookies, "
            "or use an API key (STASH_API_KEY)."
        )
    if destination is Destination.LOGIN_PAGE:
        # Stash itself shows no log-in page in answer to a log-in: it did not know the path, as without its prefix.
        return _no_form(url, status)
    known = explain_status(status, headers, body, url=url, has_key=False)
    if known is not None:
        return known
    return _no_form(url, status)


def _no_form(url: str, status: int) -> NotStashError:
    return NotStashError(
        f"There is no log-in of Stash at {url}{LOGIN_PATH} (HTTP {status}): check the path in --stash-url, see the "
        "server's log, or use an API key (STASH_API_KEY)."
    )
