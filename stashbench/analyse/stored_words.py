"""Why a page, or a whole suite, is judged as it is against stored sessions, in plain words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stashbench.analyse.student import student_quantile
from stashbench.model.baseline import SuiteShift, Verdict

_TWICE = math.log(2)
_WHOLE = 0.10
ANOTHER_MACHINE = (
    "The baseline was measured on another machine: its times say nothing about this one, so only what does not depend "
    "on the machine (SQL statements, rows) is compared."
)


def percent(theta: float) -> str:
    """Write a log ratio as a percentage of the baseline's time."""
    share = abs(math.exp(theta) - 1)
    return f"{share:.0%}" if share >= _WHOLE else f"{share:.1%}"


def change(theta: float) -> str:
    """Say "8 % slower", "3.1 times as long", "4 % faster" or "3.1 times as fast"."""
    if abs(theta) >= _TWICE:
        return f"{math.exp(abs(theta)):.1f} times as {'long' if theta > 0 else 'fast'}"
    return f"{percent(theta)} {'slower' if theta >= 0 else 'faster'}"


def sessions_in_words(count: int) -> str:
    """Say against how many sessions a page was held."""
    return "one stored session" if count == 1 else f"the middle of {count} stored sessions"


def bound(limit: float, *, is_noise: bool) -> str:
    """Say what the bar is that a change must exceed."""
    why = "by which sessions may differ without a cause" if is_noise else "from which on a change counts"
    return f"the {percent(limit)} {why}"


def looks_in_words(first: float, again: float | None) -> str:
    """Say what was seen at first and when measured again; empty where it was measured once."""
    return "" if again is None else f" At first {change(first)}, measured again {change(again)}."


def of_verdict(
    verdict: Verdict, theta: float, limit: float, count: int, equivalent: float, *, is_noise: bool, looks: str
) -> str:
    """Give the reason of a verdict on times."""
    against = (
        f"{change(theta)} than {sessions_in_words(count)}" if abs(theta) < _TWICE else f"{change(theta)} as before"
    )
    if verdict is Verdict.REGRESSED:
        return f"{_begin(against)}, beyond {bound(limit, is_noise=is_noise)}.{looks}"
    if verdict is Verdict.IMPROVED:
        return f"{_begin(against)}, beyond {bound(limit, is_noise=is_noise)}.{looks}"
    if verdict is Verdict.SUSPECT:
        return f"{_begin(against)}, beyond {bound(limit, is_noise=is_noise)}, but not measured again: audit once more."
    if verdict is Verdict.UNCHANGED:
        return f"As fast as {sessions_in_words(count)}: the whole interval lies within {equivalent - 1:.0%}.{looks}"
    if abs(theta) > limit:
        return f"{_begin(against)}, but that did not hold wherever it should have shown.{looks}"
    return f"Within {bound(limit, is_noise=is_noise)}, and not shown to be alike; more sessions would tell.{looks}"


def suite_in_words(verdict: Verdict, theta: float, limit: float, page_count: int, looks: str) -> str:
    """Give the reason of the verdict on a whole suite."""
    what = f"All {page_count} pages together are {change(theta)} than before"
    if theta >= _TWICE:
        what = f"All {page_count} pages together take {change(theta)} as before"
    elif theta <= -_TWICE:
        what = f"All {page_count} pages together are {change(theta)} as before"
    edge = bound(limit, is_noise=True)
    if verdict in {Verdict.REGRESSED, Verdict.IMPROVED}:
        return (
            f"{what}, beyond {edge}.{looks} What all pages share has changed: the machine, its load, a setting, the "
            "library or the release."
        )
    if verdict is Verdict.SUSPECT:
        return f"{what}, beyond {edge}, but not measured again: audit once more."
    if verdict is Verdict.UNCHANGED:
        return f"{what}, within {edge}."
    return f"{what}: whether that is more than {edge} could not be told.{looks}"


def too_few_for_suite(count: int) -> SuiteShift:
    """Return the finding on a suite of a few pages, whose middle may be one changed page."""
    pages = "one page" if count == 1 else f"{count} pages"
    reason = f"With {pages} that can be compared, a change of the whole suite cannot be told from one of a page."
    return SuiteShift(verdict=Verdict.INCONCLUSIVE, reason=reason, benchmark_count=count)


def margin_of(sigma: float, freedom: float) -> float:
    """Return half of a 95 % interval of a log ratio."""
    return student_quantile(0.975, freedom) * sigma


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]


def with_the_suite(theta: float) -> str:
    """Say that a page moved together with all others."""
    return f" All pages moved together, by {percent(theta)}: see the suite."


def unfit_in_words(reasons: Sequence[str]) -> str:
    """Say why no verdict on times stands."""
    return f"The machine was too disturbed to judge times: {'; '.join(reasons)}. Audit again when it is quieter."
