"""SQLite's own steps for the statements of one page, held against each other: what a lost index costs, on any machine.

Counted on unchanged servers (41 pages, 2,000 scenes, three runs each of two starts). Embedded server: equal to the
step, always. Stash 0.22 and 0.30, which gather look-ups by the clock and so run more or fewer of them: whole pages by
up to 19 % from run to run, and three runs apart from three others by up to 8 %; statements that run equally often: by
up to 0.6 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stashbench.model.baseline import Verdict
from stashbench.model.statement import StatementTrace
from stashbench.model.text import one_line

ENOUGH_RUNS = 3
TOTAL_SHARE = 0.20
FEW_TOTAL_SHARE = 0.40
"""With fewer than three runs of either side, which do not tell how much they vary."""
STEADY_SHARE = 0.05
STORED_STEADY_SHARE = 0.25
"""Against a stored run, whose library may have been a tenth smaller, and so may whatever is scanned."""
LEAST_STEPS = 2_000
"""About 0.1 ms of a processor: less is no change of a page, whatever its share."""
SHOWN_CHARACTERS = 160
STEPS = " steps of SQLite"
_LIST = "(…)"
_ARROW = "\N{RIGHTWARDS ARROW}"


class StepChange(NamedTuple):
    """Steps of a page before and after (middle runs); `verdict` None where they cannot be compared.

    `sentence` says how the page changed, or, without a verdict, why nothing can be said; empty where it did not.
    """

    before: int | None
    after: int | None
    verdict: Verdict | None
    sentence: str


class _Part(NamedTuple):
    """The steps of some shapes in every run of one side, and whether some were broken off."""

    totals: tuple[int, ...]
    is_at_least: bool

    @property
    def middle(self) -> int:
        return sorted(self.totals)[len(self.totals) // 2]


def compare_steps(
    before: Sequence[StatementTrace], after: Sequence[StatementTrace], *, steady_share: float = STEADY_SHARE
) -> StepChange:
    """Hold the clean runs of one page against each other; statements that were not counted on both sides are left out.

    A change is one of the whole page, or of its statements that run equally often in every run, which hardly vary.
    """
    why = _why_not(before, after)
    if why:
        return StepChange(None, None, None, why)
    left_out = {name for trace in (*before, *after) for name in _uncounted(trace)}
    shapes = {item.fingerprint for trace in (*before, *after) for item in trace.statements} - left_out
    old, new = _part(before, shapes), _part(after, shapes)
    are_enough = min(len(before), len(after)) >= ENOUGH_RUNS
    steady = _steady(before, after, shapes)
    verdict = _apart(old, new, TOTAL_SHARE if are_enough else FEW_TOTAL_SHARE)
    if verdict is Verdict.UNCHANGED:
        verdict = _apart(_part(before, steady), _part(after, steady), steady_share)
    sentence = "" if verdict is Verdict.UNCHANGED else _in_words(before, after, shapes, old, new)
    return StepChange(old.middle, new.middle, verdict, sentence)


def _why_not(before: Sequence[StatementTrace], after: Sequence[StatementTrace]) -> str:
    """Return why steps cannot be compared; empty if they can."""
    for traces in (before, after):
        unknown = next((trace for trace in traces if trace.vm_step_count is None), None)
        if not traces or unknown is not None:
            why = unknown.work_reason if unknown is not None else "its statements are not known"
            return f"SQLite's steps are not known: {why or 'they were not counted'}"
    versions = {trace.sqlite_version for trace in (*before, *after)}
    if len(versions) > 1:
        return f"SQLite's steps were counted with two versions of it ({', '.join(sorted(versions))})"
    return ""


def _uncounted(trace: StatementTrace) -> Iterable[str]:
    return (item.fingerprint for item in trace.statements if item.vm_step_count is None)


def _part(traces: Sequence[StatementTrace], shapes: set[str]) -> _Part:
    chosen = [[item for item in trace.statements if item.fingerprint in shapes] for trace in traces]
    totals = tuple(sum(item.vm_step_count or 0 for item in items) for items in chosen)
    return _Part(totals, any(item.is_at_least for items in chosen for item in items))


def _steady(before: Sequence[StatementTrace], after: Sequence[StatementTrace], shapes: set[str]) -> set[str]:
    """Return the shapes that were run equally often in all runs of both sides, without those that are gathered."""
    counts = [{item.fingerprint: item.count for item in trace.statements} for trace in (*before, *after)]
    gathered = {item.fingerprint for trace in (*before, *after) for item in trace.statements if _LIST in item.sql_shape}
    return {name for name in shapes - gathered if len({count.get(name, 0) for count in counts}) == 1}


def _apart(old: _Part, new: _Part, share: float) -> Verdict:
    """Say whether all runs of one side lie beyond all of the other; what was broken off may have taken any more."""
    if not old.is_at_least and min(new.totals) - max(old.totals) >= max(LEAST_STEPS, share * max(old.totals)):
        return Verdict.REGRESSED
    if not new.is_at_least and min(old.totals) - max(new.totals) >= max(LEAST_STEPS, share * max(new.totals)):
        return Verdict.IMPROVED
    return Verdict.UNCHANGED


def _in_words(
    before: Sequence[StatementTrace], after: Sequence[StatementTrace], shapes: set[str], old: _Part, new: _Part
) -> str:
    counted = f"{_count(old)} {_ARROW} {_count(new)}{STEPS}"
    details = [
        f"{one:,} {_ARROW} {two:,} {noun}"
        for name, noun in (
            ("full_scan_step_count", "rows stepped over in whole tables"),
            ("sort_count", "sorts without an index"),
            ("auto_index_row_count", "rows indexed for one statement only"),
        )
        for one, two in [(_typical(before, shapes, name), _typical(after, shapes, name))]
        if abs(one - two) > 0.1 * max(one, two)  # what is gathered by the clock moves some of these a little
    ]
    words = f"{counted} ({'; '.join(details)})" if details else counted
    return f"{words}{_culprit(before, after, shapes)}"


def _count(part: _Part) -> str:
    return f"{'at least ' if part.is_at_least else ''}{part.middle:,}"


def _typical(traces: Sequence[StatementTrace], shapes: set[str], name: str) -> int:
    totals = sorted(
        sum(getattr(item, name) or 0 for item in trace.statements if item.fingerprint in shapes) for trace in traces
    )
    return totals[len(totals) // 2]


def _culprit(before: Sequence[StatementTrace], after: Sequence[StatementTrace], shapes: set[str]) -> str:
    """Name the statement whose steps changed most."""
    texts = {item.fingerprint: item.sql_shape for trace in (*before, *after) for item in trace.statements}
    moved = [
        (name, _typical(before, {name}, "vm_step_count"), _typical(after, {name}, "vm_step_count")) for name in shapes
    ]
    if not moved:
        return ""
    name, one, two = max(moved, key=lambda item: (abs(item[2] - item[1]), item[0]))
    return f", most of all {one:,} {_ARROW} {two:,} in: {one_line(texts[name], SHOWN_CHARACTERS)}"
