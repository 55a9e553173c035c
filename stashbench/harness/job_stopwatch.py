"""The `measure_job` fixture: times the server's own jobs, and keeps what they cost its processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from stashbench.analyse.statistics import summarise
from stashbench.errors import RequestError
from stashbench.model.measurement import JobWork, MeasurementOutcome
from stashbench.model.sample import ResourceUse
from stashbench.stash.operations import load
from stashbench.stash.reading import reading

if TYPE_CHECKING:
    from stashbench.harness.measure import Measure
    from stashbench.harness.session import AuditSession
    from stashbench.stash.job_history import JobHistory

FINISHED = "FINISHED"


class JobStopwatch:
    """Starts a job, follows it to its end, and does so again; the times are those the server's own clock gives."""

    def __init__(self, session: AuditSession, measure: Measure, benchmark: Any) -> None:
        self._session = session
        self._measure = measure
        self._benchmark = benchmark

    def __call__(
        self,
        document_name: str,
        variables: Mapping[str, object] | None = None,
        *,
        page: str,
        title: str,
        rounds: int = 1,
        warmup_count: int = 0,
        items: str = "",
        item_count: int | None = None,
        timeout_seconds: float = 600.0,
    ) -> None:
        """Time a job that a stored document starts; one round has `item_count` items, called `items` in the report.

        Before the timed rounds it is run `warmup_count` times.

        Skips as not offered where the server has no such job, or does not show its jobs.

        Raises:
            RequestError: a job failed, was cancelled, or did not end in time.
        """
        from stashbench.stash.job_follower import JobFollower

        target = self._session.target
        document = load(document_name)
        asked = target.adapter.request(document, variables)
        general = target.client.prepare(asked.text or document)
        self._measure.begin(title, page, general.definition_hash, general.name)
        self._measure.note(left_out=asked.left_out)
        if asked.missing:
            self._measure.skip_not_offered(asked.missing)
        if self._benchmark.disabled:
            pytest.skip("timing is switched off by --benchmark-disable or by pytest-xdist")
        prepared = target.client.prepare(asked.text, asked.variables)
        seconds: list[float] = []
        uses: list[ResourceUse] = []
        with JobFollower(target.client, target.capabilities) as follower:

            def run() -> float:
                answer = target.client.run(prepared)
                with reading(target.client.url, f"the request to start the job ({prepared.name})"):
                    job_id = str(answer[prepared.root_field])
                return _seconds_of(follower.follow(job_id, timeout_seconds=timeout_seconds))

            def run_watched() -> None:
                span = f"{prepared.name} {len(uses) + 1}"
                self._session.sampler.begin(span)
                try:
                    seconds.append(run())
                finally:
                    uses.append(self._session.sampler.end(span))

            for _ in range(warmup_count):
                run()
            # Its own figures, in benchmark.json, hold the way to the server and back too.
            self._benchmark.pedantic(run_watched, rounds=rounds, iterations=1)
        self._measure.note(
            outcome=MeasurementOutcome.OK,
            reason="",
            rounds_seconds=tuple(seconds),
            warmup_count=warmup_count,
            statistics=summarise(seconds),
            work=work_of(seconds, uses, items, None if item_count is None else item_count * rounds),
        )


def _seconds_of(history: JobHistory) -> float:
    """Return how long a job ran; RequestError if it did not come to a good end."""
    name = history.description.rstrip(".") or f"job {history.job_id}"
    if history.problem:
        message = f"{name}: {history.problem}"
        raise RequestError(message)
    if history.status != FINISHED:
        why = f": {history.error}" if history.error else "; see the server's log"
        message = f"{name} ended as {history.status.lower()}{why}"
        raise RequestError(message)
    if history.running_seconds is None:
        message = f"{name}: the server does not tell when it began and ended"
        raise RequestError(message)
    return history.running_seconds


def work_of(seconds: Sequence[float], uses: Sequence[ResourceUse], items: str, item_count: int | None) -> JobWork:
    """Add up what the rounds cost; what one of them lacks, the sum lacks."""
    total = sum(seconds)
    return JobWork(
        job_count=len(seconds),
        job_seconds=total,
        items=items,
        item_count=item_count,
        items_per_second=item_count / total if item_count is not None and total > 0 else None,
        cpu_seconds=_over(sum, [use.cpu_seconds for use in uses]),
        peak_rss_bytes=_over(max, [use.peak_rss_bytes for use in uses]),
        read_bytes=_over(sum, [use.read_bytes for use in uses]),
        logical_read_bytes=_over(sum, [use.logical_read_bytes for use in uses]),
        written_bytes=_over(sum, [use.written_bytes for use in uses]),
        process_count_max=_over(max, [use.process_count_max for use in uses]),
        not_measured=tuple(dict.fromkeys(reason for use in uses for reason in use.not_measured)),
    )


def _over(combine: Callable[[list[Any]], Any], values: Sequence[float | None]) -> Any:
    return None if None in values else combine(list(values))
