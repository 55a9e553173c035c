"""Times measured pages again, in short visits in random order, so that the samples of each lie over the whole session.

After the last benchmark that changes nothing come the passes; suspects are measured a second time when asked for.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from stashbench.analyse.statistics import quantile, summarise
from stashbench.harness.pass_plan import Wanted
from stashbench.harness.rounds import plan_rounds
from stashbench.harness.spans import operation_span
from stashbench.harness.visit import RepeatedPage, Taken
from stashbench.harness.visiting import Visiting
from stashbench.model.measurement import Look, Measurement, MeasurementOutcome, Visit

if TYPE_CHECKING:
    from stashbench.compare.plan import PathRequest
    from stashbench.harness.session import AuditSession
    from stashbench.stash.client import PreparedRequest

SPAN_ID = "passes"
LABEL = "Further times of each page"
SECOND_SPAN_ID = "second-look"
SECOND_LABEL = "Second look at what seemed to have changed"


class Passes:
    """Knows the pages that were timed and can be timed again; what is taken is journalled visit by visit.

    `partial_reason` says what was left out where a pass was broken off.
    """

    def __init__(self, session: AuditSession) -> None:
        self._session = session
        self._pages: dict[str, RepeatedPage] = {}
        self._visiting = Visiting(session, self._pages)
        self._is_over = False
        self.partial_reason = ""

    def register(
        self,
        nodeid: str,
        request: PreparedRequest | PathRequest,
        rounds_seconds: tuple[float, ...],
        size_bytes: int,
        keep: Callable[[tuple[float, ...]], None],
    ) -> None:
        """Take over a page whose first go took `rounds_seconds`; its request must not change data.

        How often it is timed goes by these, which know more than the warm-up did.
        """
        seconds, count = quantile(sorted(rounds_seconds), 0.5), len(rounds_seconds)
        total = plan_rounds(seconds, self._session.budget_seconds)
        # A page that turned out slower than thought still gets some, or all of its samples would be of one moment.
        missing = max(total - count, math.ceil(count / 2)) if total > 1 else 0
        self._pages[nodeid] = RepeatedPage(
            nodeid=nodeid,
            request=request,
            seconds=seconds,
            total_count=count + missing,
            missing_count=missing,
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
        warmups: Counter[str] = Counter()

        def keep(page: RepeatedPage, visit: Visit, taken: Taken) -> None:
            _append(looks, page.nodeid, visit, taken)
            warmups[page.nodeid] += taken.warmup_count
            self._session.keep_visit(page.nodeid, visit, tuple(taken.seconds))

        try:
            with operation_span(self._session, SPAN_ID, LABEL):
                wanted = {page.nodeid: Wanted(page.missing_count, page.seconds) for page in pages}
                failures, left_out = self._visiting.measure(wanted, keep, self._session.progress.repeating)
        except BaseException:
            self.partial_reason = "the pages were not timed as often as planned"
            raise
        finally:
            for page in pages:
                if page.nodeid in looks:
                    self._pool(page, measured[page.nodeid], looks[page.nodeid], warmups[page.nodeid])
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
            TargetError: our server did not come up again. One that is lost later is `loss` of the session, and the
                reason of every page.
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

            def show(done: int, total: int, title: str, part: int = part) -> None:
                session.progress.repeating(part * total + done, parts * total, f"{title}, second look")

            with operation_span(session, f"{SECOND_SPAN_ID}-{part + 1}", SECOND_LABEL):
                failed, left_out = self._visiting.measure(
                    wanted, lambda page, visit, taken: _append(looks, page.nodeid, visit, taken), show
                )
            failures |= failed
            if left_out:
                session.warn(left_out)
            if session.loss:
                break
        for page in pages:
            reason = failures.get(page.nodeid) or (f"the server was lost ({session.loss})" if session.loss else "")
            if reason:
                looks[page.nodeid] = Look(reason=reason)
        return looks

    def _make_ready(self, *, is_restarting: bool, settle_seconds: float) -> None:
        session = self._session
        if is_restarting and session.is_own_server:
            session.progress.waiting(0.0, "starting the server anew for a second look")
            session.renew_target()
            self._visiting.note_cold_server()
            return
        wait_for_second_look(session, settle_seconds)

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

    def _pool(self, page: RepeatedPage, measurement: Measurement, look: Look, warmup_count: int) -> None:
        """Add what the passes took to what the first go took."""
        samples = (*measurement.rounds_seconds, *look.rounds_seconds)
        self._session.update_measurement(
            page.nodeid,
            rounds_seconds=samples,
            visits=(*measurement.visits, *look.visits),
            warmup_count=measurement.warmup_count + warmup_count,
            statistics=summarise(samples),
        )
        page.keep(samples)

    def _fail(self, nodeid: str, reason: str) -> None:
        """A page that answered with an error in a pass has failed, like one that does so in its first go."""
        told = f"when it was timed again: {reason}"
        self._session.update_measurement(
            nodeid, outcome=MeasurementOutcome.FAILED, reason=told, rounds_seconds=(), visits=(), statistics=None
        )
        self._pages.pop(nodeid).keep(())
        self._session.failed_tests[nodeid] = told


def _append(looks: dict[str, Look], nodeid: str, visit: Visit, taken: Taken) -> None:
    before = looks.get(nodeid, Look())
    looks[nodeid] = Look(
        rounds_seconds=(*before.rounds_seconds, *taken.seconds), visits=(*before.visits, visit), reason=before.reason
    )


def _share(count: int, part: int, parts: int) -> int:
    """Return the part of a number of samples that falls to one of several server processes."""
    return count * (part + 1) // parts - count * part // parts


def wait_for_second_look(session: AuditSession, seconds: float) -> None:
    """Let so much time pass, and show it."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        session.progress.waiting(left, "waiting before a second look")
        time.sleep(min(left, 1.0))
