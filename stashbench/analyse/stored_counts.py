"""What does not depend on the machine, beside the verdict on times: SQL statements of a page, against all sessions."""

from __future__ import annotations

import msgspec

from stashbench.analyse.statement_counts import CountChange, count_change
from stashbench.analyse.stored_pages import Page
from stashbench.model.baseline import Comparison, Verdict

BY_COUNTS = "counts"
_SPOKEN_FOR = frozenset({Verdict.REGRESSED, Verdict.IMPROVED})


def with_counts(comparison: Comparison, page: Page) -> Comparison:
    """Add the statements of a page; more of them are a regression whatever the clock says, fewer an improvement.

    A change counts only if it is one against every stored session with a certain count: single runs of a real server
    vary.
    """
    found = [count_change(stored.trace, page.current.trace) for stored in page.alike]
    known = [item for item in found if item is not None]
    if not known:
        return comparison
    newest = known[-1]
    is_changed = all(item.sentence for item in known)
    comparison = msgspec.structs.replace(
        comparison,
        baseline_statement_count=newest.before,
        current_statement_count=newest.after,
        statement_change=newest.sentence if is_changed else "",
    )
    verdict = _direction(known) if is_changed else None
    if verdict is None or comparison.verdict in _SPOKEN_FOR:
        return comparison
    word = "more" if verdict is Verdict.REGRESSED else "fewer"
    return msgspec.structs.replace(
        comparison,
        verdict=verdict,
        reason=f"It needs {word} SQL statements ({newest.sentence}), whatever the clock says. {comparison.reason}",
        decided_by=BY_COUNTS,
    )


def _direction(changes: list[CountChange]) -> Verdict | None:
    """Return what a change amounts to; None where the sessions do not agree which way it went."""
    if all(item.after > item.before for item in changes):
        return Verdict.REGRESSED
    return Verdict.IMPROVED if all(item.after < item.before for item in changes) else None
