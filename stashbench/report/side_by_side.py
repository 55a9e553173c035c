"""The report of a comparison as one offline HTML file: a pure function of the document, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stashbench.report.html import environment
from stashbench.report.view.side_by_side import view_comparison

if TYPE_CHECKING:
    from stashbench.model.side_by_side import SideBySide


def render_html(document: SideBySide) -> str:
    """Render the report. No clock, no chance and no request: equal documents give equal bytes."""
    return environment().get_template("compare.html").render(page=view_comparison(document))
