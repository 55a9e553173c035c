"""What one look and several looks at a page say, and at the suite as a whole.

Looks minutes apart in one run share part of their noise: of the variance between sessions, 40 % are taken as common to
all looks of a run, so that no number of looks makes an interval more than a third narrower.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from stashbench.analyse.stored_noise import MEDIAN_COST, SessionNoise, middle
from stashbench.analyse.stored_pages import Page, locate
from stashbench.analyse.student import student_quantile

FALSE_ALARMS = 0.05
SUITE_LEVEL = 0.995
SUITE_EFFECT = 1.10
"""Whole sessions drift with the machine; less than that is not worth a word about all pages at once."""
_SHARED = 0.4
_SCREEN_Z = 1.5
_SCREEN_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Bar:
    """What a change must exceed after some looks: logarithms. `is_noise` says that noise sets it, not the effect."""

    limit: float
    sigma: float
    freedom: float
    is_noise: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Makes the bars of one run: `page_count` pages are judged, `session_count` sessions are stored."""

    noise: SessionNoise
    page_count: int
    session_count: int
    suite_effect: float

    def of_page(self, page: Page, effect: float, look_count: int) -> Bar:
        """Return the bar for a page after so many looks; `effect` is a ratio above 1."""
        scatter = self.noise.pages[page.current.id]
        level = math.pow(1 - FALSE_ALARMS, 1 / max(self.page_count, 1))
        # Few of a suite's pages tell its middle badly, and that error is in each of them.
        of_middle = MEDIAN_COST / self.page_count if self.noise.shift.sigma else 0.0
        variance = _of_looks(look_count) + MEDIAN_COST / len(page.then) + of_middle
        sigma = scatter.sigma * math.sqrt(variance)
        return _bar(sigma, scatter.freedom, level, effect)

    def of_suite(self, look_count: int) -> Bar:
        """Return the bar for all pages together."""
        shift, typical = self.noise.shift, self.noise.typical.sigma
        own = _of_looks(look_count) + MEDIAN_COST / self.session_count
        sigma = math.sqrt(own * (shift.sigma**2 + MEDIAN_COST / max(self.page_count, 1) * typical**2))
        return _bar(sigma, shift.freedom, SUITE_LEVEL, max(self.suite_effect, SUITE_EFFECT))


@dataclass(frozen=True, slots=True)
class Glance:
    """How far a page lies from the stored middle in one look, by its low quantile and its fastest quarter."""

    low: float
    quarter: float


@dataclass(slots=True)
class Looks:
    """All looks of a run: glances by page, the first one first, and how far the whole suite lay in each look."""

    pages: dict[str, list[Glance]] = field(default_factory=dict)
    shifts: list[float] = field(default_factory=list)


def first_look(pages: Sequence[Page]) -> Looks:
    """Look at all pages by their times in the run; what moved all alike is taken out of each."""
    raw = {
        page.current.id: Glance(page.now.low - page.centre, page.now.quarter - page.centre_of_quarter)
        for page in pages
        if page.now is not None
    }
    shift = middle([glance.low for glance in raw.values()])
    looks = Looks(shifts=[] if shift is None else [shift])
    moved = shift or 0.0
    looks.pages = {name: [Glance(glance.low - moved, glance.quarter - moved)] for name, glance in raw.items()}
    return looks


def add_look(
    looks: Looks, pages: Sequence[Page], samples: Mapping[str, Sequence[float]], suspects: Collection[str]
) -> None:
    """Take in pages measured again. How far the machine moved since then is told by those that were not suspect."""
    raw = {}
    for page in pages:
        location = locate(samples.get(page.current.id, ()))
        if location is not None:
            raw[page.current.id] = Glance(location.low - page.centre, location.quarter - page.centre_of_quarter)
    moved = looks.shifts[0] if looks.shifts else 0.0
    shift = middle([glance.low for name, glance in raw.items() if name not in suspects]) if looks.shifts else None
    if shift is not None:
        looks.shifts.append(shift)
        moved = shift
    for name, glance in raw.items():
        looks.pages[name].append(Glance(glance.low - moved, glance.quarter - moved))


def is_worth_a_look(glance: Glance, bar: Bar, effect: float) -> bool:
    """Say whether one look leaves so much doubt that the page is measured again."""
    return abs(glance.low) > max(_SCREEN_SHARE * math.log(effect), _SCREEN_Z * bar.sigma)


def pooled(values: Sequence[float]) -> float:
    """Return what several looks say together."""
    return statistics.fmean(values)


def _of_looks(count: int) -> float:
    """Return the variance of the mean of so many looks of one run over that of a single one."""
    return _SHARED + (1 - _SHARED) / count


def _bar(sigma: float, freedom: float, level: float, effect: float) -> Bar:
    noise = student_quantile(level, freedom) * sigma
    return Bar(max(math.log(effect), noise), sigma, freedom, noise > math.log(effect))
