from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.low_quantile import Pool
from stashbench.analyse.statistics import quantile

SAMPLES = st.dictionaries(st.integers(0, 8), st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=20), min_size=1)


@given(SAMPLES, st.floats(0, 1), st.data())
def test_any_choice_of_units_has_the_quantile_of_its_samples(samples, share, data):
    pool = Pool(samples)
    units = data.draw(st.sets(st.sampled_from(sorted(samples)), min_size=1))
    expected = quantile(sorted(value for unit in units for value in samples[unit]), share)
    assert pool.quantile(share, units) == pytest.approx(expected, rel=1e-12)
    everything = quantile(sorted(value for values in samples.values() for value in values), share)
    assert pool.quantile(share) == pytest.approx(everything, rel=1e-12)


def test_units_without_samples_have_no_quantile():
    pool = Pool({0: [1.0], 1: []})
    assert pool.quantile(0.1, {1}) is None
    assert pool.units == (0,)
    assert Pool({}).quantile(0.5) is None
