"""Work that hardly depends on the machine, held against each other: SQL statements of one request, and their steps."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.analyse.paired import Judged
from stashbench.analyse.work_steps import StepChange, compare_steps
from stashbench.model.baseline import Verdict
from stashbench.model.side_by_side import SideFigures, StatementChange, WorkFigures
from stashbench.model.statement import StatementTrace

ENOUGH_RUNS = 3
NOTABLE_SHARE = 0.10
NOTABLE_COUNT = 3
"""Connections come and go, and each new one runs a pragma or two: one more statement is no change of a page.

The share is how far all runs of one side must lie beyond all of the other.
"""
CHANGES_AT_MOST = 5
_SCATTERED_SHARE = 0.15
"""The same where the runs of a side differ: three runs of each, of a page that takes 367 to 440, lie so far apart by
chance in one comparison of 100,000. By a tenth they would in 130, too often for forty pages."""
_FEW_SHARE, _FEW_COUNT = 0.30, 6
"""The same with fewer than three runs of either side, which do not tell how much they vary."""
_SHAPE_SHARE = 0.50
"""Single statements vary more than whole pages do, see `statement_counts`."""
_CHANGED = (Verdict.REGRESSED, Verdict.IMPROVED)

Traces = Sequence[StatementTrace]
"""Several runs of one request: servers that batch what they ask for do not run equally many statements each time."""


def usable(traces: Traces) -> list[StatementTrace]:
    """Return the runs whose statements are all there, and nobody else's among them."""
    return [trace for trace in traces if trace.is_clean and trace.statement_count is not None]


def typical_count(traces: Traces) -> int | None:
    """Return the middle number of statements of the usable runs; None where there is none."""
    counts = sorted(trace.statement_count or 0 for trace in usable(traces))
    return counts[len(counts) // 2] if counts else None


def judge_work(a: Traces, b: Traces) -> tuple[Verdict | None, str]:
    """Compare what both sides ran for one request; None where it is not known for certain for one of them.

    A change is one beyond all runs of either side, in the number of statements or in SQLite's steps for them; where one
    is more and the other less, nothing is concluded. The reason says what each side ran, or why that cannot be said.
    """
    counted, words = _judge_counts(a, b)
    if counted is None:
        return None, words
    steps = judge_steps(a, b)
    if steps.verdict not in _CHANGED:
        return counted, words
    more = "more" if steps.verdict is Verdict.REGRESSED else "fewer"
    told = f"its statements take {more} steps in B: {steps.sentence}"
    if counted not in _CHANGED:
        return steps.verdict, told
    return (counted if counted is steps.verdict else Verdict.INCONCLUSIVE), f"{words}; {told}"


def judge_steps(a: Traces, b: Traces) -> StepChange:
    """Hold SQLite's steps for both sides' usable runs against each other."""
    return compare_steps(usable(a), usable(b))


def work_figures(traces: Traces) -> WorkFigures:
    """Return what a request costs SQLite: that of the usable run with the middle number of steps."""
    counted = [(trace.vm_step_count, trace) for trace in usable(traces) if trace.vm_step_count is not None]
    if not counted:
        return WorkFigures(
            reason=next((trace.work_reason for trace in traces if trace.work_reason), "it was not counted")
        )
    counted.sort(key=lambda pair: pair[0])
    trace = counted[len(counted) // 2][1]
    return WorkFigures(
        vm_step_count=trace.vm_step_count,
        full_scan_step_count=trace.full_scan_step_count,
        sort_count=trace.sort_count,
        auto_index_row_count=trace.auto_index_row_count,
        is_at_least=trace.is_at_least,
        reason=trace.work_reason,
        sqlite_version=trace.sqlite_version,
    )


def telling_work(a: SideFigures | None, b: SideFigures | None) -> tuple[str, int, int] | None:
    """Return what of the work of both sides differs more, statements or steps, with its numbers; None if unknown."""
    if a is None or b is None or a.statement_count is None or b.statement_count is None:
        return None
    one, two = (side.work.vm_step_count if side.work is not None else None for side in (a, b))
    if one is not None and two is not None and _factor(one, two) > _factor(a.statement_count, b.statement_count):
        return "steps of SQLite", one, two
    return "statements", a.statement_count, b.statement_count


def _factor(one: int, two: int) -> float:
    low, high = sorted((one, two))
    return (high + 1) / (low + 1)


def _judge_counts(a: Traces, b: Traces) -> tuple[Verdict | None, str]:
    for letter, traces in (("A", a), ("B", b)):
        if not usable(traces):
            why = next((trace.reason for trace in traces if trace.reason), "they were not read")
            return None, f"statements of {letter} are not known: {why}"
    before, after = _range(a), _range(b)
    words = f"B runs {_counted(after)} SQL statements where A runs {_counted(before)}"
    is_steady = all(high - low < NOTABLE_COUNT for low, high in (before, after))
    share = (NOTABLE_SHARE if is_steady else _SCATTERED_SHARE) if _are_enough(a, b) else _FEW_SHARE
    return _apart(before, after, share, _least(a, b)), words


def _are_enough(a: Traces, b: Traces) -> bool:
    return min(len(usable(a)), len(usable(b))) >= ENOUGH_RUNS


def _least(a: Traces, b: Traces) -> int:
    return NOTABLE_COUNT if _are_enough(a, b) else _FEW_COUNT


def _apart(before: tuple[int, int], after: tuple[int, int], share: float, least: int) -> Verdict:
    """Say whether all runs of one side lie beyond all of the other by that much."""
    if after[0] - before[1] >= max(least, share * before[1]):
        return Verdict.REGRESSED
    if before[0] - after[1] >= max(least, share * after[1]):
        return Verdict.IMPROVED
    return Verdict.UNCHANGED


def _range(traces: Traces) -> tuple[int, int]:
    counts = [trace.statement_count or 0 for trace in usable(traces)]
    return min(counts), max(counts)


def _counted(counts: tuple[int, int]) -> str:
    low, high = counts
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def combine(time: Judged, processor: Judged | None, work: Verdict | None, work_reason: str) -> tuple[Verdict, str]:
    """Return what clock, processor time and statements amount to, and why.

    Where the clock sees a change, that is the verdict. Where it sees none, more processor time or more statements are
    one all the same: they cost more on a larger library, a busier machine or a slower disk. Where the two disagree,
    the clock's word stays. Two processes of one program may differ in processor time by chance (where their memory came
    to lie), so that it counts only where the clock leans the same way with its whole 95 % interval.
    """
    told = [time.reason]
    if processor is not None and processor.verdict in _CHANGED:
        told.append(processor.reason)
    if work in _CHANGED:
        told.append(work_reason)
    others = {verdict for verdict in (processor.verdict if processor else None, work) if verdict in _CHANGED}
    if time.verdict in _CHANGED or len(others) != 1:
        return time.verdict, "; ".join(told) if len(told) > 1 else time.reason
    (verdict,) = others
    if work not in _CHANGED and not _is_borne_out(verdict, time):
        return time.verdict, "; ".join([time.reason, *told[1:], "but the clock does not bear it out"])
    return verdict, "; ".join([*told[1:], told[0]])


def without_clock(work: Verdict | None, work_reason: str, why: str) -> tuple[Verdict, str]:
    """Return what work alone amounts to where no times could be judged, for the reason given."""
    if work not in _CHANGED:
        return Verdict.INCONCLUSIVE, why
    assert work is not None
    return work, f"{work_reason}; of times nothing is said: {why}"


def _is_borne_out(verdict: Verdict, time: Judged) -> bool:
    """Say whether the clock's interval lies on the side that processor time speaks of."""
    if time.ci_low is None or time.ci_high is None:
        return False
    return time.ci_low > 1 if verdict is Verdict.REGRESSED else time.ci_high < 1


def statement_changes(a: Traces, b: Traces) -> tuple[StatementChange, ...]:
    """Return the statement shapes whose numbers lie apart in all runs, the largest difference first.

    Counts are the middle ones of each side's runs.
    """
    if not usable(a) or not usable(b):
        return ()
    before, after = _shapes(a), _shapes(b)
    least = _least(a, b)
    changed = []
    for shape in before.keys() | after.keys():
        own, other = before.get(shape, [0]), after.get(shape, [0])
        if _apart((own[0], own[-1]), (other[0], other[-1]), _SHAPE_SHARE, least) in _CHANGED:
            changed.append(StatementChange(sql_shape=shape, count_a=own[len(own) // 2], count_b=other[len(other) // 2]))
    changed.sort(key=lambda item: (-abs(item.count_b - item.count_a), item.sql_shape))
    return tuple(changed[:CHANGES_AT_MOST])


def _shapes(traces: Traces) -> dict[str, list[int]]:
    """Return each shape's executions in the usable runs, ascending."""
    counted = []
    for trace in usable(traces):
        counts: dict[str, int] = {}
        for statement in trace.statements:
            counts[statement.sql_shape] = counts.get(statement.sql_shape, 0) + statement.count
        counted.append(counts)
    shapes = {shape for counts in counted for shape in counts}
    return {shape: sorted(counts.get(shape, 0) for counts in counted) for shape in shapes}
