from __future__ import annotations

import re
from functools import cmp_to_key

from hypothesis import assume, given
from hypothesis import strategies as st

from stashbench.sqlite.natural import compare_natural, natural_key

titles = st.text(alphabet="aAbB019 -!é", max_size=12)


def in_parts(text: str) -> list[tuple[bool, int | str]]:
    """Split into characters and numbers, the slow and obvious way."""
    return [(part.isdigit(), int(part) if part.isdigit() else part) for part in re.findall("[0-9]+|[^0-9]", text)]


def test_numbers_sort_by_value_and_letters_without_case():
    names = ["Clip 10", "clip 9", "CLIP 1", "Alpha", "clip 09b", "clip"]
    assert sorted(names, key=natural_key) == ["Alpha", "clip", "CLIP 1", "clip 9", "clip 09b", "Clip 10"]


def test_a_sort_never_hears_that_two_are_equal():
    assert compare_natural("a", "b") == -1
    assert compare_natural("b", "a") == 1
    assert compare_natural("Same", "same") == 1


@given(titles, titles)
def test_order_is_that_of_the_parts(first, second):
    left, right = in_parts(first.casefold()), in_parts(second.casefold())
    for one, other in zip(left, right, strict=False):
        if one == other:
            continue
        if one[0] and other[0]:
            expected = one[1] < other[1]
        else:
            expected = ("0" if one[0] else one[1]) < ("0" if other[0] else other[1])
        assert (natural_key(first) < natural_key(second)) == expected
        return
        # equal so far: zeros may still decide, which the next property covers
    assume(first.casefold() != second.casefold())
    assert natural_key(first) != natural_key(second)


@given(st.lists(titles, max_size=20))
def test_order_is_total(names):
    by_comparison = sorted(names, key=cmp_to_key(compare_natural))
    assert [natural_key(name) for name in by_comparison] == sorted(natural_key(name) for name in names)
