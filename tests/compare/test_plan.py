from __future__ import annotations

from stashbench.compare.libraries import library_differences
from stashbench.compare.plan import Answer, PairedRequest, count_rows, differences
from stashbench.model.target import LibrarySize


def answer(ids, total=None):
    return Answer(size_bytes=100, seconds=0.01, row_count=len(ids), total_count=total, ids=tuple(ids))


def test_rows_matches_and_ids_are_read_from_pages_lists_and_groups_of_duplicates():
    page = {"findScenes": {"count": 90, "scenes": [{"id": "1"}, {"id": "2"}]}}
    assert count_rows(page) == (2, 90, ("1", "2"))
    assert count_rows({"allTags": [{"id": 3}]}) == (1, None, ("3",))
    groups = [[{"id": "1"}, {"id": "2"}], [{"id": "3"}]]
    turned = [list(reversed(group)) for group in groups]
    assert count_rows({"findDuplicateScenes": groups}) == count_rows({"findDuplicateScenes": turned})
    assert count_rows({"findScene": {"id": "1", "tags": [{"id": "2"}]}}) == (None, None, ())
    assert count_rows({"stats": {"scene_count": 3}}) == (None, None, ())
    assert count_rows({}) == (None, None, ())


def test_answers_with_unequal_rows_or_matches_are_not_compared():
    problem, _ = differences(answer("12"), answer("123"))
    assert problem == "the answers differ: 2 rows from A, 3 rows from B"
    problem, _ = differences(answer("12", 90), answer("12", 91))
    assert "A finds 90 in all, B 91" in problem


def test_a_number_of_matches_that_one_side_does_not_tell_is_no_difference():
    assert differences(answer("12", None), answer("12", 90)) == ("", ())


def test_pages_that_are_not_the_same_are_not_timed():
    pair = PairedRequest(id="x", title="X", group="g")
    pair.sides["a"].answer = answer("12")
    assert not pair.is_ready
    pair.sides["b"].answer = answer("12")
    assert pair.is_ready
    pair.sides["b"].answer = answer("123")
    assert not pair.is_ready


def test_other_rows_and_another_order_are_told():
    assert differences(answer("12"), answer("12")) == ("", ())
    _, (note,) = differences(answer("12"), answer("21"))
    assert "another order" in note
    _, (note,) = differences(answer("12"), answer("13"))
    assert "1 of 2 are the same" in note


def test_libraries_differ_where_a_count_does_and_what_is_not_told_is_no_difference():
    own = LibrarySize(scene_count=1000, tag_count=5)
    assert library_differences(own, LibrarySize(scene_count=1000, tag_count=None)) == ()
    assert library_differences(own, LibrarySize(scene_count=999, tag_count=5)) == ("1,000 scenes against 999",)
