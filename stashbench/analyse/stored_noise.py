"""How far a page differs between two sessions without a cause, learned from the stored sessions themselves.

A session's times have two kinds of noise: a shift of the whole session (the machine on that day), and what is left for
each page (where its process' memory came to lie, what ran beside it). Both are taken from the sessions: the shift of a
session is the middle of its pages' deviations from their own middle, and the rest scatters around it. The scatter of
one page, from a handful of sessions, is drawn towards that of all (`noise`).

With fewer than five sessions that tells too little, and what sessions usually differ by is mixed in.
"""

from __future__ import annotations

import itertools
import math
import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stashbench.analyse.low_quantile import LOW, Pool
from stashbench.analyse.noise import Prior, Scatter, fit_prior, steadied
from stashbench.analyse.statistics import MAD_TO_SIGMA
from stashbench.analyse.stored_pages import Page
from stashbench.model.measurement import Measurement

FEWEST_PAGES = 6
"""Pages from which on the middle of them says something about the whole suite rather than about one of them."""
ENOUGH_SESSIONS = 5
_LEAST = 1e-9
USUAL_PAGE_SIGMA = 0.04
USUAL_SHIFT_SIGMA = 0.05
"""Between two sessions of an unchanged server on a shared virtual machine whole suites differed by 5 % and single pages
by another 4 % (standard deviations); together that is the 6 % of which `docs/compare.md` tells."""
_USUAL_FREEDOM = 8.0
_USUAL_SHIFT_FREEDOM = 3.0
_UNIT_COUNT = 8
_SPLITS = 8
_MORE_THAN_USUAL = 1.25
_USUAL_WEIGHT = 0.3
MEDIAN_COST = 1.57
"""Variance of a median of n over that of one value, times n."""


@dataclass(frozen=True, slots=True)
class SessionNoise:
    """Scatter between two sessions: of single pages, and of whole sessions (a zero one where pages are too few)."""

    pages: Mapping[str, Scatter]
    typical: Prior
    shift: Scatter


def middle(values: Sequence[float]) -> float | None:
    """Return the middle of deviations of pages; None where the pages are too few to stand for a suite."""
    return statistics.median(values) if len(values) >= FEWEST_PAGES else None


def session_noise(
    pages: Sequence[Page], session_count: int, deviations: Mapping[str, float], seed: int
) -> SessionNoise:
    """Learn the noise from stored sessions, and from this run: how far its pages lie apart, and how its times scatter.

    `deviations` are those of this run's pages from the middle of the suite. Where they scatter more than sessions
    usually do, this run is a noisier one, and the noise of all pages is widened; a few pages that really changed do not
    matter to that.
    """
    shifts, residuals = _polish(pages, session_count)
    has_shift = len(shifts) > 0
    own = {name: _scatter(values) for name, values in residuals.items()}
    usual = USUAL_PAGE_SIGMA if has_shift else math.hypot(USUAL_PAGE_SIGMA, USUAL_SHIFT_SIGMA)
    fitted = fit_prior([item for item in own.values() if item is not None])
    seen = _spread(list(deviations.values()), session_count) if has_shift else None
    typical = _mixed(fitted, seen, usual, session_count)
    wider = typical.sigma / max(fitted.sigma, _LEAST) if fitted is not None else 1.0
    found = {}
    for page in pages:
        mine = own.get(page.current.id)
        is_enough = mine is not None and session_count >= ENOUGH_SESSIONS
        drawn = steadied(Scatter(mine.sigma * wider, mine.freedom) if mine and is_enough else None, typical)
        within = within_sigma(page.current, seed)
        found[page.current.id] = Scatter(max(drawn.sigma, within or 0.0), drawn.freedom)
    return SessionNoise(found, typical, _shift_scatter(shifts) if has_shift else Scatter(0.0, _USUAL_FREEDOM))


def within_sigma(measurement: Measurement, seed: int) -> float | None:
    """Return the standard error of a page's location from halves of its own visits; None where they are too few.

    Visits, or stretches where all times came in one go, are taken whole: neighbouring times are alike.
    """
    samples = measurement.rounds_seconds
    borders = _borders(measurement)
    if len(borders) <= _UNIT_COUNT // 2:
        return None
    pool = Pool({unit: samples[begin:end] for unit, (begin, end) in enumerate(borders)})
    chance = random.Random(f"{seed}:{measurement.id}")  # noqa: S311 - decisions can be repeated
    units = list(range(len(borders)))
    squares = []
    for _ in range(_SPLITS):
        half = frozenset(chance.sample(units, len(units) // 2))
        first, second = pool.quantile(LOW, half), pool.quantile(LOW, frozenset(units) - half)
        if first and second:
            squares.append(math.log(first / second) ** 2 / 4)
    return math.sqrt(statistics.fmean(squares)) if squares else None


def _borders(measurement: Measurement) -> list[tuple[int, int]]:
    count = len(measurement.rounds_seconds)
    ends = [0]
    for visit in measurement.visits:
        ends.append(ends[-1] + visit.sample_count)
    if len(ends) <= _UNIT_COUNT or ends[-1] != count:
        ends = [round(count * index / _UNIT_COUNT) for index in range(_UNIT_COUNT + 1)]
    return [(begin, end) for begin, end in itertools.pairwise(ends) if end > begin]


def _polish(pages: Sequence[Page], session_count: int) -> tuple[list[float], dict[str, list[float]]]:
    """Split deviations into shifts of whole sessions (none where pages are too few) and what is left of each page."""
    away: dict[str, dict[int, float]] = {}
    for page in pages:
        centre = page.centre
        away[page.current.id] = {number: location.low - centre for number, location in page.then}
    shifts: dict[int, float] = {}
    for number in range(session_count):
        found = middle([by_session[number] for by_session in away.values() if number in by_session])
        if found is not None:
            shifts[number] = found
    residuals = {}
    for name, by_session in away.items():
        left = [value - shifts.get(number, 0.0) for number, value in by_session.items()]
        centre = statistics.median(left) if left else 0.0
        residuals[name] = [value - centre for value in left]
    return list(shifts.values()), residuals


def _scatter(residuals: Sequence[float]) -> Scatter | None:
    freedom = len(residuals) - 1
    return Scatter(math.sqrt(sum(value * value for value in residuals) / freedom), freedom) if freedom >= 1 else None


def _mixed(fitted: Prior | None, seen: float | None, usual: float, session_count: int) -> Prior:
    """Put together what stored sessions showed, how far this run's pages lie apart, and, with few sessions, the usual.

    This run may be a noisier one than those before, and few sessions may all have been lucky.
    """
    known = [fitted.sigma] if fitted is not None else []
    if seen is not None and (fitted is None or session_count < ENOUGH_SESSIONS or seen > _MORE_THAN_USUAL * known[0]):
        known.append(seen)
    share = max(0.0, (ENOUGH_SESSIONS - session_count) / (ENOUGH_SESSIONS - 1))
    weight = _USUAL_WEIGHT * share if known else 1.0
    variance = weight * usual**2 + (1 - weight) * max(known, default=0.0) ** 2
    freedom = share * _USUAL_FREEDOM + (1 - share) * fitted.freedom if fitted is not None else _USUAL_FREEDOM
    return Prior(math.sqrt(variance), freedom)


def _spread(deviations: Sequence[float], session_count: int) -> float | None:
    """Return the scatter between sessions that the distances of this run's pages from the stored ones amount to.

    The middle of the distances is hardly moved by a few pages that really changed.
    """
    if len(deviations) < FEWEST_PAGES:
        return None
    spread = MAD_TO_SIGMA * statistics.median(abs(value) for value in deviations)
    return spread / math.sqrt(1 + MEDIAN_COST / session_count)


def _shift_scatter(shifts: Sequence[float]) -> Scatter:
    """Draw the scatter of whole sessions towards what is usual: there is one shift a session only."""
    own = len(shifts) - 1
    centre = statistics.median(shifts)
    squares = sum((value - centre) ** 2 for value in shifts)
    freedom = own + _USUAL_SHIFT_FREEDOM
    return Scatter(math.sqrt((squares + _USUAL_SHIFT_FREEDOM * USUAL_SHIFT_SIGMA**2) / freedom), freedom)
