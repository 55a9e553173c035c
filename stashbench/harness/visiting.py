"""Visits pages in passes: in random order, warm before timed, followed by restarts of the server."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from stashbench.compare.stopwatch import undisturbed
from stashbench.errors import RequestError, SessionRenewedError, TargetError, TargetUnreachableError
from stashbench.harness.pass_plan import PlannedVisit, Wanted, plan_passes
from stashbench.harness.visit import RepeatedPage, Taken, make_visit
from stashbench.model.measurement import Visit

if TYPE_CHECKING:
    from stashbench.harness.session import AuditSession

_MOST_RETRIES = 2
_OVERRUN_FACTOR = 3.0
_OVERRUN_SECONDS = 10.0

Keep = Callable[[RepeatedPage, Visit, Taken], None]


class Visiting:
    """Makes passes over `pages` (by node id); numbers them over the whole session, beginning with 1."""

    def __init__(self, session: AuditSession, pages: Mapping[str, RepeatedPage]) -> None:
        self._session = session
        self._pages = pages
        self._chance = random.Random(session.record.seed)  # noqa: S311 - an order that can be repeated
        self._round = 1
        self._cold: set[str] = set()

    def note_cold_server(self) -> None:
        """Have every page warmed up before it is timed next: the server has just started."""
        self._cold = set(self._pages)

    def measure(
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
                self.note_cold_server()
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
                    self.note_cold_server()
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
