"""Times measured pages again, in short visits in random order, so that the samples of each lie over the whole session.

After the last benchmark that changes nothing come the passes; suspects are measured a second time when asked for.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from stashbench.analyse.statistics import summarise
from stashbench.compare.rounds import undisturbed
from stashbench.errors import RequestError, SessionRenewedError, TargetError, TargetUnreachableError
from stashbench.harness.pass_plan import PlannedVisit, Wanted, first_count, plan_passes
from stashbench.harness.visit import RepeatedPage, Taken, make_visit
from stashbench.model.measurement import Look, Measurement, MeasurementOutcome, Visit
from stashbench.model.sample import Span, SpanKind

if TYPE_CHECKING:
    from stashbench.compare.plan import PathRequest
    from stashbench.harness.rounds import Plan
    from stashbench.harness.session import AuditSession
    from stashbench.stash.client import PreparedRequest

SPAN_ID = "passes"
LABEL = "Further times of each page"
_MOST_RETRIES = 2
_OVERRUN_FACTOR = 3.0
_OVERRUN_SECONDS = 10.0

Keep = Callable[[RepeatedPage, Visit, Taken], None]


class Passes:
    """Knows the pages that were timed and can be timed again; what is taken is journalled visit by visit.

    `partial_reason` says what was left out where a pass was broken off.
    """

    def __init__(self, session: AuditSession) -> None:
        self._session = session
        self._pages: dict[str, RepeatedPage] = {}
        self._chance = random.Random(session.record.seed)  # noqa: S311 - an order that can be repeated
        self._is_over = False
        self._round = 1
        self._cold: set[str] = set()
        self.partial_reason = ""

    def register(
        self,
        nodeid: str,
        request: PreparedRequest | PathRequest,
        plan: Plan,
        size_bytes: int,
        keep: Callable[[tuple[float, ...]], None],
    ) -> None:
        """Take over a page whose first go is over; its request must not change data."""
        self._pages[nodeid] = RepeatedPage(
            nodeid=nodeid,
            request=request,
            seconds=plan.estimate_seconds,
            total_count=plan.round_count,
            missing_count=plan.round_count - first_count(plan.round_count),
            size_bytes=size_bytes,
            keep=keep,
        )

    def run_if_due(self, nodeid: str) -> int:
        """Make the passes if that was the last benchmark that changes nothing; return how many pages failed in them."""
        return self.run() if nodeid == self._session.profiler.last_nodeid else 0

    def run(self) -> int:
        """Make the passes, once, and return how many pages failed; what was taken is kept however they end."""
        if self._is_over:
            return 0
        self._is_over = True
        measured = self._measured()
        pages = [page for page in self._pages.values() if page.missing_count > 0 and page.nodeid in measured]
        if not pages or self._session.loss:
            return 0
        looks: dict[str, Look] = {}

        def keep(page: RepeatedPage, visit: Visit, taken: Taken) -> None:
            _append(looks, page.nodeid, visit, taken)
            self._session.keep_visit(page.nodeid, visit, tuple(taken.seconds))

        begin, origin = time.monotonic(), self._session.sampler.clock_origin
        self._session.sampler.begin(SPAN_ID)
        try:
            wanted = {page.nodeid: Wanted(page.missing_count, page.seconds) for page in pages}
            failures, left_out = self._measure(wanted, keep, self._session.progress.repeating)
        except BaseException:
            self.partial_reason = "the pages were not timed as often as planned"
            raise
        finally:
            use = self._session.sampler.end(SPAN_ID)
            end = time.monotonic()
            span = Span(
                id=SPAN_ID,
                label=LABEL,
                kind=SpanKind.OPERATION,
                begin_seconds=begin - origin,
                end_seconds=end - origin,
            )
            self._session.add_span(span, use)
            for page in pages:
                if page.nodeid in looks:
                    self._pool(page, measured[page.nodeid], looks[page.nodeid])
        if left_out:
            self._session.warn(left_out)
        for nodeid, reason in failures.items():
            self._fail(nodeid, reason)
        return len(failures)

    def remeasure(
        self,
        nodeids: Sequence[str],
        *,
        is_restarting: bool,
        settle_seconds: float,
        budget_seconds: float | None = None,
        process_count: int = 2,
    ) -> dict[str, Look]:
        """Time pages a second time; return what was taken by node id, with the reason where that is nothing.

        With `is_restarting`, a server of ours is started anew, `process_count` times, each time for an equal part of
        the samples; otherwise this waits for `settle_seconds` first. Each page gets `budget_seconds` in all, or twice
        that of the first look, and never fewer samples than the first look took. The measurements stay as they are.

        Raises:
            KeyboardInterrupt: it was interrupted; what was taken is lost.
            TargetError: the server is gone, or did not come up again.
        """
        session = self._session
        known = self._measured()
        looks = {nodeid: Look(reason=self._why_not(nodeid, known)) for nodeid in nodeids}
        pages = [self._pages[nodeid] for nodeid, look in looks.items() if not look.reason]
        if not pages:
            return looks
        budget = budget_seconds if budget_seconds is not None else 2 * session.budget_seconds
        counts = {page.nodeid: max(page.total_count, int(budget / max(page.seconds, 1e-6))) for page in pages}
        parts = process_count if is_restarting and session.is_own_server else 1
        failures: dict[str, str] = {}
        for part in range(parts):
            self._make_ready(is_restarting=is_restarting, settle_seconds=settle_seconds)
            wanted = {
                page.nodeid: Wanted(_share(counts[page.nodeid], part, parts), page.seconds)
                for page in pages
                if page.nodeid not in failures
            }
            failed, left_out = self._measure(
                wanted,
                lambda page, visit, taken: _append(looks, page.nodeid, visit, taken),
                lambda done, total, title, part=part: session.progress.repeating(  # type: ignore[misc]
                    part * total + done, parts * total, f"second look at {title}"
                ),
            )
            failures |= failed
            if left_out:
                session.warn(left_out)
        for nodeid, reason in failures.items():
            looks[nodeid] = Look(reason=reason)
        return looks

    def _make_ready(self, *, is_restarting: bool, settle_seconds: float) -> None:
        session = self._session
        if is_restarting and session.is_own_server:
            session.progress.waiting(0.0, "starting the server anew for a second look")
            session.renew_target()
            self._cold = set(self._pages)
            return
        deadline = time.monotonic() + settle_seconds
        while (left := deadline - time.monotonic()) > 0:
            session.progress.waiting(left, "waiting before a second look")
            time.sleep(min(left, 1.0))

    def _measured(self) -> dict[str, Measurement]:
        return {
            item.nodeid: item
            for item in self._session.record.measurements
            if item.outcome is MeasurementOutcome.OK and item.nodeid in self._pages
        }

    def _why_not(self, nodeid: str, measured: dict[str, Measurement]) -> str:
        if self._session.loss:
            return f"the server was lost ({self._session.loss})"
        if nodeid not in self._pages:
            return "it was not timed, or changes data, and is not repeated"
        return "" if nodeid in measured else "its first look failed"

    def _measure(
        self, wanted: dict[str, Wanted], keep: Keep, show: Callable[[int, int, str], None]
    ) -> tuple[dict[str, str], str]:
        """Make all visits; return why pages were given up, and a remark if time ran out."""
        session = self._session
        passes = plan_passes(wanted, self._chance)
        expected = sum(item.sample_count * item.seconds for item in wanted.values())
        deadline = time.monotonic() + expected * _OVERRUN_FACTOR + _OVERRUN_SECONDS
        total = sum(len(visits) for visits in passes)
        titles = {item.nodeid: item.title for item in session.record.measurements}
        failures: dict[str, str] = {}
        done = 0
        for visits in passes:
            if session.restarts.look_between_passes():
                self._cold = set(self._pages)
            if session.loss:
                break
            if time.monotonic() > deadline:
                return failures, (
                    f"The server became much slower while pages were timed again, so {total - done} of {total} visits "
                    "were left out: their figures rest on fewer samples."
                )
            session.target.client.sign_in()
            with session.machine.watch.part(), undisturbed():
                for order, planned in enumerate(visits):
                    show(done, total, titles[planned.page])
                    done += 1
                    if planned.page not in failures:
                        reason = self._visit(order, planned, keep)
                        if reason:
                            failures[planned.page] = reason
            self._round += 1
        return failures, ""

    def _visit(self, order: int, planned: PlannedVisit[str], keep: Keep) -> str:
        """Make one visit; return why the page failed, empty if it did not."""
        session = self._session
        page = self._pages[planned.page]
        for attempt in range(_MOST_RETRIES):
            try:
                taken = make_visit(
                    session.target.client, page, planned.sample_count, is_cold=planned.page in self._cold
                )
            except SessionRenewedError as error:
                if attempt == _MOST_RETRIES - 1:
                    return str(error)
                continue
            except (RequestError, TargetError) as error:
                is_gone = isinstance(error, TargetUnreachableError)
                if session.restarts.look_between_passes(is_out_of_reach=is_gone):
                    # Not the page's fault; the visit is made anew on the server that came back.
                    self._cold = set(self._pages)
                    continue
                if session.loss:
                    return ""
                if isinstance(error, TargetError):
                    session.loss = str(error)
                    return ""
                return str(error)
            self._cold.discard(planned.page)
            began = taken.began - session.sampler.clock_origin
            visit = Visit(
                round=self._round,
                order=order,
                process=session.process_number,
                began_seconds=round(began, 4),
                sample_count=len(taken.seconds),
            )
            keep(page, visit, taken)
            return ""
        return ""

    def _pool(self, page: RepeatedPage, measurement: Measurement, look: Look) -> None:
        """Add what the passes took to what the first go took."""
        samples = (*measurement.rounds_seconds, *look.rounds_seconds)
        self._session.update_measurement(
            page.nodeid,
            rounds_seconds=samples,
            visits=(*measurement.visits, *look.visits),
            statistics=summarise(samples),
        )
        page.keep(samples)

    def _fail(self, nodeid: str, reason: str) -> None:
        """A page that answered with an error in a pass has failed, like one that does so in its first go."""
        told = f"when it was timed again: {reason}"
        self._session.update_measurement(nodeid, outcome=MeasurementOutcome.FAILED, reason=told)
        self._session.failed_tests[nodeid] = told


def _append(looks: dict[str, Look], nodeid: str, visit: Visit, taken: Taken) -> None:
    before = looks.get(nodeid, Look())
    looks[nodeid] = Look(
        rounds_seconds=(*before.rounds_seconds, *taken.seconds), visits=(*before.visits, visit), reason=before.reason
    )


def _share(count: int, part: int, parts: int) -> int:
    """Return the part of a number of samples that falls to one of several server processes."""
    return count * (part + 1) // parts - count * part // parts
