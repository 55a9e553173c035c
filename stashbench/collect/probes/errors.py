"""Sends requests one after the other and keeps what the failures said."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.errors import RequestError
from stashbench.stash.client import PreparedRequest, StashClient


def count_errors(client: StashClient, requests: Sequence[PreparedRequest], count: int) -> tuple[int, tuple[str, ...]]:
    """Send `count` requests, taking turns; return how many were sent and the message of each that failed."""
    failures = []
    for number in range(count):
        prepared = requests[number % len(requests)]
        body = client.send(prepared)
        try:
            client.check(prepared, client.last_status, body)
        except RequestError as error:
            failures.append(str(error))
    return count, tuple(failures)
