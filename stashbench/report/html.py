"""The report as one offline HTML file: a pure function of the result, byte for byte."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from stashbench.report.view.benchmarks import NUMBER_COLUMNS
from stashbench.report.view.page import view_page
from stashbench.report.view.words import code_pieces
from stashbench.report.visible import visible

if TYPE_CHECKING:
    from stashbench.model.result import AuditResult


def render_html(result: AuditResult) -> str:
    """Render the report. No clock, no chance and no request: equal results give equal bytes."""
    page = view_page(result)
    return environment().get_template("report.html").render(page=page, number_columns=NUMBER_COLUMNS)


@cache
def environment() -> Environment:
    """Return the template environment: everything is escaped, nothing undefined is printed as nothing."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader("stashbench.report", folder) for folder in ("templates", "static")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
        keep_trailing_newline=True,
    )
    made.filters["code_pieces"] = code_pieces
    return made


def _printable(value: object) -> object:
    """Show control characters of plain text; markup from our own macros passes."""
    return visible(value) if type(value) is str else value
