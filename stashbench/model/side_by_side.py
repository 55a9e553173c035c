"""Two servers measured side by side: the versioned document of `stashbench compare`."""

from __future__ import annotations

from stashbench.model.base import Model
from stashbench.model.baseline import Verdict
from stashbench.model.environment import Environment
from stashbench.model.quality import MachineQuality
from stashbench.model.selftest import SelfTest
from stashbench.model.target import Target

SCHEMA = "stashbench.compare"
SCHEMA_VERSION = 1


class WorkFigures(Model):
    """What one request costs SQLite: its statements were run once more, read-only; the middle one of some runs.

    `vm_step_count` is instructions, `full_scan_step_count` rows stepped over in scans of whole tables, `sort_count`
    sorts without an index, `auto_index_row_count` rows put into indexes made for one statement; None where that was
    not counted, and `reason` says why, or what is not in the counts. `is_at_least`: some were broken off.
    """

    vm_step_count: int | None = None
    full_scan_step_count: int | None = None
    sort_count: int | None = None
    auto_index_row_count: int | None = None
    is_at_least: bool = False
    reason: str = ""
    sqlite_version: str = ""


class SideFigures(Model):
    """One benchmark on one side: its times in seconds, and what it costs whatever the clock says.

    `cpu_seconds` is the server's processor time per request, `rss_bytes` the most memory seen at the border of a
    block. `statement_count` is the middle one of some runs, all of which are in `statement_counts`; None where the log
    did not tell, and `statement_reason` says why, or what to mind.
    """

    sample_count: int = 0
    q10_seconds: float | None = None
    median_seconds: float | None = None
    q75_seconds: float | None = None
    q90_seconds: float | None = None
    cpu_seconds: float | None = None
    rss_bytes: int | None = None
    statement_count: int | None = None
    statement_counts: tuple[int, ...] = ()
    statement_reason: str = ""
    work: WorkFigures | None = None
    response_bytes: int | None = None
    row_count: int | None = None
    operation: str = ""


class StatementChange(Model):
    """A statement shape that the two sides execute unequally often for the same request."""

    sql_shape: str
    count_a: int
    count_b: int


class PairedBenchmark(Model):
    """One benchmark on both sides; `ratio` is B's time over A's, above 1 where B is slower.

    The ratio is the weighted mean (of logarithms) over the blocks, of the fastest quarters of either side, `ci_low`
    and `ci_high` its 95 % interval, `sigma` the standard error of its logarithm. `time_verdict` goes by the clock
    alone, `cpu_verdict` by the server's processor time, of which `cpu_ratio` is the same ratio, `work_verdict` by
    statements and SQLite's steps for them; `verdict` is what they amount to. `smallest_visible` is the slowdown (as a
    ratio) that would have been found four times in five. `stage` is the last stage in which it was measured, 0 if it
    never was. `left_out` names what one side does
    not offer and neither was asked for, `notes` what else a reader must know. `accepted` is the reason a user gave
    for accepting this change, `minimum_effect` the smallest ratio that counted for this benchmark.
    """

    id: str
    title: str
    group: str
    page: str
    verdict: Verdict
    reason: str
    time_verdict: Verdict | None = None
    cpu_verdict: Verdict | None = None
    work_verdict: Verdict | None = None
    ratio: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    sigma: float | None = None
    threshold_ratio: float | None = None
    smallest_visible: float | None = None
    median_ratio: float | None = None
    cpu_ratio: float | None = None
    cpu_ci_low: float | None = None
    cpu_ci_high: float | None = None
    stage: int = 0
    a: SideFigures | None = None
    b: SideFigures | None = None
    statement_changes: tuple[StatementChange, ...] = ()
    accepted: str = ""
    minimum_effect: float | None = None
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_counted_regression(self) -> bool:
        """Whether it regressed, and nobody accepted that."""
        return self.verdict is Verdict.REGRESSED and not self.accepted


class Block(Model):
    """The samples one side gave for one benchmark between two changes of side, in nanoseconds, in order.

    `benchmark` is an index into `benchmarks`; `round` counts from 0 through all stages, `order` is the place within
    the round, `process` the number of the server process (it grows where servers are started anew). `began_seconds`
    counts from the start of the run; `cpu_ns` is what the server's processes used for all of these requests.
    """

    benchmark: int
    side: str
    stage: int
    round: int
    order: int
    process: int
    began_seconds: float
    samples_ns: tuple[int, ...]
    cpu_ns: int | None = None


class ComparedSide(Model):
    """One of the two targets. `given` is what was asked for, without secrets.

    `setup` says in words what this server was given besides: variables, settings, a database, never secrets.
    `is_renewed` says that the server was started anew for every round; `start_seconds` is how long a start took.
    """

    label: str
    given: str
    target: Target
    setup: tuple[str, ...] = ()
    is_renewed: bool = False
    process_count: int = 1
    start_seconds: float | None = None
    cpu_seconds: float | None = None
    peak_rss_bytes: int | None = None


class Stage(Model):
    """One stage: how many rounds it had, how many benchmarks were measured in it, and how long it took."""

    number: int
    round_count: int
    benchmark_count: int
    duration_seconds: float


class SideBySide(Model):
    """One comparison from start to end. Times are RFC 3339 in UTC unless a name says seconds.

    `sigma` is the noise floor of the run (standard error of a log ratio, typical benchmark), `z` the number of them a
    change must exceed for so many benchmarks, `detection_limit` the slowdown (as a ratio) that a typical benchmark
    would have shown four times in five, `cpu_detection_limit` the same for processor time. `suite_ratio` is how
    much all pages moved together. `shared_cores` are all cores on which both servers ran together, `cores_per_round` of
    them in each round; where there are none, `cores_reason` says why.
    """

    schema: str
    schema_version: int
    run_id: str
    stashbench_version: str
    started_at: str
    finished_at: str
    wall_seconds: float
    verdict: str
    a: ComparedSide
    b: ComparedSide
    benchmarks: tuple[PairedBenchmark, ...]
    environment: Environment
    seed: int
    budget_seconds: float
    minimum_effect: float
    sigma: float | None = None
    z: float | None = None
    detection_limit: float | None = None
    cpu_detection_limit: float | None = None
    suite_ratio: float | None = None
    suite_ci_low: float | None = None
    suite_ci_high: float | None = None
    machine: MachineQuality = MachineQuality()
    stages: tuple[Stage, ...] = ()
    partial: bool = False
    partial_reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    command: str = ""
    selftest: SelfTest | None = None
    shared_cores: tuple[int, ...] = ()
    cores_per_round: int = 0
    cores_reason: str = ""
