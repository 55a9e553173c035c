"""One benchmark's timings, raw, with the statistics derived from them."""

from __future__ import annotations

from stashbench.model.base import Model, Word
from stashbench.model.sample import ResourceUse
from stashbench.model.statement import StatementTrace


class MeasurementOutcome(Word):
    """Whether the numbers can be used."""

    OK = "ok"
    FAILED = "failed"
    NOT_OFFERED = "not-offered"
    NOT_MEASURED = "not-measured"


class Statistics(Model):
    """Summary of the rounds, in seconds. The interval is a 95 % one for the median."""

    count: int
    median_seconds: float
    median_ci_low_seconds: float
    median_ci_high_seconds: float
    mean_seconds: float
    stddev_seconds: float
    minimum_seconds: float
    maximum_seconds: float
    q10_seconds: float
    q25_seconds: float
    q75_seconds: float
    p95_seconds: float
    outlier_count: int


class JobWork(Model):
    """What the jobs of one benchmark did, all rounds together, and what they cost the server's processes.

    Seconds are the server's own, from a job's start to its end. Processor time and bytes include the programs the
    server started (FFmpeg); `read_bytes` came from disk, `logical_read_bytes` from disk or memory. None is "not
    measured", never zero.
    """

    job_count: int
    job_seconds: float
    items: str = ""
    item_count: int | None = None
    items_per_second: float | None = None
    cpu_seconds: float | None = None
    peak_rss_bytes: int | None = None
    read_bytes: int | None = None
    logical_read_bytes: int | None = None
    written_bytes: int | None = None
    process_count_max: int | None = None
    not_measured: tuple[str, ...] = ()


class Visit(Model):
    """Some timed calls in a row: the next `sample_count` of `Measurement.rounds_seconds`.

    `round` counts the passes over all benchmarks, `order` is the place within the pass, `process` the number of the
    server process (it grows where we start it anew), `began_seconds` counts from the start of the run.
    """

    round: int
    order: int
    process: int
    began_seconds: float
    sample_count: int


class Look(Model):
    """Samples of one benchmark from a look of its own, such as the second one at what seemed slower.

    They are like those of a measurement. `reason` says why there are none, or fewer than were wanted.
    """

    rounds_seconds: tuple[float, ...] = ()
    visits: tuple[Visit, ...] = ()
    reason: str = ""


class Measurement(Model):
    """The rounds of one benchmark. `id` is stable over runs; `reason` says why where the outcome is not ok.

    `visits` says when each of `rounds_seconds` was taken, in order; empty where all came in one go. `looks` is what was
    taken when the page was measured again, because it, or another page, was suspect.
    `left_out` names what the document asks for and this server does not offer, as `Type.field`. `trace` holds the SQL
    statements of one more, untimed run of the request; None where none was made. `work` is there for jobs, and `proof`
    for what changes data: what of the database is as it was before, and how we know.
    """

    id: str
    nodeid: str
    title: str
    group: str
    page: str
    outcome: MeasurementOutcome
    reason: str = ""
    operation: str = ""
    rounds_seconds: tuple[float, ...] = ()
    visits: tuple[Visit, ...] = ()
    looks: tuple[Look, ...] = ()
    warmup_count: int = 0
    response_bytes: int | None = None
    row_count: int | None = None
    client_floor_seconds: float | None = None
    statistics: Statistics | None = None
    resources: ResourceUse | None = None
    definition_hash: str = ""
    left_out: tuple[str, ...] = ()
    trace: StatementTrace | None = None
    work: JobWork | None = None
    proof: str = ""
