"""One metric over time as an area, at most 1,000 points, gaps left open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.report.charts.reduction import extremes
from stashbench.report.charts.scale import Scale, linear_from_zero

HEIGHT = 100.0
_BUCKETS = 400
_WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Panel:
    """Path data on a drawing of 1000 x 100, and the value at its upper edge."""

    line: str
    area: str
    top: float


def draw_panel(times: Sequence[float], values: Sequence[float | None], across: Scale, unit: str = "") -> Panel:
    """Draw a series over `across` (seconds); the vertical scale starts at zero."""
    finite = [value if value is not None and math.isfinite(value) else None for value in values]
    present = [value for value in finite if value is not None]
    upward = _upward(max(present, default=0.0), unit)
    line: list[str] = []
    area: list[str] = []
    run: list[tuple[int, int]] = []
    for index, value in (*extremes(finite, _BUCKETS), (0, None)):
        if value is not None:
            run.append((round(across.position(times[index])), round(HEIGHT - upward.position(value) / 1000 * HEIGHT)))
        elif run:
            path = _relative(run)
            line.append(path)
            area.append(
                f"M{run[0][0]} {HEIGHT:.0f}V{run[0][1]}{path[path.index('l') :] if 'l' in path else ''}V{HEIGHT:.0f}z"
            )
            run = []
    return Panel("".join(line), "".join(area), upward.high)


def _upward(highest: float, unit: str) -> Scale:
    """Return the vertical scale; a share that rounding pushed a little over all of it still ends at 100 %."""
    if unit in {"%", "percent"} and _WHOLE < highest <= _WHOLE * 1.05:
        highest = _WHOLE
    return linear_from_zero(highest, is_binary=unit.startswith("bytes"))


def _relative(points: list[tuple[int, int]]) -> str:
    """Write a polyline in relative steps, which are shorter than places; level stretches become one step."""
    x, y = points[0]
    parts = [f"M{x} {y}"]
    steps: list[tuple[int, int]] = []
    for next_x, next_y in points[1:]:
        step = (next_x - x, next_y - y)
        if step[1] == 0 and steps and steps[-1][1] == 0:
            steps[-1] = (steps[-1][0] + step[0], 0)
        elif step != (0, 0):
            steps.append(step)
        x, y = next_x, next_y
    if not steps:
        return f"{parts[0]}h1"
    parts.append("l" + " ".join(f"{dx} {dy}" for dx, dy in steps).replace(" -", "-"))
    return "".join(parts)
