"""Which page is timed again when: everybody gets the samples wanted, spread over the passes, the same for one seed."""

from __future__ import annotations

import itertools
import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from stashbench.harness.pass_plan import (
    MOST_PASSES,
    MOST_SAMPLES_PER_VISIT,
    VISIT_SECONDS,
    Wanted,
    first_count,
    plan_passes,
)
from stashbench.harness.rounds import MOST_ROUNDS

wanted_pages = st.dictionaries(
    st.integers(0, 50),
    st.builds(Wanted, sample_count=st.integers(0, MOST_ROUNDS), seconds=st.floats(1e-5, 60.0)),
    max_size=20,
)


@given(wanted=wanted_pages, seed=st.integers())
def test_every_page_gets_its_samples_and_visits_a_pass_at_most_once(wanted, seed):
    passes = plan_passes(wanted, random.Random(seed))
    taken = Counter()
    for visits in passes:
        pages = [visit.page for visit in visits]
        assert len(set(pages)) == len(pages)
        taken.update({visit.page: visit.sample_count for visit in visits})
    assert taken == {page: item.sample_count for page, item in wanted.items() if item.sample_count}
    assert len(passes) <= MOST_PASSES
    assert passes == plan_passes(wanted, random.Random(seed))


@given(seconds=st.floats(1e-5, 1.0), count=st.integers(1, MOST_ROUNDS))
def test_visits_are_short_unless_the_passes_would_be_too_many(seconds, count):
    visits = [visit for visits in plan_passes({"page": Wanted(count, seconds)}, random.Random(1)) for visit in visits]
    sizes = [visit.sample_count for visit in visits]
    assert max(sizes) - min(sizes) <= 1
    if len(visits) < MOST_PASSES:
        assert max(sizes) <= max(1, min(round(VISIT_SECONDS / seconds), MOST_SAMPLES_PER_VISIT))


def test_slow_pages_are_spread_over_the_passes_of_fast_ones():
    wanted = {"fast": Wanted(200, 0.002), "slow": Wanted(3, 1.0)}
    passes = plan_passes(wanted, random.Random(2))
    places = [number for number, visits in enumerate(passes) if "slow" in [visit.page for visit in visits]]
    assert len(passes) == MOST_PASSES
    assert [later - earlier for earlier, later in itertools.pairwise(places)] == [5, 5]


def test_the_order_is_another_one_in_each_pass():
    wanted = {page: Wanted(150, 0.002) for page in range(8)}
    orders = {tuple(visit.page for visit in visits) for visits in plan_passes(wanted, random.Random(3))}
    assert len(orders) > MOST_PASSES / 2


@given(count=st.integers(1, MOST_ROUNDS))
def test_the_first_go_takes_about_a_third(count):
    assert 1 <= first_count(count) <= count
    assert abs(first_count(count) - count / 3) < 1
