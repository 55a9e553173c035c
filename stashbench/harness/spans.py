"""Spans of the timeline for what an audit does between its tests."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stashbench.model.sample import Span, SpanKind

if TYPE_CHECKING:
    from stashbench.harness.session import AuditSession


@contextlib.contextmanager
def operation_span(session: AuditSession, span_id: str, label: str) -> Iterator[None]:
    """Make the block a span of the timeline, with what the server used meanwhile, however the block ends."""
    begin, origin = time.monotonic(), session.sampler.clock_origin
    session.sampler.begin(span_id)
    try:
        yield
    finally:
        use = session.sampler.end(span_id)
        end = time.monotonic()
        span = Span(
            id=span_id,
            label=label,
            kind=SpanKind.OPERATION,
            begin_seconds=begin - origin,
            end_seconds=end - origin,
        )
        session.add_span(span, use)
