"""What a comparison with stored sessions could see, and what decided it, in plain words."""

from __future__ import annotations

import math

from stashbench.analyse.stored_counts import BY_COUNTS
from stashbench.analyse.stored_replay import PAIRED
from stashbench.analyse.stored_verdict import FIRST_LOOK, SECOND_LOOK
from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.result import AuditResult
from stashbench.report.quantities import DASH, change, count, duration, factor
from stashbench.report.view.words import VERDICTS, Chip, plural

COLUMNS = (
    *("Page", "Verdict", "Ratio", "95 % interval", "Counts above", "Counts below", "Smallest visible slowdown"),
    *("Stored sessions", "First look", "Second look", "Decided by", "Stored median", "Median now"),
    *("Statements then", "Statements now"),
)
_DECIDED = {
    FIRST_LOOK: "judged by the first look",
    SECOND_LOOK: "judged by both looks together",
    PAIRED: "judged side by side with the baseline\N{RIGHT SINGLE QUOTATION MARK}s server, started once more",
    BY_COUNTS: "decided by its SQL statements, not by the clock",
}


def chip_of(item: Comparison) -> Chip:
    """Return the verdict as a chip; what the settings accept is told without alarm."""
    chip = VERDICTS[item.verdict]
    if item.decided_by == BY_COUNTS and item.verdict in {Verdict.REGRESSED, Verdict.IMPROVED}:
        chip = Chip(chip.tone, chip.shape, "Costs more" if item.verdict is Verdict.REGRESSED else "Costs less")
    return Chip("info", "\N{CHECK MARK}", f"{chip.word}, accepted") if item.accepted else chip


def seen_in_words(item: Comparison) -> str:
    """Say which changes count, which slowdown would have been seen, against how many sessions, and what decided."""
    parts = []
    if item.threshold_ratio is not None and item.threshold_ratio > 0:
        parts.append(f"counts beyond {change(item.threshold_ratio)} or {change(1 / item.threshold_ratio)}")
    if item.smallest_visible is not None:
        parts.append(f"a slowdown of {size_of(item.smallest_visible)} would have been found four times in five")
    if item.session_count:
        parts.append(f"held against {plural(item.session_count, 'stored session')}")
    if item.first_ratio is not None:
        again = f", measured again {change(item.later_ratio)}" if item.later_ratio is not None else ""
        parts.append(f"at first {change(item.first_ratio)}{again}")
    if item.decided_by:
        parts.append(_DECIDED.get(item.decided_by, f"judged by {item.decided_by}"))
    return _sentence("; ".join(parts))


def limit_in_words(result: AuditResult) -> str:
    """Say what the whole run could have seen, so that "unchanged" is read rightly; empty without a baseline."""
    if result.baseline_name is None or not result.comparisons:
        return ""
    machine = result.machine
    if machine is not None and machine.unfit_reasons:
        return "The machine was too disturbed to judge times, so that no usual change of times could be found."
    limit = result.detection_limit
    if limit is None:
        return "Times were not judged, so that no change of times could be found; counts of statements were compared."
    return f"Typically, a page that takes {size_of(limit)} longer would have been found four times in five."


def size_of(ratio: float) -> str:
    """Write the size of a slowdown, as in "8.2 %", or as a factor from twice on."""
    return change(ratio).lstrip("+\N{MINUS SIGN}")


def numbers_of(item: Comparison, title: str) -> tuple[str, ...]:
    """Return the row of a comparison under `COLUMNS`."""
    limit = item.threshold_ratio
    is_limited = limit is not None and limit > 0 and math.isfinite(limit)
    has_interval = item.ci_low is not None and item.ci_high is not None
    return (
        title,
        chip_of(item).word,
        factor(item.ratio),
        f"{factor(item.ci_low)} to {factor(item.ci_high)}" if has_interval else DASH,
        factor(limit),
        factor(1 / limit) if is_limited and limit is not None else DASH,
        factor(item.smallest_visible),
        str(item.session_count) if item.session_count else DASH,
        factor(item.first_ratio if item.first_ratio is not None else _only_look(item)),
        factor(item.later_ratio),
        item.decided_by or DASH,
        *(
            DASH if value is None else duration(value)
            for value in (item.baseline_median_seconds, item.current_median_seconds)
        ),
        *(
            DASH if number is None else count(number)
            for number in (item.baseline_statement_count, item.current_statement_count)
        ),
    )


def _only_look(item: Comparison) -> float | None:
    return item.ratio if item.decided_by == FIRST_LOOK else None


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
