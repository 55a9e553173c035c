"""Reads from the server's log which statements each list costs, at two page sizes, and what each whole page costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stashbench.collect.probes.operations import ListPage, bare_request, page_request
from stashbench.model.statement import StatementTrace
from stashbench.stash.client import StashClient
from stashbench.stash.sql_trace import capture_all

FEW_ROWS = 5
MANY_ROWS = 25


class PageTraces(NamedTuple):
    """One list's statements: bare with few and with many rows, and the whole page."""

    query: str
    few: StatementTrace
    many: StatementTrace
    page: StatementTrace


def trace_pages(client: StashClient, pages: Sequence[ListPage]) -> tuple[PageTraces, ...]:
    """Run each list three times, alone, and return its statements; about four seconds in all, most of it waiting.

    What others disturbed runs again. The bare lists are requests of no benchmark, so the profiling pass has none of it.
    """
    requests = [
        request
        for page in pages
        for request in (
            bare_request(client, page, FEW_ROWS),
            bare_request(client, page, MANY_ROWS),
            page_request(client, page),
        )
    ]
    traces = capture_all(client, requests, attempts=3)
    return tuple(PageTraces(page.query, *traces[3 * index : 3 * index + 3]) for index, page in enumerate(pages))
