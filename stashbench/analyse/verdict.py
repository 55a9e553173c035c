"""The first line of a report: what this audit says, in words rather than in a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stashbench.model.baseline import Comparison, SuiteShift
from stashbench.model.finding import CheckCategory, Finding, Outcome, Severity

_UNKNOWN = (Outcome.NOT_MEASURED, Outcome.INCONCLUSIVE, Outcome.ERROR)


def verdict_in_words(
    findings: Iterable[Finding],
    comparisons: Iterable[Comparison] = (),
    *,
    suite: SuiteShift | None = None,
    partial_reasons: Sequence[str] = (),
) -> str:
    """Say "3 things to fix, 1 of them critical", "Healthy", or "Inconclusive, because ...".

    Things to fix are failed checks of the server of warning severity or worse, and regressions. Advice of severity info
    and what the harness says about itself are not counted; an unsteady machine makes a clean result inconclusive.
    """
    found = list(findings)
    server = [finding for finding in found if finding.category is not CheckCategory.HARNESS]
    failed = [item for item in server if item.outcome is Outcome.FAILED and item.severity is not Severity.INFO]
    regressed = [item for item in comparisons if item.is_counted_regression]
    has_moved = suite is not None and suite.is_counted_regression
    if failed or regressed or has_moved:
        return _things_to_fix(failed, regressed, partial_reasons, has_moved=has_moved)
    reasons = _doubts(found, server, partial_reasons)
    if reasons:
        return f"Inconclusive, because {'; '.join(reasons)}"
    unknown = sum(1 for finding in server if finding.outcome in _UNKNOWN)
    if unknown:
        return f"Healthy as far as could be measured ({unknown} of {len(server)} checks could not be judged)"
    return "Healthy"


def _things_to_fix(
    failed: Sequence[Finding], regressed: Sequence[Comparison], partial_reasons: Sequence[str], *, has_moved: bool
) -> str:
    # What slowed all pages alike is one thing, however many pages show it.
    count = len(failed) + (1 if has_moved else len(regressed))
    words = "1 thing to fix" if count == 1 else f"{count} things to fix"
    critical = sum(1 for finding in failed if finding.severity is Severity.CRITICAL)
    if critical:
        words += ", critical" if count == 1 else f", {critical} of them critical"
    if has_moved:
        words += "; all pages together are slower than the baseline"
    elif regressed:
        pages = "1 page is" if len(regressed) == 1 else f"{len(regressed)} pages are"
        words += f"; {pages} slower than the baseline"
    return f"{words} (the audit did not run to its end)" if partial_reasons else words


def _doubts(found: Sequence[Finding], server: Sequence[Finding], partial_reasons: Sequence[str]) -> list[str]:
    """List what forbids the word healthy."""
    reasons = list(partial_reasons)
    errored = [finding.id for finding in found if finding.outcome is Outcome.ERROR]
    if errored:
        noun = "a check" if len(errored) == 1 else f"{len(errored)} checks"
        reasons.append(f"{noun} ended in an error ({', '.join(errored)})")
    if not any(finding.outcome in (Outcome.PASSED, Outcome.FAILED) for finding in server):
        reasons.append("no check of the server could be measured")
    reasons += [
        _inside_a_sentence(finding.message.rstrip(".") or finding.title)
        for finding in found
        if finding.category is CheckCategory.HARNESS
        and finding.outcome is Outcome.FAILED
        and finding.severity is not Severity.INFO
    ]
    return reasons


def _inside_a_sentence(text: str) -> str:
    """Begin with a small letter, but leave abbreviations such as CPU as they are."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
