"""Judges an HTTP answer to a GraphQL request: its data, or the one sentence that says what is wrong."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from stashbench.errors import NotStashError, RequestError, StashbenchError, TargetRefusedError
from stashbench.model.text import one_line

HTTP_OK = 200
HTTP_BAD_REQUEST = 400
HTTP_UNAUTHORIZED = 401
HTTP_FORBIDDEN = 403
HTTP_SERVER_ERROR = 500
GATEWAY_STATUSES = (502, 503, 504)
MESSAGE_LIMIT = 300
KIND_LIMIT = 80


class Headers(Protocol):
    """Header fields by name, in any case; None where a field is missing."""

    def get(self, name: str, /) -> str | None:
        """Return one field."""


def decode_answer(status: int, headers: Headers, body: bytes, *, url: str, what: str, has_key: bool) -> dict[str, Any]:
    """Return the `data` of an answer; `what` names the request in messages.

    Raises:
        TargetRefusedError: our key or our address is refused, or the server sends us to a log-in page.
        NotStashError: the answer is not GraphQL.
        RequestError: the server understood and reported errors, or sent no data.
    """
    refusal = explain_status(status, headers, body, url=url, has_key=has_key)
    if refusal is not None:
        raise refusal
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _not_graphql(url, status, headers, body) from error
    if not isinstance(document, dict) or not ("data" in document or "errors" in document):
        raise _not_graphql(url, status, headers, body)
    errors = document.get("errors")
    if errors:
        message = f"The request {what} failed: {_first_message(errors)}"
        raise RequestError(message)
    data = document.get("data")
    if not isinstance(data, dict):
        message = f"The request {what} was answered without data (HTTP status {status}): see the server's log."
        raise RequestError(message)
    return data


def explain_status(status: int, headers: Headers, body: bytes, *, url: str, has_key: bool) -> StashbenchError | None:
    """Return the error that a status alone decides, or None when the body has to be read."""
    # Before v0.26 Stash answered a wrong key with 500 and this word.
    if status == HTTP_UNAUTHORIZED or (status == HTTP_SERVER_ERROR and body.strip() == b"unauthorized"):
        return _refused_key(url, headers, has_key=has_key)
    if status == HTTP_FORBIDDEN:
        return TargetRefusedError(
            f"{url} forbids our requests (HTTP 403): Stash's guard against access from the public internet may have "
            "tripped (see security_tripwire_accessed_from_public_internet in its config.yml), or a proxy forbids us."
        )
    if 300 <= status < HTTP_BAD_REQUEST:  # noqa: PLR2004 - the class of redirects
        return _redirected(url, headers, has_key=has_key)
    if status in GATEWAY_STATUSES:
        return NotStashError(
            f"A proxy at {url} answers in Stash's place (HTTP {status}): see whether Stash runs behind it."
        )
    if status == HTTP_BAD_REQUEST and b"HTTPS server" in body:
        return NotStashError(f"What listens at {url} wants an encrypted connection: use https://.")
    return None


def _refused_key(url: str, headers: Headers, *, has_key: bool) -> TargetRefusedError:
    challenge = (headers.get("WWW-Authenticate") or "").lower()
    if challenge and not challenge.startswith("formbased"):
        return TargetRefusedError(
            f"A proxy before {url} asks for its own log-in (HTTP 401): give stashbench an address that reaches "
            "Stash without it."
        )
    if has_key:
        return TargetRefusedError(
            f"{url} refuses the API key: copy it again from Stash's settings (Security, API key) into "
            "--stash-api-key or STASH_API_KEY."
        )
    return TargetRefusedError(
        f"{url} asks for an API key: copy it from Stash's settings (Security, API key) into "
        "--stash-api-key or STASH_API_KEY."
    )


def _redirected(url: str, headers: Headers, *, has_key: bool) -> StashbenchError:
    location = one_line((headers.get("Location") or "").split("?")[0], MESSAGE_LIMIT)
    if "login" in location:
        advice = "the API key is not accepted" if has_key else "pass an API key with --stash-api-key or STASH_API_KEY"
        return TargetRefusedError(f"{url} sends us to its log-in page: {advice}.")
    return NotStashError(
        f"{url} redirects to {location or 'another place'}, and redirects are not followed because they would be "
        "timed too: give the final address in --stash-url."
    )


def _not_graphql(url: str, status: int, headers: Headers, body: bytes) -> NotStashError:
    kind = one_line((headers.get("Content-Type") or "").split(";")[0], KIND_LIMIT) or "an unnamed kind"
    if body[:2] == b"\x1f\x8b":
        return NotStashError(
            f"{url} compresses its answer although that was declined: a proxy does this; measure without it."
        )
    if kind == "text/html" or body.lstrip()[:1] == b"<":
        return NotStashError(
            f"{url} answers with a web page instead of Stash's GraphQL (HTTP {status}): check the port and the path "
            "in --stash-url."
        )
    return NotStashError(
        f"{url} does not answer as Stash's GraphQL does (HTTP {status}, {kind}, {len(body):,} bytes): check "
        "--stash-url."
    )


def _first_message(errors: object) -> str:
    """Return the first error's text on one line, shortened, and how many more there are."""
    listed = errors if isinstance(errors, list) else [errors]
    first = listed[0]
    fields = first if isinstance(first, dict) else {"message": first}
    text = one_line(str(fields.get("message", "no message")), MESSAGE_LIMIT)
    path = fields.get("path")
    where = one_line(".".join(map(str, path)), MESSAGE_LIMIT) if isinstance(path, list) else ""
    more = f" (and {len(listed) - 1} more errors)" if len(listed) > 1 else ""
    return f"{text}{f' (at {where})' if where else ''}{more}"
