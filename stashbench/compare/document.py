"""From what was asked, taken and traced to the document: every benchmark judged, in words and in numbers."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import msgspec

from stashbench.analyse.block_pairs import Pair
from stashbench.analyse.paired import PROCESSOR, Decision, Judged, decide
from stashbench.analyse.paired_effect import FEWEST_UNITS
from stashbench.analyse.paired_shape import Samples, shape_warning
from stashbench.analyse.paired_work import (
    combine,
    judge_work,
    statement_changes,
    typical_count,
    usable,
    without_clock,
    work_figures,
)
from stashbench.analyse.statistics import quantile
from stashbench.compare.plan import PairedRequest, differences
from stashbench.compare.side import SIDES
from stashbench.compare.stopwatch import Tally
from stashbench.model.baseline import Verdict
from stashbench.model.side_by_side import Block, PairedBenchmark, SideFigures
from stashbench.model.statement import StatementTrace


@dataclass(kw_only=True)
class Taken:
    """All that was collected, by index of the benchmark."""

    requests: Sequence[PairedRequest]
    blocks: Sequence[Block] = ()
    tallies: Mapping[tuple[int, str], Tally] = field(default_factory=dict)
    failures: Mapping[int, str] = field(default_factory=dict)
    left_out: Mapping[int, str] = field(default_factory=dict)
    last_stages: Mapping[int, int] = field(default_factory=dict)
    traces: Mapping[str, Mapping[int, Sequence[StatementTrace]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """All benchmarks judged by the clock, and by processor time where the servers' processes are known."""

    time: Decision
    processor: Decision | None


def decide_all(
    every: Sequence[Block], *, minimum_effect: float | Mapping[int, float], given_up: Container[int] = ()
) -> Decided:
    """Judge all benchmarks together; those `given_up` are not compared, and must not count for the others."""
    blocks = [block for block in every if block.benchmark not in given_up]
    processor = {
        index: pairs
        for index, pairs in pairs_of(blocks, _cpu_per_request).items()
        if all(pair.a and pair.b for pair in pairs)
    }
    return Decided(
        time=decide_times(blocks, minimum_effect=minimum_effect),
        # Its word alone is not enough for a verdict, but it comes on top.
        processor=decide(processor, minimum_effect=minimum_effect, words=PROCESSOR, channel_count=2)
        if processor
        else None,
    )


def decide_times(
    every: Sequence[Block], *, minimum_effect: float | Mapping[int, float], given_up: Container[int] = ()
) -> Decision:
    """Judge all benchmarks by the clock alone, as far as they were measured."""
    blocks = [block for block in every if block.benchmark not in given_up]
    return decide(pairs_of(blocks, _times), minimum_effect=minimum_effect)


def pairs_of(
    blocks: Sequence[Block], values: Callable[[Sequence[Block]], Sequence[float]]
) -> dict[int, tuple[Pair, ...]]:
    """Return each benchmark's pairs; `values` makes figures from one side's visits of one block.

    Units are server processes where there were enough of them, or else rounds. Suspects may have had enough where
    others had not; what all are held against together is processes only where each benchmark had enough.
    """
    together: dict[int, dict[tuple[int, int], list[Block]]] = {}
    for block in blocks:
        together.setdefault(block.benchmark, {}).setdefault((block.round, block.order), []).append(block)
    has_processes = {
        index: len({visits[0].process for visits in own.values()}) >= FEWEST_UNITS for index, own in together.items()
    }
    are_all = all(has_processes.values())
    found = {}
    for index, own in together.items():
        pairs = []
        for visits in own.values():
            a, b = (values([visit for visit in visits if visit.side == side]) for side in SIDES)
            process, number = visits[0].process, visits[0].round
            unit = process if has_processes[index] else number
            pairs.append(Pair(unit, a, b, shared_unit=process if are_all else number))
        found[index] = tuple(pairs)
    return found


def _times(visits: Sequence[Block]) -> list[float]:
    return [float(value) for visit in visits for value in visit.samples_ns]


def samples_by_unit(blocks: Sequence[Block]) -> dict[int, tuple[Samples, Samples]]:
    """Return (A's, B's) times of each benchmark by round."""
    found: dict[int, tuple[dict[int, list[float]], dict[int, list[float]]]] = {}
    for block in blocks:
        sides = found.setdefault(block.benchmark, ({}, {}))
        sides[SIDES.index(block.side)].setdefault(block.round, []).extend(map(float, block.samples_ns))
    return dict(found)


def _cpu_per_request(visits: Sequence[Block]) -> list[float]:
    """Return one figure for a side of a block: clocks of processes are too coarse to be read at every request."""
    known = [visit.cpu_ns for visit in visits if visit.cpu_ns]
    return [sum(known) / sum(len(visit.samples_ns) for visit in visits)] if len(known) == len(visits) else []


def benchmarks_of(
    taken: Taken, decided: Decided, effects: Mapping[int, float] = MappingProxyType({})
) -> tuple[PairedBenchmark, ...]:
    """Return every benchmark with its verdict, those that were not measured with the reason.

    `effects` are the smallest changes that counted, by index.
    """
    samples = samples_by_unit(taken.blocks)
    processor = decided.processor.judged if decided.processor is not None else {}
    found = (
        _benchmark(index, pair, taken, (decided.time.judged.get(index), processor.get(index)), samples.get(index))
        for index, pair in enumerate(taken.requests)
    )
    return tuple(msgspec.structs.replace(item, minimum_effect=effects.get(index)) for index, item in enumerate(found))


def _benchmark(
    index: int,
    pair: PairedRequest,
    taken: Taken,
    both: tuple[Judged | None, Judged | None],
    samples: tuple[Samples, Samples] | None,
) -> PairedBenchmark:
    base = PairedBenchmark(
        id=pair.id,
        title=pair.title,
        group=pair.group,
        page=pair.page,
        verdict=Verdict.NOT_COMPARABLE,
        reason="",
        left_out=tuple(sorted({name for side in pair.sides.values() for name in side.left_out})),
        stage=taken.last_stages.get(index, 0),
        a=_figures(index, pair, taken, samples, "a"),
        b=_figures(index, pair, taken, samples, "b"),
    )
    verdict, reason, notes = _without_times(pair, taken.failures.get(index, ""))
    if verdict is not None:
        return msgspec.structs.replace(base, verdict=verdict, reason=reason, notes=notes)
    judged, processor = both
    a, b = (taken.traces.get(side, {}).get(index, ()) for side in SIDES)
    work, work_reason = judge_work(a, b)
    if judged is None:
        why = taken.left_out.get(index, "its times were not taken before the run ended")
        verdict, reason = without_clock(work, work_reason, why)
        changes = statement_changes(a, b) if work is not None else ()
        return msgspec.structs.replace(
            base, verdict=verdict, reason=reason, work_verdict=work, statement_changes=changes, notes=notes
        )
    verdict, reason = combine(judged, processor, work, work_reason)
    assert samples is not None
    warning = shape_warning(*samples)
    return msgspec.structs.replace(
        base,
        verdict=verdict,
        reason=reason,
        time_verdict=judged.verdict,
        cpu_verdict=processor.verdict if processor is not None else None,
        cpu_ratio=processor.ratio if processor is not None else None,
        cpu_ci_low=processor.ci_low if processor is not None else None,
        cpu_ci_high=processor.ci_high if processor is not None else None,
        work_verdict=work,
        ratio=judged.ratio,
        ci_low=judged.ci_low,
        ci_high=judged.ci_high,
        sigma=judged.sigma,
        threshold_ratio=judged.threshold_ratio,
        smallest_visible=judged.smallest_visible,
        median_ratio=_ratio(base),
        statement_changes=statement_changes(a, b) if work is not None else (),
        notes=(*notes, *([warning] if warning else [])),
    )


def _ratio(item: PairedBenchmark) -> float | None:
    if item.a is None or item.b is None or not item.a.median_seconds or item.b.median_seconds is None:
        return None
    return item.b.median_seconds / item.a.median_seconds


def _without_times(pair: PairedRequest, failure: str) -> tuple[Verdict | None, str, tuple[str, ...]]:
    """Return the verdict that stands without looking at times, or None and what to mind."""
    a, b = pair.sides["a"], pair.sides["b"]
    if a.answer is None and b.answer is None:
        same = a.problem == b.problem
        return Verdict.NOT_COMPARABLE, a.problem if same else f"A: {a.problem}; B: {b.problem}", ()
    if b.answer is None:
        return (Verdict.GONE if b.is_not_offered else Verdict.NOT_COMPARABLE), f"only A answers: {b.problem}", ()
    if a.answer is None:
        return (Verdict.NEW if a.is_not_offered else Verdict.NOT_COMPARABLE), f"only B answers: {a.problem}", ()
    if failure:
        return Verdict.NOT_COMPARABLE, f"given up while times were taken: {failure}", ()
    problem, notes = differences(a.answer, b.answer)
    return (Verdict.NOT_COMPARABLE if problem else None), problem, notes


def _figures(
    index: int, pair: PairedRequest, taken: Taken, samples: tuple[Samples, Samples] | None, letter: str
) -> SideFigures | None:
    side = pair.sides[letter]
    if side.answer is None or side.request is None:
        return None
    own = samples[SIDES.index(letter)] if samples is not None else {}
    times = sorted(value / 1e9 for values in own.values() for value in values)
    tally = taken.tallies.get((index, letter), Tally())
    traces = taken.traces.get(letter, {}).get(index, ())
    return SideFigures(
        sample_count=len(times),
        q10_seconds=quantile(times, 0.10) if times else None,
        median_seconds=quantile(times, 0.5) if times else None,
        q75_seconds=quantile(times, 0.75) if times else None,
        q90_seconds=quantile(times, 0.90) if times else None,
        cpu_seconds=None if tally.cpu_seconds is None else tally.cpu_seconds / tally.cpu_request_count,
        rss_bytes=tally.rss_bytes,
        statement_count=typical_count(traces),
        statement_counts=tuple(trace.statement_count or 0 for trace in usable(traces)),
        statement_reason=next((trace.reason for trace in traces if trace.reason), "")
        if traces
        else "the statements were not read",
        work=work_figures(traces),
        response_bytes=side.answer.size_bytes,
        row_count=side.answer.row_count,
        operation=side.request.name,
    )
