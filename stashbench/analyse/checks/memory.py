"""Whether the server keeps a little of every request."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stashbench.analyse.checks.observation import Observation, in_bytes, inconclusive, not_measured
from stashbench.analyse.statistics import quantile

MINIMUM_POINTS = 6
_Z95 = 1.96


def memory_growth(requests: Sequence[int], rss_bytes: Sequence[float | None]) -> Observation:
    """Return by how many bytes a request grows the server's memory, at least: the lower end of the slope's interval.

    `requests` counts the requests sent up to each reading. The lower end is judged, not the slope itself, because
    memory grows in steps and a single step in a short watch is no leak; growth that is not certain counts as none.
    """
    points = [(count, rss) for count, rss in zip(requests, rss_bytes, strict=True) if rss is not None]
    if len(points) < MINIMUM_POINTS:
        return not_measured("The memory of the server's process could not be read often enough.")
    slope, low, high = sen_slope(points)
    total = points[-1][0] - points[0][0]
    evidence = {
        "slope_bytes_per_request": slope,
        "slope_low": low,
        "slope_high": high,
        "request_count": total,
        "rss_begin_bytes": points[0][1],
        "rss_end_bytes": points[-1][1],
    }
    if math.isinf(low) or math.isinf(high):
        return inconclusive("Too few readings for an interval of the memory's growth.", dict(evidence))
    return Observation(
        value=max(low, 0.0),
        message=(
            f"Memory grows by {in_bytes(slope)} a request [{in_bytes(low)} to {in_bytes(high)}], from "
            f"{in_bytes(points[0][1])} to {in_bytes(points[-1][1])} over {total} requests."
        ),
        evidence=dict(evidence),
    )


def sen_slope(points: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Return the median of all pairwise slopes with its 95 % interval.

    Theil (1950) and Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63 (1968), with the
    continuity correction that keeps the normal approximation's interval at 95 % down to six points. One step or one
    outlier moves it little. With too few points for 95 % the interval is infinite.
    """
    slopes = sorted(
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for index, earlier in enumerate(points)
        for later in points[index + 1 :]
        if later[0] != earlier[0]
    )
    if not slopes:
        return 0.0, -math.inf, math.inf
    count = len(points)
    reach = _Z95 * math.sqrt(count * (count - 1) * (2 * count + 5) / 18.0)
    rank = math.floor((len(slopes) - 1 - reach) / 2.0)
    if rank < 0:
        return quantile(slopes, 0.5), -math.inf, math.inf
    return quantile(slopes, 0.5), slopes[rank], slopes[-1 - rank]
