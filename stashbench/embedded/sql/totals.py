"""Count, duration and size of all matches of a list, computed only as far as a request selects them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from stashbench.embedded.sql import files
from stashbench.embedded.sql.scope import Scope
from stashbench.embedded.sql.select import Select, Statement

_MEGAPIXELS = "COALESCE(image_files.width, 0) * COALESCE(image_files.height, 0) AS megapixels"


@dataclass(frozen=True, slots=True)
class Total:
    """One number: the sum over the rows, the column it needs per row, and the table that column is in."""

    expression: str
    column: str
    media: str = ""


SCENE_TOTALS = {
    "duration": Total("SUM(temp.duration) AS duration", "COALESCE(video_files.duration, 0) AS duration", "video_files"),
    "filesize": Total("SUM(temp.size) AS size", "COALESCE(files.size, 0) AS size"),
}
IMAGE_TOTALS = {
    "megapixels": Total("COALESCE(SUM(temp.megapixels), 0) / 1000000 AS megapixels", _MEGAPIXELS, "image_files"),
    "filesize": Total("SUM(temp.size) AS size", "COALESCE(files.size, 0) AS size"),
}


def totals_statement(
    select: Select, totals: dict[str, Total], selected: Collection[str]
) -> tuple[Statement, list[str]]:
    """The statement, and the names of its values: `count` first, then those selected."""
    names = [name for name in totals if name in selected]
    needed = Select(select.table)
    scope = Scope(needed, lambda _sql, _args: [])
    for name in names:
        if totals[name].media:
            files.join_media(totals[name].media)(scope)
        else:
            files.join_files(scope)
    expressions = ["COUNT(DISTINCT temp.id) AS total", *(totals[name].expression for name in names)]
    columns = [totals[name].column for name in names]
    return select.totals_statement(expressions, columns, needed), ["count", *names]
