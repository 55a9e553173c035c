"""Says what a refusal means: who refuses (Stash, a proxy before it), why, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from stashbench.errors import NotStashError, StashbenchError, TargetRefusedError
from stashbench.model.text import one_line

HTTP_BAD_REQUEST = 400
HTTP_UNAUTHORIZED = 401
HTTP_FORBIDDEN = 403
HTTP_SERVER_ERROR = 500
GATEWAY_STATUSES = (502, 503, 504)
REDIRECTS = range(300, 400)
LOCATION_LIMIT = 300


class Destination(StrEnum):
    """Where a redirect leads."""

    ITSELF = "itself"
    LOGIN_PAGE = "login-page"
    FOREIGN_LOGIN = "foreign-login"
    ELSEWHERE = "elsewhere"


class Headers(Protocol):
    """Header fields by name, in any case; None where a field is missing."""

    def get(self, name: str, /) -> str | None:
        """Return one field."""


def wants_log_in(status: int, headers: Headers, url: str) -> bool:
    """Say whether Stash itself asks who we are: the answer to a request without a session, or with an expired one."""
    if status == HTTP_UNAUTHORIZED:
        return not _is_foreign(headers.get("WWW-Authenticate"))
    return status in REDIRECTS and destination_of(headers, url) is Destination.LOGIN_PAGE


def destination_of(headers: Headers, url: str) -> Destination:
    """Say where the redirect in an answer of `url` leads; Stash's own name a path, some proxies make it an address."""
    location = headers.get("Location") or ""
    try:
        there, here = urlsplit(location), urlsplit(url)
    except ValueError:
        return Destination.ELSEWHERE
    is_same = not there.netloc or (there.scheme, there.netloc) == (here.scheme, here.netloc)
    if is_same and there.path.rstrip("/").endswith("/login"):
        return Destination.LOGIN_PAGE
    if is_same:
        return Destination.ITSELF
    is_login = any(word in f"{there.netloc}{there.path}".lower() for word in ("login", "auth", "sso"))
    return Destination.FOREIGN_LOGIN if is_login and there.hostname != here.hostname else Destination.ELSEWHERE


def explain_status(
    status: int, headers: Headers, body: bytes, *, url: str, has_key: bool, has_session: bool = False
) -> StashbenchError | None:
    """Return the error that a status alone decides, or None when the body has to be read."""
    # Before v0.26 Stash answered a wrong key with 500 and this word.
    if status == HTTP_UNAUTHORIZED or (status == HTTP_SERVER_ERROR and body.strip() == b"unauthorized"):
        return _refused(url, headers, has_key=has_key, has_session=has_session)
    if status == HTTP_FORBIDDEN:
        return _forbidden(url, body)
    if status in REDIRECTS:
        return _redirected(url, headers, has_key=has_key, has_session=has_session)
    if status in GATEWAY_STATUSES:
        return NotStashError(
            f"A proxy at {url} answers in Stash's place (HTTP {status}): see whether Stash runs behind it."
        )
    if status == HTTP_BAD_REQUEST and b"HTTPS server" in body:
        return NotStashError(f"What listens at {url} wants an encrypted connection: use https://.")
    return None


def _is_foreign(challenge: str | None) -> bool:
    """Say whether somebody before Stash asks who we are: Stash's own challenge is called FormBased, or is not there."""
    return bool(challenge) and not (challenge or "").lower().startswith("formbased")


def _refused(url: str, headers: Headers, *, has_key: bool, has_session: bool) -> TargetRefusedError:
    if _is_foreign(headers.get("WWW-Authenticate")):
        return _foreign_log_in(url, "HTTP 401")
    if has_key:
        return TargetRefusedError(
            f"{url} refuses the API key: copy it again from Stash's settings (Security, API key) into "
            "--stash-api-key or STASH_API_KEY, or leave it out if the server needs none."
        )
    if has_session:
        return TargetRefusedError(
            f"{url} takes the log-in but not the session it gave: see whether a proxy before it changes cookies, "
            "or use an API key (STASH_API_KEY)."
        )
    return TargetRefusedError(
        f"{url} asks for an API key or a log-in: copy the key from Stash's settings (Security, API key) into "
        "--stash-api-key or STASH_API_KEY, or set STASH_USERNAME and STASH_PASSWORD."
    )


def _forbidden(url: str, body: bytes) -> TargetRefusedError:
    if b"internet" in body.lower():
        return TargetRefusedError(
            f"{url} serves nobody (HTTP 403), because somebody reached it from the public internet while it had no "
            "password: set one, remove security_tripwire_accessed_from_public_internet from its config.yml, and "
            "restart it."
        )
    return TargetRefusedError(
        f"{url} forbids our requests (HTTP 403): Stash's guard against access from the public internet may have "
        "tripped (see security_tripwire_accessed_from_public_internet in its config.yml), or a proxy forbids us."
    )


def _foreign_log_in(url: str, how: str) -> TargetRefusedError:
    return TargetRefusedError(
        f"A proxy before {url} asks for its own log-in ({how}): give stashbench an address that reaches Stash "
        "without it."
    )


def _redirected(url: str, headers: Headers, *, has_key: bool, has_session: bool) -> StashbenchError:
    location = one_line((headers.get("Location") or "").split("?")[0], LOCATION_LIMIT)
    destination = destination_of(headers, url)
    if destination is Destination.LOGIN_PAGE:
        if has_key or has_session:
            advice = f"the {'API key' if has_key else 'session'} is not accepted; check the path in --stash-url"
        else:
            advice = "pass an API key (STASH_API_KEY), or set STASH_USERNAME and STASH_PASSWORD"
        return TargetRefusedError(f"{url} sends us to its log-in page: {advice}.")
    if destination is Destination.FOREIGN_LOGIN:
        return _foreign_log_in(url, f"at {location}")
    return NotStashError(
        f"{url} redirects to {location or 'another place'}, and redirects are not followed because they would be "
        "timed too: give the final address in --stash-url."
    )
