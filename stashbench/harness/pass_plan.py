"""When which page is timed again, as a pure plan: passes over all pages in random order, each page in short visits.

A page timed in one go says how fast it was in that half second; whatever else the machine did then is in all of its
samples. Spread over the session, the same number of samples meets many moments, and all pages meet the same ones.
"""

from __future__ import annotations

import math
import random
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

VISIT_SECONDS = 0.025
MOST_SAMPLES_PER_VISIT = 64
MOST_PASSES = 15
FIRST_SHARE = 1 / 3
"""Of all samples of a page, what the first go takes."""

Page = TypeVar("Page", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How often a page shall be timed, and how long one call takes."""

    sample_count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PlannedVisit(Generic[Page]):
    """Some timed calls of one page in a row."""

    page: Page
    sample_count: int


def first_count(sample_count: int) -> int:
    """Return how many of a page's samples the first go takes: a third, at least one."""
    return max(1, math.ceil(sample_count * FIRST_SHARE))


def plan_passes(wanted: Mapping[Page, Wanted], chance: random.Random) -> list[list[PlannedVisit[Page]]]:
    """Return passes in order, each a list of visits in random order; every page gets exactly its samples.

    A page with fewer visits than there are passes takes part in passes that lie evenly apart.
    """
    visits = {page: _visits_of(item) for page, item in wanted.items()}
    count = max((len(sizes) for sizes in visits.values()), default=0)
    passes: list[list[PlannedVisit[Page]]] = [[] for _ in range(count)]
    for page, sizes in visits.items():
        offset = chance.random()
        for index, size in enumerate(sizes):
            passes[int((index + offset) * count / len(sizes))].append(PlannedVisit(page, size))
    for visits_of_pass in passes:
        chance.shuffle(visits_of_pass)
    return [visits_of_pass for visits_of_pass in passes if visits_of_pass]


def _visits_of(wanted: Wanted) -> list[int]:
    """Return the sizes of a page's visits; they differ by one at most."""
    if wanted.sample_count <= 0:
        return []
    size = min(max(round(VISIT_SECONDS / max(wanted.seconds, 1e-6)), 1), MOST_SAMPLES_PER_VISIT)
    count = min(math.ceil(wanted.sample_count / size), MOST_PASSES)
    least, larger = divmod(wanted.sample_count, count)
    return [least + (index < larger) for index in range(count)]
