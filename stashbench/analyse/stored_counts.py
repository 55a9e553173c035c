"""A page's SQL statements and their steps against all stored sessions: what does not depend on the machine."""

from __future__ import annotations

import msgspec

from stashbench.analyse.statement_counts import CountChange, count_change
from stashbench.analyse.stored_pages import Page
from stashbench.analyse.work_steps import STORED_STEADY_SHARE, StepChange, compare_steps
from stashbench.model.baseline import Comparison, Verdict

BY_COUNTS = "counts"
_SPOKEN_FOR = frozenset({Verdict.REGRESSED, Verdict.IMPROVED})


def with_counts(comparison: Comparison, page: Page) -> Comparison:
    """Add the statements of a page and SQLite's steps for them; more is a regression whatever the clock says.

    A change of numbers counts only if it is one against every stored session with a certain count, and one of steps
    if it lies beyond all of them: single runs of a real server vary. Where one says more and the other less, neither
    decides.
    """
    found = [count_change(stored.trace, page.current.trace) for stored in page.alike]
    known = [item for item in found if item is not None]
    if not known:
        return comparison
    newest = known[-1]
    is_changed = all(item.sentence for item in known)
    steps = _steps(page)
    told = [newest.sentence if is_changed else "", steps.sentence if steps.verdict in _SPOKEN_FOR else ""]
    comparison = msgspec.structs.replace(
        comparison,
        baseline_statement_count=newest.before,
        current_statement_count=newest.after,
        statement_change="; ".join(filter(None, told)),
    )
    verdict = _agreed(_direction(known) if is_changed else None, steps.verdict)
    if verdict is None or comparison.verdict in _SPOKEN_FOR:
        return comparison
    word = "more" if verdict is Verdict.REGRESSED else "less"
    return msgspec.structs.replace(
        comparison,
        verdict=verdict,
        reason=f"It needs {word} work of SQLite ({comparison.statement_change}), whatever the clock says. "
        f"{comparison.reason}",
        decided_by=BY_COUNTS,
    )


def _steps(page: Page) -> StepChange:
    """Hold the steps of this run against those of the stored sessions that counted them in the same way."""
    now = page.current.trace
    stored = [item.trace for item in page.alike if item.trace is not None and item.trace.is_clean]
    if now is None or not now.is_clean:
        return StepChange(None, None, None, "")
    same = [item for item in stored if item.sqlite_version == now.sqlite_version and item.vm_step_count is not None]
    return compare_steps(same or stored, [now], steady_share=STORED_STEADY_SHARE)


def _agreed(counts: Verdict | None, steps: Verdict | None) -> Verdict | None:
    """Return what both say, or the one that says anything."""
    said = {verdict for verdict in (counts, steps) if verdict in _SPOKEN_FOR}
    return said.pop() if len(said) == 1 else None


def _direction(changes: list[CountChange]) -> Verdict | None:
    """Return what a change amounts to; None where the sessions do not agree which way it went."""
    if all(item.after > item.before for item in changes):
        return Verdict.REGRESSED
    return Verdict.IMPROVED if all(item.after < item.before for item in changes) else None
