"""Lists against plain computation over the tables."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashbench.embedded.sql.scenes import SORTS

QUERY = """query($filter: FindFilterType, $scene_filter: SceneFilterType) {
  findScenes(filter: $filter, scene_filter: $scene_filter) { count scenes { id } } }"""

with_server = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def find(server, page=None, **criteria):
    answer = server.data(QUERY, filter=page or {"per_page": -1, "sort": "id"}, scene_filter=criteria or None)
    return [int(scene["id"]) for scene in answer["findScenes"]["scenes"]], answer["findScenes"]["count"]


@with_server
@given(
    sort=st.sampled_from([*sorted(SORTS), "random_42"]),
    size=st.integers(1, 17),
    direction=st.sampled_from(["ASC", "DESC"]),
    wanted=st.none() | st.integers(1, 5),
)
def test_pages_put_together_are_the_whole_list(server, sort, size, direction, wanted):
    criteria = {} if wanted is None else {"tags": {"value": [str(wanted)], "modifier": "INCLUDES", "depth": -1}}
    page = {"sort": sort, "direction": direction}
    whole, count = find(server, {**page, "per_page": -1}, **criteria)
    pages = [
        find(server, {**page, "per_page": size, "page": 1 + number}, **criteria)[0]
        for number in range(count // size + 2)
    ]
    assert [number for found in pages for number in found] == whole
    assert len(set(whole)) == len(whole) == count
    assert pages[-1] == []


@with_server
@given(value=st.integers(1, 60), depth=st.integers(-1, 4), is_excluded=st.booleans())
def test_tags_with_their_sub_tags_are_found_or_excluded(server, value, depth, is_excluded):
    children = defaultdict(set)
    for parent, child in server.rows("SELECT parent_id, child_id FROM tags_relations"):
        children[parent].add(child)
    wanted, edge, level = {value}, {value}, 0
    while edge and (depth < 0 or level < depth):
        edge = {child for parent in edge for child in children[parent]} - wanted
        wanted |= edge
        level += 1
    tagged = {scene for scene, tag in server.rows("SELECT scene_id, tag_id FROM scenes_tags") if tag in wanted}
    everything = {row[0] for row in server.rows("SELECT id FROM scenes")}
    criterion = {"value": [str(value)], "modifier": "EXCLUDES" if is_excluded else "INCLUDES", "depth": depth}
    assert set(find(server, tags=criterion)[0]) == (everything - tagged if is_excluded else tagged)


@with_server
@given(values=st.sets(st.integers(1, 12), min_size=1, max_size=3))
def test_all_given_performers_must_be_in_a_scene(server, values):
    cast = defaultdict(set)
    for performer, scene in server.rows("SELECT performer_id, scene_id FROM performers_scenes"):
        cast[scene].add(performer)
    expected = {scene for scene, performers in cast.items() if values <= performers}
    criterion = {"value": [str(value) for value in values], "modifier": "INCLUDES_ALL"}
    assert set(find(server, performers=criterion)[0]) == expected


@pytest.mark.parametrize("pattern", [r"\d{4}", "^/", "mp4$", "(?i)EPISODE|part", "zzz", r"[^/]+/[^/]+$"])
def test_paths_are_matched_as_a_whole(server, pattern):
    paths = server.rows(
        "SELECT scene_id, folders.path || '/' || basename FROM scenes_files JOIN files ON files.id = file_id "
        "JOIN folders ON folders.id = files.parent_folder_id"
    )
    expected = {scene for scene, path in paths if re.search(pattern, path)}
    assert set(find(server, path={"value": pattern, "modifier": "MATCHES_REGEX"})[0]) == expected


def test_ratings_are_sorted_with_those_missing_first(server):
    ratings = dict(server.rows("SELECT id, rating FROM scenes"))
    ids, _ = find(server, {"per_page": -1, "sort": "rating"})
    values = [-1 if ratings[number] is None else ratings[number] for number in ids]
    assert values == sorted(values)
    assert -1 in values


def test_seeded_shuffles_repeat_and_unseeded_ones_do_not(server):
    shuffled = {"per_page": -1, "sort": "random_7"}
    assert find(server, shuffled) == find(server, shuffled)
    unseeded = {tuple(find(server, {"per_page": -1, "sort": "random"})[0]) for _ in range(4)}
    assert len(unseeded) > 1


def test_a_page_holds_25_unless_told_otherwise(server):
    assert len(find(server, {"sort": "id"})[0]) == 25
    assert find(server, {"sort": "id", "per_page": 0}) == ([], 40)
    assert find(server, {"sort": "id", "page": -3, "per_page": 2})[0] == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ('filter: {sort: "nope"}', "invalid sort: nope"),
        ('filter: {sort: "random_x"}', "invalid random seed: x"),
        ("scene_filter: {AND: {organized: true} OR: {organized: true}}", "cannot have AND and OR in the same filter"),
        ('scene_filter: {tags: {value: ["1); DROP TABLE scenes; --"], modifier: INCLUDES}}', "is no id"),
        ('scene_filter: {title: {value: "(", modifier: MATCHES_REGEX}}', "error parsing regexp"),
        ('scene_filter: {phash_distance: {value: "xyz", modifier: EQUALS}}', "is no perceptual hash"),
        ("scene_filter: {rating100: {value: 1, modifier: MATCHES_REGEX}}", "unsupported numeric modifier"),
        ('scene_filter: {is_missing: "nonsense"}', "is_missing knows no 'nonsense' here"),
        ('ids: ["3", "999999"]', "scene with id 999999 not found"),
    ],
)
def test_what_cannot_be_answered_is_an_error_in_words(server, arguments, message):
    assert message in server.error(f"{{ findScenes({arguments}) {{ count }} }}")


def test_media_come_with_absolute_addresses_when_the_address_is_known(server):
    server.state.base_url = "http://127.0.0.1:9999/"
    try:
        answer = server.data('{ findScenes(filter: {sort: "id", per_page: 1}) { scenes { paths { screenshot } } } }')
    finally:
        del server.state.base_url
    path = answer["findScenes"]["scenes"][0]["paths"]["screenshot"]
    assert re.fullmatch(r"http://127\.0\.0\.1:9999/scene/1/screenshot\?t=\d+", path)
