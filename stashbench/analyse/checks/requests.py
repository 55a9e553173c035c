"""How often requests fail, and how many statements a row of an answer costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from stashbench.analyse.checks.observation import Observation, Row, counted, inconclusive, not_applicable, not_measured
from stashbench.analyse.statistics import wilson_interval
from stashbench.model.base import Model

_SHOWN_MESSAGES = 5
_SHOWN_CHARACTERS = 300


class PageStatements(Model, frozen=True, kw_only=True):
    """The statements of one bare list at two page sizes, executions by shape, and those of the whole page."""

    operation: str
    few_rows: int
    many_rows: int
    few: Mapping[str, int]
    many: Mapping[str, int]
    page_statement_count: int | None = None
    has_foreign_traffic: bool = False
    is_complete: bool = True


def error_rate(request_count: int, errors: Sequence[str]) -> Observation:
    """Return the share of failed requests in per cent, with Wilson's 95 % interval (JASA 22, 1927) in the message."""
    if request_count <= 0:
        return not_measured("No request was sent.")
    share = len(errors) / request_count
    low, high = wilson_interval(len(errors), request_count)
    common = Counter(errors).most_common(_SHOWN_MESSAGES)
    tail = f" Most often: {common[0][0]}" if common else ""
    return Observation(
        value=100.0 * share,
        message=(
            f"{len(errors)} of {counted(request_count, 'request')} failed: {100 * share:.1f} % "
            f"[{100 * low:.1f}-{100 * high:.1f}].{tail}"
        ),
        evidence={
            "request_count": request_count,
            "error_count": len(errors),
            "errors": tuple({"message": message, "count": count} for message, count in common),
        },
    )


def statements_per_row(pages: Sequence[PageStatements]) -> Observation:
    """Return how many statements a list of bare columns runs for each further row, at the worst of the pages.

    Nothing has to be looked up for a bare row, so the number is 0 on a sound server. The slope between two page sizes
    leaves the fixed statements out. Whole pages look up relations row by row even then: that is Stash's normal, and
    recorded beside it.
    """
    rows = [row for page in pages if (row := _slope(page)) is not None]
    rows.sort(key=lambda row: (-float(row["per_row"] or 0.0), str(row["operation"])))
    if not all(page.is_complete for page in pages):
        reason = "Lines of the server's log were lost, so its statements cannot be counted."
        return inconclusive(reason, {"operations": tuple(rows)})
    if not rows:
        return not_applicable("No list had enough rows to compare two page sizes.")
    worst = rows[0]
    evidence: dict[str, str | tuple[Row, ...]] = {"operations": tuple(rows), "worst_operation": str(worst["operation"])}
    if any(page.has_foreign_traffic for page in pages):
        return inconclusive("Others were using the server, so its statements cannot be told from theirs.", evidence)
    return Observation(
        value=float(worst["per_row"] or 0.0),
        message=(
            f"A bare list from {worst['operation']} runs {worst['per_row']:.1f} statements for each further row, "
            f"{worst['statement_count']} for {worst['rows']} rows in all."
        ),
        evidence=evidence,
    )


def _slope(page: PageStatements) -> Row | None:
    """Describe how the statements grow with the rows; None where there are no statements to compare."""
    more = page.many_rows - page.few_rows
    if more <= 0 or not page.many:
        return None
    growth = {shape: count - page.few.get(shape, 0) for shape, count in page.many.items()}
    shape = max(growth, key=lambda name: (growth[name], name))
    total = sum(page.many.values())
    return {
        "operation": page.operation,
        "per_row": max((total - sum(page.few.values())) / more, 0.0),
        "statement": shape[:_SHOWN_CHARACTERS],
        "executions": page.many[shape],
        "statement_count": total,
        "rows": page.many_rows,
        "whole_page_statement_count": page.page_statement_count,
    }


def log_stream(failure: str) -> Observation:
    """Return 1 if the log cannot be followed over a websocket, 0 if it can."""
    if failure:
        return Observation(value=1.0, message=f"The server's log cannot be followed: {failure}")
    return Observation(value=0.0, message="The server's log can be followed over a websocket.")
