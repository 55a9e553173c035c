from __future__ import annotations

import pytest

from stashbench.analyse.request_cost import near_duplicate_seconds


def test_the_cost_grows_with_the_square_of_the_library():
    assert near_duplicate_seconds(0) == 0
    assert near_duplicate_seconds(20_000) == pytest.approx(4 * near_duplicate_seconds(10_000))


@pytest.mark.parametrize(("scenes", "seconds"), [(10_000, 0.45), (20_000, 2.1)])
def test_it_is_near_what_a_real_server_took(scenes, seconds):
    assert near_duplicate_seconds(scenes) == pytest.approx(seconds, rel=0.25)
