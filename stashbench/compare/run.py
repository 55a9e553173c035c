"""One comparison from opening both servers to the document; what was measured survives Ctrl-C and a lost server."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

import stashbench
from stashbench.analyse.acceptance import accept_paired
from stashbench.analyse.paired_effect import FEWEST_UNITS, Interval
from stashbench.analyse.paired_words import disturbance, lopsidedness, verdict_in_words
from stashbench.analyse.quality import PAIRED, still_busy, unfit_in_words, unfit_reasons
from stashbench.audit.record import rfc3339
from stashbench.collect.environment import collect_environment
from stashbench.collect.machine_watch import MachineWatch
from stashbench.compare.cores import shared_cores
from stashbench.compare.document import Taken, benchmarks_of, decide_all, decide_times
from stashbench.compare.effects import default_effect, effects_by_index, remarks_on_settings
from stashbench.compare.fitness import wait_if_asked, withheld
from stashbench.compare.libraries import library_differences
from stashbench.compare.options import Options, Progress
from stashbench.compare.plan import PairedRequest
from stashbench.compare.rounds import Rounds
from stashbench.compare.side import SIDES, Side
from stashbench.compare.tracing import trace_sides
from stashbench.errors import RefusedError, TargetError
from stashbench.harness.pairing import collect_requests
from stashbench.harness.session import new_run_id
from stashbench.model.baseline import Verdict
from stashbench.model.quality import MachineQuality
from stashbench.model.side_by_side import SCHEMA, SCHEMA_VERSION, ComparedSide, PairedBenchmark, SideBySide
from stashbench.model.statement import StatementTrace

RENEWED_EFFECT = 1.02
ATTACHED_EFFECT = 1.05
"""Two processes of one program differ by some per cent, as memory happened to be laid out; those of others we cannot
start anew to average that out, and ours not where a start takes too much of the budget."""


_RESTARTED = (
    "the process of {} that was there in the beginning has ended, so that server was restarted in the midst: its times "
    "are those of two processes, and its processor time is known for the first one only"
)


class Comparison:
    """Runs one comparison. `loss` is the error of a server that was lost on the way."""

    def __init__(self, a: Side, b: Side, options: Options, progress: Progress) -> None:
        self.loss: TargetError | None = None
        self.was_interrupted = False
        self._sides = {"a": a, "b": b}
        self._options = options
        self._progress = progress
        self._warnings: list[str] = []
        self._partial: list[str] = []
        self._traces: dict[str, Mapping[int, Sequence[StatementTrace]]] = {}
        self._rounds: Rounds | None = None

    def run(self) -> SideBySide:
        """Open, plan, measure, judge.

        Raises:
            TargetError: a server cannot be used, before anything was measured.
            UsageError: the suites hold nothing to compare.
            RefusedError: the two libraries differ, and that was not allowed.
        """
        run_id, started_at = new_run_id()
        begin = time.monotonic()
        with self._sides["a"] as a, self._sides["b"] as b:
            for side in (a, b):
                self._progress.say(f"opening {side.label}")
                side.open(self._progress.library)
                self._warnings += [f"{side.label}: {text}" for text in side.target.warnings]
            self._hold_libraries()
            self._progress.say("asking both the same")
            requests = collect_requests(self._options.suites, a.target, b.target, expression=self._options.expression)
            described = {side.letter: side.target.info for side in (a, b)}
            environment = collect_environment(a.target.database_path)
            waited = wait_if_asked(self._options, self._progress)
            self._warnings += filter(None, [still_busy(waited.seconds, waited.disturbance)])
            pids = tuple(side.target.info.pid for side in (a, b) if side.target.info.pid is not None)
            watch = MachineWatch(self._used_seconds, pids=pids)
            self._measure(requests, watch)
            reconnects = sum(side.all_reconnects() for side in (a, b))
            seen = watch.quality(reconnect_count=reconnects, waited_seconds=waited.seconds) or MachineQuality()
            quality = replace(seen, unfit_reasons=unfit_reasons(seen, PAIRED, environment.cpu_count))
            taken = self._taken(requests)
            shown = tuple(
                ComparedSide(
                    label=side.label,
                    given=side.given,
                    setup=side.setup.in_words(),
                    target=described[side.letter],
                    is_renewed=side.process_count > 1,
                    process_count=side.process_count,
                    start_seconds=side.start_seconds,
                    cpu_seconds=_total_cpu(taken, side.letter),
                    peak_rss_bytes=side.highest_rss_bytes(),
                )
                for side in (a, b)
            )
        effects = self._effects(requests)
        decided = decide_all(taken.blocks, minimum_effect=effects, given_up=taken.failures)
        decided = withheld(decided, quality.unfit_reasons)
        decision, processor = decided.time, decided.processor
        today = datetime.now(UTC).date()
        benchmarks, expired = accept_paired(benchmarks_of(taken, decided, effects), self._options.accepted, today)
        shared = shared_cores(self._rounds.core_sets if self._rounds else (), self._options, (a, b))
        remarks = (
            disturbance(quality.foreign_cores, quality.steal_percent, environment.cpu_count),
            lopsidedness(benchmarks),
            *expired,
            *remarks_on_settings(requests, self._options),
        )
        return SideBySide(
            schema=SCHEMA,
            schema_version=SCHEMA_VERSION,
            run_id=run_id,
            stashbench_version=stashbench.__version__,
            started_at=started_at,
            finished_at=rfc3339(datetime.now(UTC)),
            wall_seconds=time.monotonic() - begin,
            verdict=self._verdict(benchmarks, decision.suite, quality.unfit_reasons),
            a=shown[0],
            b=shown[1],
            benchmarks=benchmarks,
            environment=environment,
            seed=self._options.seed,
            budget_seconds=self._options.budget_seconds,
            minimum_effect=self._minimum_effect(),
            sigma=decision.sigma,
            z=decision.z,
            detection_limit=decision.detection_limit,
            cpu_detection_limit=processor.detection_limit if processor is not None else None,
            suite_ratio=decision.suite.ratio if decision.suite is not None else None,
            suite_ci_low=decision.suite.low if decision.suite is not None else None,
            suite_ci_high=decision.suite.high if decision.suite is not None else None,
            machine=quality,
            stages=tuple(self._rounds.stages) if self._rounds is not None else (),
            partial=bool(self._partial),
            partial_reasons=tuple(self._partial),
            warnings=(*self._warnings, *filter(None, remarks)),
            blocks=tuple(taken.blocks),
            command=self._options.command,
            shared_cores=shared.cores,
            cores_per_round=shared.per_round,
            cores_reason=shared.reason,
        )

    def _hold_libraries(self) -> None:
        a, b = (self._sides[letter].target.info.library for letter in SIDES)
        found = library_differences(a, b)
        if not found:
            return
        words = "; ".join(found)
        if not self._options.is_different_library_allowed:
            message = (
                f"The two servers do not show the same library (A against B: {words}), so their times cannot be held "
                "against each other: give both a copy of one database, or insist with --allow-different-libraries."
            )
            raise RefusedError(message)
        self._warnings.append(f"the libraries differ (A against B: {words}): a difference in time may be theirs")

    def _measure(self, requests: Sequence[PairedRequest], watch: MachineWatch) -> None:
        try:
            if self._options.is_tracing:
                self._progress.say("reading the SQL statements of both from their logs")
                self._traces.update(trace_sides(self._sides, requests))
            self._rounds = Rounds(self._sides, requests, self._options, self._progress)
            effects = self._effects(requests)
            with watch.part():
                self._rounds.run_all(lambda progress: self._suspects(progress, effects))
        except KeyboardInterrupt:
            self.was_interrupted = True
            self._partial.append("the run was interrupted before all times were taken")
        except TargetError as error:
            self.loss = error
            self._partial.append(f"a server was lost: {error}")
        if self.loss is None:
            self._warnings += [_RESTARTED.format(side.label) for side in self._sides.values() if side.has_ended]

    def _suspects(self, progress: float, effects: Mapping[int, float]) -> set[int]:
        assert self._rounds is not None
        rounds = self._rounds
        decided = decide_times(rounds.blocks, minimum_effect=effects, given_up=rounds.failures)
        return decided.suspects(progress)

    def _minimum_effect(self) -> float:
        is_renewed = all(side.is_own for side in self._sides.values()) and (
            self._rounds is not None and self._rounds.planned_process_count >= FEWEST_UNITS
        )
        return default_effect(self._options, RENEWED_EFFECT if is_renewed else ATTACHED_EFFECT)

    def _effects(self, requests: Sequence[PairedRequest]) -> dict[int, float]:
        return effects_by_index(requests, self._options, self._minimum_effect())

    def _verdict(self, benchmarks: Sequence[PairedBenchmark], suite: Interval | None, unfit: tuple[str, ...]) -> str:
        has_changed = any(item.verdict in {Verdict.REGRESSED, Verdict.IMPROVED} for item in benchmarks)
        if unfit and not has_changed:
            return unfit_in_words(unfit)
        labels = (side.label for side in self._sides.values())
        return " ".join(filter(None, [unfit_in_words(unfit), verdict_in_words(benchmarks, suite, *labels)]))

    def _taken(self, requests: Sequence[PairedRequest]) -> Taken:
        if self._rounds is None:
            return Taken(requests=requests, traces=self._traces)
        return Taken(
            requests=requests,
            blocks=self._rounds.blocks,
            tallies=self._rounds.tallies,
            failures=self._rounds.failures,
            left_out=self._rounds.left_out,
            last_stages=self._rounds.last_stages,
            traces=self._traces,
        )

    def _used_seconds(self) -> float | None:
        used = [side.used_cpu_seconds() for side in self._sides.values()]
        known = [seconds for seconds in used if seconds is not None]
        return sum(known) if len(known) == len(used) else None


def _total_cpu(taken: Taken, letter: str) -> float | None:
    """Return the processor time for all timed requests; None where that of some is not known."""
    own = [tally for (_, side), tally in taken.tallies.items() if side == letter and tally.request_count]
    if not own or any(tally.cpu_request_count < tally.request_count for tally in own):
        return None
    return sum(tally.cpu_seconds or 0.0 for tally in own)
