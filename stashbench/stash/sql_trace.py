"""Which SQL statements a request costs, read from the server's own log without touching its configuration.

Log lines say neither whose they are nor come in order. So each request is run alone between two marks, harmless
searches for words nobody else uses, and by the server's own clock the statements between the marks are the request's.
Statements outside of all such windows show that others are at work, and a mark that lost lines shows a lossy log; a
request that was disturbed by either may be run again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import NamedTuple

from stashbench.errors import RequestError, RequestTimeoutError, TargetError
from stashbench.model.statement import StatementTrace
from stashbench.stash.attribution import Attribution, Run, attribute, foreign_times
from stashbench.stash.beats import MARK, Beats
from stashbench.stash.client import PreparedRequest, StashClient
from stashbench.stash.log_line import LoggedStatement
from stashbench.stash.statement_stream import ARGUMENT_CHARACTERS_AT_MOST, Intake, StatementStream
from stashbench.stash.statements import summarise_statements, unavailable

BATCH_SECONDS = 1.0
QUIET_SECONDS = 1.3
VERIFY_ATTEMPTS = 12
RERUN_BUDGET_SECONDS = 10.0
_NANOSECONDS = 1_000_000_000
Keep = Callable[[int, Sequence[LoggedStatement]], object]


@dataclass(frozen=True, slots=True)
class TracedRequest:
    """A request by name; `send` runs it once and raises RequestError or TargetError where that fails."""

    name: str
    send: Callable[[StashClient], object]


class Capture(NamedTuple):
    """What was seen over all requests: how many statements of others, and why requests were left out.

    `was_given_up` says that the server may still be working on the last one, `gap_count` how often the log broke off.
    """

    foreign_count: int = 0
    stopped: str = ""
    was_given_up: bool = False
    gap_count: int = 0


def traced(prepared: PreparedRequest) -> TracedRequest:
    """Return a GraphQL request to be traced; an answer with errors fails."""
    return TracedRequest(prepared.name, lambda client: client.check(prepared, *_sent(client, prepared)))


def traced_get(path: str) -> TracedRequest:
    """Return a GET below the server's address to be traced; any status but 200 fails."""

    def get(client: StashClient) -> None:
        status, _ = client.get(path)
        client.mind_session(f"GET {path}", status)
        if status != HTTPStatus.OK:
            message = f"GET {path} answered with status {status} instead of 200."
            raise RequestError(message)

    return TracedRequest(f"GET {path}", get)


def capture_statements(
    client: StashClient, prepared: PreparedRequest, *, timeout_seconds: float = 10.0
) -> StatementTrace:
    """Run one request once and return its statements; never raises for what the server does, see `reason`."""
    return capture_all(client, [prepared], timeout_seconds=timeout_seconds)[0]


def capture_all(
    client: StashClient, requests: Sequence[PreparedRequest], *, timeout_seconds: float = 10.0, attempts: int = 1
) -> tuple[StatementTrace, ...]:
    """Run each request, one after the other, and return their statements in the same order; see `capture_each`."""
    traces: dict[int, StatementTrace] = {}
    capture_each(
        client,
        [traced(prepared) for prepared in requests],
        traces.__setitem__,
        timeout_seconds=timeout_seconds,
        attempts=attempts,
    )
    return tuple(traces[index] for index in range(len(requests)))


def capture_each(
    client: StashClient,
    requests: Sequence[TracedRequest],
    report: Callable[[int, StatementTrace], object],
    *,
    timeout_seconds: float = 10.0,
    attempts: int = 3,
    starting: Callable[[int], object] = lambda _index: None,
    keep: Keep | None = None,
) -> Capture:
    """Run each request alone; `report(index, trace)` as soon as its lines are in, and again with a cleaner run.

    Costs about three seconds more than the requests themselves. A request with others at work near it, or with lost
    lines, is run up to `attempts` times in all. `timeout_seconds` bounds the wait for the log's last lines. Requests
    must not change data: they are sent as they are. Interrupted, it has reported what was certain by then.
    `keep(index, statements)` is given what each trace was made of, with arguments, to run it once more.
    """
    if not requests:
        return Capture()
    intake = Intake(argument_characters_left=ARGUMENT_CHARACTERS_AT_MOST if keep is not None else 0)
    try:
        with StatementStream(client, intake) as stream:
            recorder = _Recorder(client, stream, requests, report, keep)
            if recorder.verify():
                return recorder.record(starting, attempts, timeout_seconds)
            why = stream.failure or "a known request left no line in it"
            stopped = f"the server's log does not carry its SQL statements ({why})"
    except (RequestError, TargetError) as error:
        stopped = str(error)
    for index, request in enumerate(requests):
        report(index, unavailable(request.name, stopped))
    return Capture(stopped=stopped)


class _Recorder:
    """Runs requests between marks while the log comes in."""

    def __init__(
        self,
        client: StashClient,
        stream: StatementStream,
        requests: Sequence[TracedRequest],
        report: Callable[[int, StatementTrace], object],
        keep: Keep | None,
    ) -> None:
        self._client = client
        self._stream = stream
        self._requests = requests
        self._report = report
        self._keep = keep
        self._runs: list[tuple[int, Run]] = []
        self._failures: dict[int, str] = {}
        self._told: dict[int, StatementTrace] = {}
        self._told_at = time.monotonic()
        self._stopped = ""
        self._was_given_up = False

    def verify(self) -> bool:
        """Send marks until one shows up in the log; a subscription is not confirmed, so the first may be missed."""
        marks: list[str] = []
        for _ in range(VERIFY_ATTEMPTS):
            marks.append(self._mark())
            if self._stream.wait_for(marks, BATCH_SECONDS / 2):
                return True
            if self._stream.failure:
                break
        return False

    def record(self, starting: Callable[[int], object], attempts: int, timeout_seconds: float) -> Capture:
        """Run everything, then again what was disturbed; tell the traces."""
        todo = list(range(len(self._requests)))
        try:
            for _ in range(attempts):
                self._run_all(todo, starting)
                self._settle(timeout_seconds)
                self._tell(is_final=True)
                todo = self._disturbed()
                if not todo or self._stopped:
                    break
        except BaseException:
            self._tell(is_final=False)
            raise
        for index, request in enumerate(self._requests):
            if index not in self._told:
                reason = self._failures.get(index) or f"it was not run: {self._stopped}"
                self._report(index, unavailable(request.name, reason))
        intake = self._stream.snapshot()
        times = sorted(time_ns for time_ns, _ in intake.executions)
        foreign_count = len(foreign_times(intake.marks, times, [run for _, run in self._runs]))
        return Capture(foreign_count, self._stopped, self._was_given_up, self._stream.gap_count)

    def _run_all(self, todo: Sequence[int], starting: Callable[[int], object]) -> None:
        for index in todo:
            starting(index)
            self._run(index)
            if self._stopped:
                return
            if time.monotonic() > self._told_at + 2 * BATCH_SECONDS:
                self._tell(is_final=False)

    def _run(self, index: int) -> None:
        """Run one request between two marks; a server that is lost, or may be busy with it, ends the whole pass."""
        failure = begin = end = ""
        started = time.perf_counter()
        latency_seconds = 0.0
        beats = Beats(self._client, self._stream.new_mark)
        try:
            begin = self._mark()
            started = time.perf_counter()
            with beats:
                failure = self._send(index)
                latency_seconds = time.perf_counter() - started
            end = self._mark()
        except RequestError as error:
            # What the server still does for a request that was given up would look like that of the next.
            failure = self._stopped = str(error)
            self._was_given_up = isinstance(error, RequestTimeoutError)
        except TargetError as error:
            failure = self._stopped = str(error)
        if begin:
            self._runs.append((index, Run(begin, end, latency_seconds, failure, beats.words)))
        else:
            self._failures[index] = failure

    def _send(self, index: int) -> str:
        """Send a request and return why it failed, empty where it did not."""
        try:
            self._requests[index].send(self._client)
        except RequestTimeoutError:
            raise
        except RequestError as error:
            return str(error)
        return ""

    def _settle(self, timeout_seconds: float) -> None:
        """Wait for the last mark and then for silence, or for two batches where others never fall silent."""
        if self._runs and not self._stopped:
            self._stream.wait_for([self._runs[-1][1].end], timeout_seconds)
        self._stream.wait_until_quiet(QUIET_SECONDS, 2 * QUIET_SECONDS)

    def _tell(self, *, is_final: bool) -> None:
        """Report each request's cleanest run: all of them in the end, before that those whose lines must be in."""
        self._told_at = time.monotonic()
        intake = self._stream.snapshot()
        sure_ns = intake.newest_ns - int(2 * BATCH_SECONDS * _NANOSECONDS)
        runs: dict[int, list[Attribution]] = {}
        found = attribute(intake.marks, intake.executions, [run for _, run in self._runs])
        for (index, run), attribution in zip(self._runs, found, strict=True):
            if intake.is_full:
                attribution = replace(attribution, is_complete=False)  # noqa: PLW2901 - the same, with a doubt
            if is_final or any(when <= sure_ns for when in intake.marks.get(run.end, ())):
                runs.setdefault(index, []).append(attribution)
        for index, attributions in runs.items():
            trace, statements = _cleanest(self._requests[index].name, attributions)
            if self._keep is not None and is_final and statements is not None:
                self._keep(index, statements)
            if trace != self._told.get(index):
                self._told[index] = trace
                self._report(index, trace)

    def _disturbed(self) -> list[int]:
        """Return the requests worth running again, as many as the budget allows."""
        chosen: list[int] = []
        left_seconds = RERUN_BUDGET_SECONDS
        latest = {index: run for index, run in self._runs}  # noqa: C416 - the last run of each counts
        for index, run in latest.items():
            if not run.failure and not self._told[index].is_clean and run.latency_seconds <= left_seconds:
                left_seconds -= run.latency_seconds
                chosen.append(index)
        return chosen

    def _mark(self) -> str:
        word = self._stream.new_mark()
        self._client.execute(MARK, {"q": word})
        return word


def _sent(client: StashClient, prepared: PreparedRequest) -> tuple[int, bytes]:
    body = client.send(prepared)
    return client.last_status, body


def _cleanest(
    name: str, attributions: Sequence[Attribution]
) -> tuple[StatementTrace, tuple[LoggedStatement, ...] | None]:
    """Return the trace of the run that was least disturbed, the first of equals, and what it is made of."""
    chosen, best = min(enumerate(attributions, start=1), key=lambda numbered: numbered[1].rank)
    if best.statements is None:
        return unavailable(name, best.reason), None
    trace = summarise_statements(
        name,
        best.statements,
        latency_seconds=best.run.latency_seconds,
        is_complete=best.is_complete,
        foreign_count=best.foreign_count,
        run_count=len(attributions),
        chosen_run=chosen,
    )
    return trace, best.statements
