"""The trends of all servers over their runs as one static page beside the index."""

from __future__ import annotations

from collections.abc import Collection

from stashbench.model.trend import ServerTrend
from stashbench.report.html import environment
from stashbench.report.view.trends import view_trends


def render_trend(trends: Collection[ServerTrend], reports: Collection[str] = ()) -> str:
    """Render `trend.html`; of the runs named in `reports`, the reports are at `<run id>/report.html` beside it."""
    return environment().get_template("trend.html").render(servers=view_trends(trends, reports))
