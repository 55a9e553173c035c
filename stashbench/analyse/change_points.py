"""Where a series of many runs moved to another level: how far, how surely, and in which run.

Three steps, for series too long to look through and too short for asymptotics (8 to 200 runs):

1. A single run that stands out from its neighbours is drawn in to three of their deviations (a Hampel filter: Davies
   and Gather, "The Identification of Multiple Outliers", 1993), so that one disturbed run is no change.
2. The best division into level stretches is searched exactly, at a price for each (optimal partitioning: Jackson and
   others, "An Algorithm for Optimal Partitioning of Data on an Interval", 2005).
3. As long as one of the steps found is not significant, the least significant one is taken out (Fleming and others,
   "Hunter: Using Change Point Detection to Hunt for Performance Regressions", 2023). Unlike Hunter's, the t-test counts
   that the place was chosen among all (Bonferroni) and that neighbouring runs resemble each other.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from stashbench.analyse.statistics import MAD_TO_SIGMA
from stashbench.analyse.student import student_cdf, student_quantile

LEAST_RUNS = 8
LEAST_STRETCH = 4
LEAST_RATIO = 1.02
"""Steps below 2 % are not worth a line, however sure they are."""
ERROR_RATE = 0.01
_CONFIDENCE = 0.95
_NEIGHBOURS = 3
_FARTHEST_DEVIATIONS = 3.0
_PRICE = 2.0
_LEAST_SIGMA = 1e-6
_MOST_PERSISTENCE = 0.8
_TURNS = 4
_SETTLED = 0.02
_PLAUSIBLE = 2 * math.log(20)
"""Places whose likelihood is a twentieth of the best one's or more are plausible."""
_LEAST_SHARE_OF_MIDDLE = 0.6
"""The middle run must have moved nearly as far as the mean: else some odd runs make the step, not the level."""
_MOST_OF_ONE_RUN = 5.0
"""Less than `_PLAUSIBLE`: one odd run beside a step never tells where the step was, two do."""


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A step between two stretches of runs.

    `index` is the first run on the new level, `earliest` and `latest` the first and last run it may as well have been.
    `ratio` is new level over old, with its 95 % interval. `error_chance` is how often chance alone yields such a step
    somewhere in the series. `begin` and `end` bound both stretches: [begin, index) and [index, end). `is_sharp` says
    that the place is certain as long as the runs next to it are no odd ones out.
    """

    index: int
    earliest: int
    latest: int
    ratio: float
    ci_low: float
    ci_high: float
    error_chance: float
    begin: int
    end: int
    is_sharp: bool


def change_points(
    seconds: Sequence[float], *, error_rate: float = ERROR_RATE, persistence: float = 0.0
) -> tuple[ChangePoint, ...]:
    """Return the steps of a series of times, oldest first; none where it has fewer than eight runs.

    Args:
        seconds: times above zero, one a run.
        error_rate: how often a series without any step may show one (0-1).
        persistence: how much a run resembles the one before (correlation, 0-1; see `persistence_of`).
    """
    if len(seconds) < LEAST_RUNS:
        return ()
    values = _drawn_in([math.log(value) for value in seconds])
    places = _division(values)
    while places:
        variance = _variance(values, places)
        # Each further step was chosen among all places again, as the two sides of a passing bump are.
        choices = (len(values) - 1) * len(places)
        found = [_step(values, bounds, variance, persistence, choices) for bounds in _triples(places, len(values))]
        weakest = max(found, key=lambda item: (item.error_chance, -abs(math.log(item.ratio))))
        if weakest.error_chance <= error_rate:
            weakest = min(found, key=lambda item: abs(math.log(item.ratio)))
            if abs(math.log(weakest.ratio)) >= math.log(LEAST_RATIO):
                return tuple(found)
        places.remove(weakest.index)
    return ()


def persistence_of(all_seconds: Sequence[Sequence[float]]) -> float:
    """Return how much a run resembles the one before it, over all series of one machine (0-0.8).

    A machine that is busy for hours makes several runs slow in a row. The lag-one correlation of what is left once
    each series' own levels are taken out; positive only, and no more than 0.8. Which levels there are depends on the
    persistence in turn, so it is found by turns.
    """
    usable = [seconds for seconds in all_seconds if len(seconds) >= LEAST_RUNS]
    persistence = 0.0
    for _ in range(_TURNS):
        products = squares = 0.0
        for seconds in usable:
            steps = change_points(seconds, persistence=persistence)
            values = _drawn_in([math.log(value) for value in seconds])
            for begin, end in pairwise([0, *(step.index for step in steps), len(values)]):
                middle = statistics.fmean(values[begin:end])
                rest = [value - middle for value in values[begin:end]]
                own = sum(value * value for value in rest)
                # Taking the mean out of n values biases their correlation by -1/n: added back.
                squares += own
                products += sum(a * b for a, b in pairwise(rest)) + own / len(rest)
        found = min(max(products / squares, 0.0), _MOST_PERSISTENCE) if squares > 0 else 0.0
        if abs(found - persistence) < _SETTLED:
            break
        persistence = found
    return persistence


def _drawn_in(values: Sequence[float]) -> list[float]:
    """Draw single outliers in to their neighbours; a step stays a step, since its neighbours share it."""
    sigma = _sigma(values)
    result = []
    for index, value in enumerate(values):
        around = statistics.median(values[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1])
        reach = _FARTHEST_DEVIATIONS * sigma
        result.append(min(max(value, around - reach), around + reach))
    return result


def _sigma(values: Sequence[float]) -> float:
    """Return the scatter of single runs from the differences of neighbours, which steps hardly touch."""
    differences = [abs(b - a) for a, b in pairwise(values)]
    return max(MAD_TO_SIGMA * statistics.median(differences) / math.sqrt(2), _LEAST_SIGMA)


def _division(values: Sequence[float]) -> list[int]:
    """Return the first runs of all stretches but the first, in the division of least cost."""
    count = len(values)
    price = _PRICE * _sigma(values) ** 2 * math.log(count)
    sums = [0.0, *accumulate(values)]
    squares = [0.0, *accumulate(value * value for value in values)]
    best = [0.0] + [math.inf] * count
    previous = [0] * (count + 1)
    for end in range(LEAST_STRETCH, count + 1):
        for begin in (0, *range(LEAST_STRETCH, end - LEAST_STRETCH + 1)):
            if best[begin] is math.inf:
                continue
            total = sums[end] - sums[begin]
            cost = best[begin] + squares[end] - squares[begin] - total * total / (end - begin) + price
            if cost < best[end]:
                best[end], previous[end] = cost, begin
    places = []
    place = previous[count]
    while place:
        places.append(place)
        place = previous[place]
    return places[::-1]


def _triples(places: Sequence[int], count: int) -> list[tuple[int, int, int]]:
    bounds = [0, *places, count]
    return [(bounds[i - 1], bounds[i], bounds[i + 1]) for i in range(1, len(bounds) - 1)]


def _variance(values: Sequence[float], places: Sequence[int]) -> float:
    """Return the variance of single runs about their levels, over the whole series."""
    bounds = [0, *places, len(values)]
    inner = sum(_around_mean(values[begin:end]) for begin, end in pairwise(bounds))
    return max(inner / (len(values) - len(bounds) + 1), _LEAST_SIGMA**2)


def _step(
    values: Sequence[float], bounds: tuple[int, int, int], overall: float, persistence: float, choices: int
) -> ChangePoint:
    """Judge the step between two stretches by a t-test that knows how its place was found."""
    begin, index, end = bounds
    before, after = values[begin:index], values[index:end]
    difference = statistics.fmean(after) - statistics.fmean(before)
    inner = _around_mean(before) + _around_mean(after)
    inflated = (1 + persistence) / (1 - persistence)
    freedom = max((end - begin - 2) / inflated, 1.0)
    # Two short stretches that happen to be calm do not make a step of a hiccup: no less than the whole series' scatter.
    variance = max(inner / (end - begin - 2), overall) * inflated
    error = math.sqrt(variance * (1 / len(before) + 1 / len(after)))
    tail = 2 * (1 - student_cdf(abs(difference) / error, freedom))
    moved = (statistics.median(after) - statistics.median(before)) * math.copysign(1.0, difference)
    if moved < _LEAST_SHARE_OF_MIDDLE * abs(difference):
        tail = 1.0
    reach = student_quantile((1 + _CONFIDENCE) / 2, freedom) * error
    earliest, latest = _plausible_places(values, bounds, variance, _MOST_OF_ONE_RUN)
    return ChangePoint(
        index=index,
        earliest=earliest,
        latest=latest,
        ratio=math.exp(difference),
        ci_low=math.exp(difference - reach),
        ci_high=math.exp(difference + reach),
        error_chance=min(tail * choices, 1.0),
        begin=begin,
        end=end,
        is_sharp=_plausible_places(values, bounds, variance, math.inf) == (index, index),
    )


def _around_mean(values: Sequence[float]) -> float:
    middle = statistics.fmean(values)
    return sum((value - middle) ** 2 for value in values)


def _plausible_places(
    values: Sequence[float], bounds: tuple[int, int, int], variance: float, most: float
) -> tuple[int, int]:
    """Return the first and last place that explains both stretches nearly as well (a likelihood set).

    A run counts for `most` variances at the utmost.
    """
    begin, index, end = bounds
    levels = statistics.fmean(values[begin:index]), statistics.fmean(values[index:end])

    def misfit(run: int, level: float) -> float:
        return min((values[run] - level) ** 2 / variance, most)

    earliest = latest = index
    worse = 0.0
    for run in range(index - 1, begin, -1):
        worse += misfit(run, levels[1]) - misfit(run, levels[0])
        if worse <= _PLAUSIBLE:
            earliest = run
    worse = 0.0
    for run in range(index, end - 1):
        worse += misfit(run, levels[0]) - misfit(run, levels[1])
        if worse <= _PLAUSIBLE:
            latest = run + 1
    return earliest, latest
