"""What requests cost in statements, which is what makes the stand-in behave like the real thing."""

from __future__ import annotations

import pytest

PAGE = """query($filter: FindFilterType) { findScenes(filter: $filter) { %s scenes {
  id title date rating100 organized files { path size duration } tags { id name } performers { id name }
  studio { id name } } } }"""


def test_a_page_of_forty_scenes_costs_what_it_costs_on_a_real_server(server):
    answer = server.data(PAGE % "count", filter={"per_page": 40, "sort": "date", "direction": "DESC"})
    assert len(answer["findScenes"]["scenes"]) == 40
    assert server.count_of("SELECT COUNT(DISTINCT temp.id)") == 1
    assert server.count_of("SELECT DISTINCT scenes.id FROM scenes ORDER BY scenes.date DESC") == 1
    assert server.count_of("FROM scenes_tags INNER JOIN tags") == 40
    assert server.count_of("FROM performers_scenes WHERE performers_scenes.scene_id = ?") == 40
    assert server.count_of("FROM scenes_files WHERE scene_id IN") == 1
    files = sum(len(scene["files"]) for scene in answer["findScenes"]["scenes"])
    assert server.count_of("FROM files INNER JOIN folders") == files
    assert server.count_of("FROM studios WHERE studios.id IN") == 1
    assert 120 <= len(server.log.statements) <= 150


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ("", None),
        ("count", "SELECT COUNT(DISTINCT temp.id) AS total FROM (SELECT DISTINCT scenes.id FROM scenes) AS temp"),
        ("count duration @skip(if: true)", "SELECT COUNT(DISTINCT temp.id) AS total FROM (SELECT DISTINCT scenes.id"),
        (
            "... on FindScenesResultType { filesize }",
            "SUM(temp.size) AS size FROM (SELECT DISTINCT scenes.id, COALESCE",
        ),
        ("duration filesize", "SUM(temp.duration) AS duration, SUM(temp.size) AS size FROM"),
    ],
)
def test_totals_are_computed_only_as_far_as_selected(server, totals, expected):
    server.data(f"{{ findScenes {{ {totals} scenes {{ id }} }} }}")
    aggregates = [sql for sql, _ in server.log.statements if "COUNT(DISTINCT temp.id)" in sql]
    if expected is None:
        assert aggregates == []
    else:
        assert len(aggregates) == 1
        assert expected in aggregates[0]


def test_joins_of_the_sort_are_left_out_of_the_totals(server):
    server.data('{ findScenes(filter: {sort: "path"}) { count scenes { id } } }')
    count, page = server.log.statements[0][0], server.log.statements[1][0]
    assert "folders" not in count
    assert "folders" in page


@pytest.mark.parametrize("root", ["findPerformers", "findTags", "findStudios", "findGalleries", "findGroups"])
def test_other_lists_count_whether_selected_or_not(server, root):
    name = root.removeprefix("find").lower()
    server.data(f"{{ {root} {{ {name} {{ id }} }} }}")
    assert server.count_of("SELECT COUNT(*) AS count FROM (SELECT DISTINCT") == 1


def test_each_count_of_each_card_is_a_statement(server):
    tags = server.data("{ findTags { tags { id scene_count image_count } } }")["findTags"]["tags"]
    assert len(tags) == 25
    assert server.count_of("SELECT COUNT(*) AS count FROM (SELECT DISTINCT scenes.id") == 25
    assert server.count_of("SELECT COUNT(*) AS count FROM (SELECT DISTINCT images.id") == 25


def test_counts_over_sub_tags_need_the_recursive_statement_each(server):
    tags = server.data("{ findTags { tags { all: scene_count(depth: -1) own: scene_count } } }")["findTags"]["tags"]
    assert server.count_of("WITH RECURSIVE items") == len(tags)
    assert any(tag["all"] > tag["own"] for tag in tags)


def test_relations_of_a_relation_are_loaded_for_all_rows_at_once(server):
    answer = server.data('{ findScenes(filter: {sort: "id"}) { scenes { performers { tags { parents { id } } } } } }')
    assert answer["findScenes"]["scenes"]
    assert server.count_of("FROM performers WHERE performers.id IN") == 1
    performers = {
        row[0] for row in server.rows("SELECT DISTINCT performer_id FROM performers_scenes WHERE scene_id <= 25")
    }
    assert server.count_of("FROM performers_tags INNER JOIN tags") == len(performers)


def test_markers_load_their_scene_and_tag_one_by_one(server):
    markers = server.data("{ findSceneMarkers { scene_markers { scene { id } primary_tag { id } } } }")
    count = len(markers["findSceneMarkers"]["scene_markers"])
    assert count > 5
    assert server.count_of("WHERE scenes.id = ?") == count
    assert server.count_of("WHERE tags.id = ?") == count


def test_the_dashboard_is_fifteen_aggregates(server):
    server.data("{ stats { scene_count } }")
    assert len(server.log.statements) == 15


def test_status_version_and_configuration_ask_no_database(server):
    server.data(
        "{ systemStatus { status } version { version } configuration { general { parallelTasks } } plugins { id } }"
    )
    assert server.log.statements == []


def test_a_duplicate_search_over_equal_hashes_is_one_statement_and_the_objects(server):
    server.data("{ findDuplicateScenes(distance: 0) { id } }")
    assert len(server.log.statements) == 2
    assert server.count_of("GROUP_CONCAT(DISTINCT scene_id)") == 1
