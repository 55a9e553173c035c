"""Which SQL statements a request costs, read from the server's own log without touching its configuration.

Log lines say neither whose they are nor come in order. So each request is run alone between two marks, harmless
searches for words nobody else uses, and by the server's own clock the statements between the marks are the request's.
Statements outside of all such windows show that others are at work, and a mark that lost lines shows a lossy log.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.errors import RequestError, TargetError
from stashbench.model.statement import StatementTrace
from stashbench.stash.client import PreparedRequest, StashClient
from stashbench.stash.log_line import LoggedStatement, parse_statement
from stashbench.stash.log_stream import LogStream
from stashbench.stash.statements import summarise_statements, unavailable

MARK = "query Mark($q: String!) { findTags(filter: { q: $q, per_page: 1 }) { count } }"
BATCH_SECONDS = 1.0
QUIET_SECONDS = 1.3
VERIFY_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One request that was run: the words of its two marks, and how long it took, or why it failed."""

    begin: str
    end: str
    latency_seconds: float
    failure: str = ""


def capture_statements(
    client: StashClient, prepared: PreparedRequest, *, timeout_seconds: float = 10.0
) -> StatementTrace:
    """Run one request once and return its statements; never raises for what the server does, see `reason`."""
    return capture_all(client, [prepared], timeout_seconds=timeout_seconds)[0]


def capture_all(
    client: StashClient, requests: Sequence[PreparedRequest], *, timeout_seconds: float = 10.0
) -> tuple[StatementTrace, ...]:
    """Run each request once, one after the other, and return their statements in the same order.

    Costs about three seconds more than the requests themselves. `timeout_seconds` bounds the wait for the log's last
    lines. Requests must not change data: they are sent as they are.
    """
    if not requests:
        return ()
    try:
        with LogStream(client) as stream:
            recorder = _Recorder(client, stream)
            if not recorder.verify():
                why = stream.failure or "a known request left no line in it"
                return _none_available(requests, f"the server's log does not carry its SQL statements ({why})")
            recorded = [recorder.run(prepared) for prepared in requests]
            recorder.settle(timeout_seconds)
            return recorder.evaluate(requests, recorded)
    except (RequestError, TargetError) as error:
        return _none_available(requests, str(error))


class _Recorder:
    """Runs requests between marks while the log comes in."""

    def __init__(self, client: StashClient, stream: LogStream) -> None:
        self._client = client
        self._stream = stream
        self._session = f"mark{secrets.token_hex(6)}"
        self._marks: list[str] = []
        self._mark_count = 0

    def verify(self) -> bool:
        """Send marks until one shows up in the log; a subscription is not confirmed, so the first may be missed."""
        for _ in range(VERIFY_ATTEMPTS):
            if self._stream.wait_for(self._mark(), 2 * BATCH_SECONDS):
                # The log may have begun in the middle of this mark, so it counts for nothing else.
                self._marks.clear()
                return True
            if self._stream.failure:
                break
        return False

    def run(self, prepared: PreparedRequest) -> _Recorded:
        """Run one request between two marks."""
        begin = self._mark()
        started = time.perf_counter()
        failure = ""
        try:
            body = self._client.send(prepared)
            latency_seconds = time.perf_counter() - started
            self._client.check(prepared, self._client.last_status, body)
        except RequestError as error:
            latency_seconds = time.perf_counter() - started
            failure = str(error)
        return _Recorded(begin, self._mark(), latency_seconds, failure)

    def settle(self, timeout_seconds: float) -> None:
        """Wait for the last mark and then for silence, or for two batches where others never fall silent."""
        self._stream.wait_for(self._marks[-1], timeout_seconds)
        self._stream.wait_until_quiet(QUIET_SECONDS, 2 * QUIET_SECONDS)

    def evaluate(
        self, requests: Sequence[PreparedRequest], recorded: Sequence[_Recorded]
    ) -> tuple[StatementTrace, ...]:
        """Attribute the logged statements to the requests."""
        times: dict[str, list[int]] = {word: [] for word in self._marks}
        others: list[tuple[int, LoggedStatement]] = []
        for entry in self._stream.entries():
            if self._session in entry.message:
                for word in self._marks:
                    if word in entry.message:
                        times[word].append(entry.time_ns)
            elif (statement := parse_statement(entry.message)) is not None:
                others.append((entry.time_ns, statement))
        windows = [_window(times[record.begin], times[record.end]) for record in recorded]
        first_ns = min((when for seen in times.values() for when in seen), default=0)
        foreign_count = sum(
            when > first_ns and not any(window and window[0] < when < window[1] for window in windows)
            for when, _ in others
        )
        # Marks are all alike, so are their lines.
        is_complete = not self._stream.failure and len({len(seen) for seen in times.values()}) == 1
        traces = []
        for prepared, record, window in zip(requests, recorded, windows, strict=True):
            if record.failure or window is None:
                reason = record.failure or "the log lost the lines around this request"
                traces.append(unavailable(prepared.name, reason))
                continue
            inside = [statement for when, statement in others if window[0] < when < window[1]]
            traces.append(
                summarise_statements(
                    prepared.name,
                    inside,
                    latency_seconds=record.latency_seconds,
                    is_complete=is_complete,
                    foreign_count=foreign_count,
                )
            )
        return tuple(traces)

    def _mark(self) -> str:
        self._mark_count += 1
        word = f"{self._session}n{self._mark_count:05d}e"
        self._marks.append(word)
        self._client.execute(MARK, {"q": word})
        return word


def _window(begin: list[int], end: list[int]) -> tuple[int, int] | None:
    """Return the time between two marks in nanoseconds of the server's clock, or None where a mark is missing."""
    return (max(begin), min(end)) if begin and end else None


def _none_available(requests: Sequence[PreparedRequest], reason: str) -> tuple[StatementTrace, ...]:
    return tuple(unavailable(prepared.name, reason) for prepared in requests)
