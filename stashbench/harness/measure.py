"""The stopwatch behind the `measure` fixture: pytest-benchmark around one request, planned and checked by us."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Never

import msgspec
import pytest

from stashbench.analyse.statistics import summarise
from stashbench.analyse.warm_up import warm_up_length
from stashbench.compare.plan import PathRequest
from stashbench.errors import RequestError, SessionRenewedError
from stashbench.harness.answers import count_rows, declined_sort
from stashbench.harness.benchmark_file import NAME as BENCHMARK_NAME
from stashbench.harness.benchmark_file import keeper
from stashbench.harness.collector import without_collector
from stashbench.harness.pass_plan import first_count
from stashbench.harness.record import benchmark_id, group_of
from stashbench.harness.rounds import Plan, make_plan
from stashbench.model.measurement import Measurement, MeasurementOutcome, Visit
from stashbench.stash.sql_trace import traced, traced_get

if TYPE_CHECKING:
    from stashbench.harness.session import AuditSession
    from stashbench.stash.capabilities import Capabilities
    from stashbench.stash.client import PreparedRequest

_RECONNECTED = (
    "The server, or a proxy before it, closed the connection between timed requests: times in this report hold what "
    "opening a new one takes. Let it keep connections open (HTTP keep-alive)."
)


class Measure:
    """Times one request of the server's API per test.

    The document is serialised before the clock starts, the connection is kept open, the answer is read to its end
    inside the timed part and decoded outside it; an answer with errors fails the benchmark.
    """

    def __init__(self, session: AuditSession, item: pytest.Item, benchmark: Any) -> None:
        self._session = session
        self._item = item
        self._benchmark = benchmark
        self._group = group_of(item.path.name)

    def __call__(
        self, document_name: str, variables: Mapping[str, object] | None = None, *, page: str, title: str
    ) -> dict[str, Any]:
        """Time a stored document; `page` is the Stash page it stands for. Returns the last answer's data.

        What this server does not offer of the document is left out, and the measurement names it.

        Where nothing of it is offered, or it would be another page, the test is skipped as not offered.

        Raises:
            RequestError: an answer had errors, did not come, or broke off.
        """
        from stashbench.stash.operations import load

        return self.document(load(document_name), variables, page=page, title=title)

    def document(
        self, document: str, variables: Mapping[str, object] | None = None, *, page: str, title: str
    ) -> dict[str, Any]:
        """Time a document given as text, otherwise like calling the stopwatch itself."""
        client = self._session.target.client
        asked = self._session.target.adapter.request(document, variables)
        prepared = client.prepare(asked.text, asked.variables) if asked.text else client.prepare(document, variables)
        self.begin(title, page, prepared.definition_hash, prepared.name)
        self.note(left_out=asked.left_out)
        if asked.missing:
            self.skip_not_offered(asked.missing)
        last: dict[str, Any] = {}

        def check(body: bytes) -> None:
            nonlocal last
            try:
                last = client.check(prepared, client.last_status, body)
            except RequestError as error:
                sort = declined_sort(str(error), asked.variables)
                if sort:
                    self.skip_not_offered(f"this server does not offer sorting by {sort}")
                raise
            if all(value is None for value in last.values()):
                message = f"The server answered {prepared.name} with nothing: what was timed is no page."
                raise RequestError(message)

        request = prepared if prepared.kind == "query" else None
        size = self.run(lambda: client.send(prepared), check, repeated=request)
        self.note(response_bytes=size, row_count=count_rows(last))
        if prepared.kind == "query":
            self._session.profiler.register(self._item.nodeid, traced(prepared), self._benchmark.extra_info)
        return last

    @property
    def capabilities(self) -> Capabilities:
        """What the server's API offers, for pages that ask different servers for different things."""
        return self._session.target.capabilities

    def get(self, path: str, *, page: str, title: str) -> bytes:
        """Time a plain HTTP GET below the server's address, e.g. a cover image; anything but status 200 is an error."""
        self.begin(title, page, hashlib.sha256(f"GET {path}".encode()).hexdigest()[:16], "GET")
        last = b""
        client = self._session.target.client

        def check(body: bytes) -> None:
            nonlocal last
            client.mind_session(f"GET {path}", client.last_status)
            last = body

        size = self.run(lambda: self._fetch(path), check, repeated=PathRequest(path))
        self.note(response_bytes=size)
        self._session.profiler.register(self._item.nodeid, traced_get(path), self._benchmark.extra_info)
        return last

    def _fetch(self, path: str) -> bytes:
        client = self._session.target.client
        status, body = client.get(path)
        if status != HTTPStatus.OK:
            client.mind_session(f"GET {path}", status)
            message = f"GET {path} answered with status {status} instead of 200; open it in a browser to see why"
            raise RequestError(message)
        return body

    def each(
        self,
        document_name: str,
        make_variables: Callable[[], Mapping[str, object]],
        *,
        undo: Callable[[dict[str, Any]], None] = lambda _data: None,
        page: str,
        title: str,
    ) -> None:
        """Time a stored document whose variables are other ones each time, such as the names of new things.

        Outside the clock `make_variables` is called before each request, and `undo` after it, with its answer's data.
        Errors and skips as for the stopwatch itself.
        """
        from stashbench.stash.operations import load

        client, adapter = self._session.target.client, self._session.target.adapter
        document = adapter.document(load(document_name))
        # Without variables, which differ from run to run.
        general = client.prepare(document.text or load(document_name))
        self.begin(title, page, general.definition_hash, general.name)
        self.note(left_out=document.left_out)
        if document.missing:
            self.skip_not_offered(document.missing)
        prepared = general

        def make_ready() -> None:
            nonlocal prepared
            prepared = client.prepare(document.text, make_variables())

        def check(body: bytes) -> None:
            undo(client.check(prepared, client.last_status, body))

        self.note(response_bytes=self.run(lambda: client.send(prepared), check, make_ready))

    def begin(self, title: str, page: str, definition_hash: str, operation: str) -> None:
        """Open the measurement: should nothing more come, the report says that it failed."""
        record = self._session.current
        assert record is not None
        record.label = title
        record.measurement = Measurement(
            id=benchmark_id(self._item.name),
            nodeid=self._item.nodeid,
            title=title,
            group=self._group,
            page=page,
            outcome=MeasurementOutcome.FAILED,
            reason="the measurement did not come to its end",
            operation=operation,
            definition_hash=definition_hash,
            client_floor_seconds=self._session.client_floor_seconds,
        )
        self._benchmark.group = self._group
        self._benchmark.extra_info.update(page=page, title=title)

    def skip_not_offered(self, reason: str) -> Never:
        """End the test, because the server does not offer what it is about."""
        record = self._session.current
        assert record is not None
        record.is_not_offered = True
        pytest.skip(reason)

    def note(self, **changes: object) -> None:
        """Add what is known by now to the measurement."""
        record = self._session.current
        assert record is not None
        assert record.measurement is not None
        record.measurement = msgspec.structs.replace(record.measurement, **changes)

    def run(
        self,
        call: Callable[[], bytes],
        check: Callable[[bytes], None],
        make_ready: Callable[[], None] = lambda: None,
        *,
        repeated: PreparedRequest | PathRequest | None = None,
    ) -> int:
        """Warm up, plan, time; return the size of the last answer in bytes.

        `make_ready` comes before each call and `check` after it, both outside the clock. Of a request that may be
        `repeated` only a part of the samples is taken here; the passes after the last benchmark take the others.
        """
        if self._benchmark.disabled:
            pytest.skip("timing is switched off by --benchmark-disable or by pytest-xdist")
        body: bytes | None = None

        def timed() -> None:
            nonlocal body
            body = call()

        def check_previous() -> None:
            # pytest-benchmark calls this before each round, outside the clock.
            nonlocal body
            if body is not None:
                check(body)
                body = None

        def between_rounds() -> None:
            check_previous()
            make_ready()

        def warm() -> float:
            make_ready()
            begin = time.perf_counter()
            timed()
            elapsed = time.perf_counter() - begin
            check_previous()
            return elapsed

        client = self._session.target.client
        try:
            plan = self._plan(warm)
        except BaseException:
            # A failure before the first round is told once, without pytest-benchmark's warning that it was not used.
            self._benchmark._mode = "warm-up"  # noqa: SLF001 - no public way
            raise
        reconnects = client.reconnect_count
        count = plan.round_count if repeated is None else first_count(plan.round_count)
        began = time.monotonic() - self._session.sampler.clock_origin
        with without_collector():
            self._benchmark.pedantic(timed, setup=between_rounds, rounds=count, iterations=1)
        assert body is not None
        if client.reconnect_count > reconnects:
            self._session.warn(_RECONNECTED)
        size = len(body)
        check(body)
        self._keep_benchmark_json()
        rounds = tuple(float(value) for value in self._benchmark.stats.stats.data)
        slow_count = 0 if repeated is None else warm_up_length(rounds)
        rounds = rounds[slow_count:]
        self.note(
            outcome=MeasurementOutcome.OK,
            reason="",
            rounds_seconds=rounds,
            warmup_count=plan.warmup_count + slow_count,
            statistics=summarise(rounds),
            visits=(self._first_visit(began, len(rounds)),),
        )
        if repeated is not None:
            keep = keeper(self._benchmark)
            keep(rounds)
            self._session.passes.register(self._item.nodeid, repeated, rounds, size, keep)
        return size

    def _plan(self, warm: Callable[[], float]) -> Plan:
        try:
            return make_plan(warm, self._session.budget_seconds)
        except SessionRenewedError:
            # Nothing is timed yet. Once the rounds have begun, it fails the benchmark: one of them was no answer.
            return make_plan(warm, self._session.budget_seconds)

    def _first_visit(self, began_seconds: float, sample_count: int) -> Visit:
        return Visit(
            round=0,
            order=len(self._session.finished),
            process=self._session.process_number,
            began_seconds=round(began_seconds, 4),
            sample_count=sample_count,
        )

    def _keep_benchmark_json(self) -> None:
        """Have pytest-benchmark write its own document into the run's folder, unless the user wants it elsewhere.

        Told after the first success: asked to save when no benchmark has run, pytest-benchmark warns.
        """
        benchmarks = self._item.config._benchmarksession  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
        if not benchmarks.json:
            benchmarks.json = str(self._session.run_directory / BENCHMARK_NAME)
