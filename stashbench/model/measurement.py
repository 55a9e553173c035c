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


class Measurement(Model):
    """The rounds of one benchmark. `id` is stable over runs; `reason` says why where the outcome is not ok.

    `left_out` names what the document asks for and this server does not offer, as `Type.field`. `trace` holds the SQL
    statements of one more, untimed run of the request; None where none was made.
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
    warmup_count: int = 0
    response_bytes: int | None = None
    row_count: int | None = None
    client_floor_seconds: float | None = None
    statistics: Statistics | None = None
    resources: ResourceUse | None = None
    definition_hash: str = ""
    left_out: tuple[str, ...] = ()
    trace: StatementTrace | None = None
