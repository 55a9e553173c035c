"""From what was asked, taken and traced to the document: every benchmark judged, in words and in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stashbench.analyse.paired import Decision, Judged, Samples, decide
from stashbench.analyse.paired_shape import shape_warning
from stashbench.analyse.paired_work import combine, judge_work, statement_changes
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
    last_stages: Mapping[int, int] = field(default_factory=dict)
    traces: Mapping[str, Mapping[int, StatementTrace]] = field(default_factory=dict)


def samples_by_unit(blocks: Sequence[Block]) -> dict[int, tuple[Samples, Samples]]:
    """Return (A's, B's) samples of each benchmark, by round."""
    found: dict[int, tuple[dict[int, list[float]], dict[int, list[float]]]] = {}
    for block in blocks:
        sides = found.setdefault(block.benchmark, ({}, {}))
        sides[SIDES.index(block.side)].setdefault(block.round, []).extend(block.samples_ns)
    return dict(found.items())


def decide_all(blocks: Sequence[Block], *, minimum_effect: float, seed: int) -> Decision:
    """Judge the times of all benchmarks together."""
    return decide(samples_by_unit(blocks), minimum_effect=minimum_effect, seed=seed)


def benchmarks_of(taken: Taken, decision: Decision) -> tuple[PairedBenchmark, ...]:
    """Return every benchmark with its verdict, those that were not measured with the reason."""
    samples = samples_by_unit(taken.blocks)
    return tuple(
        _benchmark(index, pair, taken, decision.judged.get(index), samples.get(index))
        for index, pair in enumerate(taken.requests)
    )


def _benchmark(
    index: int,
    pair: PairedRequest,
    taken: Taken,
    judged: Judged | None,
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
        return _with(base, verdict=verdict, reason=reason, notes=notes)
    if judged is None:
        return _with(base, verdict=Verdict.INCONCLUSIVE, reason="its times were not taken before the run ended")
    a, b = (taken.traces.get(side, {}).get(index) for side in SIDES)
    work, work_reason = judge_work(a, b)
    verdict, reason = combine(judged.verdict, judged.reason, work, work_reason)
    assert samples is not None
    warning = shape_warning(*samples)
    return _with(
        base,
        verdict=verdict,
        reason=reason,
        time_verdict=judged.verdict,
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


def _with(base: PairedBenchmark, **changes: object) -> PairedBenchmark:
    import msgspec

    return msgspec.structs.replace(base, **changes)


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
    trace = taken.traces.get(letter, {}).get(index)
    has_cpu = tally.cpu_seconds is not None and tally.request_count
    return SideFigures(
        sample_count=len(times),
        q10_seconds=quantile(times, 0.10) if times else None,
        median_seconds=quantile(times, 0.5) if times else None,
        q75_seconds=quantile(times, 0.75) if times else None,
        q90_seconds=quantile(times, 0.90) if times else None,
        cpu_seconds=(tally.cpu_seconds or 0.0) / tally.request_count if has_cpu else None,
        rss_bytes=tally.rss_bytes,
        statement_count=trace.statement_count if trace is not None else None,
        statement_reason=trace.reason if trace is not None else "the statements were not read",
        response_bytes=side.answer.size_bytes,
        row_count=side.answer.row_count,
        operation=side.request.name,
    )
