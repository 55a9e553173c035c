"""Judges an HTTP answer to a GraphQL request: its data, or the one sentence that says what is wrong."""

from __future__ import annotations

from typing import Any

import msgspec

from stashbench.errors import NotStashError, RequestError
from stashbench.model.text import one_line
from stashbench.stash.refusals import Headers, explain_status

MESSAGE_LIMIT = 300
KIND_LIMIT = 80


def decode_answer(
    status: int, headers: Headers, body: bytes, *, url: str, what: str, has_key: bool, has_session: bool = False
) -> dict[str, Any]:
    """Return the `data` of an answer; `what` names the request in messages.

    Raises:
        TargetRefusedError: our key or our address is refused, or the server sends us to a log-in page.
        NotStashError: the answer is not GraphQL.
        RequestError: the server understood and reported errors, or sent no data.
    """
    refusal = explain_status(status, headers, body, url=url, has_key=has_key, has_session=has_session)
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
