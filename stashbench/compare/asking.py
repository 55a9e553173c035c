"""Asks both servers each benchmark's question once: what they answer decides whether times are worth taking."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stashbench.compare.common import common_request
from stashbench.compare.plan import Answer, PairedRequest, PathRequest, SideRequest, check_body, count_rows, send
from stashbench.errors import NotOfferedError, RequestError
from stashbench.harness.answers import declined_sort
from stashbench.stash.document import find_operation

if TYPE_CHECKING:
    from stashbench.stash.capabilities import Capabilities
    from stashbench.stash.client import PreparedRequest
    from stashbench.target import OpenTarget

_CALLS = 2
_SLOW_SECONDS = 0.5


class Asking:
    """Stands in for the stopwatch that suites know as `measure`: asks the side whose turn it is, and times nothing."""

    def __init__(self, targets: Mapping[str, OpenTarget]) -> None:
        self._targets = targets
        self._letter = "a"
        self._pair: PairedRequest | None = None

    def begin(self, pair: PairedRequest, letter: str) -> None:
        """Give a side its turn."""
        self._pair, self._letter = pair, letter

    @property
    def capabilities(self) -> Capabilities:
        """What the API of the side whose turn it is offers."""
        return self._targets[self._letter].capabilities

    def __call__(
        self, document_name: str, variables: Mapping[str, object] | None = None, *, page: str, title: str
    ) -> dict[str, Any]:
        """Ask a stored document; returns the answer's data, errors as for `document`."""
        from stashbench.stash.operations import load

        return self.document(load(document_name), variables, page=page, title=title)

    def document(
        self, document: str, variables: Mapping[str, object] | None = None, *, page: str, title: str
    ) -> dict[str, Any]:
        """Ask a document given as text, without what either side does not offer.

        Raises:
            NotOfferedError: nothing of it is left on this side.
            RequestError: it would change data, or the answer has errors or is empty.
            TargetError: the server is lost or refuses us.
        """
        side = self._take(page, title)
        if find_operation(document).kind != "query":
            message = "it would change the library, which a comparison never does"
            raise RequestError(message)
        own, other = self._targets[self._letter], self._targets["b" if self._letter == "a" else "a"]
        asked = common_request(document, variables, own, other)
        if asked.missing:
            raise NotOfferedError(asked.missing)
        request = own.client.prepare(asked.text, asked.variables)
        side.left_out = asked.left_out
        try:
            data, _ = self._ask(side, request)
        except RequestError as error:
            sort = declined_sort(str(error), asked.variables)
            if sort:
                message = f"this server does not offer sorting by {sort}"
                raise NotOfferedError(message) from error
            raise
        if all(value is None for value in data.values()):
            message = f"the server answered {request.name} with nothing"
            raise RequestError(message)
        return data

    def get(self, path: str, *, page: str, title: str) -> bytes:
        """Fetch a file below the address of the side whose turn it is."""
        _, body = self._ask(self._take(page, title), PathRequest(path))
        return body

    def _take(self, page: str, title: str) -> SideRequest:
        assert self._pair is not None
        self._pair.page, self._pair.title = page, title
        side = self._pair.sides[self._letter]
        if side.request is not None:
            message = "the benchmark makes more than one request; split it, so that each has its own time"
            raise RequestError(message)
        return side

    def _ask(self, side: SideRequest, request: PreparedRequest | PathRequest) -> tuple[dict[str, Any], bytes]:
        """Ask twice unless it is slow: the first answer fills caches, the second tells how long a visit will be."""
        side.request = request
        client = self._targets[self._letter].client
        fastest = float("inf")
        for _ in range(_CALLS):
            begin = time.perf_counter()
            status, body = send(client, request)
            fastest = min(fastest, time.perf_counter() - begin)
            if fastest > _SLOW_SECONDS:
                break
        data = check_body(client, request, status, body)
        row_count, total_count, ids = count_rows(data)
        side.answer = Answer(
            size_bytes=len(body), seconds=fastest, row_count=row_count, total_count=total_count, ids=ids
        )
        return data, body
